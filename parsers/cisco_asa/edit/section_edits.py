"""Lines that are entered into any section; `interface_edits` and `definition_edits` hold what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from aclproof.parsers.cisco_asa.edit.editing import Block, Config
from aclproof.parsers.cisco_asa.text import sections
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.edited import Line
from aclproof.parsers.model.notes import Span
from aclproof.reason import Reason

Say = Callable[[str], None]
"""Remark on the line that is entered."""


class Row(NamedTuple):
    """A line of a body, and the block that it is in."""

    block: Block
    line: Line
    words: list[str]


class Body:
    """An open section and its lines, in order."""

    def __init__(self, config: Config, header: tuple[str, ...], say: Say) -> None:
        self.config, self.header, self.say = config, header, say
        self.blocks = config.sections(header)
        self.line = self.blocks[0].head
        self.inner = ""
        """A section inside of this one that is open."""

    def enter(self, words: list[str], line: Line) -> None:
        """Take a line; LineError where the device would refuse it, or where its effect is not followed."""
        self.line = line
        away = words[0] == "no" and len(words) > 1
        self.take(words[1:] if away else words, away=away)

    def take(self, words: list[str], *, away: bool) -> None:
        """Add a line, or take one away."""
        rows = self.rows()
        found = [row for row in rows if row.words == words]
        if not away:
            self._add_once(words, found)
            return
        found = found or [row for row in rows if row.words[:len(words)] == words]
        if words[0] in sections.SAFE.get(self.header[0], ()) and len(found) != 1:
            raise LineError(Reason("several lines begin so; write the whole line") if found else
                        Reason("there is no such line in this section"))
        self.remove(found)

    def _add_once(self, words: list[str], found: Sequence[Row]) -> None:
        """Add a line that is not there; the `absolute` of a time-range replaces the one before."""
        if self.header[0] == "time-range" and words[0] == "absolute":
            self.remove([row for row in self.rows() if row.words[:1] == ["absolute"]])
            found = ()
        if not found:
            self.add(words)

    def rows(self) -> list[Row]:
        """All lines of the section; it may be in several places."""
        return [Row(block, each, each.text.split()) for block in self.blocks for each in block.body]

    def add(self, words: Sequence[str]) -> None:
        """Put the line at the end."""
        assert self.line is not None
        self.blocks[0].body.append(self.line._replace(text=" " + " ".join(words)))

    def remove(self, rows: Sequence[Row]) -> None:
        """Take lines out."""
        for row in rows:
            row.block.body[:] = [each for each in row.block.body if each is not row.line]


def place(line: Line) -> Span:
    """Name a line, for people."""
    return line.origin.place(line.number)
