"""In which time rules counted packets, as far as an input shows it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from aclproof.parsers.model.rules import NO_LINE

_UNITS = (("year", timedelta(366)), ("week", timedelta(7)), ("day", timedelta(1)), ("h", timedelta(hours=1)),
          ("min", timedelta(minutes=1)), ("sec", timedelta(seconds=1)))
"""The longest that each may mean."""
_PART = re.compile(r"(\d+):(\d\d)|(\d+) (year|week|day|h|min|sec)")


class Counting(Struct, frozen=True):
    """What an input shows; days are those of the machine's own clock."""

    read: date | None = None
    """When the counters were read."""
    up: str = ""
    """For how long the machine was up then, in its own words; counters begin no earlier."""
    started: date | None = None
    """The first day on which it can have been started."""
    restorable: bool = False
    """Whether counters of the time before may have been loaded again."""
    cleared_line: int = NO_LINE
    """A command in the same capture that sets counters to nothing."""


UNKNOWN = Counting()


def longest(up: str) -> timedelta:
    """Return how long `1 year 20 days`, `10 days, 3:04` or `5 min` may be, as it is rounded down."""
    whole = smallest = timedelta()
    units = dict(_UNITS)
    for part in _PART.finditer(up):
        smallest = timedelta(minutes=1) if part[1] else units[part[4]]
        whole += timedelta(hours=int(part[1]), minutes=int(part[2])) if part[1] else int(part[3]) * smallest
    return whole + smallest


def first_day(read: date, up: str) -> date:
    """Return the first day on which a machine can have been started that was up for so long on a day."""
    return (datetime.combine(read, time.min) - longest(up)).date()
