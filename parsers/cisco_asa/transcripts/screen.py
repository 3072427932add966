"""The lines of a terminal's log as they stood on the screen, without the pager, stamps and messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from aclproof.parsers.cisco_asa.text.prompt import stamp
from aclproof.parsers.source import Source

_MORE = "<--- More --->"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_MESSAGE = re.compile(r"(?:[^%]{0,60}: )?%(?:ASA|FTD|PIX)-\d-\d{6}: ")
"""Of the log, which a terminal may show between other lines."""
_MOVES = re.compile(r"[\r\b]")
_DAY_AND_TIME = re.compile(r"(\d{4})[-/.](\d\d)[-/.](\d\d)[ T](\d\d):(\d\d):(\d\d)")
WIDTH = 80
"""Of a terminal that nobody has widened: longer lines go on in the next one."""
DAMAGE = "\ufffd"
"""What stands for characters that were lost."""


class Line(Struct, frozen=True):
    """One line of a log."""

    number: int
    """Counted from 1."""
    text: str
    """As it stood on the screen, without blanks at its end."""
    at: datetime | None = None
    """When the terminal wrote it, where its log says so."""
    paged: bool = False
    """Whether the pager stopped before it: who leaves the pager there does not see the rest."""
    whole: bool = True
    """Whether it has an end: the last one of a file that is cut off has none."""


def lines(source: Source) -> Iterator[Line]:
    """Yield all lines of a log; UnsupportedInputError when one is endless."""
    stamped = stamp(source.text)
    texts = source.lines()
    for number, text in enumerate(texts, 1):
        at = None
        if stamped and (found := stamped.match(text)):
            at, text = _time(found[0]), text[found.end():]
        yield Line(number, _shown(text.replace(_MORE, "")), at, _MORE in text,
                   number < len(texts) or source.text.endswith("\n"))


def _time(text: str) -> datetime | None:
    found = _DAY_AND_TIME.search(text)
    try:
        return datetime.fromisoformat("{}-{}-{} {}:{}:{}".format(*found.groups())) if found else None
    except ValueError:
        return None


def _shown(text: str) -> str:
    """Carry out what moves the cursor, as a terminal does."""
    text = _COLOURS.sub("", text.rstrip("\r").removeprefix("^M")).replace("\0", DAMAGE)
    if _MESSAGE.match(text):
        return ""
    if not _MOVES.search(text):
        return text.rstrip()
    cells: list[str] = []
    at = 0
    for character in text:
        if character == "\r":
            at = 0
        elif character == "\b":
            at = max(at - 1, 0)
        else:
            cells[at:at + 1] = [character]
            at += 1
    return "".join(cells).rstrip()
