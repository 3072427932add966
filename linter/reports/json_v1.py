"""JSON, schema `aclproof/check/v1`: a shape of its own, frozen; not a dump of internal classes.

docs/schemas/check-v1.schema.json describes it. Counts can be larger than 2**53 (IPv6): read them as big
integers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from linter.engine.packets import Box
from linter.reports import wording
from linter.result import (
    DemandResult,
    Evidence,
    Input,
    Line,
    MethodResult,
    Missing,
    Result,
    Undecided,
    Verdict,
)
from parsers.model.addresses import spell
from parsers.model.notes import LineCounts, Note
from parsers.model.services import PROTOCOL_NAMES, is_icmp

SCHEMA = "aclproof/check/v1"


def render(result: Result) -> str:
    """Write the whole result; the same result gives the same bytes."""
    return json.dumps(_result(result), indent=2, ensure_ascii=False) + "\n"


def _result(result: Result) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "pack": {"id": result.pack.id, "version": result.pack.version, "source": result.pack.page.url},
        "inputs": [_input(each) for each in result.inputs],
        "assumptions": [{"key": each.key, "value": each.value, "origin": each.origin}
                        for each in result.assumptions],
        "methods": [_method(each) for each in result.methods],
        "results": [_demand(each) for each in result.demands],
        **_fixes(result),
        "summary": {
            "requirements": {verdict.value: result.count(verdict) for verdict in Verdict},
            "methods": {each.id: each.verdict.value for each in result.methods}},
    }


def _fixes(result: Result) -> dict[str, Any]:
    """Verified permits, where somebody asked for them."""
    if result.fixes is None:
        return {}
    return {"fixes": [{"firewall": each.firewall, "vendor": each.vendor, "lines": list(each.lines),
                       "requirements": list(each.requirements)} for each in result.fixes]}


def _input(each: Input) -> dict[str, Any]:
    return {
        "name": each.name, "path": each.path, "sha256": each.sha256, "vendor": each.vendor,
        "version": each.version, "line_counts": line_counts(each.line_counts), "notes": notes(each.notes)}


def line_counts(counts: LineCounts) -> dict[str, int]:
    """Write how many lines ended in which state, the same in every JSON of ours."""
    return {"total": counts.total, "understood": counts.understood, "ignored": counts.ignored,
            "approximated": counts.approximated, "unread": counts.unread}


def notes(found: Iterable[Note]) -> list[dict[str, Any]]:
    """Write the lines that were approximated or not read."""
    return [{"state": note.state.value, "line": note.span.first_line, "text": note.span.text,
             "reason": note.reason, "decides": note.decides} for note in found]


def _method(each: MethodResult) -> dict[str, Any]:
    return {"method": each.id, "title": each.title, "verdict": each.verdict.value,
            "requirements": list(each.requirements), "reason": each.reason or None}


def _demand(each: DemandResult) -> dict[str, Any]:
    return {
        "requirement": each.requirement.id, "title": each.requirement.title.en,
        "severity": each.requirement.severity, "methods": list(each.methods), "verdict": each.verdict.value,
        "from": each.requirement.source, "to": each.requirement.destination,
        "flow": [wording.flow(box) for box in each.boxes],
        "hops": [{"firewall": hop.firewall, "verdict": hop.verdict.value, "ways": list(hop.ways)}
                 for hop in each.hops],
        "coverage": {"permitted": each.coverage.permitted, "required": each.coverage.required},
        "missing": [_missing(part, box) for part in each.missing for box in part.boxes],
        "undecided": [_undecided(part, box) for part in each.undecided for box in part.boxes],
        "evidence": [_evidence(part, box) for part in each.evidence for box in part.boxes],
        "caveats": list(each.caveats),
        "witness": str(each.witness) if each.witness else None}


def _missing(part: Missing, box: Box) -> dict[str, Any]:
    return {"leg": part.leg, "way": part.way, **_packets(box), "blocked_by": _line(part.blocked_by),
            "advice": part.advice or None,
            "near": [{"kind": near.kind, "text": near.text, "line": _line(near.rule)} for near in part.near],
            "translated_by": [_line(each) for each in part.translated_by]}


def _undecided(part: Undecided, box: Box) -> dict[str, Any]:
    return {"leg": part.leg, "way": part.way, **_packets(box), "because": list(part.because),
            "facts": list(part.facts), "line": _line(part.line) if part.line else None}


def _evidence(part: Evidence, box: Box) -> dict[str, Any]:
    return {"leg": part.leg, "way": part.way, **_packets(box), "permitted_by": _line(part.permitted_by)}


def _packets(box: Box) -> dict[str, Any]:
    def numbers(ranges: tuple[tuple[int, int], ...]) -> list[str]:
        return [str(low) if low == high else f"{low}-{high}" for low, high in ranges]

    icmp = is_icmp(box.protocol)
    first, second = ("icmp_types", "icmp_codes") if icmp else ("source_ports", "destination_ports")
    return {"source": spell(box.family, box.sources.ranges),
            "destination": spell(box.family, box.destinations.ranges),
            "protocol": PROTOCOL_NAMES.get(box.protocol, str(box.protocol)),
            first: numbers(box.source_ports.ranges), second: numbers(box.destination_ports.ranges)}


def _line(line: Line) -> dict[str, Any]:
    return {"firewall": line.firewall, "file": line.span.file, "line": line.span.first_line,
            "text": line.text, "kind": line.kind}
