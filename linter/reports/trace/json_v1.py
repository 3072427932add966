"""JSON, schema `aclproof/trace/v1`: linter/schemas/trace-v1.schema.json describes it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from aclproof.linter.harmless import as_json
from aclproof.linter.reports.trace.steps import Line, deciding, leaves_changed, line
from aclproof.linter.trace.records import Hop, Trace
from aclproof.linter.trace.tracer import TraceStep
from aclproof.parsers.model.rules import Rule

SCHEMA = "aclproof/trace/v1"


_EMPTY = as_json({"schema": SCHEMA, "packets": []})
_HEAD, _TAIL = _EMPTY.split("[]")


def render(traces: Iterable[Trace]) -> Iterator[str]:
    """Write packet by packet; the same traces give the same bytes."""
    begin = f"{_HEAD}["
    for trace in traces:
        yield begin + textwrap.indent(f"\n{as_json(_packet(trace))}", "    ").rstrip("\n")
        begin = ","
    yield f"\n  ]{_TAIL}" if begin == "," else _EMPTY


def _packet(trace: Trace) -> dict[str, Any]:
    ends = trace.connection
    roles = [ends.source, ends.destination] if ends else [None, None]
    source, destination = roles[::-1] if trace.kind == "reply" else roles
    return {"packet": str(trace.packet), "kind": trace.kind, "from": source, "to": destination,
            "requirement": ends.demand.requirement.id if ends and ends.demand else None,
            "verdict": trace.verdict, "because": [trace.gap] if trace.gap else [],
            "hops": [{**_hop(hop, reached=number <= trace.stopped_at),
                      "probe": list(hop.probe) if trace.kind == "request" else []}
                     for number, hop in enumerate(trace.hops)]}


def _hop(hop: Hop, *, reached: bool) -> dict[str, Any]:
    found = deciding(hop)
    return {
        "firewall": hop.name, "way": hop.way or None, "reached": reached, "packet": str(hop.packet),
        "verdict": hop.verdict, "because": list(hop.because), "deciding": _line(found) if found else None,
        "steps": [_step(hop, step) for step in hop.packet_trace.steps] if hop.packet_trace else [],
        "translated_by": list(hop.translated_by),
        "leaves_as": str(hop.left) if hop.left and leaves_changed(hop) else None, "alike": hop.alike}


def _step(hop: Hop, step: TraceStep) -> dict[str, Any]:
    target = step.by.target if isinstance(step.by, Rule) else ""
    return {**_line(line(hop, step)), "stage": step.stage.name, "chain": step.chain or None,
            "action": step.by.action.value, "target": target or None,
            "open": [each.because for each in step.unresolved]}


def _line(found: Line) -> dict[str, Any]:
    return {"file": found.span.file, "line": found.span.first_line or None, "text": found.text,
            "kind": found.kind}
