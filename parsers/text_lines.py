"""The lines of a text, cut out when they are looked at: a list of a million of them takes twice the text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise
from operator import sub
from typing import overload

from aclproof.reason import Reason

_DOTS = r"(?:\.{3}|…|\. \. \.)"
_NEAR = r"[\w ,.'/-]{0,40}"
_SAID = r"\b(?:snip(?:ped)?|omitted|truncated|ausgelassen|weggelassen)\b"
_IN_BRACKETS = rf"(?:{_DOTS}|cut|{_NEAR}{_SAID}{_NEAR})"
_BARE = r"(?:snip|(?:(?:output|lines?|rest|text|config(?:uration)?) )?(?:omitted|snipped|truncated))"
_OMISSION = re.compile(
    rf"^[ \t!#:;]{{0,20}}(?:{_DOTS}|[<\[({{]{{1,4}}[ \t]?{_IN_BRACKETS}[ \t]?[>\])}}]{{1,4}}|"
    rf"[-=*~_ ]{{0,20}}{_BARE}[-=*~_ .]{{0,20}})[ \t\r]{{0,20}}$", re.MULTILINE | re.IGNORECASE)
"""How people say that they have left lines out: three dots, `<snip>`, `[output omitted]`, or a comment."""

LEFT_OUT = Reason("it says that lines are left out here")

_PIECE = 2**16
"""So many characters, and what is left of the last line, are cut into lines at once."""


def stream(text: str) -> Iterator[str]:
    """Yield the lines without their ends; a last empty piece is no line."""
    at = 0
    while at < len(text):
        end = text.find("\n", at + _PIECE) + 1 or len(text)
        yield from text[at:end].removesuffix("\n").split("\n")
        at = end


def omissions(text: str) -> Iterator[int]:
    """Yield the lines that say that others are left out there, by their numbers."""
    at, line = 0, 1
    for found in _OMISSION.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        yield line


def starts(lines: Iterable[str]) -> array[int]:
    """Return where each line begins in the text, and where one after the last would."""
    return array("Q", accumulate((len(line) + 1 for line in lines), initial=0))


def longest(starts: array[int]) -> tuple[int, int]:
    """Return how long the longest line is, and its number; zeros where there is none."""
    size = max(map(sub, islice(starts, 1, None), starts), default=0)
    return (size - 1, next(number for number, (first, end) in enumerate(pairwise(starts), 1)
                           if end - first == size)) if size else (0, 0)


class TextLines(Sequence[str | None]):
    """All lines of a text; some may be replaced, or taken away (None) without changing the others' places."""

    def __init__(self, text: str, starts: array[int]) -> None:
        self._text, self._starts = text, starts
        self._replaced: dict[int, str | None] = {}

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> str | None: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str | None]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str | None] | None:
        if isinstance(at, slice):
            return [self[each] for each in range(len(self))[at]]
        if at < 0:
            at = range(len(self))[at]
        if at in self._replaced:
            return self._replaced[at]
        return self._text[self._starts[at]:self._starts[at + 1] - 1]

    def __iter__(self) -> Iterator[str | None]:
        if not self._replaced:
            return stream(self._text)
        return (self._replaced.get(at, text) for at, text in enumerate(stream(self._text)))

    def replace(self, at: int, text: str | None) -> None:
        """Let the line at a place, counted from 0, read otherwise from now on."""
        self._replaced[at] = text

    def read_as(self, texts: Iterable[str | None]) -> None:
        """Let all lines read so from now on; only those that then read otherwise are kept."""
        own = stream(self._text)
        self._replaced = {at: new for at, (old, new) in enumerate(zip(own, texts, strict=True)) if new != old}
