"""Days on which remarks say that something ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from aclproof.linter.audit.remarks.claims import EndsOn
from aclproof.linter.audit.remarks.words import any_of

_MONTHS = ("jan", "feb", "m[aä]r|mrz", "apr", "ma[iy]", "jun", "jul", "aug", "sep", "o[ck]t", "nov",
           "de[cz]")
_MONTH = rf"(?P<name>(?:{'|'.join(_MONTHS)})[a-zä]{{0,6}})"
_FORMS = tuple(re.compile(rf"(?<![\w.]){each}(?!\w|[.-]\d)", re.IGNORECASE) for each in (
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:T[\d:]+Z?)?",
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})",
    rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?[ -]?\s?{_MONTH}\.?[ -](?P<year>\d{{4}})",
    rf"{_MONTH}\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"))
"""ISO, German, `31-Dec-2025`, `Dec 31, 2025`; of what `05/06/2025` may be the later day counts."""
_SAYS = any_of(r"""until till exp\.? expir(?:es|y|ing|ation)(?:\sdate)? valid\s(?:to|through|thru)
    ends? end\sdate (?:remove|delete|disable|review)\s(?:after|on|by) removed\s(?:after|on|by)
    befristet(?:\sbis)? gültig\sbis bis läuft\sab ablaufdatum ablauf entfernen\s(?:am|nach|ab)
    löschen\s(?:am|nach|ab)""")
_BETWEEN = any_of(r"on at the zum am einschließlich einschl\. inkl\. incl\.")
_ENDS = re.compile(rf"\b(?P<says>{_SAYS})(?:\s+{_BETWEEN})*\s*[:=]?\s*$", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b" + any_of(r"""cert\w* zertifikat\w* licen[cs]\w* lizenz\w* password\w*
    passwort\w* key account support warranty garantie wartung\w* contract
    vertrag\w*""") + r"\b", re.IGNORECASE)
"""Whose end is not that of a rule."""
_CENTURY = 2000


def ends(text: str) -> Iterator[EndsOn]:
    """Yield the last day that a text names, where it says that its rules end on it."""
    days: list[tuple[date, EndsOn | None]] = []
    for form in _FORMS:
        for found in form.finditer(text):
            day = _day(found)
            if day is None:
                return
            says = _ENDS.search(text[:found.start()])
            days.append((day, EndsOn(f"{says['says']} {found[0]}", day) if says else None))
    last = max((day for day, _ in days), default=None)
    if not _OF_OTHERS.search(text):
        yield from [each for day, each in days if each and day == last][:1]


def _day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    year, day = int(groups["year"]), int(groups["day"])
    name = (groups.get("name") or "").lower()
    month = int(groups["month"]) if not name else next(
        number for number, each in enumerate(_MONTHS, 1) if re.match(each, name))
    readings = [(month, day), (day, month)] if "/" in found[0] else [(month, day)]
    days = [made for each in readings if (made := _date(year if year > 99 else _CENTURY + year, *each))]
    return max(days, default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
