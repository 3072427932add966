"""Days and times as devices print them: the month is its English name, cut to three letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

_MONTHS: Mapping[str, int] = {name: number for number, name in enumerate(
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def moment(year: str, month: str, day: str, clock: str) -> datetime | None:
    """Return a time of a day, `clock` as `12:34:56`; None where there is no such time."""
    try:
        return datetime.combine(date(int(year), _MONTHS[month], int(day)), time.fromisoformat(clock))
    except (KeyError, ValueError):
        return None


def day_of(year: str, month: str, day: str) -> date | None:
    """Return a day; None where there is no such day."""
    found = moment(year, month, day, "00:00:00")
    return found and found.date()
