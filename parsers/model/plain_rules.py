"""The rules of a long list in columns: a file may hold a million, and hardly any is ever looked at."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from typing import NamedTuple, overload

from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import Service


class Kind(NamedTuple):
    """What many rules of a list share."""

    action: Action
    services: tuple[Service, ...]
    enabled: bool


class Ends:
    """A column of address sets: a range of IPv4 addresses as its two ends, any other set by its number."""

    def __init__(self, made: dict[tuple[int, int], AddressSet]) -> None:
        self.lows, self.highs = array("I"), array("I")
        self.sets: list[AddressSet] = []
        """All that are no such range; the number of the first is 1."""
        self._numbers: dict[int, int] = {}
        self._made = made
        """Sets of one range that somebody has looked at; other columns may share them."""

    def append(self, addresses: AddressSet) -> None:
        """Add one; for a set that is no range, a reversed range that begins with its number."""
        ranges = addresses.v4.ranges
        if len(ranges) == 1 and not addresses.v6.ranges:
            (low, high), = ranges
        else:
            number = self._numbers.get(id(addresses))
            if number is None:
                self.sets.append(addresses)
                number = self._numbers[id(addresses)] = len(self.sets)
            low, high = number, 0
        self.lows.append(low)
        self.highs.append(high)

    def __getitem__(self, at: int) -> AddressSet:
        low, high = ends = self.lows[at], self.highs[at]
        if low > high:
            return self.sets[low - 1]
        known = self._made.get(ends)
        if known is None:
            known = self._made[ends] = AddressSet(IntervalSet((ends,)))
        return known


class PlainRules(Sequence[Rule]):
    """Rules in order. One that tests addresses and services only is numbers until somebody looks at it.

    A rule is made once: whoever looks again sees the same one. Rules that do more are kept as they are.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.kinds: list[Kind] = []
        self.kind_of = array("I")
        """Of each rule the number of its kind, counted from 1; 0 for one that is kept as it is."""
        made: dict[tuple[int, int], AddressSet] = {}
        self.sources, self.destinations = Ends(made), Ends(made)
        self.lines = array("I")
        """Of each rule its line."""
        self._numbers: dict[tuple[Action, int, bool], int] = {}
        self._special: dict[int, Rule] = {}
        self._made: dict[int, Rule] = {}
        self._all: list[Rule] = []
        self.extend(rules)

    def extend(self, rules: Iterable[Rule]) -> None:
        """Add some at the end."""
        for rule in rules:
            self.append(rule)

    def append(self, rule: Rule) -> None:
        """Add one at the end."""
        action, sources, destinations, services, line, conditions, enabled, target, effect = rule
        kind = self._numbers.get((action, id(services), enabled))
        if conditions or target or effect is not None:
            self._special[len(self.kind_of)] = rule
            kind, sources, destinations = 0, NOWHERE, NOWHERE
        elif kind is None:
            kind = self._new_kind(Kind(action, services, enabled))
        self.kind_of.append(kind)
        self.lines.append(line)
        self.sources.append(sources)
        self.destinations.append(destinations)
        if self._all:
            self._all.append(rule)

    def _new_kind(self, kind: Kind) -> int:
        self.kinds.append(kind)
        number = self._numbers[kind.action, id(kind.services), kind.enabled] = len(self.kinds)
        return number

    def __len__(self) -> int:
        return len(self.kind_of)

    @overload
    def __getitem__(self, at: int) -> Rule: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Rule]: ...
    def __getitem__(self, at: int | slice) -> Rule | Sequence[Rule]:
        if isinstance(at, slice):
            return [self[each] for each in range(len(self))[at]]
        if self._all:
            return self._all[at]
        at = range(len(self))[at]
        known = self._special.get(at) or self._made.get(at)
        if known is None:
            known = self._made[at] = self._make(at)
        return known

    def _make(self, at: int) -> Rule:
        action, services, enabled = self.kinds[self.kind_of[at] - 1]
        return Rule(action, self.sources[at], self.destinations[at], services, self.lines[at], (), enabled)

    def __iter__(self) -> Iterator[Rule]:
        if not self._all:
            known = self._special | self._made
            self._all = [known.get(at) or self._make(at) for at in range(len(self))]
            self._made.clear()
        return iter(self._all)

    def switched(self, lines: Collection[int], *, on: bool) -> PlainRules:
        """Enable or disable those of some lines in a copy; nobody may add any, as columns are shared."""
        found = copy(self)
        found.kind_of, found._special = copy(self.kind_of), dict(self._special)
        found._made, found._all = {}, []
        for at, each in enumerate(self.lines):
            if each in lines:
                found.kind_of[at] = 0
                found._special[at] = self[at]._replace(enabled=on)
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def special(self) -> Iterator[Rule]:
        """Yield those that have a condition, a target or an effect."""
        return iter(self._special.values())

    def looked_at(self) -> Iterator[tuple[int, Rule]]:
        """Yield those that somebody has looked at, with their places, and all that are special."""
        return iter(enumerate(self._all) if self._all else sorted({**self._special, **self._made}.items()))


def special(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the rules that have a condition, a target or an effect."""
    if isinstance(rules, PlainRules):
        return rules.special()
    return (rule for rule in rules if rule.conditions or rule.target or rule.effect is not None)


def without(rules: Sequence[Rule], line: int) -> Sequence[Rule]:
    """Return rules of which none of a line matches anything; the same object where it has none."""
    if isinstance(rules, PlainRules):
        return rules.switched({line}, on=False) if line in rules.lines else rules
    rest = [rule for rule in rules if rule.line != line]
    return rest if len(rest) < len(rules) else rules


def switched(rules: Sequence[Rule], lines: Collection[int], *, on: bool) -> Sequence[Rule]:
    """Enable or disable the rules of some lines; each keeps its place."""
    if isinstance(rules, PlainRules):
        return rules.switched(lines, on=on)
    return [rule._replace(enabled=on) if rule.line in lines else rule for rule in rules]


def lines(rules: Sequence[Rule]) -> Collection[int]:
    """Return the lines of rules, each once."""
    return set(rules.lines) if isinstance(rules, PlainRules) else {rule.line for rule in rules}


def looked_at(rules: Sequence[Rule]) -> Iterator[tuple[int, Rule]]:
    """Yield the rules that anybody may hold already, with their places."""
    return rules.looked_at() if isinstance(rules, PlainRules) else iter(enumerate(rules))
