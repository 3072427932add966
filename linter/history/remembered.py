"""What was made of files, by what these held: the same files make the same again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar

_Made = TypeVar("_Made")

Basis: TypeAlias = tuple[tuple[str, str], ...]
"""All that something was made from: what was asked of a tree, and of which path."""
Ask: TypeAlias = Callable[[str, str], str]
"""Answers such a question for one tree."""


class Remembered(Generic[_Made]):
    """At most so many things, the oldest go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bases: dict[Basis, None] = {}
        """All kinds of bases that there were: hardly more than there were forms of a site file."""
        self._made: dict[tuple[Basis, tuple[str, ...]], _Made] = {}

    def find(self, ask: Ask) -> tuple[Basis, _Made] | None:
        """Return what was made of files that hold what these hold, with what it was made from."""
        for basis in self._bases:
            made = self._made.get((basis, _answers(basis, ask)))
            if made is not None:
                return basis, made
        return None

    def keep(self, basis: Basis, ask: Ask, made: _Made) -> None:
        """Remember what was made."""
        self._bases[basis] = None
        self._made[basis, _answers(basis, ask)] = made
        if len(self._made) > self._most:
            del self._made[next(iter(self._made))]


def _answers(basis: Basis, ask: Ask) -> tuple[str, ...]:
    return tuple(ask(*each) for each in basis)
