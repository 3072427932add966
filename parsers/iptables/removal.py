"""Commands that take rules out of a saved rule set."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

from aclproof.parsers.iptables.meaning.chain_id import ChainId
from aclproof.parsers.iptables.permits import numbers, program
from aclproof.parsers.iptables.saved import commands as entered
from aclproof.parsers.iptables.saved import same_rule
from aclproof.parsers.iptables.text import rule
from aclproof.parsers.iptables.text.known_targets import TARGETS
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall

_SAVED = re.compile(r"(?:\[\d+:\d+\] )?-A (?P<chain>\S+)(?P<words>.*)")
_NOT_FOUND = frozenset(("recent", "connlimit"))
"""Matches by whose words, as they were saved, iptables 1.8.9 may not find a rule again."""
_SET_COUNTERS = re.compile(r" (?:-c|--set-counters) \d+ \d+")


def commands(firewall: Firewall, places: Sequence[tuple[str, int]]) -> Sequence[str]:
    """Return a command for each rule, by chain and line; empty for a rule of a listing.

    They are meant to be entered from the last rule of a chain to the first, as numbers change.
    """
    chains = {chain for chain, _ in places}
    twins = {chain: _twins(firewall, chain) for chain in chains}
    numbers_of = {chain: numbers(firewall.chains[chain].rules, firewall) for chain in chains}
    return [_command(firewall, chain, line, twins[chain], numbers_of[chain]) for chain, line in places]


def _command(firewall: Firewall, chain: str, line: int, twins: Collection[int],
             numbers: Mapping[int, int]) -> str:
    words = _words(firewall, line)
    if not words or not _is_understood(firewall, chain, words):
        return ""
    own, family = ChainId.of(chain), _family(chain)
    what = " ".join(each if each == "!" else shlex.quote(each) for each in words)
    if line in twins or not _NOT_FOUND.isdisjoint(words):
        if len(list(_rules(words, family))) > 1:
            return ""  # a list of addresses, which has several numbers
        what = str(numbers[line])
    table = "" if own.table == "filter" else f" -t {own.table}"
    return f"{program(firewall, family, chain)}{table} -D {shlex.quote(own.chain)} {what}"


def _is_understood(firewall: Firewall, chain: str, words: Sequence[str]) -> bool:
    """Whether the line is whole, as far as can be seen: else its words fit no rule."""
    try:
        target = rule.parse(words, 0).target
    except RuleError:
        return False
    return not target or target in TARGETS or any(
        each == ChainId.of(chain)._replace(chain=target) for each in map(ChainId.of, firewall.chains))


def _family(chain: str) -> Family:
    return Family.V6 if "ipv6" in ChainId.of(chain).dump else Family.V4


def _twins(firewall: Firewall, chain: str) -> Collection[int]:
    """The lines of rules that the kernel may take for an earlier one, however both are spelled."""
    seen: set[Hashable] = set()
    found: set[int] = set()
    for line in dict.fromkeys(each.line for each in firewall.chains[chain].rules if each.in_file):
        rules = set(_rules(_words(firewall, line), _family(chain)))
        if not seen.isdisjoint(rules):
            found.add(line)
        seen |= rules
    return found


def _rules(words: Sequence[str], family: Family) -> Iterator[Hashable]:
    """What is equal for rules that mean the same; of a line that is not understood, its words."""
    try:
        yield from [same_rule.meaning(each, family)
                    for each in entered.rules(rule.parse(words, 0), inserted=False)]
    except RuleError:
        yield tuple(words)


def _words(firewall: Firewall, line: int) -> Sequence[str]:
    """The tests and the target of a rule as it was saved."""
    found = _SAVED.fullmatch(firewall.source.span(line).text.strip())
    if not found:
        return ()
    try:
        return rule.tokens(_SET_COUNTERS.sub("", found["words"]))
    except RuleError:
        return ()
