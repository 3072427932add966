"""In which state the kernel sees the first packet of a connection: asked of the kernel itself."""

from __future__ import annotations

from collections.abc import Iterable

from tests.oracle.constants import ICMP_KINDS
from tests.oracle.kernel import Kernel
from tests.oracle.matches import STATES
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import ESP, FLAG_CLASSES, ICMP, ICMP6, TCP, UDP, Probe

Kinds = dict[tuple[int, ...], str]
"""Kind of packet to its state."""

_ONE_STATE = """*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate {state} -j ACCEPT
COMMIT
"""


def measure(kernel: Kernel, family: int) -> Kinds:
    """Send one packet of each kind through a filter for each state."""
    probes = list(_kinds(family))
    found: Kinds = {}
    for state in STATES:
        kernel.load("legacy", family, _ONE_STATE.format(state=state))
        passed = kernel.send("forward", [(INGRESS[0], each) for each in probes])
        for probe, seen in zip(probes, passed, strict=True):
            if seen and probe.kind in found:
                raise RuntimeError(f"{probe} is in two states")
            if seen:
                found[probe.kind] = state
    return found


def _kinds(family: int) -> Iterable[Probe]:
    plan = PLANS[family]
    client, server = plan.clients.address(200), plan.servers.address(200)
    for number, flags in enumerate(FLAG_CLASSES.values(), 1024):
        yield Probe(family, TCP, client, server, number, 80, flags)
    yield Probe(family, UDP, client, server, 1024, 53)
    yield Probe(family, ESP, client, server)
    for number, (kind, code) in enumerate(ICMP_KINDS[family]):
        yield Probe(family, ICMP if family == 4 else ICMP6, client, server, kind, code, identifier=number)
