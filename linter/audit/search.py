"""A packet that none of some rules takes: looked for where a person would look, before sets are computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule

Point = tuple[int, int, int, int]
"""Source, destination, and both ports, of a packet in a box."""

_STEPS = 24
"""So often it is tried to get out of the rule that takes a packet."""


class Taker(Struct, frozen=True):
    """A rule as far as it concerns the packets of one box."""

    rule: Rule
    axes: tuple[tuple[IntervalSet, IntervalSet, IntervalSet, IntervalSet], ...]
    """A product for each of its services."""

    def takes(self, point: Point) -> bool:
        """Return whether it takes a packet."""
        source, destination, source_port, port = point
        return any(source in sources and destination in destinations and port in ports
                   and source_port in source_ports
                   for sources, destinations, source_ports, ports in self.axes)

    def takes_all(self, box: Box) -> bool:
        """Return whether one service of it takes every packet of a box."""
        return any(_holds(sources, box.sources) and _holds(destinations, box.destinations)
                   and _holds(source_ports, box.source_ports) and _holds(ports, box.destination_ports)
                   for sources, destinations, source_ports, ports in self.axes)


class InTurn(Iterable[Taker]):
    """Takers that are made when somebody asks for them: often the first one takes all."""

    def __init__(self, takers: Iterator[Taker]) -> None:
        self._made: list[Taker] = []
        self._left = takers

    def __iter__(self) -> Iterator[Taker]:
        yield from self._made
        for each in self._left:
            self._made.append(each)
            yield each


def taker(rule: Rule, box: Box) -> Taker:
    """Make it of a rule that meets a box."""
    sources, destinations = rule.sources.of(box.family), rule.destinations.of(box.family)
    return Taker(rule, tuple((sources, destinations, each.source_ports, each.destination_ports)
                             for each in rule.services if box.protocol in each.protocols))


def left_over(box: Box, takers: Iterable[Taker]) -> Point | Taker | None:
    """Return a packet of a box that none takes, or one that takes them all; None where neither shows."""
    for start in _starts(box):
        point = start
        for step in range(_STEPS):
            found = next((each for each in takers if each.takes(point)), None)
            if found is None:
                return point
            if found.takes_all(box):
                return found
            beside = _beside(box, found, point, step)
            if beside is None:
                break
            point = beside
    return None


def only(box: Box, point: Point) -> Box:
    """Return the box of one packet."""
    return Box(box.family, box.protocol, *(IntervalSet(((number, number),)) for number in point))


def _starts(box: Box) -> Iterator[Point]:
    """A usual packet, and two corners."""
    axes = box.sources, box.destinations, box.source_ports, box.destination_ports
    usual = box.witness()
    yield usual.source, usual.destination, usual.source_port, usual.destination_port
    yield tuple(axis.ranges[-1][1] for axis in axes)  # type: ignore[misc]
    yield tuple(axis.ranges[0][0] for axis in axes)  # type: ignore[misc]


def _beside(box: Box, found: Taker, point: Point, step: int) -> Point | None:
    """The packet next to one that a rule takes: the nearest on one axis that it does not; None for none."""
    mine = box.sources, box.destinations, box.source_ports, box.destination_ports
    for number in range(4):
        at = (number + step) % 4
        for product in found.axes:
            others = mine[at] - product[at]
            if others:
                return (*point[:at], _nearest(others, point[at]), *point[at + 1:])  # type: ignore[return-value]
    return None


def _nearest(numbers: IntervalSet, to: int) -> int:
    """The member that is nearest; the lower one of two."""
    return min((low if to < low else min(to, high) for low, high in numbers.ranges),
               key=lambda each: (abs(each - to), each))


def _holds(whole: IntervalSet, part: IntervalSet) -> bool:
    if len(whole.ranges) == 1:
        (low, high), = whole.ranges
        return low <= part.ranges[0][0] and part.ranges[-1][1] <= high
    return part <= whole
