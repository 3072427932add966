"""SARIF of many sites: a run for each, at most twenty in a file, and a file below ten megabytes.

GitHub takes no more of either: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files
"""

from __future__ import annotations

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run, Sink
from aclproof.linter.harmless import json_text
from aclproof.linter.reports.check.sarif import SCHEMA
from aclproof.linter.reports.check.sarif_rules import sarif_message
from aclproof.linter.reports.writing import about

MOST_RUNS = 20
_MOST_BYTES = 9_900_000
"""Of runs: what stands around them comes on top of it."""


class Sarif:
    """Goes on in another file where one is full."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run = sink, run
        self._runs = self._bytes = 0

    def add(self, outcome: Outcome) -> None:
        """Write its run; of a site that was not proven one that says why."""
        text = outcome.pieces.get("sarif") or json_text(self._failed(outcome))
        size = len(text.encode("utf-8", "surrogatepass"))
        if self._runs == MOST_RUNS or (self._runs and self._bytes + size > _MOST_BYTES):
            self.close()
            self._sink.next_file()
            self._runs = self._bytes = 0
        head = json_text({"$schema": SCHEMA, "version": "2.1.0"})[:-1] + ', "runs": [\n'
        self._sink.write((",\n" if self._runs else head) + text)
        self._runs += 1
        self._bytes += size

    def close(self) -> None:
        """End the file."""
        if self._runs:
            self._sink.write("\n]}\n")
        else:
            self._sink.write(json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": []}) + "\n")

    def _failed(self, outcome: Outcome) -> dict[str, object]:
        site = self._run.look.places.path(outcome.site)
        return {"tool": {"driver": {"name": about.NAME, "semanticVersion": about.VERSION}},
                "automationDetails": {"id": f"aclproof/unproven/{site}/"},
                "invocations": [{"executionSuccessful": False, "toolExecutionNotifications": [
                    {"level": "error", "message": sarif_message(text)} for text in outcome.problems]}],
                "results": []}
