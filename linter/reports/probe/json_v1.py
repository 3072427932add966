"""What to ask whom, for programs: schema `aclproof/probe/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aclproof.linter import harmless
from aclproof.linter.probing.records import Machine, Probe
from aclproof.linter.reports.writing import about
from aclproof.parsers.model.notes import Span

SCHEMA = "aclproof/probe/v1"


def render(machines: Sequence[Machine]) -> str:
    """Write all of it."""
    return harmless.as_json({
        "schema": SCHEMA, "tool": {"name": about.NAME, "version": about.VERSION},
        "machines": [{"name": each.name, "role": each.role or None, "shell": each.shell.title,
                      "first": list(each.shell.first), "probes": [_probe(probe) for probe in each.probes]}
                     for each in machines]})


def _probe(each: Probe) -> dict[str, Any]:
    return {"commands": list(each.commands), "requirements": list(each.requirements),
            "expected": each.expected, "packet": str(each.packet) if each.packet else None,
            "decided_by": _place(each.by.span) if each.by else None, "question": each.question or None}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.first_line, "text": span.text}
