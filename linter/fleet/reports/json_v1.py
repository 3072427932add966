"""JSON of many sites: one document with all of them, or a line for each (JSON Lines).

`aclproof/checks/v1`: linter/schemas/checks-v1.schema.json describes it. Of each site it holds its whole
`aclproof/check/v1`.
"""

from __future__ import annotations

from typing import Any, get_args

from aclproof.linter.fleet.outcome import End, Outcome
from aclproof.linter.fleet.reports import Run, Sink
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.harmless import json_text
from aclproof.linter.reports.writing import about

SCHEMA = "aclproof/checks/v1"


class Json:
    """One object: what the run was, `sites` in their order, and a summary."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._totals, self._run = sink, Totals(), run
        head = {"schema": SCHEMA, "tool": {"name": about.NAME, "version": about.VERSION},
                "as_of": run.day.isoformat()}
        sink.write(json_text(head)[:-1] + ', "sites": [')

    def add(self, outcome: Outcome) -> None:
        """Write a site."""
        self._sink.write((",\n" if self._totals.sites else "\n") + _site(outcome))
        self._totals.add(outcome)

    def close(self) -> None:
        """Write the summary."""
        self._sink.write(f'\n], "summary": {json_text(summary(self._totals, self._run))}}}\n')


class JsonLines:
    """A line for each site, and nothing else."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink = sink

    def add(self, outcome: Outcome) -> None:
        """Write a site."""
        self._sink.write(f"{_site(outcome)}\n")

    def close(self) -> None:
        """Nothing follows."""


def _site(outcome: Outcome) -> str:
    head = json_text({"site": outcome.site, "end": outcome.end, "problems": list(outcome.problems)})
    return f'{head[:-1]}, "check": {outcome.pieces.get("json") or "null"}}}'


def summary(totals: Totals, run: Run) -> dict[str, Any]:
    """What all sites come to, for programs."""
    return {"sites": {"asked": run.sites, "done": totals.sites,
                      **{end: totals.ends[end] for end in get_args(End)}},
            "requirements": dict(totals.counts),
            "methods": {name: dict(method.sites) for name, method in totals.methods.items()},
            "causes": [{"kind": each.cause.kind, "firewall": each.cause.firewall, "place": each.cause.place,
                        "text": each.cause.text, "sites": each.sites, "requirements": each.requirements}
                       for kind in ("line", "question") for each in totals.worst(kind)[:_MOST]],
            **({"self_check": {"packets": totals.judged_again}} if totals.judged_again else {}),
            **_audit(totals)}


def _audit(totals: Totals) -> dict[str, Any]:
    """What checks name at all sites, where some were made."""
    named = totals.named
    if not named.lines:
        return {}
    return {"audit": {
        "checks": {check: {"lines": lines, "sites": named.sites[check]}
                   for check, lines in named.lines.items()},
        "failing": {"lines": named.failing, "sites": named.failing_sites},
        "known": named.known, "gone": named.gone,
        "lines": [{"check": check, "firewall": each.cause.firewall, "place": each.cause.place,
                   "text": each.cause.text, "sites": each.sites}
                  for check in named.lines for each in totals.worst(check)[:_MOST]]}}


_MOST = 20
"""Causes of each kind."""
