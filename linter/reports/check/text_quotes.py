"""Lines that were quoted: where one is named again, its place says enough."""

from __future__ import annotations

from aclproof.linter.result import Line
from aclproof.parsers.model.notes import Span


class Quotes:
    """The lines of a section of the text report."""

    def __init__(self, *, repeated: bool) -> None:
        """`repeated`: whether each line is quoted whenever it is named."""
        self._repeated = repeated
        self._known: dict[str, Span] = {}
        """By place what was quoted there last: a file of JSON is one line, and holds all rules."""

    def is_new(self, line: Line) -> bool:
        """Whether the text of a line is to be quoted now; it counts as quoted from then on."""
        known = self._known.get(str(line.span)) == line.span
        self._known[str(line.span)] = line.span
        return self._repeated or not known
