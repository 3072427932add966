"""Runs every call over inputs that attack, and judges all that comes out."""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from zipfile import ZipFile

from msgspec import Struct

from aclproof.linter.cli import run
from tests.every_call import OUT
from tests.injection.judges import judge

_COPIES = ("anonymise",)
"""What these write are configurations, with what these may hold; said is that they are theirs."""


class Outcome(Struct, frozen=True):
    """What a call did: how many texts were judged, and what acted."""

    call: str
    code: int
    judged: int
    held: int
    """Of the texts that were judged, those that have an attack in them."""
    faults: Sequence[str]
    error: str


def swept(folder: Path, calls: Iterable[list[str]]) -> Iterator[Outcome]:
    """Run each call in the folder, and judge its streams and every file that it wrote."""
    seen: dict[str, tuple[int, int]] = {}
    with chdir(folder):
        for arguments in calls:
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = run(arguments)
            coloured = "always" in arguments
            texts = [("standard error", err.getvalue(), "")]
            if not (arguments[0] in _COPIES and "-" in arguments):
                texts.append(("standard output", out.getvalue(), _form_of(arguments)))
            if arguments[0] not in _COPIES:
                texts += _written(Path(OUT), seen)
            else:
                list(_written(Path(OUT), seen))
            faults = [
                f"{where}: {fault}" for where, text, form in texts for fault in _faults(text, form, coloured)
            ]
            yield Outcome(
                " ".join(arguments),
                code,
                len(texts),
                sum("xevil" in text for _, text, _ in texts),
                faults,
                err.getvalue(),
            )


def _faults(text: str, form: str, coloured: bool) -> Iterator[str]:
    try:
        judge(text, form, coloured=coloured)
    except Exception as error:  # whatever a reader says of it
        yield f"{form or 'text'}: {type(error).__name__}: {error}"


def _form_of(arguments: Sequence[str]) -> str:
    """The format of standard output."""
    forms = [each for option, each in itertools.pairwise(arguments) if option == "--format"]
    plain = [each for each in forms if "=" not in each]
    if arguments[0] in ("completion", "schema", "--version"):
        return ""
    return plain[0] if plain else "text"


def _written(folder: Path, seen: dict[str, tuple[int, int]]) -> Iterator[tuple[str, str, str]]:
    """What files hold that are new or changed, with their formats; inputs in a bundle, and what is kept for
    later runs, are left out."""
    for path in filter(Path.is_file, sorted(folder.rglob("*"))):
        found = os.stat(path)
        if seen.get(str(path)) == (found.st_mtime_ns, found.st_size) or "cache" in path.parts:
            continue
        seen[str(path)] = (found.st_mtime_ns, found.st_size)
        if path.suffix == ".zip":
            with ZipFile(path) as bundle:
                yield from (
                    (f"{path}/{name}", bundle.read(name).decode("utf-8", "replace"), _of_name(name))
                    for name in bundle.namelist()
                    if not name.startswith("inputs/")
                )
        else:
            yield str(path), path.read_bytes().decode("utf-8", "replace"), _of_name(path.name)


def _of_name(name: str) -> str:
    end = name.rpartition(".")[2]
    return {"yml": "yaml", "md": "markdown", "xml": "junit"}.get(end, end)
