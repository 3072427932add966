"""A list of names on standard input: of sites, or of files that changed."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from aclproof import inputs
from aclproof.reason import Reason

_ENCODINGS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""By the mark that a text begins with, as Windows writes it."""
_OF_GIT = re.compile(
    r'"(?s:.*)"\Z'  # quoted, without -z
    r"|[A-Z]\d*\t|:\d{6} |(?:-|\d+)\t(?:-|\d+)\t"  # --name-status, --raw, --numstat
    r"|[ A-Z?!][ A-Z?!] |diff --git |@@ |--- |\+\+\+ ")  # git status --short; a patch
"""What git writes about files besides their names."""


def names() -> list[str]:
    """The names, one on each line, or with NUL after each, as `git diff -z` writes them; UsageError for what
    is no text."""
    from aclproof.parsers import source

    text = _text(source.data(inputs.STDIN)[0])
    found = text.split("\0") if "\0" in text else [line.rstrip("\r") for line in text.split("\n")]
    return [each for each in found if each.strip()]


def changed(arguments: Sequence[str]) -> list[str]:
    """The names of files that changed, as seen from here, with those of a list for `-`.

    A file may be gone; UsageError for what is not there and surely no such name.
    """
    found = [each for argument in arguments for each in (names() if argument == inputs.STDIN else [argument])]
    for name in found:
        if os.path.lexists(name):
            continue
        if _OF_GIT.match(name):
            raise click.UsageError(Reason("{name} is not how a file is called, but how git writes it: list "
                                          "names by 'git diff -z --name-only'", name=name))
        if above := _seen_from(name):
            raise click.UsageError(Reason("{name} is how a file is called in {folder}: list names as seen "
                                          "from here, by 'git diff -z --name-only --relative'", name=name,
                                          folder=above))
    return found


def why_nothing(changed_files: Sequence[str], arguments: Sequence[str]) -> Iterator[str]:
    """Say why files that changed touch no site, where the reason may be that no name is one."""
    if not arguments:
        yield Reason("no file is named that changed (pre-commit names none that were deleted); '-' reads a "
                     "list of them")
    elif not changed_files:
        yield Reason("standard input lists no file that changed")
    elif not any(map(os.path.lexists, changed_files)):
        yield Reason("none of the files that changed is there, as seen from this folder: {n}, such as {name}",
                     n=len(changed_files), name=changed_files[0])


def _text(data: bytes) -> str:
    for mark, encoding in _ENCODINGS.items():
        if data.startswith(mark):
            try:
                return data.removeprefix(mark).decode(encoding)
            except UnicodeDecodeError:
                raise click.UsageError(Reason("standard input is not whole: it begins as text in {encoding} "
                                              "and is none", encoding=encoding.upper())) from None
    return os.fsdecode(data)


def _seen_from(name: str) -> str:
    """The folder above this one from which a name is written; empty where none has such a file."""
    here = Path.cwd()
    return next((str(above) for above in here.parents
                 if name.startswith(f"{here.relative_to(above).as_posix()}/")
                 and os.path.lexists(above / name)), "")
