"""Rules of one list that do nothing: no packet reaches them, or without them every packet fares the same.

All that is found may go at once: no packet of any kind fares otherwise after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, islice, product
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit.assumed import Lasting, is_question, lasting, profiles
from aclproof.linter.audit.pieces import ProtocolClasses, pieces
from aclproof.linter.audit.reach import Covered, Surroundings, reach, without_rule
from aclproof.linter.audit.strays import Between
from aclproof.linter.engine.budget import Budget
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.relevant import every_rule, relevant
from aclproof.parsers.model.besides import NOTHING, Besides
from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

STEPS = 4_000_000
"""Of the engine, for all lists of a firewall."""
_BATCH = 1024
"""Pieces that are looked at in one pass: the rules that meet each of them are kept that long."""

_REWRITING = Reason("in it packets may go on with other ends than they came with")

Why = Literal["shadowed", "covered", "redundant"]
"""Rules before it take its packets, of which some do something else, or all do the same; or rules after it
would do the same."""


class DeadLine(Struct, frozen=True):
    """A line of a list that may go."""

    chain: str
    line: int
    why: Why
    by: tuple[Rule, ...] = ()
    """The rules that take its packets, those that take most first."""
    given: tuple[Condition, ...] = ()
    """What has to hold for that, where it is not certain."""


class ChainAudit(Struct, frozen=True):
    """What was found in one list."""

    dead: tuple[DeadLine, ...]
    unsettled: tuple[int, ...]
    """Lines of which it would take too long to tell."""
    perhaps: tuple[DeadLine, ...] = ()
    """Lines that no packet reaches under conditions."""


def audit_lists(firewall: Firewall, steps: Budget,
                day: date | None = None) -> Iterator[tuple[str, ChainAudit | Reason]]:
    """Find the lines of every list that may go; or why a list was not looked at.

    With a day, those as well that may go if what is not known of that day holds.
    """
    room = door(firewall.vendor)
    besides, singly, between = room.besides(firewall), room.counted_singly(firewall), Between(firewall)
    for name in firewall.lists:
        if name in singly:
            yield name, singly[name]
        else:
            yield name, audit_chain(firewall, name, steps, besides, day, between) or _REWRITING


def audit_chain(firewall: Firewall, chain: str, steps: Budget, besides: Mapping[int, Besides],
                day: date | None = None, between: Between | None = None) -> ChainAudit | None:
    """Find the lines of a list that may go; None where packets go on with other ends than they came with."""
    work = _Chain(firewall, chain, steps, besides, between or Between(firewall))
    return work.audit(work.lasting, day) if work.lasting else None


class _Chain:
    def __init__(self, firewall: Firewall, chain: str, steps: Budget, besides: Mapping[int, Besides],
                 between: Between) -> None:
        self._firewall, self._name, self._steps = firewall, chain, steps
        every = every_rule(firewall)
        reached = [rule for name in callees_first(every, [chain]) for rule in every[name]]
        self.lasting = lasting(reached, besides)
        self._reached = reached
        self._classes = ProtocolClasses(reached)
        self._profiles = profiles(reached, door(firewall.vendor).traits.profiles)
        self._of_line: dict[int, list[Rule]] = {}
        for rule in every[chain]:
            if rule.in_file and rule.enabled and not besides.get(rule.line, NOTHING).beyond:
                self._of_line.setdefault(rule.line, []).append(rule)
        self._unsettled: dict[int, None] = {}
        self._unseen: set[int] = set()
        """Lines of which not all pieces were looked at: nothing is known of them."""
        self._between = between

    def audit(self, known: Lasting, day: date | None = None) -> ChainAudit:
        """Find first what no packet reaches, then from the last line to the first what is not needed."""
        dead = list(self._unreached(known))
        perhaps = list(self._perhaps(known, {each.line for each in dead}, day)) if day else []
        shadowed = self._ids(each.line for each in dead if each.why == "shadowed")
        dead += self._redundant(self._ids(each.line for each in dead), shadowed, known)
        unsettled = {*self._unsettled, *self._unseen} - {each.line for each in dead}
        return ChainAudit(tuple(sorted(dead, key=lambda each: each.line)), tuple(sorted(unsettled)),
                          tuple(perhaps))

    def _perhaps(self, known: Lasting, sure: Collection[int], day: date) -> Iterator[DeadLine]:
        """Yield the lines that no packet comes to if what is asked about the configuration holds."""
        asked = frozenset(condition for rule in self._reached for condition in rule.conditions
                          if is_question(condition, day))
        for each in self._unreached(replace(known, given=asked)) if asked else ():
            if each.line not in sure:
                lines = {rule.line for rule in each.by}
                given = (condition for rule in self._reached if rule.line in lines
                         for condition in rule.conditions if condition in asked)
                yield replace(each, given=tuple(dict.fromkeys(given)))

    def _unreached(self, known: Lasting) -> Iterator[DeadLine]:
        """Yield the lines that no packet comes to."""
        covered: dict[int, list[Covered]] = {}
        reached: set[int] = set()
        for around in self._surroundings(self._of_line, known):
            line = around.piece.rule.line
            if line in reached:
                continue
            found = reach(around, self._steps)
            if isinstance(found, Covered):
                covered.setdefault(line, []).append(found)
            else:
                reached.add(line)
                if found is None:
                    self._unsettled[line] = None
        for line, rules in self._of_line.items():
            if line not in reached and line in covered and line not in self._unseen:
                by = dict.fromkeys(rule for each in covered[line] for rule in each.by)
                yield DeadLine(self._name, line, _why(rules, by), tuple(by))

    def _ids(self, lines: Iterable[int]) -> set[int]:
        return {id(rule) for line in lines for rule in self._of_line[line]}

    def _redundant(self, gone: set[int], shadowed: set[int], known: Lasting) -> Iterator[DeadLine]:
        """Yield the lines that later ones do the work of, where all that is `gone` stays away.

        So it is whether what is shadowed goes as well, or stays: somebody may want to move that.
        """
        may_go = [line for line, rules in reversed(self._of_line.items())
                  if not gone.intersection(map(id, rules))
                  and all(each.action in _DECIDING and not each.effect for each in rules)]
        around = self._surroundings(may_go, known)
        for line, some in groupby(around, key=lambda each: each.piece.rule.line):
            own = self._ids([line])
            ways = [gone | own, (gone | own) - shadowed] if shadowed else [gone | own]
            by = self._instead(line, some, ways)
            if by is not None and not self._between.may_come(line, by):
                gone |= own
                yield DeadLine(self._name, line, "redundant", by)

    def _instead(self, line: int, pieces_of_it: Iterable[Surroundings],
                 ways: Sequence[Collection[int]]) -> tuple[Rule, ...] | None:
        """What does the work of a line instead of it, each way that others are left out; None for nothing."""
        found: dict[Rule, None] = {}
        needed = False
        for each, without in product(pieces_of_it, ways):
            if needed:
                continue
            instead = without_rule(each, without, self._steps)
            if instead is None:
                self._unsettled[line] = None
            needed = not isinstance(instead, Covered)
            if isinstance(instead, Covered):
                found.update(dict.fromkeys(instead.by))
        return None if needed or line in self._unseen else tuple(found)

    def _surroundings(self, lines: Iterable[int], known: Lasting) -> Iterator[Surroundings]:
        """Yield for each piece of some lines the rules that can meet it."""
        stage = Stage("", (self._name,), DENY_REST)
        left = pieces((rule for line in lines for rule in self._of_line[line]), self._classes)
        while batch := list(islice(left, _BATCH)):
            if self._steps.left <= 0:
                self._unseen.update(each.rule.line for each in (*batch, *left))
                return
            met = relevant(self._firewall, [((stage,), each.box) for each in batch])
            self._steps.left -= sum(len(rules[self._name]) for rules in met)
            for piece, rules in zip(batch, met, strict=True):
                called = {name: some for name, some in rules.items() if name != self._name}
                for profile in self._profiles:
                    around = Surroundings(piece, rules[self._name], called, known, profile)
                    if around.is_met:
                        yield around


_DECIDING = (Action.PERMIT, Action.DENY)


def _why(rules: Sequence[Rule], by: Collection[Rule]) -> Why:
    return "covered" if {each.action for each in rules} == {each.action for each in by} else "shadowed"
