"""Runs calls over inputs with secrets in them, and looks for these in all that comes out."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from msgspec import Struct

from aclproof.linter.cli import run
from tests.canaries.planted import TOKEN
from tests.every_call import OUT


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
    seen: dict[str, tuple[int, int]] = {}
    with chdir(folder):
        for arguments in calls:
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = run(arguments)
            call = " ".join(arguments)
            texts = [("standard output", out.getvalue()), ("standard error", err.getvalue()),
                     *_written(Path(OUT), seen)]
            yield Outcome(call, code, [Leak(call, where, line) for where, text in texts
                                       for line in text.splitlines() if TOKEN.search(line)], err.getvalue())


def _written(folder: Path, seen: dict[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """What files that are new or changed hold; the inputs that a bundle is asked to hold are no leak."""
    for path in filter(Path.is_file, sorted(folder.rglob("*"))):
        found = os.stat(path)
        if seen.get(str(path)) == (found.st_mtime_ns, found.st_size):
            continue
        seen[str(path)] = (found.st_mtime_ns, found.st_size)
        if is_zipfile(path):
            with ZipFile(path) as bundle:
                yield from ((f"{path}/{name}", bundle.read(name).decode("utf-8", "replace"))
                            for name in bundle.namelist() if not name.startswith("inputs/"))
        else:
            yield str(path), path.read_text("utf-8", "replace")
