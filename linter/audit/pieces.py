"""Rules cut into boxes: all packets of one family and one kind of protocol that a rule matches."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule


class Piece(Struct, frozen=True):
    """One box of a rule; one protocol stands for all that the rules of the firewall treat alike."""

    rule: Rule
    box: Box


class ProtocolClasses:
    """Protocols that no rule in question tells apart, but for some that are told `apart`."""

    def __init__(self, rules: Iterable[Rule], apart: Collection[int] = ()) -> None:
        services = {id(each.services): each.services for each in rules}.values()
        sets = list({each.protocols for some in services for each in some})
        alike: dict[Hashable, list[int]] = {}
        for number in dict.fromkeys((*_KNOWN, *range(256))):
            known = number if number in apart else None
            alike.setdefault((known, *(number in protocols for protocols in sets)), []).append(number)
        self._counts = {numbers[0]: len(numbers) for numbers in alike.values()}
        self._representatives = sorted(self._counts)

    def of(self, protocols: IntervalSet) -> Iterator[int]:
        """Yield one protocol of each class that some protocols have: one that people know, if any."""
        return (number for number in self._representatives if number in protocols)

    def count(self, protocol: int) -> int:
        """Return how many protocols one stands for."""
        return self._counts[protocol]


def within(rule: Rule, box: Box) -> Iterator[Box]:
    """Yield the packets of a box that a rule matches."""
    sources, destinations = rule.sources.of(box.family), rule.destinations.of(box.family)
    for each in rule.services:
        if box.protocol in each.protocols:
            part = box & replace(box, sources=sources, destinations=destinations,
                                 source_ports=each.source_ports, destination_ports=each.destination_ports)
            if part:
                yield part


_KNOWN = (6, 17, 1, 58)


def pieces(rules: Iterable[Rule], classes: ProtocolClasses) -> Iterator[Piece]:
    """Yield the boxes of all rules, in their order; a rule that matches nothing has none."""
    for rule in rules:
        for family in Family:
            sources, destinations = rule.sources.of(family), rule.destinations.of(family)
            if not sources or not destinations:
                continue
            for service in rule.services:
                if not service.source_ports or not service.destination_ports:
                    continue
                for protocol in classes.of(service.protocols):
                    yield Piece(rule, Box(family, protocol, sources, destinations, service.source_ports,
                                          service.destination_ports))
