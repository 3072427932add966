"""The picture of a history: a strip for each method, from the first commit to the latest.

A strip is cut into runs of commits with the same verdict. Lengths are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from aclproof.linter.history.history import History, Step
from aclproof.linter.history.judgement import Judged
from aclproof.linter.reports.html.fitting import cut
from aclproof.linter.reports.language.language import Words

LABELS, _ROOM, _ROW, _HEAD, _FOOT = 190, 680, 34, 30, 26
_TITLE = 24
"""So many letters of a method fit."""
_SIGN = 16
"""A sign fits into runs that are as wide; numbers of commits are as far apart at least."""

UNREADABLE, ABSENT = "unreadable", "absent"
"""What stands in the place of a verdict: the site could not be read, or did not have the method."""


class Run(Struct, frozen=True):
    """Commits one after the other at which a method has the same verdict."""

    x: float
    width: float
    verdict: str
    """Of the method, or UNREADABLE, or ABSENT."""
    first: Step
    last: Step

    @property
    def has_sign(self) -> bool:
        """Whether there is room for a sign."""
        return self.width >= _SIGN


class Row(Struct, frozen=True):
    """A method."""

    title: str
    """In full."""
    label: str
    """As much of it as fits."""
    y: int
    runs: tuple[Run, ...]


class Tick(Struct, frozen=True):
    """A commit that changes something, and its number among these, from the oldest."""

    x: float
    number: int
    step: Step
    is_numbered: bool
    """Whether there is room for the number."""


class Strip(Struct, frozen=True):
    """The whole picture."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    first: Step
    last: Step

    @property
    def labels(self) -> int:
        """How wide the column of titles is."""
        return LABELS

    @property
    def width(self) -> int:
        """Of the picture."""
        return LABELS + _ROOM + 4

    @property
    def bottom(self) -> int:
        """Where the last strip ends."""
        return _HEAD + _ROW * len(self.rows)

    @property
    def height(self) -> int:
        """Of the picture."""
        return self.bottom + _FOOT


def strip(history: History, words: Words) -> Strip | None:
    """Draw a history; None where no method was ever judged."""
    steps = history.touching
    titles = {name: " ".join(words.of(title).split()) for step in steps if isinstance(step.judgement, Judged)
              for name, title in step.judgement.titles.items() if name in step.judgement.methods}
    if not titles:
        return None
    rows = tuple(Row(title, cut(title, _TITLE), _HEAD + number * _ROW, tuple(_runs(name, steps)))
                 for number, (name, title) in enumerate(titles.items()))
    return Strip(rows, tuple(_ticks(steps)), steps[0], steps[-1])


def _runs(method: str, steps: Sequence[Step]) -> Iterator[Run]:
    width, x = _ROOM / len(steps), float(LABELS)
    for verdict, group in groupby(steps, lambda step: _verdict(method, step)):
        some = list(group)
        yield Run(round(x, 1), round(width * len(some), 1), verdict, some[0], some[-1])
        x += width * len(some)


def _verdict(method: str, step: Step) -> str:
    if not isinstance(step.judgement, Judged):
        return UNREADABLE
    found = step.judgement.methods.get(method)
    return found.value if found else ABSENT


def _ticks(steps: Sequence[Step]) -> Iterator[Tick]:
    width, free = _ROOM / len(steps), 0.0
    changing = ((place, step) for place, step in enumerate(steps) if step.changes)
    for number, (place, step) in enumerate(changing, 1):
        x = LABELS + width * place
        yield Tick(round(x, 1), number, step, x >= free)
        free = x + _SIGN if x >= free else free
