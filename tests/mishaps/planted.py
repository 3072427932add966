"""Faults that are planted in the program, each of which the sweep has to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from unittest.mock import patch

from aclproof.linter.cli import files, leaving, streams

CALL = ("init", "fw.cfg", "-o", "out/planted.yaml", "--allow-outside")
"""It writes one file, and says so."""


def _plants(place: object, name: str, other: Callable[..., object]) -> Callable[[], object]:
    return patch.object(place, name, other).start


@contextmanager
def _passed_over(path: str) -> Iterator[None]:
    with suppress(OSError):
        yield


def _nothing(*_: object, **__: object) -> None:
    """Do nothing."""


PLANTED: Mapping[str, Callable[[], object]] = {
    "a file is written where it is to be": _plants(files.NewFile, "_beside", lambda new: new._end),
    "what is not finished stays": _plants(files.NewFile, "discard", _nothing),
    "a refusal is passed over": _plants(files, "refusals", _passed_over),
    "nobody is told": _plants(streams, "notice", _nothing),
    "a signal undoes nothing": _plants(leaving, "undo", _nothing)}
"""By what is wrong: each changes the program in the process that calls it."""
