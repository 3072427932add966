"""Reports of a run over many sites: each takes one outcome after the other, so that none has to be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
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


def _text(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import text

    return text.Text(run, sink)


def _markdown(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import markdown

    return markdown.Markdown(run, sink)


def _json(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import json_v1

    return json_v1.Json(run, sink)


def _jsonl(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import json_v1

    return json_v1.JsonLines(run, sink)


def _sarif(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import sarif

    return sarif.Sarif(run, sink)


def _junit(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import junit

    return junit.Junit(run, sink)


def _csv(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import lines

    return lines.Csv(run, sink)


def _github(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import lines

    return lines.Github(run, sink)


def _gitlab(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import lines

    return lines.Gitlab(run, sink)


def _html(run: Run, sink: Sink) -> Report:
    from aclproof.linter.fleet.reports import portfolio

    return portfolio.Portfolio(run, sink)


FORMATS: Mapping[str, Begin] = {
    "text": _text, "json": _json, "jsonl": _jsonl, "sarif": _sarif, "junit": _junit, "github": _github,
    "gitlab": _gitlab, "markdown": _markdown, "csv": _csv, "html": _html}
"""Every format of a run over many sites; each imports its library only when it is used."""
START = "index.html"
"""The first page of a report that is a folder."""
PIECES = {"json": "json", "jsonl": "json"} | {
    each: each for each in ("sarif", "junit", "csv", "github", "gitlab", "html")}
"""Those that are made of a piece for each site, and the format of that."""
