"""Formats whose report of all sites is what each has, one after the other: CSV, GitHub, GitLab."""

from __future__ import annotations

from collections import Counter

from aclproof.linter.fleet.outcome import Outcome, worst
from aclproof.linter.fleet.reports import Run, Sink
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.harmless import json_text, visible
from aclproof.linter.verdict.fingerprint import name_of

_MOST = 10
"""GitHub shows so many annotations of each level in one step."""


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
    """The first annotations of each level over all sites, and one line that counts."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run = sink, run
        self._levels: Counter[str] = Counter()
        self._totals = Totals()

    def add(self, outcome: Outcome) -> None:
        """Write as many of its annotations as are shown."""
        self._totals.add(outcome)
        site = self._run.look.places.path(outcome.site)
        lines = [f"::error title={_escaped(site)}::{_escaped(text)}" for text in outcome.problems]
        lines += [line for line in outcome.pieces.get("github", "").splitlines() if line.startswith("::")]
        for line in lines:
            level = line[2:].partition(" ")[0]
            self._levels[level] += 1
            if self._levels[level] <= _MOST:
                self._sink.write(f"{line}\n")

    def close(self) -> None:
        """Write the line that counts."""
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self._totals.ends.items()))
        more = sum(max(count - _MOST, 0) for count in self._levels.values())
        left = f"; {more} annotations are left out, the other formats have them" if more else ""
        self._sink.write(f"aclproof: {self._totals.sites} sites: {ends or worst({})}{left}\n")


def _escaped(text: str) -> str:
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


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
