"""Runs calls over inputs with secrets in them, and looks for these in all that comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from tests.canaries.planted import TOKEN
from tests.ran import ran


class Leak(Struct, frozen=True):
    """A token that came out."""

    call: str
    where: str
    text: str
    """The line that has it."""


class Outcome(Struct, frozen=True):
    """What a call did."""

    call: str
    code: int
    leaks: Sequence[Leak]
    error: str


def swept(folder: Path, calls: Iterable[list[str]]) -> Iterator[Outcome]:
    """Run each call in the folder, and look at its streams and at every file that it wrote."""
    for each in ran(folder, calls):
        call = " ".join(each.arguments)
        texts = [("standard output", each.out), ("standard error", each.err), *each.written]
        yield Outcome(call, each.code, [Leak(call, where, line) for where, text in texts
                                        for line in text.splitlines() if TOKEN.search(line)], each.err)
