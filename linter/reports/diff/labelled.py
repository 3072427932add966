"""Lines of a diff report: a label, and text that wraps under itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from textwrap import wrap

from aclproof.linter.harmless import visible
from aclproof.linter.reports.language.language import Words, message

WIDTH = 80
MOST = 5
"""So many boxes or lines of one kind are written out; the rest is counted."""
NOW_PERMITTED, NOW_DENIED = message("Now permitted"), message("Now denied")
_LABELS = (NOW_PERMITTED, NOW_DENIED, message("Now open"), message("Now required"), message("Here"),
           message("Changed"), message("Decided by"), message("Open or not"), message("Not compared"),
           message("Note"))


class LabelledLines:
    """Writes labelled lines in one language; the column of labels is as wide as its longest word."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._indent = 4 + max(len(words(label)) for label in _LABELS)

    def head(self, label: str) -> str:
        """The column of a label; empty for none."""
        text = self._words(label) if label else ""
        return f"  {text:<{self._indent - 2}}"

    def labelled(self, label: str, text: str) -> list[str]:
        """A label and a wrapped text."""
        return wrap(visible(text), WIDTH, initial_indent=self.head(label),
                    subsequent_indent=" " * self._indent, break_on_hyphens=False)

    def flows(self, label: str, flows: Iterable[str], number: int, most: int) -> Iterator[str]:
        """At most so many of a `number` of flows, and how many more there are."""
        for flow in islice(flows, most):  # only these are put into words
            yield from self.labelled(label, flow)
            label = ""
        if number > most:
            yield from self.labelled("", self._words.count(
                "and {n} more part; --format json has them all",
                "and {n} more parts; --format json has them all", number - most))


def paragraph(text: str, indent: int = 0) -> list[str]:
    """Wrap a text without a label."""
    pad = " " * indent
    return wrap(visible(text), WIDTH, initial_indent=pad, subsequent_indent=pad, break_on_hyphens=False)
