"""Runs calls in one process, and collects all that comes out of each: streams, and files that it wrote."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from msgspec import Struct

from aclproof.linter.cli import run
from tests.every_call import OUT


class Ran(Struct, frozen=True):
    """What came out of a call."""

    arguments: Sequence[str]
    code: int
    out: str
    err: str
    written: Sequence[tuple[str, str]]
    """Path and text of files that are new or changed, and of those in archives."""


def ran(folder: Path, calls: Iterable[list[str]]) -> Iterator[Ran]:
    """Run each call in the folder."""
    seen: dict[str, tuple[int, int]] = {}
    with chdir(folder):
        for arguments in calls:
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = run(arguments)
            yield Ran(arguments, code, out.getvalue(), err.getvalue(), list(_written(Path(OUT), seen)))


def _written(folder: Path, seen: dict[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """What files that are new or changed hold; the inputs that a bundle is asked to hold are left out."""
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
            yield str(path), path.read_bytes().decode("utf-8", "replace")
