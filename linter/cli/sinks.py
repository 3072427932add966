"""Where reports of many sites go: they are written as sites are done, and a file is whole or not there."""

from __future__ import annotations

import os

import click

from aclproof.linter.cli import files, streams
from aclproof.linter.cli.formats import STDOUT
from aclproof.reason import Reason

_FOLDERS = ("html",)
"""Formats whose report of many sites is a folder of pages."""


def sink(file: str, form: str, quiet: int) -> Standard | Files | Folder:
    """Return where a report of a format goes: standard output for `-`, a folder, else files."""
    if file == STDOUT:
        return Standard(form, quiet)
    return Folder(file) if form in _FOLDERS else Files(file)


class Standard:
    """Standard output."""

    def __init__(self, form: str, quiet: int) -> None:
        if form in _FOLDERS:
            raise click.UsageError(Reason("{form} of many sites is a folder of pages: name it, --format "
                                          "{form}=DIR", form=form))
        self._form, self._quiet = form, quiet

    def write(self, text: str) -> None:
        """Write at once."""
        streams.write(text, self._quiet, "" if self._form == "text" else streams.UTF8)

    def next_file(self, name: str = "") -> None:
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

    def next_file(self, name: str = "") -> None:
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


class Folder:
    """A folder of pages, each there as soon as it is finished; what else is in the folder stays as it is."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._file: files.NewFile | None = None
        files.make_folder(name)

    def write(self, text: str) -> None:
        """Write to the last page."""
        if self._file:
            self._file.write(text)

    def next_file(self, name: str = "") -> None:
        """Finish one, and begin another, in folders that it makes if need be."""
        self.finish()
        path = os.path.join(self._name, *name.split("/"))
        files.make_folder(os.path.dirname(path))
        self._file = files.NewFile(path)

    def finish(self) -> None:
        """Finish the last one."""
        if self._file:
            self._file.finish()

    def discard(self) -> None:
        """Leave nothing of the last one."""
        if self._file:
            self._file.discard()
