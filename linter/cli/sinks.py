"""Where reports of many sites go: they are written as sites are done, and a file is whole or not there."""

from __future__ import annotations

import os

import click

from aclproof.linter.cli import files, streams
from aclproof.linter.cli.formats import STDOUT
from aclproof.reason import Reason


def sink(file: str, form: str, quiet: int) -> Standard | Files:
    """Return where a report of a format goes: standard output for `-`, else files."""
    return Standard(form, quiet) if file == STDOUT else Files(file)


class Standard:
    """Standard output."""

    def __init__(self, form: str, quiet: int) -> None:
        self._form, self._quiet = form, quiet

    def write(self, text: str) -> None:
        """Write at once."""
        streams.write(text, self._quiet, "" if self._form == "text" else streams.UTF8)

    def next_file(self) -> None:
        """UsageError: there is but one."""
        raise click.UsageError(Reason("{form} of so many sites is several files: give it a name, --format "
                                      "{form}=FILE", form=self._form))

    def finish(self) -> None:
        """Nothing is left to do."""

    def discard(self) -> None:
        """What was written stays."""


class Files:
    """`report.sarif`, and where a format needs more `report-2.sarif` and so on."""

    def __init__(self, name: str) -> None:
        self._name, self._number = name, 1
        self._file = files.NewFile(name)

    def write(self, text: str) -> None:
        """Write to the last one."""
        self._file.write(text)

    def next_file(self) -> None:
        """Finish one, and begin another."""
        self._file.finish()
        self._number += 1
        stem, suffix = os.path.splitext(self._name)
        self._file = files.NewFile(f"{stem}-{self._number}{suffix}")

    def finish(self) -> None:
        """Finish the last one."""
        self._file.finish()

    def discard(self) -> None:
        """Leave nothing of the last one."""
        self._file.discard()
