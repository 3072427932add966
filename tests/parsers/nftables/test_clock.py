"""Moments of `meta time`: a date is one, digits alone are seconds since 1970 (as nft lists them again)."""

from __future__ import annotations

import pytest

from aclproof import parsers
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.source import from_bytes

RULES = """table inet filter {{
\tchain forward {{
\t\ttype filter hook forward priority filter; policy accept;
\t\tmeta time {test} tcp dport 445 drop
\t}}
}}
"""


def asked(test: str) -> TimeRange:
    firewall = parsers.parse(from_bytes(RULES.format(test=test).encode(), "fw.nft"))
    found, = {each for _, each in firewall.conditions() if isinstance(each, TimeRange)}
    return found


@pytest.mark.parametrize("test", ["> 20991231", "< 20200101", "> 4102358400", "< 1577836800"])
def test_seconds_are_no_date(test: str) -> None:
    """20991231 is a day of 1970: the rule is in force, and was taken for one that begins in 2099."""
    assert (asked(test).started, asked(test).ended) == (None, None)


def test_a_date_is_one_whatever_zone_it_is_of() -> None:
    assert str(asked('> "2099-12-31"').started) == "2099-12-30"
    assert str(asked('< "2020-01-01 12:00:00"').ended) == "2020-01-02"


@pytest.mark.parametrize("test", ['> "0001-01-01 06:00:00"', '< "9999-12-31 18:00:00"'])
def test_a_moment_at_the_end_of_all_dates_is_none(test: str) -> None:
    assert (asked(test).started, asked(test).ended) == (None, None)
