"""One packet and the set that holds it; and for a packet of which only some ends are known, packets to try.

After a translation to a pool of addresses it is not known which of them a packet has. What a firewall does
can change only where one of its sets begins or ends, so one packet of each piece between such ends is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import CameWith, Fact
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.rules import Rule

_MOST = 256


def box_of(packet: Packet) -> Box:
    """Return the set that holds this packet only."""
    return Box(packet.family, packet.protocol, *(IntervalSet(((number, number),)) for number in (
        packet.source, packet.destination, packet.source_port, packet.destination_port)))


def lowest_packet(box: Box) -> Packet:
    """Return the packet of a set that is lowest on every axis: the only one where it holds one."""
    return Packet(box.family, box.protocol, *(axis.lowest for axis in _axes(box)))


def representatives(box: Box, firewall: Firewall, facts: Mapping[str, Fact]) -> list[Packet] | None:
    """Return one packet for each way this firewall may treat packets of a set; None for more than 256."""
    if box.size == 1:
        return [lowest_packet(box)]
    sets = _sets(box, firewall, facts)
    numbers = [list(_pieces(axis, sets[at])) for at, axis in enumerate(_axes(box))]
    if prod(map(len, numbers)) > _MOST:
        return None
    return [Packet(box.family, box.protocol, *ends) for ends in product(*numbers)]


def _axes(box: Box) -> tuple[IntervalSet, IntervalSet, IntervalSet, IntervalSet]:
    return box.sources, box.destinations, box.source_ports, box.destination_ports


def _pieces(axis: IntervalSet, sets: Iterable[IntervalSet]) -> Iterator[int]:
    """The lowest number of each piece that the sets cut an axis into."""
    if axis.size == 1:
        return iter((axis.lowest,))
    begins = {low for low, _ in axis.ranges}
    for numbers in sets:
        for low, high in numbers.ranges:
            begins |= {begin for begin in (low, high + 1) if begin in axis}
    return iter(sorted(begins))


def _sets(box: Box, firewall: Firewall, facts: Mapping[str, Fact]) -> list[list[IntervalSet]]:
    """All sets that the firewall compares packets with, by axis: rules, translations, routes, facts."""
    family = box.family
    known = [fact.of(family) for fact in facts.values() if isinstance(fact, AddressSet)]
    found: list[list[IntervalSet]] = [list(known), list(known), [], []]
    rules = [rule for chain in firewall.chains.values() for rule in chain.rules]
    lines: list[Rule | Translation] = [*rules, *firewall.translations]
    for line in lines:
        found[0].append(line.sources.of(family))
        found[1].append(line.destinations.of(family))
        found[2] += [service.source_ports for service in line.services]
        found[3] += [service.destination_ports for service in line.services]
    for condition in (condition for rule in rules for condition in rule.conditions):
        if isinstance(condition, CameWith):
            found[_NAMES.index(condition.axis)].append(condition.numbers)
    for route in firewall.routes:
        if route.family is family:
            size = 1 << family.last.bit_length() - route.length
            network = IntervalSet.of((route.network, route.network + size - 1))
            found[0].append(network)
            found[1].append(network)
    return found


_NAMES = ("sources", "destinations", "source_ports", "destination_ports")
