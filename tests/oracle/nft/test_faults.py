"""The oracle looks closely enough at nftables: every mistake that is planted in the product is seen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.oracle import traffic
from tests.oracle.differential import Run, disagreements
from tests.oracle.kernel import Kernel
from tests.oracle.nft import rulesets
from tests.oracle.nft.differential import read, record
from tests.oracle.nft.faults import FAULTS
from tests.oracle.nft.rulesets import Ruleset
from tests.oracle.plan import HOOKS, PLANS
from tests.oracle.states import Kinds

_RULESETS = 20
"""For each family and hook."""
_PACKETS = 100


@pytest.fixture(scope="module")
def runs(ready: None) -> list[Run[Ruleset]]:
    """What the kernel did, once for all faults."""
    found = []
    with Kernel() as kernel:
        for seed in range(4000, 4000 + _RULESETS):
            for family in PLANS:
                for hook in HOOKS:
                    ruleset = rulesets.make(seed, family, hook)
                    found.append(record(kernel, ruleset, traffic.draw(ruleset, _PACKETS)))
    return found


def test_without_a_fault_nothing_is_seen(runs: Sequence[Run[Ruleset]], states_of: dict[int, Kinds]) -> None:
    for run in runs:
        assert not list(disagreements(run, read(run.ruleset), states_of[run.ruleset.family])), run.ruleset


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_seen(runs: Sequence[Run[Ruleset]], states_of: dict[int, Kinds], name: str) -> None:
    assert any(next(disagreements(run, read(run.ruleset, FAULTS[name]), states_of[run.ruleset.family]), None)
               for run in runs)
