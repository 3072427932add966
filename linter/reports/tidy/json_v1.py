"""JSON, schema `aclproof/tidy/v1`: linter/schemas/tidy-v1.schema.json describes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aclproof.linter.audit.chain_audit import DeadLine
from aclproof.linter.audit.tidying import Tidying
from aclproof.linter.harmless import as_json
from aclproof.linter.reports.check.json_v1 import line_counts
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import files_of

SCHEMA = "aclproof/tidy/v1"


def render(found: Sequence[Tidying]) -> str:
    """Write all that was found at one firewall, or a list of it; the same files give the same bytes."""
    shown = [_firewall(each) for each in found]
    return as_json(shown if len(shown) > 1 else shown[0])


def _firewall(found: Tidying) -> dict[str, Any]:
    firewall = found.firewall
    commands = found.removal.command_of
    return {
        "schema": SCHEMA,
        "files": [{"path": file.name, "sha256": file.sha256, "line_counts": line_counts(file.line_counts)}
                  for file in firewall.files],
        "name": firewall.name, "vendor": firewall.vendor, **_context(firewall),
        "lines": [_line(firewall, each, commands.get(each, ""), found.by_hand.get(each, ""))
                  for each in found.dead],
        "commands": list(found.removal.commands),
        "notes": list(found.removal.notes),
        "not_compared": list(found.removal.not_compared),
        "refused": found.refused or None,
        "unsettled": [_place(firewall, line) for line in found.unsettled],
        "not_looked_at": [{"list": name, "why": why} for name, why in found.left_out.items()]}


def _context(firewall: Firewall) -> dict[str, str]:
    name = files_of(firewall.source)[0].context
    return {"context": name} if name else {}


def _line(firewall: Firewall, each: DeadLine, command: str, by_hand: str) -> dict[str, Any]:
    return {"list": each.chain, "kind": each.why, **_place(firewall, each.line),
            "taken_by": [_place(firewall, line) for line in dict.fromkeys(rule.line for rule in each.by)],
            "command": command or None, "by_hand": by_hand or None}


def _place(firewall: Firewall, line: int) -> dict[str, Any]:
    span = firewall.quote(line)
    return {"file": span.file, "line": span.first_line, "text": span.text}
