"""A permit in the words of iptables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise, product

from aclproof.parsers.iptables.meaning.chain_id import ChainId
from aclproof.parsers.iptables.text.kinds import GENERATED, NFT_BACK_END
from aclproof.parsers.model.addresses import Family, networks, spell
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from aclproof.parsers.netfilter import managers
from aclproof.parsers.permits import Candidate, MissingPermit, Permit, merged

_MOST_PORTS = 15
"""What `multiport` takes; a range counts twice."""
_BACK_ENDS = 2
_MOST_NETWORKS = 2
"""A range of addresses that takes more networks than this is written as a range."""
_OLD_STATE = re.compile(r"--state |(?<![-\w])state [A-Z]")
"""The match `state`, in a dump or a listing."""
_LOGS = re.compile(r"(?<!\S)(?:LOG|NFLOG|ULOG)(?!\S)")
"""The target of a rule that notes packets, in a dump or a listing."""


def candidates(firewall: Firewall, missing: Sequence[MissingPermit]) -> Iterator[Candidate]:
    """Yield commands, the last place of each chain first, so that the numbers of the others stay."""
    for each in merged(missing):
        commands = _commands(each.permit, firewall)
        yield Candidate(tuple(commands), each.parts, len(commands), _advice(firewall))


def _advice(firewall: Firewall) -> tuple[str, ...]:
    names = {ChainId.of(name).chain for name in firewall.chains}
    return tuple(map(managers.note, managers.of("", names)))


def _commands(missing: MissingPermit, firewall: Firewall) -> list[str]:
    table, chain, _ = ChainId.of(missing.chain)
    name = shlex.quote(chain)
    rules = firewall.chains[missing.chain].rules
    at = _before_its_log(rules, missing.at, firewall)
    where = f"-A {name}" if at == len(rules) else f"-I {name} {number_of(rules, at, firewall)}"
    name_of = program(firewall, missing.box.family, missing.chain)
    head = f"{name_of}{'' if table == 'filter' else ' -t ' + table} {where}"
    state = _state(missing.permit.state, firewall)
    return [f"{head} {each}" for each in specifications(missing.permit, state)]


def specifications(permit: Permit, state: str) -> list[str]:
    """Return the rules that permit it, without their chain; `state` is the match of its state."""
    box = permit.box
    ways = " ".join(f"{option} {shlex.quote(each)}" for option, each in (
        ("-i", permit.ingress), ("-o", permit.egress)) if each)
    sides = [_side(box.family, numbers, option, word) for numbers, option, word in (
        (box.sources, "-s", "src"), (box.destinations, "-d", "dst"))]
    return [" ".join(filter(None, (source, destination, ways, match, state, "-j ACCEPT")))
            for source, destination, match in product(*sides, _matches(box))]


def _side(family: Family, numbers: IntervalSet, option: str, word: str) -> list[str]:
    found = []
    for part in numbers.ranges:
        cut = networks(family, (part,))
        if len(cut) > _MOST_NETWORKS:
            found.append(f"-m iprange --{word}-range {spell(family, [part])[0]}")
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
    """The state as the dump itself tests it."""
    if not state:
        return ""
    texts = (firewall.source.span(rule.line).text for chain in firewall.chains.values()
             for rule in chain.rules if rule.conditions)
    old = any(map(_OLD_STATE.search, texts))
    return f"-m state --state {state}" if old else f"-m conntrack --ctstate {state}"


# The place, as the kernel counts


def _before_its_log(rules: Sequence[Rule], at: int, firewall: Firewall) -> int:
    """Go back over rules that log what is dropped there: what is permitted is not to be logged as dropped."""
    while at and rules[at - 1].action is Action.CONTINUE and rules[at - 1].in_file and _LOGS.search(
            firewall.source.span(rules[at - 1].line).text):
        at -= 1
    return at


def number_of(rules: Sequence[Rule], at: int, firewall: Firewall) -> int:
    """Return the number that the kernel gives a rule."""
    return numbers(rules[:at + 1], firewall)[rules[at].line]


def numbers(rules: Sequence[Rule], firewall: Firewall) -> Mapping[int, int]:
    """Return by line the numbers of rules; a comma list is a rule for each address."""
    found: dict[int, int] = {}
    number = 1
    for line in dict.fromkeys(rule.line for rule in rules):  # one line may be several rules of the model
        found[line] = number
        number += _rules_of(firewall.source.span(line).text)
    return found


def _rules_of(text: str) -> int:
    count = 1
    for word, value in pairwise(text.split()):
        if word in ("-s", "-d", "--source", "--destination", "--src", "--dst"):
            count *= len(value.split(","))
    return count


def program(firewall: Firewall, family: Family, chain: str) -> str:
    """Return the command for a chain: that of the family, and of the back end where the host has both."""
    name = "iptables" if family is Family.V4 else "ip6tables"
    lines: dict[str, int] = {}
    for each in firewall.bindings:
        found = ChainId.of(each.chain)
        if each.family is family and found.chain:  # else it is native to nftables
            lines.setdefault(found.dump, each.line)
    headers = {mark: _header(firewall, line) for mark, line in lines.items()}
    if len(headers) < _BACK_ENDS or not any(NFT_BACK_END in each for each in headers.values()):
        return name
    return f"{name}-{'nft' if NFT_BACK_END in headers[ChainId.of(chain).dump] else 'legacy'}"


def _header(firewall: Firewall, line: int) -> str:
    """The line above that says which program wrote a dump."""
    texts = (firewall.source.span(number).text for number in range(line, 0, -1))
    return next((text for text in texts if GENERATED.match(text)), "")
