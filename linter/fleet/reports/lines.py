"""Formats whose report of all sites is what each has, one after the other: CSV, GitHub, GitLab."""

from __future__ import annotations

import re

from aclproof.linter.fleet.outcome import Outcome, worst
from aclproof.linter.fleet.reports import Run, Sink
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.harmless import json_text
from aclproof.linter.reports.check.github import remark
from aclproof.linter.verdict.fingerprint import name_of

_MOST = 10
"""GitHub shows so many annotations of each level in one step."""
_LEFT_OUT = re.compile(r"; (\d+) annotations are left out")
"""In the last line of a site."""


class Csv:
    """One header; a site that was not proven has no rows, since they are about requirements."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._begun = sink, False

    def add(self, outcome: Outcome) -> None:
        """Write its rows."""
        header, end, rows = outcome.pieces.get("csv", "").partition("\r\n")
        self._sink.write(rows if self._begun else f"{header}{end}{rows}")
        self._begun = self._begun or bool(header)

    def close(self) -> None:
        """Nothing follows."""


class Github:
    """The first annotations of each level over all sites, errors first, and one line that counts.

    What several sites have in common, such as a waiver that has expired, is one annotation.
    """

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run = sink, run
        self._levels: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
        self._known: set[str] = set()
        """Of every annotation a hash."""
        self._left = 0
        self._totals = Totals()

    def add(self, outcome: Outcome) -> None:
        """Keep as many of its annotations as are shown."""
        self._totals.add(outcome)
        site = self._run.look.places.path(outcome.site)
        lines = outcome.pieces.get("github", "").splitlines()
        for text in outcome.problems:
            self._keep(remark("error", site, text))
        for line in lines:
            if line.startswith("::"):
                self._keep(line)
        if lines and (left := _LEFT_OUT.search(lines[-1])):
            self._left += int(left[1])

    def _keep(self, line: str) -> None:
        name = name_of(line)
        if name in self._known:
            return
        self._known.add(name)
        shown = self._levels[line[2:].partition(" ")[0]]
        if len(shown) < _MOST:
            shown.append(line)
        else:
            self._left += 1

    def close(self) -> None:
        """Write the annotations, and the line that counts."""
        self._sink.write("".join(f"{line}\n" for lines in self._levels.values() for line in lines))
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self._totals.ends.items()))
        left = f"; {self._left} annotations are left out, the other formats have them" if self._left else ""
        self._sink.write(f"aclproof: {self._totals.sites} sites: {ends or worst({})}{left}\n")


class Gitlab:
    """One array."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._begun = sink, run, False
        sink.write("[")

    def add(self, outcome: Outcome) -> None:
        """Write its entries, and one for each thing that is wrong with an input."""
        site = self._run.look.places.path(outcome.site)
        entries = [json_text({
            "description": f"{outcome.site}: {text}", "check_name": outcome.end,
            "fingerprint": name_of(site, outcome.end, text), "severity": "blocker",
            "location": {"path": site, "lines": {"begin": 1}}}) for text in outcome.problems]
        for text in (*entries, outcome.pieces.get("gitlab", "")):
            if text:
                self._sink.write((",\n" if self._begun else "\n") + text)
                self._begun = True

    def close(self) -> None:
        """End the array."""
        self._sink.write("\n]\n")
