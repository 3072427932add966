"""Rules whose end may stand in the next lines: terminals, mails and web pages break long lines."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from msgspec import Struct

from aclproof.parsers.iptables.saved.carry_out import COMMANDS
from aclproof.parsers.iptables.text import rule
from aclproof.parsers.iptables.text.words import RuleError, Spec, Table, Unread
from aclproof.reason import Reason

_MOST_PIECES = 4
"""A rule that is broken into more lines is not put together."""


class Pieces(Struct):
    """A line that may be a rule of a table, and the unread lines right after it."""

    table: Table
    first: int
    texts: list[str]
    """As they stand in the file."""
    alone: bool = True
    """Whether the first line is a rule by itself."""

    def follows(self, number: int) -> bool:
        """Whether a line comes right after them."""
        return number == self.first + len(self.texts)

    def mark(self) -> None:
        """Leave the rule open: it is what the first line says, or what all of them say together."""
        chain, words = _words(self.texts[0], cut=True)
        joined = tuple(self._joined())
        chain = joined[0][0] if joined else chain
        if chain not in self.table.chains:
            return
        specs = self.table.chains[chain]
        end = next((at for at in range(len(specs), 0, -1) if specs[at - 1].line <= self.first), 0)
        there = specs[end - 1:end] if end and specs[end - 1].line == self.first else []
        alone = there[0] if there else None
        rest = range(self.first + self.alone, self.first + len(self.texts))
        readings = [spec for name, spec in joined if name == chain]
        tests = rule.readable(words, whole=True) if words or not readings else tuple(
            test for test in readings[0].tests if all(test in each.tests for each in readings))
        reason = Reason("the next line may be the end of this one")
        specs[end - len(there):end] = [Unread(self.first, reason, tests, alone if isinstance(alone, Spec)
                                              else None, tuple(readings), tuple(rest))]

    def _joined(self) -> Iterable[tuple[str, Spec]]:
        """The readings of all lines as one rule; they were broken at a blank, or within a word."""
        if len(self.texts) > _MOST_PIECES:
            return
        found: dict[tuple[str, Spec], None] = {}
        for gaps in product(("", " "), repeat=len(self.texts) - 1):
            rest = (gap + text for gap, text in zip(gaps, self.texts[1:], strict=True))
            whole = self.texts[0] + "".join(rest)
            try:
                chain, words = _words(whole)
                if chain:
                    found[chain, rule.parse(words, self.first)] = None
            except RuleError:
                continue
        yield from found


def _words(text: str, *, cut: bool = False) -> tuple[str, list[str]]:
    """The chain of an appended rule, and the words after it; `cut`, without the last one."""
    try:
        words = rule.tokens(text)
    except RuleError:
        if not cut:
            raise
        words = []
    if len(words) < 2 or COMMANDS.get(words[0]) != "append":
        return "", []
    return words[1], words[2:-1] if cut else words[2:]
