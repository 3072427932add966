"""Packets for a ruleset: drawn from the edges of its constants, every connection once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from tests.oracle.constants import Constants, Side
from tests.oracle.plan import INGRESS, LOOPBACK, Hook
from tests.oracle.probes import ESP, FLAG_CLASSES, SYN, TCP, UDP, Probe


class SomeRuleset(Protocol):
    """What packets are drawn for: rules of any tool."""

    @property
    def family(self) -> int:
        """4 or 6."""
        ...

    @property
    def hook(self) -> Hook:
        """Where packets go."""
        ...

    @property
    def text(self) -> str:
        """The rules, as they are loaded."""
        ...

    @property
    def constants(self) -> Constants:
        """What the rules speak about."""
        ...

    @property
    def translates(self) -> bool:
        """Whether some packets are sent elsewhere: their connections must not collide there."""
        ...

    @property
    def leaves_open(self) -> bool:
        """Whether something of it cannot be known, so that not every packet has a sure verdict."""
        ...


class Shot(NamedTuple):
    """One packet and the interface by which it comes; a reply knows what it replies to."""

    by: str
    probe: Probe
    request: Shot | None = None


NOT_RECOGNISED = {0, 65535}
"""Ports between which the namespace would take an answer for something else."""


def draw(ruleset: SomeRuleset, count: int) -> list[Shot]:
    """Draw packets; fewer where the ruleset knows no more."""
    rng = ruleset.constants.rng
    pool = _Pool(ruleset)
    ways = (LOOPBACK,) if ruleset.hook == "output" else INGRESS
    drawn: dict[tuple[int, ...], Shot] = {}
    for number in range(3 * count):
        probe = pool.probe(number)
        if probe.protocol == TCP and {probe.source_port, probe.destination_port} <= NOT_RECOGNISED:
            continue
        drawn.setdefault(place(probe, translates=pool.translates), Shot(rng.choice(ways), probe))
        if len(drawn) == count:
            break
    return list(drawn.values())


def batches(ruleset: SomeRuleset, shots: Iterable[Shot]) -> list[list[Shot]]:
    """Spread packets so that those of one batch are connections of their own."""
    translates = ruleset.translates
    found: list[list[Shot]] = []
    seen: Counter[tuple[int, ...]] = Counter()
    for shot in shots:
        where = place(shot.probe, translates=translates)
        if seen[where] == len(found):
            found.append([])
        found[seen[where]].append(shot)
        seen[where] += 1
    return found


def place(probe: Probe, *, translates: bool) -> tuple[int, ...]:
    """Two packets with the same place would be one connection to the kernel, if only after translation."""
    if not translates:
        return probe.connection
    if probe.protocol in (TCP, UDP):
        return probe.protocol, probe.source, probe.source_port
    return probe.protocol, probe.source, probe.identifier


class _Pool:
    """What packets are made of."""

    def __init__(self, ruleset: SomeRuleset) -> None:
        self._constants = ruleset.constants
        self._rng = ruleset.constants.rng
        self.translates = ruleset.translates
        self._addresses = {side: sorted(edges) for side, edges in self._constants.address_edges.items()}
        self._ports = {side: sorted(edges) for side, edges in self._constants.port_edges.items()}
        self._flags = list(FLAG_CLASSES.values())

    def probe(self, number: int) -> Probe:
        constants, rng = self._constants, self._rng
        protocol = rng.choices((TCP, UDP, constants.icmp, ESP), (50, 30, 16, 4))[0]
        ends = self._address("source"), self._address("destination")
        if protocol == constants.icmp:
            kind, code = rng.choice(constants.icmp_kinds)
            return Probe(constants.family, protocol, *ends, kind, code, identifier=number)
        if protocol == ESP:
            return Probe(constants.family, protocol, *ends)
        flags = 0
        if protocol == TCP:
            flags = SYN if rng.random() < 0.5 else rng.choice(self._flags)
        ports = self._source_port(), rng.choice(self._ports["destination"])
        return Probe(constants.family, protocol, *ends, *ports, flags)

    def _address(self, side: Side) -> int:
        if self._rng.random() < 0.4:
            return self._constants.base(side)
        return self._rng.choice(self._addresses[side])

    def _source_port(self) -> int:
        """Draw an edge, or what a client would take: where packets are translated, ports tell them apart."""
        if self._rng.random() < (0.6 if self.translates else 0.2):
            return self._rng.randrange(49152, 65536)
        return self._rng.choice(self._ports["source"])
