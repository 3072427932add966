"""Which lines of a firewall changed, and which of them may stand behind what became of some packets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from aclproof.linter.diff.alignment import changed
from aclproof.linter.engine.prefilter import candidates
from aclproof.linter.result import Line
from aclproof.parsers import scripts
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule

Place = tuple[str, int]
"""A file and a line of it."""


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that was taken away or added."""

    sign: Literal["-", "+"]
    line: Line


class _Version:
    """One of the two, with its lines that changed; what many questions need is found once."""

    def __init__(self, sign: Literal["-", "+"], firewall: Firewall) -> None:
        self.sign, self.firewall = sign, firewall
        self.changed: set[Place] = set()

    def spans(self, numbers: Iterable[int]) -> Iterator[Span]:
        return (self.firewall.source.span(max(number, 1)) for number in numbers)

    @cached_property
    def rules(self) -> list[tuple[Rule, Span]]:
        """The rules that changed; of what stands for something else nothing can be quoted."""
        found = ((rule, self.firewall.source.span(rule.line)) for chain in self.firewall.chains.values()
                 for rule in chain.rules if rule.line > 0)
        return [(rule, span) for rule, span in found if _place(span) in self.changed]

    def met(self, boxes: Sequence[Box]) -> Iterator[str]:
        """The texts of all rules that such packets can meet."""
        for chain in self.firewall.chains.values():
            met = candidates(chain.rules, boxes)
            numbers = {rule.line for some in met for rule in some if rule.line > 0}
            yield from (self.firewall.source.span(number).text for number in numbers)

    @cached_property
    def subjects(self) -> list[tuple[str, Span]]:
        """The lines that decide what rules mean, with the names that they are about."""
        return [(name, self.firewall.source.span(number))
                for number, name in scripts.subjects(self.firewall)]


class ChangedLines:
    """What changed in one firewall."""

    def __init__(self, name: str, old: Firewall, new: Firewall, script: str = "") -> None:
        """Compare the texts; `script` is the name of the change script that made the new one, if one did."""
        self._name = name
        self._sides = _Version("-", old), _Version("+", new)
        if script:
            self._by_script(script)
        elif old is not new:
            self._by_text()

    @property
    def any(self) -> bool:
        """Whether any line changed."""
        return any(side.changed for side in self._sides)

    def _by_text(self) -> None:
        spans = [list(side.spans(range(1, side.firewall.line_counts.total + 1))) for side in self._sides]
        places = changed(*([span.text for span in some] for some in spans))
        for side, some, numbers in zip(self._sides, spans, places, strict=True):
            side.changed = {_place(some[number]) for number in numbers if some[number].text.strip("! ")}

    def _by_script(self, script: str) -> None:
        """What the script says is new; of the old lines those are gone that stand nowhere any more."""
        old, new = self._sides
        known = [{_place(span) for span in side.spans(_numbers(side.firewall))} for side in self._sides]
        old.changed = known[0] - known[1]
        new.changed = {place for place in known[1] if place[0] == script}

    def behind(self, before: Sequence[Line], after: Sequence[Line],
               boxes: Sequence[Box]) -> list[ChangedLine]:
        """The changed lines behind what became of some packets: those that decide and what they name.

        A rule that was turned on or off counts as well, where it meets the packets.

        Where there are none: what the rules name that they meet; and then changed lines that concern any
        packet, and changed rules that they meet.
        """
        found: dict[ChangedLine, None] = {}
        words = {word for each in (*before, *after) for word in each.span.text.split()}
        for side, deciding in zip(self._sides, (before, after), strict=True):
            decided = [each for each in deciding
                       if each.firewall == self._name and _place(each.span) in side.changed]
            found |= {ChangedLine(side.sign, each): None for each in decided}
            found |= self._quoted(side, self._definitions(side, words))
            found |= self._quoted(side, self._rules(side, boxes, enabled=False))
        if not found:  # a rule in doubt hides those behind it
            named = {word for side in self._sides for text in side.met(boxes) for word in text.split()}
            for side in self._sides if named else ():
                found |= self._quoted(side, self._definitions(side, named))
        if not found:
            for side in self._sides:
                found |= self._quoted(side, self._definitions(side, set()))
                found |= self._quoted(side, self._rules(side, boxes, enabled=True))
        return sorted(found, key=_order)

    def _quoted(self, side: _Version, spans: Iterable[Span]) -> dict[ChangedLine, None]:
        return {ChangedLine(side.sign, Line(self._name, span, "rule", span.text)): None for span in spans}

    def _definitions(self, side: _Version, words: set[str]) -> list[Span]:
        """Changed lines about something that some words name; without words, those that name nothing."""
        if not side.changed:
            return []
        known = side.subjects
        reached, ahead = set(words), bool(words)
        while ahead:  # a group may hold groups
            more = {word for name, span in known if name in reached for word in span.text.split()} - reached
            ahead = bool(more)
            reached |= more
        return [span for name, span in known if (name in reached if words else not name)
                and _place(span) in side.changed]

    def _rules(self, side: _Version, boxes: Sequence[Box], *, enabled: bool) -> list[Span]:
        """Changed rules that such packets meet, or would meet if they were enabled, though others decide."""
        some = [(rule, span) for rule, span in side.rules if rule.enabled is enabled]
        met = candidates([rule for rule, _ in some], boxes, disabled=True)
        known = {id(rule) for each in met for rule in each}
        return [span for rule, span in some if id(rule) in known]


def _order(each: ChangedLine) -> tuple[bool, str, int]:
    """What was taken away first, then by place."""
    return each.sign == "+", each.line.span.file, each.line.span.first_line


def _place(span: Span) -> Place:
    return span.file, span.first_line


def _numbers(firewall: Firewall) -> Iterator[int]:
    """The lines that a firewall rests on: its rules and what decides what these mean."""
    yield from dict.fromkeys(rule.line for chain in firewall.chains.values() for rule in chain.rules)
    for number, _ in scripts.subjects(firewall):
        yield number
