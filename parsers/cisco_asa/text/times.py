"""Since when a device counts hits, as a capture shows it: they are nothing when it starts."""

from __future__ import annotations

import re

from aclproof.parsers.model.counting import Counting, day_of, first_day
from aclproof.parsers.model.rules import NO_LINE
from aclproof.parsers.source import Source

_CLOCK = (r"(?m)^[ *.]?\d\d:\d\d:\d\d(?:\.\d+)? \S+ [A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) "
          r"(?P<year>\d{4})\s*$")
"""Of `show clock`."""
_UP = r"(?m)^[A-Za-z][\w.-]* up (?P<up>\d+ (?:year|day|hour|min|sec)s?(?: \d+ (?:day|hour|min|sec)s?)?)\s*$"
"""Of `show version`: that of the unit; that of a failover pair says nothing of its counters."""
_CLEARED = r"(?m)^[A-Za-z][\w./-]*# ?clear access-l\S* .*counters?\s*$"


def counting(source: Source) -> Counting:
    """Read the last clock, the uptime of the device, and whether the capture has its counters cleared."""
    text = source.text
    if " up " not in text and "clear access-l" not in text and not re.search(_CLOCK, text):
        return Counting()
    clock = next(iter(list(re.finditer(_CLOCK, text))[-1:]), None)
    ups = {found["up"]: found for found in re.finditer(_UP, text)}
    up = next(iter(ups.values())) if len(ups) == 1 else None
    cleared = re.search(_CLEARED, text)
    read = day_of(clock["year"], clock["month"], clock["day"]) if clock else None
    return Counting(
        read, _line(text, clock), up["up"] if up else "", first_day(read, up["up"]) if read and up else None,
        _line(text, up), cleared_line=_line(text, cleared))


def _line(text: str, found: re.Match[str] | None) -> int:
    return text.count("\n", 0, found.start()) + 1 if found else NO_LINE
