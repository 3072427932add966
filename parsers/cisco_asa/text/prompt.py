"""What a terminal writes before a command, and before each line."""

from __future__ import annotations

import re

PROMPT = r"^(?:\^M)?[A-Za-z][\w.-]*(?:/[\w./-]+)?(?:\([\w-]+\))?[#>] ?(?=\S|$)"
"""What is before a command."""
STAMPS = tuple(map(re.compile, (
    r"\[?\d{4}[-/.]\d\d[-/.]\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?\]? ?", r"\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]? ?",
    r" *\d+(?:\t|: ?|  )")))
"""What terminals and pagers write before each line: the time, or its number."""
_STAMPED = 2000
"""So much of the text is looked at."""


def stamp(text: str) -> re.Pattern[str] | None:
    """Return what a terminal wrote before each line, the time or a number; None where it did not."""
    head = [line for line in text[:_STAMPED].split("\n")[:-1] if line.strip()]
    return next((each for each in STAMPS if len(head) > 1 and all(map(each.match, head))), None)
