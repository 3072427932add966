"""`time-range` sections: from when and until when one is active, as far as days decide that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.model.conditions import TimeRange

_MONTHS = {name: number for number, name in enumerate(
    "january february march april may june july august september october november december".split(), 1)}

_ONLY_A_START = "absolute start 08:00 1 january 2026".split()


def read(sections: Iterable[Section]) -> dict[str, TimeRange]:
    """Read all of them by name; one that is entered again goes on where it was left."""
    lines: dict[str, list[list[str]]] = {}
    for section in sections:
        if section.words[0] == "time-range" and len(section.words) > 1:
            lines.setdefault(section.words[1], []).extend(child.words for child in section.children)
    return {name: _time_range(name, each) for name, each in lines.items()}


def _time_range(name: str, lines: Iterable[list[str]]) -> TimeRange:
    """Read one: it keeps one `absolute`, the latest; its `periodic` lines only count between its two days."""
    absolute: list[str] = []
    periodic: set[str] = set()
    for words in lines:
        match words:
            case ["absolute", *_]:
                absolute = words
            case ["no", "absolute", *_]:
                absolute = []
            case ["periodic", *rest]:
                periodic.add(" ".join(rest))
            case ["no", "periodic", *rest]:
                periodic.discard(" ".join(rest))
            case _:
                periodic.add(" ".join(words))  # what it limits is not known
    started, ended = (_day(absolute, word) for word in ("start", "end"))
    return TimeRange(name, ended, started, always_after=started is not None and not periodic
                     and len(absolute) == len(_ONLY_A_START))


def _day(words: list[str], after: str) -> date | None:
    """Read `23:59 31 December 2012` after a word; None when it says something else."""
    try:
        _, day, month, year = words[words.index(after) + 1:][:4]
        return date(literals.number(year, 9999) or 0, _MONTHS[month.lower()], literals.number(day, 31) or 0)
    except (KeyError, ValueError):
        return None
