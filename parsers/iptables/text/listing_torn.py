"""Rows of a listing that a narrow terminal broke: the next lines may be the rest of one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from msgspec import Struct

from aclproof.parsers.iptables.text import listing_row
from aclproof.parsers.iptables.text.listing_row import Columns
from aclproof.parsers.iptables.text.words import RuleError, Spec, Test, Unread
from aclproof.reason import Reason

TORN = Reason("the next line may be the end of this one")
"""Why such a row is not certain."""
_MOST_PIECES = 4
"""A row that is broken into more lines is not put together."""


class Pieces(Struct):
    """A line that may be a row of a chain, and the unread lines right after it."""

    chain: list[Spec | Unread]
    columns: Columns
    first: int
    texts: list[str]
    alone: Spec | None
    """What the first line says by itself."""

    def follows(self, number: int) -> bool:
        """Whether a line comes right after them."""
        return number == self.first + len(self.texts)

    def mark(self) -> None:
        """Leave the row open: it is what the first line says, or what all of them say together."""
        joined = tuple(dict.fromkeys(self._joined()))
        tests = sound(self.alone) if self.alone else joined[0].tests if len(joined) == 1 else ()
        at = next(at for at in reversed(range(len(self.chain))) if self.chain[at].line == self.first)
        made = Unread(self.first, TORN, tests, self.alone, joined)
        if len(joined) == 1:
            self.chain[at:] = [made]
        else:
            self.chain[at] = made

    def _joined(self) -> Iterator[Spec]:
        """The readings of all lines as one row; they were broken at a blank, or within a word."""
        if len(self.texts) > _MOST_PIECES:
            return
        for gaps in product(("", " "), repeat=len(self.texts) - 1):
            rest = (gap + text for gap, text in zip(gaps, self.texts[1:], strict=True))
            whole = self.texts[0] + "".join(rest)
            try:
                found = listing_row.row(whole, self.first, self.columns).spec
            except RuleError:
                continue
            if not any(test.module == "unknown" for test in found.tests):
                yield found


def sound(row: Spec) -> tuple[Test, ...]:
    """The tests of a row that have surely not lost their end: all but the one that is written last."""
    if row.jump.arguments:
        return row.tests
    if any(test.module for test in row.tests):
        return row.tests[:-1]
    return tuple(test for test in row.tests if test.name != "destination")
