"""JSON, schema `aclproof/used-by/v1`: linter/schemas/used-by-v1.schema.json describes it."""

from __future__ import annotations

from typing import Any

from aclproof.linter.harmless import as_json
from aclproof.linter.reports.check.json_v1 import line_counts
from aclproof.linter.usage.records import Dependent, FirewallUsage, LineUse, Usage
from aclproof.parsers.model.notes import Span

SCHEMA = "aclproof/used-by/v1"


def render(found: Usage) -> str:
    """Write all that was found; the same site gives the same bytes."""
    return as_json({"schema": SCHEMA, "site": found.site or None, "complete": found.complete,
                    "firewalls": list(map(_firewall, found.firewalls))})


def _firewall(found: FirewallUsage) -> dict[str, Any]:
    return {"name": found.name, "vendor": found.firewall.vendor,
            "files": [{"path": file.name, "sha256": file.sha256,
                       "line_counts": line_counts(file.line_counts)} for file in found.firewall.files],
            "lines": list(map(_line, found.lines)),
            "idle": list(map(_place, found.idle)), "idle_permits": found.idle_permits,
            "untried": list(map(_place, found.untried))}


def _line(use: LineUse) -> dict[str, Any]:
    return {**_place(use.line.span), "kind": use.line.kind, "says": use.line.text,
            "names": list(map(_place, use.line.names)),
            "requirements": list(map(_dependent, use.dependents)),
            "not_tried": use.not_tried or None, "any_any": use.any_any,
            "only_any_any": [each.requirement for each in use.only_any_any]}


def _dependent(each: Dependent) -> dict[str, Any]:
    return {"requirement": each.requirement, "methods": list(each.methods), "verdict": each.verdict.value,
            "roles": list(each.roles), "without_it_lost": each.share}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.first_line, "text": span.text}
