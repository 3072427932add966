"""No regular expression takes more than the square of the time for a longer text; lines have 64 KiB at most.

A text that a pattern nearly matches is made of the pattern itself. Of the time that is given, the square of
its pieces takes a small part, and what doubles with each piece has no end; a long run sees the cube as well.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from aclproof.linter.errors import user_errors
from tests.fuzz import limits
from tests.fuzz.limits import TooLongError, in_time
from tests.fuzz.patterns import TAILS, Pattern, near_misses, of_the_source, recorded
from tests.fuzz.readers import READERS
from tests.scale import scaled

_PIECES = scaled(300, 600, 1_500)
_SECONDS = scaled(1, 1, 2)
_PARTS = 8


@cache
def _patterns() -> list[Pattern]:
    found = {(each.text, each.flags): each for each in of_the_source()}
    with recorded() as noted:
        for reader in READERS:
            for data in reader.samples()[:5]:
                try:
                    reader.read(data)
                except user_errors():
                    continue
    for each in sorted(noted):
        found.setdefault((each.text, each.flags & ~re.DEBUG), each)
    return list(found.values())


def _too_slow(pattern: Pattern, pieces: int = _PIECES) -> str:
    compiled = re.compile(pattern.text, pattern.flags)
    uses = [compiled.fullmatch, compiled.match, *([compiled.search] if pattern.searches else ())]
    for before, unit in near_misses(pattern):
        for tail in TAILS:
            text = before + unit * (pieces // len(unit) + 1) + tail
            for use in uses:
                try:
                    with in_time():
                        use(text)
                except TooLongError:
                    return (f"{pattern.where}: {pattern.text!r}, {use.__name__}: {before!r}, {unit!r}..., "
                            f"{tail!r}")
    return ""


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_pattern_is_slower_than_the_square(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", _SECONDS)
    assert not [slow for each in _patterns()[part::_PARTS] if (slow := _too_slow(each))]


def test_slow_patterns_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats in one another, and three next to each other that match the same."""
    monkeypatch.setattr(limits, "SECONDS", 1.0)
    for text in (r"(?:a+)+b", r"[a-z]+(?:/[\w/]+)*#", r"\s*\s*\s*\s*x", r"(?:a|a)*b"):
        assert _too_slow(Pattern(text, 0, "here", searches=False), 1_500), text
    for text in (r"(?:a+/)+b", r"[a-z]+(?:/[\w/]+)?#", r"\s*x", r"\w+\s+\w+"):
        assert not _too_slow(Pattern(text, 0, "here", searches=True), 1_500), text


def test_patterns_are_found() -> None:
    assert len(_patterns()) > 500
    assert {each.where for each in _patterns()} > {"made at run time"}
