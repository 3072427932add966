"""Packets at the edges of rules: each constant of a rule set, and one to each side of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import Range
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL, ICMP, ICMP6, TCP, UDP, is_icmp

ANY_PORTS = ANY_PORT.ranges


class Edges(NamedTuple):
    """What one row of a rule list says of each axis; no protocol where it takes all."""

    protocol: int | None
    sources: tuple[Range, ...]
    destinations: tuple[Range, ...]
    source_ports: tuple[Range, ...] = ANY_PORTS
    destination_ports: tuple[Range, ...] = ANY_PORTS


def edges(firewall: Firewall, family: Family, chains: Iterable[str]) -> list[Edges]:
    """The edges of all rules in some chains."""
    found = []
    for name in chains:
        for rule in firewall.chains[name].rules:
            sides = rule.sources.of(family).ranges, rule.destinations.of(family).ranges
            for each in rule.services if all(sides) else ():
                protocol = None if each.protocols == ANY_PROTOCOL else each.protocols.lowest
                found.append(Edges(protocol, *sides, each.source_ports.ranges, each.destination_ports.ranges))
    return found


def packets(rows: Sequence[Edges], family: Family, random: Random, count: int) -> Iterator[Packet]:
    """Mostly all ends of one row, so that rules deep in a list are met, and now and then another row's."""
    for _ in range(count):
        row, other = random.choice(rows), random.choice(rows)
        row = random.choice((row, row, row, row._replace(sources=other.sources),
                             row._replace(destinations=other.destinations),
                             row._replace(destination_ports=other.destination_ports)))
        protocol = row.protocol
        if protocol is None:
            protocol = random.choice((TCP, UDP, TCP, UDP, ICMP if family is Family.V4 else ICMP6))
        top = 255 if is_icmp(protocol) else 65535
        yield Packet(family, protocol, _near(row.sources, family.last, random),
                     _near(row.destinations, family.last, random),
                     _near(row.source_ports, top, random), _near(row.destination_ports, top, random))


def _near(ranges: Sequence[Range], top: int, random: Random) -> int:
    end = random.choice(random.choice(ranges))
    return min(max(end + random.choice((-1, 0, 0, 1)), 0), top)
