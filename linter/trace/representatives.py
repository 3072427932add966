"""Packets of which only some ends are known: those that stand for all of them at one firewall.

Behind a pool of addresses nobody can say which of them a packet has. What a firewall does with it can change
only where one of its sets begins or ends, so one packet of each piece between such ends tells of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import CameWith, Fact
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.rules import Rule

_MOST = 256


def box_of(packet: Packet) -> Box:
    """Return the set that holds this packet only."""
    return Box(packet.family, packet.protocol, *(IntervalSet.of((number, number)) for number in (
        packet.source, packet.destination, packet.source_port, packet.destination_port)))


def first_packet(box: Box) -> Packet:
    """Return the first packet of a set."""
    return Packet(box.family, box.protocol, *(axis.lowest for axis in _axes(box)))


def representatives(box: Box, firewall: Firewall, facts: Mapping[str, Fact]) -> list[Packet] | None:
    """Return packets that stand for all of a set at this firewall; None where that takes too many."""
    if box.size == 1:
        return [first_packet(box)]
    sets = _sets(box, firewall, facts)
    chosen = [list(_pieces(axis, sets[number])) for number, axis in enumerate(_axes(box))]
    count = 1
    for each in chosen:
        count *= len(each)
    if count > _MOST:
        return None
    return [Packet(box.family, box.protocol, *each) for each in product(*chosen)]


def _axes(box: Box) -> tuple[IntervalSet, IntervalSet, IntervalSet, IntervalSet]:
    return box.sources, box.destinations, box.source_ports, box.destination_ports


def _pieces(axis: IntervalSet, sets: Iterable[IntervalSet]) -> Iterator[int]:
    if axis.size == 1:
        return iter((axis.lowest,))
    begins = {low for low, _ in axis.ranges}
    begins |= {at for each in sets for low, high in each.ranges for at in (low, high + 1) if at in axis}
    return iter(sorted(begins))


def _sets(box: Box, firewall: Firewall, facts: Mapping[str, Fact]) -> list[list[IntervalSet]]:
    """All sets that the firewall holds packets against, by axis: rules, translations, routes, facts."""
    known = [fact.of(box.family) for fact in facts.values() if isinstance(fact, AddressSet)]
    found: list[list[IntervalSet]] = [list(known), list(known), [], []]
    rules = [rule for chain in firewall.chains.values() for rule in chain.rules]
    lines: list[Rule | Translation] = [*rules, *firewall.translations]
    for line in lines:
        found[0].append(line.sources.of(box.family))
        found[1].append(line.destinations.of(box.family))
        found[2] += [each.source_ports for each in line.services]
        found[3] += [each.destination_ports for each in line.services]
    for condition in (condition for rule in rules for condition in rule.conditions):
        if isinstance(condition, CameWith):
            found[_NAMES.index(condition.axis)].append(condition.numbers)
    for route in firewall.routes:
        if route.family is box.family:
            size = 1 << box.family.last.bit_length() - route.length
            network = IntervalSet.of((route.network, route.network + size - 1))
            found[0].append(network)
            found[1].append(network)
    return found


_NAMES = ("sources", "destinations", "source_ports", "destination_ports")
