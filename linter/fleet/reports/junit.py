"""JUnit of many sites: the suites of each, named `site / path`."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import Run, Sink
from aclproof.linter.harmless import visible


class Junit:
    """One document; a site that was not proven is a suite with one error."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run = sink, run
        sink.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="aclproof">\n')

    def add(self, outcome: Outcome) -> None:
        """Write its suites."""
        self._sink.write(outcome.pieces.get("junit") or self._failed(outcome))

    def close(self) -> None:
        """End the document."""
        self._sink.write("</testsuites>\n")

    def _failed(self, outcome: Outcome) -> str:
        site = self._run.look.places.path(outcome.site)
        name, message = quoteattr(visible(site)), quoteattr(visible("; ".join(outcome.problems)))
        return (f'  <testsuite name={name} tests="1" failures="0" errors="1" skipped="0">\n'
                f'    <testcase classname="site" name={name}>\n'
                f'      <error type="{outcome.end}" message={message} />\n    </testcase>\n  </testsuite>\n')
