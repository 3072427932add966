"""A permit in the words of iptables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise, product

import parsers
from linter.engine.packets import Box
from linter.fix.merging import merged
from linter.fix.openings import Opening
from linter.fix.proposals import Proposal, Written
from linter.fix.words import networks
from parsers.model.addresses import Family, spell
from parsers.model.firewall import Firewall
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Chain, Rule
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from parsers.source import from_bytes

_MOST_PORTS = 15
"""What `multiport` takes; a range counts twice."""
_BACK_ENDS, _NFT = 2, "(nf_tables)"
_MOST_NETWORKS = 2
"""A range of addresses that takes more networks than this is written as a range."""
_MANAGED = {"ufw-": "ufw", "INPUT_ZONES": "firewalld"}
"""Who keeps rules of its own and loads them anew, by how its chains begin."""
_OLD_STATE = re.compile(r"--state |(?<![-\w])state [A-Z]")
"""The match `state`, in a dump or a listing."""


def propose(firewall: Firewall, openings: Sequence[Opening], needed: Sequence[Box]) -> Proposal:
    """Write commands, the last place of each chain first, so that the numbers of the others stay."""
    written = []
    sizes = {name: len(chain.rules) for name, chain in firewall.chains.items()}
    for each in merged(openings):
        opening = each.opening
        at_end = opening.at >= sizes[opening.chain]
        commands = _commands(opening, firewall, at_end=at_end)
        firewall = _entered(firewall, opening, commands, at_end=at_end)
        written.append(Written(tuple(commands), each.parts, len(commands), _remarks(firewall)))
    return Proposal(tuple(written), firewall)


def _remarks(firewall: Firewall) -> tuple[str, ...]:
    names = [name.partition("/")[2] for name in firewall.chains]
    return tuple(f"{who} loads its own rules anew: tell it of this permit as well, or it is lost then"
                 for start, who in _MANAGED.items() if any(name.startswith(start) for name in names))


def _commands(opening: Opening, firewall: Firewall, *, at_end: bool) -> list[str]:
    box, permit = opening.box, opening.permit
    table, _, chain = opening.chain.partition(" ")[0].partition("/")
    name = shlex.quote(chain)
    where = f"-A {name}" if at_end else f"-I {name} {_number(opening, firewall)}"
    head = f"{_program(opening, firewall)}{'' if table == 'filter' else ' -t ' + table} {where}"
    ways = " ".join(f"{option} {shlex.quote(each)}" for option, each in (
        ("-i", permit.ingress), ("-o", permit.egress)) if each)
    sides = [_side(box.family, numbers, option, word) for numbers, option, word in (
        (box.sources, "-s", "src"), (box.destinations, "-d", "dst"))]
    return [" ".join(filter(None, (head, source, destination, ways, match, _state(permit.state, firewall),
                                   "-j ACCEPT")))
            for source, destination, match in product(*sides, _matches(box))]


def _side(family: Family, numbers: IntervalSet, option: str, word: str) -> list[str]:
    found = []
    for each in numbers.ranges:
        cut = networks(family, IntervalSet.of(each))
        if len(cut) > _MOST_NETWORKS:
            found.append(f"-m iprange --{word}-range {spell(family, [each])[0]}")
        else:
            found += [f"{option} {address}/{length}" for address, length in cut]
    return found


def _matches(box: Box) -> list[str]:
    name = PROTOCOL_NAMES[box.protocol]
    if is_icmp(box.protocol):
        kind = box.source_ports.lowest
        return [f"-p icmp -m icmp --icmp-type {kind}" if box.family is Family.V4
                else f"-p ipv6-icmp -m icmp6 --icmpv6-type {kind}"]
    single = [f"--{side} {_range(*numbers.ranges[0])}" for side, numbers in (
        ("sport", box.source_ports), ("dport", box.destination_ports)) if _is_single(numbers)]
    several = [[f"-m multiport --{side} {part}" for part in _multiport(numbers)] for side, numbers in (
        ("sports", box.source_ports), ("dports", box.destination_ports))
        if numbers != ANY_PORT and not _is_single(numbers)]
    base = f"-p {name}" + (f" -m {name} {' '.join(single)}" if single else "")
    return [" ".join((base, *each)) for each in product(*several)]


def _is_single(numbers: IntervalSet) -> bool:
    return len(numbers.ranges) == 1 and numbers != ANY_PORT


def _multiport(numbers: IntervalSet) -> list[str]:
    pieces = [_range(*each) for each in numbers.ranges]
    keyed = list(zip(pieces, (number * 2 // (_MOST_PORTS - 1) for number in range(len(pieces))), strict=True))
    return [",".join(piece for piece, _ in group) for _, group in groupby(keyed, lambda each: each[1])]


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}:{high}"


def _state(state: str, firewall: Firewall) -> str:
    """The state as the dump itself asks for it."""
    if not state:
        return ""
    texts = (firewall.source.span(rule.line).text for chain in firewall.chains.values()
             for rule in chain.rules if rule.conditions and rule.line > 0)
    old = any(map(_OLD_STATE.search, texts))
    return f"-m state --state {state}" if old else f"-m conntrack --ctstate {state}"


# The place, as the kernel counts


def _number(opening: Opening, firewall: Firewall) -> int:
    """The number that the kernel gives the rule there; a comma list is a rule for each address."""
    rules = firewall.chains[opening.chain].rules
    before = dict.fromkeys(rule.line for rule in rules[:opening.at])
    before.pop(rules[opening.at].line, None)  # one line may be several rules of the model
    return 1 + sum(_rules_of(firewall.source.span(line).text) if line > 0 else 1 for line in before)


def _rules_of(text: str) -> int:
    count = 1
    for word, value in pairwise(text.split()):
        if word in ("-s", "-d", "--source", "--destination", "--src", "--dst"):
            count *= len(value.split(","))
    return count


def _program(opening: Opening, firewall: Firewall) -> str:
    """The command of the family, and of the back end where the host has rules in both."""
    name = "iptables" if opening.box.family is Family.V4 else "ip6tables"
    lines: dict[str, int] = {}
    for each in firewall.bindings:
        if each.family is opening.box.family:
            lines.setdefault(each.chain.partition(" ")[2], each.line)
    headers = {mark: _header(firewall, line) for mark, line in lines.items()}
    if len(headers) < _BACK_ENDS or not any(_NFT in each for each in headers.values()):
        return name
    return f"{name}-{'nft' if _NFT in headers[opening.chain.partition(' ')[2]] else 'legacy'}"


def _header(firewall: Firewall, line: int) -> str:
    """The line above that says which program wrote a dump."""
    texts = (firewall.source.span(number).text for number in range(line, 0, -1))
    return next((text for text in texts if text.startswith("# Generated by ")), "")


# The model with the commands entered


def _entered(firewall: Firewall, opening: Opening, commands: Sequence[str], *, at_end: bool) -> Firewall:
    """Read the commands back, and put what they say in its place; each gets a line below 1 of its own."""
    rules = firewall.chains[opening.chain].rules
    fresh = min((rule.line for chain in firewall.chains.values() for rule in chain.rules), default=0)
    new = [rule._replace(line=min(fresh, 0) - number) for number, each in enumerate(commands, 1)
           for rule in _read(each, opening.box.family)]
    at = len(rules) if at_end else opening.at
    while 0 < at < len(rules) and rules[at - 1].line == rules[at].line:
        at -= 1
    chain = Chain(opening.chain, (*rules[:at], *new, *rules[at:]))
    return replace(firewall, chains={**firewall.chains, opening.chain: chain})


def _read(command: str, family: Family) -> Sequence[Rule]:
    """Read one command as the parser of dumps reads its rule."""
    words = shlex.split(command)
    at = next(number for number, word in enumerate(words) if word in ("-A", "-I"))
    rest = words[at + 2:] if words[at] == "-A" else words[at + 3:]
    program = "iptables-save" if family is Family.V4 else "ip6tables-save"
    spec = " ".join(each if each.isprintable() and not set(each) & set(' "\\') else _quoted(each)
                    for each in rest)
    text = f"# Generated by {program}\n*filter\n:NEW - [0:0]\n-A NEW {spec}\nCOMMIT\n"
    found = parsers.parse(from_bytes(text.encode(), "fix"))
    return next(chain.rules for name, chain in found.chains.items() if name.startswith("filter/NEW"))


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
