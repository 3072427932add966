"""Where a line is and what became of it: every input line ends in one of four states."""

from __future__ import annotations

import re
from enum import Enum

from msgspec import Struct

from aclproof.reason import Reason

HIDDEN = "..."
"""What stands in a quotation for words that may hold a secret."""
_SECRET = re.compile(
    r"\s(?:password|passwd|secret|community|pre-shared-key|key|key-string|md5)\s+\S"
    r"|\s\S+://(?:\S*@|[^\s/:]+:[^\s/]*[^\s/\d])", re.IGNORECASE)
"""Words that a secret stands after, in any syntax, and an address with a password; its end may be lost."""


def without_secret(text: str) -> str:
    """Return a line up to what may be a secret."""
    found = _SECRET.search(text)
    return f"{text[:found.start()]} {HIDDEN}" if found else text


class Span(Struct, frozen=True):
    """A place in an input file; line numbers count from 1, both ends included."""

    file: str
    first_line: int
    last_line: int
    text: str
    column: int = 1
    """Where `text` begins in its line, counted from 1 in characters."""
    literal: bool = True
    """Whether the line holds `text` as it is; other text says what the lines there mean together, or leaves
    out what may be secret."""

    def __str__(self) -> str:
        return f"{self.file}:{self.first_line}"


def numbered(span: Span, *, of_several: bool) -> int | str:
    """Return the number of a line in its own file, for a sentence; `of_several` files it names the one."""
    return Reason("{line} of {file}", line=span.first_line, file=span.file) if of_several else span.first_line


class State(Enum):
    """What became of an input line."""

    UNDERSTOOD = "understood"
    IGNORED = "ignored"
    """On purpose: it cannot decide whether a packet passes."""
    APPROXIMATED = "approximated"
    """Kept as a condition, or read with a remark."""
    UNREAD = "unread"


class Note(Struct, frozen=True):
    """A line that was approximated or not read, and why; `decides` when it could change a verdict."""

    state: State
    span: Span
    reason: str
    decides: bool = False


class LineCounts(Struct, frozen=True):
    """How many lines ended in which state; the four add up to `total`."""

    understood: int = 0
    ignored: int = 0
    approximated: int = 0
    unread: int = 0

    @property
    def total(self) -> int:
        """All lines of the input."""
        return self.understood + self.ignored + self.approximated + self.unread
