"""Which lines of a firewall changed, and which of them may explain what became of some packets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from typing import Literal

from msgspec import Struct

from aclproof.linter.diff.alignment import changed
from aclproof.linter.engine.prefilter import candidates
from aclproof.linter.result import Line
from aclproof.parsers import scripts
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule

Place = tuple[str, int, int]
"""A file, a line of it, and where a rule begins in the line: one line may hold many."""


class ChangedLine(Struct, frozen=True):
    """A line that was removed or added."""

    sign: Literal["-", "+"]
    line: Line


class _Version:
    """The old or the new firewall, with its lines that changed; what many questions need is found once."""

    def __init__(self, sign: Literal["-", "+"], firewall: Firewall) -> None:
        self.sign, self.firewall = sign, firewall
        self.changed: set[Place] = set()

    def spans(self, numbers: Iterable[int]) -> Iterator[Span]:
        return (self.firewall.source.span(max(number, 1)) for number in numbers)

    def changed_spans(self, spans: Iterable[Span]) -> list[Span]:
        return [span for span in spans if _place(span) in self.changed]

    @cached_property
    def changed_rules(self) -> list[tuple[Rule, Span]]:
        """The rules that changed; a rule without a line has nothing to quote."""
        found = ((rule, self.firewall.quote(rule.line)) for chain in self.firewall.chains.values()
                 for rule in chain.rules if rule.in_file)
        return [(rule, span) for rule, span in found if _place(span) in self.changed]

    def texts_met(self, boxes: Sequence[Box]) -> Iterator[str]:
        """The texts of all rules that such packets can meet."""
        for chain in self.firewall.chains.values():
            met = candidates(chain.rules, boxes)
            numbers = {rule.line for rules in met for rule in rules if rule.in_file}
            yield from (span.text for span in self.spans(numbers))

    @cached_property
    def referenced_lines(self) -> list[tuple[str, Span]]:
        """The lines that decide what rules mean, with the names that they define."""
        return [(name, self.firewall.source.span(number)) for number, name in self._referenced]

    @cached_property
    def _referenced(self) -> list[tuple[int, str]]:
        return list(scripts.referenced_lines(self.firewall))

    def numbers(self) -> Iterator[int]:
        """The lines that decide: rules, and what decides what these mean."""
        yield from dict.fromkeys(rule.line for chain in self.firewall.chains.values()
                                 for rule in chain.rules)
        for number, _ in self._referenced:
            yield number


class ChangedLines:
    """What changed in one firewall."""

    def __init__(self, name: str, old: Firewall, new: Firewall,
                 entered: Set[str] = frozenset()) -> None:
        """Compare the texts; `entered` are the names of the change scripts that made the new one, if any."""
        self._name = name
        self._versions = _Version("-", old), _Version("+", new)
        if entered:
            self._by_scripts(entered)
        elif old is not new:
            self._by_text()

    @property
    def any(self) -> bool:
        """Whether any line changed."""
        return any(version.changed for version in self._versions)

    def _by_text(self) -> None:
        texts = [[span.text for span in version.spans(range(1, version.firewall.line_counts.total + 1))]
                 for version in self._versions]
        for version, own, indexes in zip(self._versions, texts, changed(*texts), strict=True):
            numbers = [index + 1 for index in indexes if own[index].strip("! ")]
            version.changed = {_place(span) for span in version.spans(numbers)}

    def _by_scripts(self, entered: Set[str]) -> None:
        """The lines of the scripts are new; old lines that no longer occur anywhere are removed."""
        old, new = self._versions
        before, after = ({_place(span) for span in version.spans(version.numbers())}
                         for version in self._versions)
        old.changed = before - after
        new.changed = {place for place in after if place[0] in entered}

    def explaining(self, before: Sequence[Line], after: Sequence[Line],
                   boxes: Sequence[Box]) -> list[ChangedLine]:
        """The changed lines that explain what became of some packets: those that decide and what they name.

        A rule that was turned on or off counts as well, where it meets the packets.

        Where there are none: what the rules name that they meet; and then changed lines that concern any
        packet, and changed rules that they meet.
        """
        found: dict[ChangedLine, None] = {}
        words = {word for line in (*before, *after) for word in line.span.text.split()}
        for version, deciding in zip(self._versions, (before, after), strict=True):
            found |= self._changed_among(version, deciding)
            found |= self._quoted(version, self._definitions(version, words))
            found |= self._quoted(version, self._rules(version, boxes, enabled=False))
        if not found:  # a rule that only may match hides those after it
            named = {word for version in self._versions for text in version.texts_met(boxes)
                     for word in text.split()}
            for version in self._versions if named else ():
                found |= self._quoted(version, self._definitions(version, named))
        if not found:
            for version in self._versions:
                found |= self._quoted(version, self._definitions(version, set()))
                found |= self._quoted(version, self._rules(version, boxes, enabled=True))
        return sorted(found, key=_order)

    def _changed_among(self, version: _Version, lines: Sequence[Line]) -> dict[ChangedLine, None]:
        return {ChangedLine(version.sign, line): None for line in lines
                if line.firewall == self._name and _place(line.span) in version.changed}

    def _quoted(self, version: _Version, spans: Iterable[Span]) -> dict[ChangedLine, None]:
        return {ChangedLine(version.sign, Line(self._name, span, "rule", span.text)): None for span in spans}

    def _definitions(self, version: _Version, words: set[str]) -> list[Span]:
        """Changed lines that define what some words name; without words, those that name nothing."""
        if not version.changed:
            return []
        lines = version.referenced_lines
        if not words:
            return version.changed_spans(span for name, span in lines if not name)
        reached = _reached(words, lines)
        return version.changed_spans(span for name, span in lines if name in reached)

    def _rules(self, version: _Version, boxes: Sequence[Box], *, enabled: bool) -> list[Span]:
        """Changed rules that such packets meet, or would meet if they were enabled, though others decide."""
        changed_rules = [(rule, span) for rule, span in version.changed_rules if rule.enabled is enabled]
        met = candidates([rule for rule, _ in changed_rules], boxes, disabled=True)
        identities = {id(rule) for rules in met for rule in rules}
        return [span for rule, span in changed_rules if id(rule) in identities]


def _reached(words: set[str], lines: Sequence[tuple[str, Span]]) -> set[str]:
    """The words, and all that the lines with these names name in turn: a group may hold groups."""
    reached = set(words)
    while True:
        more = {word for name, span in lines if name in reached for word in span.text.split()} - reached
        if not more:
            return reached
        reached |= more


def _order(change: ChangedLine) -> tuple[bool, str, int]:
    """What was removed first, then by place."""
    return change.sign == "+", change.line.span.file, change.line.span.first_line


def _place(span: Span) -> Place:
    return span.file, span.first_line, span.column
