"""The constants of a random ruleset, and the values on both sides of each: there the bugs live."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.oracle.plan import PLANS, Hook, Network, Plan
from tests.oracle.probes import ICMP, ICMP6

Side = Literal["source", "destination"]

_PORTS = (1, 22, 53, 80, 135, 443, 445, 1023, 1024, 5000, 8080, 49152, 65534)
ICMP_KINDS = {
    4: ((8, 0), (8, 1), (0, 0), (3, 0), (3, 1), (3, 3), (3, 4), (5, 1), (9, 0), (11, 0), (13, 0), (14, 0),
        (17, 0)),
    6: ((128, 0), (128, 1), (129, 0), (1, 0), (1, 3), (1, 4), (3, 0), (3, 1), (133, 0), (135, 0), (136, 0),
        (143, 0)),
}

DISCOVERY = (133, 135, 136, 143)
"""Types that the kernel does not track: invalid before tracking and untracked after it, by themselves."""


@dataclass(slots=True)
class Constants:
    """What the rules of one ruleset speak about; each constant that is used leaves its edges here."""

    rng: Random
    family: int
    hook: Hook
    bases: dict[Side, list[int]] = field(init=False)
    """A few addresses on either side that the rules come back to."""
    ports: list[int] = field(init=False)
    address_edges: dict[Side, set[int]] = field(init=False)
    port_edges: dict[Side, set[int]] = field(init=False)
    sets: dict[str, str] = field(default_factory=dict)
    """Names of the sets that there are, with their types."""
    changes_sets: bool = False
    """Whether rules may change sets, so that what they test of them cannot be known."""

    def __post_init__(self) -> None:
        self.bases = {side: [self._near(self.network(side)) for _ in range(4)] for side in _SIDES}
        self.ports = [*self.rng.sample(_PORTS, 3), self.rng.randrange(65536)]
        self.address_edges = {side: set(self.bases[side]) for side in _SIDES}
        self.port_edges = {side: set(self.ports) for side in _SIDES}

    @property
    def plan(self) -> Plan:
        """Who lives where."""
        return PLANS[self.family]

    @property
    def bits(self) -> int:
        """The length of an address."""
        return 32 if self.family == 4 else 128

    @property
    def icmp(self) -> int:
        """The protocol number of ICMP."""
        return ICMP if self.family == 4 else ICMP6

    @property
    def icmp_kinds(self) -> tuple[tuple[int, int], ...]:
        """Types and codes that rules and packets use."""
        return tuple(each for each in ICMP_KINDS[self.family] if self.family == 4 or each[0] not in DISCOVERY)

    def network(self, side: Side) -> Network:
        """Where addresses of this side may lie."""
        return self.plan.sources(self.hook) if side == "source" else self.plan.destinations(self.hook)

    def base(self, side: Side) -> int:
        """Pick one of the addresses that the rules come back to."""
        return self.rng.choice(self.bases[side])

    def edge_addresses(self, side: Side, low: int, high: int) -> None:
        """Note a range of addresses: its ends and their outer neighbours, where they are routed."""
        network = self.network(side)
        self.address_edges[side] |= {each for each in (low - 1, low, high, high + 1) if each in network}

    def edge_ports(self, side: Side, low: int, high: int) -> None:
        """Note a range of ports."""
        self.port_edges[side] |= {each for each in (low - 1, low, high, high + 1) if 0 <= each <= 65535}

    def chance(self, probability: float) -> bool:
        """Toss a coin."""
        return self.rng.random() < probability

    def _near(self, network: Network) -> int:
        """Most addresses lie close together, so that ranges and prefixes tell them apart."""
        spread = self.rng.choice((30, 30, 600, network.high - network.low - 300))
        return network.address(self.rng.randrange(100, 100 + spread))


_SIDES: tuple[Side, Side] = ("source", "destination")
