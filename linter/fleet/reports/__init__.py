"""Reports of a run over many sites: each takes one outcome after the other, so that none has to be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from typing import Protocol

from msgspec import Struct

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.reports import Look


class Run(Struct, frozen=True):
    """What a run was about."""

    day: date
    sites: int
    """How many it was to prove."""
    look: Look = Look()


    def left(self, done: int) -> str:
        """Say for programs how many sites it did not come to; empty where it came to all."""
        return f"stopped: {self.sites - done} of {self.sites} sites were not looked at" \
            if done < self.sites else ""


class Sink(Protocol):
    """Where a report goes: one file, several with numbers, or those of a folder."""

    def write(self, text: str) -> None:
        """Add text to the file."""

    def next_file(self, name: str = "") -> None:
        """Go on in another one; in a folder it has this name, with `/`."""


class Report(Protocol):
    """A report that is being written."""

    def add(self, outcome: Outcome) -> None:
        """Take what came of the next site."""

    def close(self) -> None:
        """Write what belongs after the last site."""


Begin = Callable[[Run, Sink], Report]


def _in(module: str, report: str) -> Begin:
    """Return what begins a report, whose module is imported when it is begun."""
    def begin(run: Run, sink: Sink) -> Report:
        begun: Report = getattr(import_module(f"{__name__}.{module}"), report)(run, sink)
        return begun

    return begin


FORMATS: Mapping[str, Begin] = {
    "text": _in("text", "Text"), "json": _in("json_v1", "Json"), "jsonl": _in("json_v1", "JsonLines"),
    "sarif": _in("sarif", "Sarif"), "junit": _in("junit", "Junit"), "github": _in("lines", "Github"),
    "gitlab": _in("lines", "Gitlab"), "markdown": _in("markdown", "Markdown"), "csv": _in("lines", "Csv"),
    "html": _in("portfolio", "Portfolio")}
"""Every format of a run over many sites; each imports its library only when it is used."""
FEW = 3
"""Of so few sites the text has the whole report of each that is not proven."""
START = "index.html"
"""The first page of a report that is a folder."""
PIECES = {"json": "json", "jsonl": "json"} | {
    each: each for each in ("sarif", "junit", "csv", "github", "gitlab", "html")}
"""Those that are made of a piece for each site, and the format of that."""
