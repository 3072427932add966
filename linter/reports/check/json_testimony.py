"""What devices and hosts said, as part of the JSON report."""

from __future__ import annotations

from typing import Any

from aclproof.linter.reports.writing.said import TITLES, asked
from aclproof.linter.testimony import Said, Testimony
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.shown_by_device import (
    ANOTHER_HOST,
    ConnectionAnswer,
    EndpointsAnswer,
    FactAnswer,
    PacketAnswer,
)


def document(testimony: Testimony) -> dict[str, Any]:
    """Return all of it."""
    return {"transcripts": [{"file": each.name, "sha256": each.sha256, "answers": each.answers,
                             "remarks": list(each.remarks)} for each in testimony.transcripts],
            "counts": {standing: len(testimony.of(standing)) for standing in TITLES},
            "said": [_said(each) for each in testimony.said],
            "not_asked": [{"machine": each.machine, "role": each.role or None,
                           "commands": list(each.commands), "requirements": list(each.requirements)}
                          for each in testimony.not_asked]}


def _said(each: Said) -> dict[str, Any]:
    answer = each.answer
    device = "" if answer.device == ANOTHER_HOST else answer.device
    written = {"standing": each.standing, **_place(answer.span), "firewall": each.firewall or None,
               "kind": _KINDS.get(type(answer), "count"), "about": asked(answer), "says": each.says,
               "decided_by": _place(each.decided_by) if each.decided_by else None,
               "requirements": list(each.requirements), "device": device or None,
               "at": answer.at.isoformat() if answer.at else None}
    if isinstance(answer, PacketAnswer):
        written |= {} if answer.allowed is None else {"allowed": answer.allowed}
        written |= {"phases": [
            {"number": phase.number, "kind": phase.kind, "allowed": phase.allowed,
             "config": list(phase.config)} for phase in answer.phases]}
    return written


_KINDS = {PacketAnswer: "packet", ConnectionAnswer: "connection", EndpointsAnswer: "endpoints",
          FactAnswer: "fact"}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.first_line, "text": span.text}
