"""The command line of `reg query` in a terminal's capture: which key it asks for, and how much of it."""

from __future__ import annotations

import re
from typing import NamedTuple

_PROMPT = re.compile(r"(?:PS )?[A-Z]:\\[^>]*>\s*", re.IGNORECASE)
_QUERY = re.compile(r"(?:reg(?:\.exe)?\s+query\s+)?\"?(?P<path>HK\w+\\[^\"/]*[^\"/ ])?\"?(?P<options>.*)",
                    re.IGNORECASE)
_RECURSIVE = re.compile(r"\s/s(?:\s|$)", re.IGNORECASE)
_CHOOSES = re.compile(r"\s/(?:v|ve|f|k|d|c|e|t)(?:\s|$)|\|", re.IGNORECASE)
"""Options of `reg query` that search, and a pipe: what is printed is a selection."""


class Query(NamedTuple):
    """One command, or none that is known."""

    path: str = ""
    recursive: bool = False
    """Whether the keys below are printed with their values."""
    chosen: bool = False
    """Whether only some values are printed."""


UNKNOWN = Query()
"""What printed the text is not shown."""


def command(line: str) -> Query | None:
    """Read a line that begins with a prompt; None for any other."""
    prompt = _PROMPT.match(line)
    found = prompt and _QUERY.fullmatch(line, prompt.end())
    if not found:
        return None
    options = f" {found['options']}"
    return Query(found["path"] or "", bool(_RECURSIVE.search(options)) and "&" not in options,
                 bool(_CHOOSES.search(options)))
