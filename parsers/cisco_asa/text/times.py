"""Since when a device counts hits, as a capture shows it: they are nothing when it starts."""

from __future__ import annotations

import re

from aclproof.parsers.model.counting import Counting, first_day
from aclproof.parsers.model.dates import day_of
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
    clocks, ups = list(re.finditer(_CLOCK, text)), {found["up"] for found in re.finditer(_UP, text)}
    read = day_of(clocks[-1]["year"], clocks[-1]["month"], clocks[-1]["day"]) if clocks else None
    up = ups.pop() if len(ups) == 1 else ""
    cleared = re.search(_CLEARED, text)
    return Counting(read, up, first_day(read, up) if read and up else None,
                    cleared_line=text.count("\n", 0, cleared.start()) + 1 if cleared else NO_LINE)
