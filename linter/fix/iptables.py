"""A permit in the words of iptables."""

from __future__ import annotations

from itertools import groupby, pairwise

from linter.fix.openings import Opening
from parsers.model.addresses import Family, networks
from parsers.model.firewall import Firewall
from parsers.model.intervals import IntervalSet
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp

_MOST_PORTS = 15
"""What `multiport` takes; a range counts twice."""


def lines(opening: Opening, firewall: Firewall) -> tuple[list[str], int]:
    """Write the commands, and say how many rules they add to the chain."""
    box = opening.box
    program = "iptables" if box.family is Family.V4 else "ip6tables"
    table, _, chain = opening.chain.partition(" ")[0].partition("/")
    rules = firewall.chains[opening.chain].rules
    where = f"-I {chain} {_number(opening, firewall)}" if opening.at < len(rules) else f"-A {chain}"
    head = f"{program}{'' if table == 'filter' else ' -t ' + table} {where}"
    found = [" ".join(filter(None, (
        head, f"-s {source[0]}/{source[1]}", f"-d {destination[0]}/{destination[1]}", match, _state(
            opening, firewall), "-j ACCEPT")))
        for source in networks(box.family, box.sources.ranges)
        for destination in networks(box.family, box.destinations.ranges) for match in _matches(opening)]
    return found, len(found)


def _matches(opening: Opening) -> list[str]:
    box = opening.box
    name = PROTOCOL_NAMES[box.protocol]
    if is_icmp(box.protocol):
        kind = box.source_ports.lowest
        return [f"-p icmp -m icmp --icmp-type {kind}" if box.family is Family.V4
                else f"-p ipv6-icmp -m icmp6 --icmpv6-type {kind}"]
    sides = [f"--{side} {_range(*numbers.ranges[0])}" for side, numbers in (
        ("sport", box.source_ports), ("dport", box.destination_ports)) if _single(numbers)]
    several = [(side, numbers) for side, numbers in (
        ("sports", box.source_ports), ("dports", box.destination_ports))
        if numbers != ANY_PORT and not _single(numbers)]
    base = f"-p {name}" + (f" -m {name} {' '.join(sides)}" if sides else "")
    return [f"{base} -m multiport --{side} {part}" for side, numbers in several
            for part in _multiport(numbers)] or [base]


def _single(numbers: IntervalSet) -> bool:
    return len(numbers.ranges) == 1 and numbers != ANY_PORT


def _multiport(numbers: IntervalSet) -> list[str]:
    pieces = [_range(*each) for each in numbers.ranges]
    keyed = list(zip(pieces, (number * 2 // (_MOST_PORTS - 1) for number in range(len(pieces))), strict=True))
    return [",".join(piece for piece, _ in group) for _, group in groupby(keyed, lambda each: each[1])]


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}:{high}"


def _state(opening: Opening, firewall: Firewall) -> str:
    """The state as the dump itself asks for it."""
    if not opening.answers:
        return ""
    texts = (firewall.source.span(rule.line).text for chain in firewall.chains.values()
             for rule in chain.rules if rule.conditions and rule.line)
    old = any(" --state " in text for text in texts)
    return "-m state --state ESTABLISHED" if old else "-m conntrack --ctstate ESTABLISHED"


def _number(opening: Opening, firewall: Firewall) -> int:
    """The number that the kernel gives the blocking rule; a comma list is a rule for each address."""
    rules = firewall.chains[opening.chain].rules[:opening.at]
    fresh = sum(1 for rule in rules if not rule.line)
    blocking = firewall.chains[opening.chain].rules[opening.at].line
    before = dict.fromkeys(rule.line for rule in rules if rule.line and rule.line != blocking)
    return 1 + fresh + sum(_rules_of(firewall.source.span(line).text) for line in before)


def _rules_of(text: str) -> int:
    words = text.split()
    count = 1
    for word, value in pairwise(words):
        if word in ("-s", "-d", "--source", "--destination", "--src", "--dst"):
            count *= len(value.split(","))
    return count
