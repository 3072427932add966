"""Whether a name that is not known may be a damaged one that is."""

from __future__ import annotations

from collections.abc import Iterable

_LETTERS = 2
"""A name that became another by so many changes of a letter may be it."""


def is_near(name: str, known: Iterable[str]) -> bool:
    """Return whether a name is one of some others, but for very few letters; case does not matter."""
    return any(_changes(name.lower(), each) <= _LETTERS for each in known)


def _changes(one: str, other: str) -> int:
    """Count the letters that have to be put in, taken out or replaced (Levenshtein)."""
    if abs(len(one) - len(other)) > _LETTERS:
        return _LETTERS + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        last, row = row, [number]
        for at, wanted in enumerate(other, 1):
            row.append(min(last[at] + 1, row[-1] + 1, last[at - 1] + (letter != wanted)))
    return row[-1]
