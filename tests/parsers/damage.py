"""Damage to files of rules, and what a site with such a file still has met."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from textwrap import wrap

from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.parsers.source import UnsupportedInputError
from aclproof.rules.strict_yaml import InputError
from tests.scale import scaled

AS_OF = date(2026, 1, 15)
EACH = scaled(2, 4, 400)
"""Damages of each kind, of each file."""


def met(site: Path) -> frozenset[str] | None:
    """The requirements that are met; None where the inputs are refused.

    Where all are, no line is left that could decide anything.
    """
    try:
        found = check(reader.read(site), AS_OF)
    except (UnsupportedInputError, InputError):
        return None
    results = found.demands
    if all(each.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) for each in results):
        assert not [note for each in found.inputs for note in each.notes if note.decides]
    return frozenset(each.requirement.id for each in results if each.verdict is Verdict.MET)


def damages(text: str, other: str, random: Random) -> Iterator[tuple[str, str]]:
    """Damaged texts, with what was done."""
    lines = text.splitlines(keepends=True)
    ends = [sum(map(len, lines[:at])) for at in range(1, len(lines))]
    inside = [each.start() for each in re.finditer(r"(?<=\w)(?=\w)", text)]
    for at in _some(ends, random):
        yield f"cut at line {text[:at].count(chr(10))}", text[:at]
    for at in _some(inside, random):
        yield f"cut at character {at}", text[:at]
    for at in _some(range(len(lines)), random):
        yield f"without line {at + 1}", "".join(lines[:at] + lines[at + 1:])
    for at in _some(range(len(lines) - 1), random):
        joined = lines[at].rstrip() + random.choice(("", " ")) + lines[at + 1]
        yield f"lines {at + 1} and {at + 2} joined", "".join((*lines[:at], joined, *lines[at + 2:]))
    for at in _some(range(len(text)), random):
        new = random.choice("aZ0# !-\n:*")
        yield f"{new!r} at character {at}", text[:at] + new + text[at + 1:]
    for at in _some(ends, random):
        yield f"another file behind line {text[:at].count(chr(10))}", text[:at] + other
        yield f"another file within line {text[:at].count(chr(10))}", text[:at - random.randint(2, 9)] + other


def broken(text: str) -> Iterator[tuple[str, str]]:
    """All lines broken as terminals and mails do it: at a column, or at the last blank before it."""
    for width in (60, 72, 80, 100):
        yield f"broken at column {width}", "\n".join(
            line[at:at + width] for line in text.splitlines() for at in range(0, len(line) or 1, width))
        yield f"broken at blanks before column {width}", "\n".join(
            part for line in text.splitlines() for part in wrap(line, width) or [""])


def judged(site: Path, file: Path, every: Iterable[tuple[str, str]],
           loaded: Callable[[str], str | None]) -> str:
    """Damage a file of a site in each way: what that gains has to be met of what its program loads, too.

    `loaded` gives what the program shows of a damaged text that it has loaded; None where it refuses it.
    """
    whole = met(site)
    assert whole is not None
    tried = gained = 0
    for what, damaged in every:
        file.write_text(damaged)
        now = met(site) if damaged.strip() else None
        tried += 1
        if not (now or frozenset()) - whole:
            continue
        assert now is not None
        gained += 1
        shown = loaded(damaged)
        assert shown is not None, (what, sorted(now - whole))
        file.write_text(shown)
        assert now <= (met(site) or frozenset()), (what, sorted(now - whole))
    return f"{tried} damaged files, {gained} that are loaded and gain something"


def _some(places: range | list[int], random: Random) -> list[int]:
    return random.sample(places, min(EACH, len(places)))
