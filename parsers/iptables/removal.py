"""Commands that take rules out of a saved or a listed rule set."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Hashable, Iterator, Sequence

from aclproof.parsers.iptables import forms
from aclproof.parsers.iptables.meaning.chain_id import ChainId
from aclproof.parsers.iptables.permits import numbers, program
from aclproof.parsers.iptables.saved import commands as entered
from aclproof.parsers.iptables.saved import same_rule
from aclproof.parsers.iptables.text import rule
from aclproof.parsers.iptables.text.kinds import kind
from aclproof.parsers.iptables.text.known_targets import TARGETS
from aclproof.parsers.iptables.text.words import RuleError, Spec
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.removals import ByHand, DeadRule, Removals
from aclproof.parsers.source import Joined, files_of
from aclproof.reason import Reason

_SAVED = re.compile(r"(?:\[\d+:\d+\] )?-A (?P<chain>\S+)(?P<words>.*)")
_NOT_FOUND = frozenset(("recent", "connlimit"))
"""Matches by whose words, as they were saved, iptables 1.8.9 may not find a rule again."""
_SET_COUNTERS = re.compile(r" (?:-c|--set-counters) \d+ \d+")
_NUMBER = re.compile(r"\d+")
_NOT_UNDERSTOOD = Reason("not all of its words are understood, so they may fit no rule")
_LIST = Reason("it is a list of addresses, each a rule of its own to the kernel, and another rule is like "
               "one of these")
_ROWS = Reason("the kernel takes it by its number, and not every row of the chain was read")
_TABLE = Reason("the kernel takes it by its number, and the listing does not say of which table it is; give "
                "the command with the listing, or the output of iptables-save")
_BY_NUMBER = Reason("a number at the end of a command is the one that the rule had when the input was made: "
                    "enter these commands while nothing else has changed its chain")


def removals(firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
    """Return a command for each rule, or why it has none: by its words, and of a listing by its number."""
    listed = dict(_listed(firewall))
    chains = {chain: _OfChain(firewall, chain) for chain in {each.chain for each in dead}}
    found = tuple((listed[each.line] or chains[each.chain].by_number(each.line)) if each.line in listed
                  else chains[each.chain].command(each.line) for each in dead)
    by_number = any(isinstance(each, str) and _NUMBER.fullmatch(each.rpartition(" ")[2]) for each in found)
    return Removals(found, (_BY_NUMBER,) if by_number else ())


class _OfChain:
    """One chain, of which some rules go."""

    def __init__(self, firewall: Firewall, chain: str) -> None:
        self._firewall, self._chain = firewall, chain
        self._family = Family.V6 if "ipv6" in ChainId.of(chain).dump else Family.V4
        own = ChainId.of(chain)
        table = "" if own.table == "filter" else f" -t {own.table}"
        self._head = f"{program(firewall, self._family, chain)}{table} -D {shlex.quote(own.chain)}"
        self._numbers = numbers(firewall.chains[chain].rules, firewall)
        self._twins = self._like_an_earlier_one()

    def by_number(self, line: int) -> str:
        """Return the command for the rule of a line by its number."""
        return f"{self._head} {self._numbers[line]}"

    def command(self, line: int) -> str | ByHand:
        """Return the command for the saved rule of a line."""
        words = _words(self._firewall, line)
        if not words or not self._is_understood(words):
            return ByHand(_NOT_UNDERSTOOD)
        rules = _rules(words, self._family)
        if rules and line not in self._twins and _NOT_FOUND.isdisjoint(words):
            return f"{self._head} {' '.join(each if each == '!' else shlex.quote(each) for each in words)}"
        if len(rules) > 1:
            return ByHand(_LIST)
        return self.by_number(line)

    def _is_understood(self, words: Sequence[str]) -> bool:
        """Whether the line is whole, as far as can be seen: else its words fit no rule."""
        try:
            target = rule.parse(words, 0).target
        except RuleError:
            return False
        own = ChainId.of(self._chain)
        return not target or target in TARGETS or any(
            each == own._replace(chain=target) for each in map(ChainId.of, self._firewall.chains))

    def _like_an_earlier_one(self) -> Collection[int]:
        """The lines of rules that the kernel may take for an earlier one, however both are spelled."""
        seen: set[Hashable] = set()
        found: set[int] = set()
        for line in self._numbers:
            words = _words(self._firewall, line)
            rules = set(_rules(words, self._family)) or {tuple(words)}
            if not seen.isdisjoint(rules):
                found.add(line)
            seen |= rules
        return found


def _rules(words: Sequence[str], family: Family) -> Sequence[Hashable]:
    """What is equal for rules that mean the same; nothing of a line of which that is not known."""
    try:
        return [same_rule.meaning(each, family)
                for each in entered.rules(rule.parse(words, 0), inserted=False)]
    except RuleError:
        return ()


def _words(firewall: Firewall, line: int) -> Sequence[str]:
    """The tests and the target of a rule as it was saved."""
    found = _SAVED.fullmatch(firewall.source.span(line).text.strip())
    if not found:
        return ()
    try:
        return rule.tokens(_SET_COUNTERS.sub("", found["words"]))
    except RuleError:
        return ()


def _listed(firewall: Firewall) -> Iterator[tuple[int, ByHand | None]]:
    """Yield the rows of listings, each with the reason why its number is not sure, if it is not."""
    joined = firewall.source
    for source in files_of(joined):
        if kind(source.text) != "listing":
            continue
        first = joined.first(source) if isinstance(joined, Joined) else 0
        for table in (table for ruleset in forms.read(source).rulesets for table in ruleset.tables.values()):
            for specs in table.chains.values():
                whole = not table.odd and all(isinstance(each, Spec) for each in specs)
                why = None if whole and not table.guessed else ByHand(_TABLE if whole else _ROWS)
                yield from ((first + each.line, why) for each in specs)
