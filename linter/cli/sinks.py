"""Where reports of many sites go: they are written as sites are done, and a file is whole or not there."""

from __future__ import annotations

import os
from typing import Protocol

import click

from aclproof.linter.cli import files, streams
from aclproof.linter.cli.formats import STDOUT
from aclproof.linter.fleet.reports import START, Sink
from aclproof.reason import Reason

FOLDERS = ("html",)
"""Formats whose report of many sites is a folder of pages."""
_SPLIT = ("sarif",)
"""Formats whose report may be several files."""
_SUMMARY_BYTES = 2**20
"""GitHub takes so much as the summary of one step, and refuses more."""


class Place(Sink, Protocol):
    """Where a report goes, and whether it stays there."""

    def finish(self) -> None:
        """Let what was written be there."""

    def discard(self) -> None:
        """Leave nothing of what is not finished."""


def sink(file: str, form: str, quiet: int) -> Place:
    """Return where a report of a format goes: standard output for `-`, a folder, else files."""
    if file == STDOUT:
        return Standard(form, quiet)
    return Folder(file, quiet) if form in FOLDERS else Files(file, quiet if form in _SPLIT else None)


class Standard:
    """Standard output."""

    def __init__(self, form: str, quiet: int) -> None:
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
    """`report.sarif`, and where a format needs more `report-2.sarif` and so on.

    None has its name before all are finished: until then it may be an input that is still to be read.
    """

    def __init__(self, name: str, quiet: int | None = None) -> None:
        """Begin the first one; `quiet` for a format that may be several: what is left of others is said."""
        self._name, self._quiet = name, quiet
        self._files = [files.NewFile(name)]

    def write(self, text: str) -> None:
        """Write to the last one."""
        self._files[-1].write(text)

    def next_file(self, name: str = "") -> None:
        """Complete one, and begin another."""
        self._files[-1].complete()
        self._files.append(files.NewFile(self._next))

    def finish(self) -> None:
        """Give all of them their names."""
        for each in self._files:
            each.finish()
        if self._quiet is not None and os.path.exists(self._next):
            streams.notice(Reason("{file} is of an earlier run of more sites, and no part of this report",
                                  file=self._next), self._quiet)

    @property
    def _next(self) -> str:
        stem, suffix = os.path.splitext(self._name)
        return f"{stem}-{len(self._files) + 1}{suffix}"

    def discard(self) -> None:
        """Leave nothing of those that are not finished."""
        for each in self._files:
            each.discard()


class Folder:
    """A folder of pages, each there as soon as it is finished; what else is in the folder stays as it is."""

    def __init__(self, name: str, quiet: int = 0) -> None:
        self._name = name
        self._file: files.NewFile | None = None
        if name.lower().endswith((".html", ".htm")):
            streams.notice(Reason("{name} becomes a folder of pages, of which {start} is the first",
                                  name=name, start=START), quiet)
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


class Summary:
    """The summary of a step on GitHub, which others write to as well."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._text = ""

    def write(self, text: str) -> None:
        """Keep it until it is whole."""
        self._text += text

    def next_file(self, name: str = "") -> None:
        """It has no parts."""

    def finish(self) -> None:
        """Add it, unless there is no room left."""
        files.append(self._text, self._name, _SUMMARY_BYTES)

    def discard(self) -> None:
        """Nothing was written."""
