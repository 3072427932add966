"""A set of packets on one line of a baseline: `tcp 10.1.1.10 1024-65535 > 10.20.0.0/16 445`.

Protocol, sources, their ports, destinations, their ports; of ICMP the ports are type and code. Several
have commas between them.
"""

from __future__ import annotations

from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL, PROTOCOL_NAMES

_NUMBERS = {name: number for number, name in PROTOCOL_NAMES.items()}


def write(box: Box) -> str:
    """Write a box."""
    protocol = PROTOCOL_NAMES.get(box.protocol, str(box.protocol))
    sources, destinations = (",".join(addresses.spell(box.family, axis.ranges))
                             for axis in (box.sources, box.destinations))
    return (f"{protocol} {sources} {_numbers(box.source_ports)} > "
            f"{destinations} {_numbers(box.destination_ports)}")


def read(text: str) -> Box:
    """Read what `write` wrote; ValueError for anything else."""
    protocol, sources, source_ports, _, destinations, destination_ports = text.split(" ")
    ends = _addresses(sources), _addresses(destinations)
    family = _family(*ends)
    box = Box(family, _number(protocol), ends[0].of(family), ends[1].of(family), _ports(source_ports),
              _ports(destination_ports))
    if write(box) != text:
        raise ValueError(f"written otherwise: {text}")
    return box


def _addresses(text: str) -> AddressSet:
    return addresses.join(addresses.parse(each) for each in text.split(","))


def _family(sources: AddressSet, destinations: AddressSet) -> Family:
    for family in Family:
        if sources == addresses.single(family, sources.of(family)) and destinations.of(family):
            return family
    raise ValueError("the families are mixed")


def _number(protocol: str) -> int:
    number = _NUMBERS.get(protocol) or int(protocol)
    if number not in ANY_PROTOCOL:
        raise ValueError(f"no protocol: {protocol}")
    return number


def _ports(text: str) -> IntervalSet:
    found = IntervalSet.of(*map(_range, text.split(",")))
    if not found <= ANY_PORT:
        raise ValueError(f"no ports: {text}")
    return found


def _range(text: str) -> Range:
    low, dash, high = text.partition("-")
    return int(low), int(high if dash else low)


def _numbers(numbers: IntervalSet) -> str:
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges)
