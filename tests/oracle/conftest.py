"""The kernel where there is one to ask: in CI it has to be there, elsewhere its absence is said."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.oracle import states
from tests.oracle.kernel import Kernel
from tests.oracle.scale import CI

_PROGRAMS = [f"{tables}-{back_end}-{verb}" for tables in ("iptables", "ip6tables")
             for back_end in ("legacy", "nft") for verb in ("restore", "save")] + ["nft", "ipset", "ip"]


def _missing() -> str:
    """What keeps this machine from being the oracle; empty for nothing."""
    if os.geteuid() != 0:
        return "only root may make a network namespace"
    absent = [name for name in _PROGRAMS if not shutil.which(name)]
    if absent:
        return f"not installed: {', '.join(absent)}"
    return "" if os.path.exists("/dev/net/tun") else "there is no /dev/net/tun"


@pytest.fixture(scope="session")
def ready() -> None:
    missing = _missing()
    if missing and CI and os.geteuid() == 0:
        pytest.fail(f"the kernel oracle cannot run: {missing}")
    if missing:
        pytest.skip(f"the kernel oracle needs root, iptables, nftables, ipset and iproute2: {missing}")


@pytest.fixture
def kernel(ready: None) -> Iterator[Kernel]:
    with Kernel() as made:
        yield made


@pytest.fixture(scope="session")
def states_of(ready: None) -> dict[int, states.Kinds]:
    """The states of first packets, by family."""
    with Kernel() as made:
        return {family: states.measure(made, family) for family in (4, 6)}
