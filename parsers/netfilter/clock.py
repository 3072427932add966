"""Tests of the clock: at any time they hold for all packets or for none.

Of their days the last and the first one are told that there may be anywhere: the clock is UTC's, or that of
a host whose zone is not known.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from aclproof.parsers.model.conditions import TimeRange

_FIRST_ZONE, _LAST_ZONE = timedelta(hours=12), timedelta(hours=14)
"""By so much clocks are before UTC, and after it, at most."""


def asked(key: str, question: str, start: str = "", stop: str = "") -> TimeRange:
    """Return the test of a text, `key`, that may hold between two moments: in ISO's form, or empty."""
    begin, end = _moment(start), _moment(stop)
    return TimeRange(key, end and (end + _LAST_ZONE).date(), begin and (begin - _FIRST_ZONE).date(),
                     own_key=key, own_question=question)


_DATED = re.compile(r"\d{4}-\d\d-\d\d(?![\d-])")
"""Digits alone are seconds of an epoch to nft."""


def _moment(text: str) -> datetime | None:
    """A whole day is told by its first second, as both tools take it."""
    if not _DATED.match(text):
        return None
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=None)
        return found if datetime.min + _LAST_ZONE < found < datetime.max - _LAST_ZONE else None
    except ValueError:
        return None
