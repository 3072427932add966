"""Formats whose report of all sites is what each has, one after the other: CSV, GitHub, GitLab."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run, Sink, wording
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.harmless import json_text
from aclproof.linter.reports.check import csv_v1
from aclproof.linter.reports.check.github import at, remark
from aclproof.linter.reports.language.language import ENGLISH
from aclproof.linter.verdict.fingerprint import name_of

_MOST = 10
"""GitHub shows so many annotations of each level in one step."""
_PLACE = re.compile(r"(.+?)(?::(\d+))?: ")
"""What a problem begins with."""
_LEFT_OUT = re.compile(r"; (\d+) annotations are left out")
"""In the last line of a site."""


class Csv:
    """One header, and the rows of each site: of one that was not proven a row that says why."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink = sink
        sink.write(csv_v1.HEADER)

    def add(self, outcome: Outcome) -> None:
        """Write its rows."""
        _, _, rows = outcome.pieces.get("csv", "").partition("\r\n")
        self._sink.write(rows or csv_v1.written([
            {"status": outcome.end, "reason": "; ".join(outcome.problems), "site": outcome.site}]
            if outcome.problems else []))

    def close(self) -> None:
        """Nothing follows."""


class _Shared(Struct):
    """An annotation that sites have in common."""

    text: str
    """That of the first."""
    site: str
    unread: bool = False
    sites: int = 0


class Github:
    """The first annotations of each level over all sites, errors first, and one line that counts.

    What a line does to a requirement, or what is wrong with a file, is one annotation for all sites. What
    could not be read comes first, then what concerns most sites.
    """

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run = sink, run
        self._found: dict[str, _Shared] = {}
        self._left = 0
        self._totals = Totals()

    def add(self, outcome: Outcome) -> None:
        """Take its annotations."""
        self._totals.add(outcome)
        site = self._run.look.places.path(outcome.site)
        lines = outcome.pieces.get("github", "").splitlines()
        for line in (*_not_read(outcome), *(each for each in lines if each.startswith("::"))):
            placed, _, _ = line[2:].partition("::")
            name = placed if " file=" in placed else line
            shared = self._found.setdefault(name, _Shared(line, site, bool(outcome.problems)))
            shared.sites += 1
        if lines and (left := _LEFT_OUT.search(lines[-1])):
            self._left += int(left[1])

    def close(self) -> None:
        """Write the annotations, and the line that counts."""
        if stopped := self._run.left(self._totals.sites):
            self._sink.write(f"{remark('error', 'Stopped', stopped)}\n")
        for level in ("error", "warning", "notice"):
            found = sorted((each for each in self._found.values() if each.text.startswith(f"::{level} ")),
                           key=lambda each: (not each.unread, -each.sites))
            self._sink.write("".join(f"{_placed(each)}\n" for each in found[:_MOST]))
            self._left += len(found[_MOST:])
        ends = ", ".join(counted for counted, _ in wording.ends(self._totals, ENGLISH))
        left = f"{self._left} annotations are left out, the other formats have them" if self._left else ""
        counted = ": ".join(filter(None, (f"aclproof: {self._totals.sites} sites", ends)))
        named = wording.audit(self._totals, ENGLISH)
        self._sink.write(f"{'; '.join(filter(None, (counted, named, stopped, left)))}\n")


def _not_read(outcome: Outcome) -> Iterator[str]:
    """One annotation, however much is wrong."""
    if outcome.problems:
        more = len(outcome.problems) - 1
        yield remark("error", "Not read", f"{outcome.problems[0]}{f' (and {more} more)' if more else ''}")


def _placed(shared: _Shared) -> str:
    """The annotation with the site in its title, or how many have it and one for example."""
    if shared.sites == 1:
        return at(shared.text, shared.site)
    return at(shared.text, f"{shared.sites} sites", shared.site)


class Gitlab:
    """One array."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._begun = sink, run, False
        self._sites = 0
        sink.write("[")

    def add(self, outcome: Outcome) -> None:
        """Write its entries, and one for each thing that is wrong with an input."""
        self._sites += 1
        for text in outcome.problems:
            self._write(self._failed(outcome, text))
        self._write(outcome.pieces.get("gitlab", ""))

    def _failed(self, outcome: Outcome, text: str) -> str:
        """One thing that is wrong, at its line where it names one of the site's files."""
        found = _PLACE.match(text)
        file, line = (found[1], int(found[2] or 1)) if found and found[1] in outcome.files else ("", 1)
        places = self._run.look.places
        said = text if file else f"{outcome.site}: {text}"
        name = name_of(places.path(outcome.site), outcome.end, text)
        return _entry(said, outcome.end, name, places.path(file or outcome.site), line)

    def close(self) -> None:
        """End the array."""
        if stopped := self._run.left(self._sites):
            self._write(_entry(stopped, "stopped", name_of("stopped"), ".", 1))
        self._sink.write("\n]\n")

    def _write(self, text: str) -> None:
        if text:
            self._sink.write((",\n" if self._begun else "\n") + text)
            self._begun = True


def _entry(description: str, check: str, fingerprint: str, path: str, line: int) -> str:
    """Something that nobody may pass over."""
    return json_text({"description": description, "check_name": check, "fingerprint": fingerprint,
                      "severity": "blocker", "location": {"path": path, "lines": {"begin": line}}})
