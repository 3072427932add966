"""JUnit of many sites: the suites of each, named `site / path`."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run, Sink
from aclproof.linter.harmless import visible


class Junit:
    """One document; a site that was not proven is a suite with one error, and so is all that was left."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._sites = sink, run, 0
        sink.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="aclproof">\n')

    def add(self, outcome: Outcome) -> None:
        """Write its suites."""
        self._sites += 1
        self._sink.write(outcome.pieces.get("junit") or _error(
            self._run.look.places.path(outcome.site), outcome.end, "; ".join(outcome.problems)))

    def close(self) -> None:
        """End the document."""
        if stopped := self._run.left(self._sites):
            self._sink.write(_error("aclproof", "stopped", stopped))
        self._sink.write("</testsuites>\n")


def _error(name: str, kind: str, message: str) -> str:
    """A suite with one error."""
    name, message = quoteattr(visible(name)), quoteattr(visible(message))
    return (f'  <testsuite name={name} tests="1" failures="0" errors="1" skipped="0">\n'
            f'    <testcase classname="site" name={name}>\n'
            f'      <error type="{kind}" message={message} />\n    </testcase>\n  </testsuite>\n')
