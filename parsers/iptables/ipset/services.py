"""Protocols and ports as one number, so that services are intervals: protocol * 65536 + port.

For ICMP the port is type * 256 + code. A protocol without ports fills its whole block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from aclproof.parsers.iptables.ipset.entries import WITH_PORTS, Ports
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.services import ANY_PORT, Service, is_icmp

Axis = Literal["src", "dst"]
"""Whose ports a set tests."""

_BLOCK = 65536
ALL_NUMBERS = IntervalSet.of((0, 256 * _BLOCK - 1))
"""Every service."""


def numbers(part: Ports) -> IntervalSet:
    """Return the numbers of one member's protocol and ports."""
    told_apart = part.protocol in WITH_PORTS or is_icmp(part.protocol)
    low, high = (part.low, part.high) if told_apart else (0, _BLOCK - 1)
    return IntervalSet(((part.protocol * _BLOCK + low, part.protocol * _BLOCK + high),))


def services(numbers: IntervalSet, axis: Axis) -> tuple[Service, ...]:
    """Write protocols and ports as services."""
    ports: dict[int, list[Range]] = defaultdict(list)
    whole: list[Range] = []
    for low, high in numbers.ranges:
        (first, from_), (last, to) = divmod(low, _BLOCK), divmod(high, _BLOCK)
        if first == last:
            ports[first].append((from_, to))
            continue
        ports[first].append((from_, _BLOCK - 1))
        ports[last].append((0, to))
        if first + 1 < last:
            whole.append((first + 1, last - 1))
    alike: dict[IntervalSet, list[Range]] = defaultdict(list)
    alike[ANY_PORT] += whole
    found: list[Service] = []
    for protocol, ranges in ports.items():
        told = IntervalSet.of(*ranges)
        if is_icmp(protocol) and told != ANY_PORT:
            found += _icmp(protocol, told)
        else:
            alike[told].append((protocol, protocol))
    for told, protocols in alike.items():
        if protocols:
            ends = (told, ANY_PORT) if axis == "src" else (ANY_PORT, told)
            found.append(Service(IntervalSet.of(*protocols), *ends))
    return tuple(sorted(found, key=lambda each: (each.protocols.ranges, each.source_ports.ranges)))


def _icmp(protocol: int, numbers: IntervalSet) -> list[Service]:
    """Write ICMP types and codes, which share one number as type * 256 + code."""
    codes: dict[int, list[Range]] = defaultdict(list)
    for low, high in numbers.ranges:
        for kind in range(low >> 8, (high >> 8) + 1):
            first = low & 255 if kind == low >> 8 else 0
            codes[kind].append((first, high & 255 if kind == high >> 8 else 255))
    alike: dict[IntervalSet, list[Range]] = defaultdict(list)
    for kind, ranges in codes.items():
        alike[_octets(ranges)].append((kind, kind))
    one = IntervalSet.of((protocol, protocol))
    return [Service(one, _octets(kinds), told) for told, kinds in alike.items()]


def _octets(ranges: Iterable[Range]) -> IntervalSet:
    """Make a set of types or codes: what goes up to the last one goes up to the end of the axis."""
    return IntervalSet.of(*((low, 65535 if high == 255 else high) for low, high in ranges))
