"""A permit in the words of a Cisco ASA."""

from __future__ import annotations

from itertools import product

from linter.fix.openings import Opening
from parsers.model.addresses import Family, networks, write
from parsers.model.firewall import Firewall
from parsers.model.intervals import IntervalSet
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp

_MOST_LINES = 6
"""More lines than this become a group."""
_ICMP = {8: "echo", 0: "echo-reply", 128: "echo", 129: "echo-reply"}


def lines(opening: Opening, firewall: Firewall) -> tuple[list[str], int]:
    """Write the lines, and say how many entries they add to the list."""
    box = opening.box
    sides = [networks(box.family, numbers.ranges) for numbers in (box.sources, box.destinations)]
    ports = [""] if is_icmp(box.protocol) else _ports(box.destination_ports)
    written: list[str] = []
    words = [[_address(box.family, *each) for each in side] for side in sides]
    if len(sides[0]) * len(sides[1]) * len(ports) > _MOST_LINES:
        for number, (side, name) in enumerate(zip(sides, ("FROM", "TO"), strict=True)):
            if len(side) > 1:
                group = f"{opening.chain}-{name}-{opening.at + 1}"
                written += [f"object-group network {group}",
                            *(f" network-object {_address(box.family, *each)}" for each in side)]
                words[number] = [f"object-group {group}"]
    place = _ordinal(opening, firewall)
    protocol = PROTOCOL_NAMES[box.protocol]
    head, action = _head(opening, firewall), "extended permit"
    if head.startswith("ipv6 "):
        action = "permit"
    from_port = _port(box.source_ports)
    aces = []
    for number, (source, destination, port) in enumerate(product(*words, ports)):
        line = f"line {place + number}" if place else ""
        aces.append(" ".join(filter(None, (
            head, line, action, protocol, source, from_port, destination, port, _icmp(opening)))))
    bound = [f"access-group {opening.chain} in interface {opening.bind}"] if opening.bind else []
    return [*written, *aces, *bound], len(aces)


def _address(family: Family, address: str, length: int) -> str:
    if length == family.last.bit_length():
        return f"host {address}"
    if family is Family.V6:
        return f"{address}/{length}"
    return f"{address} {write(family, family.last ^ ((1 << 32 - length) - 1))}"


def _ports(numbers: IntervalSet) -> list[str]:
    return [""] if numbers == ANY_PORT else [_range(*each) for each in numbers.ranges]


def _port(numbers: IntervalSet) -> str:
    """The port on the source side; ICMP has none, and demands have one piece."""
    return "" if numbers == ANY_PORT or len(numbers.ranges) != 1 or (numbers.ranges[0][1] < 2**8 and \
        numbers.ranges[0][0] in _ICMP) else _range(*numbers.ranges[0])


def _range(low: int, high: int) -> str:
    return f"eq {low}" if low == high else f"range {low} {high}"


def _icmp(opening: Opening) -> str:
    return _ICMP[opening.box.source_ports.lowest] if is_icmp(opening.box.protocol) else ""


def _ordinal(opening: Opening, firewall: Firewall) -> int:
    """The number that the blocking entry has in its list, remarks counted; 0 for the list's end."""
    rules = firewall.chains[opening.chain].rules if opening.chain in firewall.chains else ()
    if opening.at >= len(rules):
        return 0
    fresh = sum(1 for rule in rules[:opening.at] if not rule.line)
    blocking = next(rule.line for rule in rules[opening.at:] if rule.line)
    head = _head(opening, firewall) + " "
    before = sum(1 for number in range(1, blocking)
                 if firewall.source.span(number).text.lstrip().startswith(head))
    return before + fresh + 1


def _head(opening: Opening, firewall: Firewall) -> str:
    """How an entry of the list begins; before 9.0 IPv6 has lists of its own."""
    known = firewall.chains.get(opening.chain)
    line = next((rule.line for rule in known.rules if rule.line), 0) if known else 0
    words = firewall.source.span(line).text.split()[:3] if line else []
    return " ".join(words) if words[:1] == ["ipv6"] else f"access-list {opening.chain}"
