"""CSV for spreadsheets: one row for each finding, and one for each requirement without any.

RFC 4180, every field quoted. A field that a spreadsheet would take for a formula begins with an apostrophe
(CWE-1236): for programs there is JSON.
"""

from __future__ import annotations

import csv
from io import StringIO

from aclproof.linter.reports.check.sentences import packets, waived
from aclproof.linter.reports.writing.wording import flow, permitting_lines, visible
from aclproof.linter.result import DemandResult, Missing, Result, Undecided
from aclproof.linter.verdict.findings import Finding, findings

COLUMNS = ("requirement", "title", "severity", "methods", "status", "verdict", "from", "to", "firewall",
           "file", "line", "kind", "text", "packets", "leg", "way", "reason", "to_do", "permitted",
           "required", "fingerprint", "waiver")
"""In this order; new ones are added at the end."""
_FORMULA = "=+-@\t\r＝＋－＠"


def render(result: Result) -> str:
    """Write a header and the rows, in the result's order."""
    out = StringIO()
    rows = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writeheader()
    found = findings(result)
    for demand in result.demands:
        mine = [each for each in found if each.demand is demand]
        for row in [_finding(each) for each in mine] or [_settled(demand)]:
            rows.writerow({key: guarded(value) for key, value in (_demand(demand) | row).items()})
    return out.getvalue()


def _demand(each: DemandResult) -> dict[str, str]:
    requirement = each.requirement
    return {"requirement": requirement.id, "title": requirement.title.en, "severity": requirement.severity,
            "methods": " ".join(each.methods), "status": each.status, "from": requirement.source,
            "to": requirement.destination, "permitted": str(each.coverage.permitted),
            "required": str(each.coverage.required), "waiver": waived(each.waiver) if each.waiver else ""}


def _finding(each: Finding) -> dict[str, str]:
    part, line = each.part, each.line
    return {"verdict": each.verdict.value, "firewall": each.firewall, "file": each.span.file,
            "line": str(each.span.first_line), "kind": line.kind if line else "",
            "text": line.text if line else "", "packets": packets(part), "leg": part.leg, "way": part.way,
            "reason": _reason(part), "to_do": _to_do(each), "fingerprint": each.fingerprint}


def _settled(each: DemandResult) -> dict[str, str]:
    """A row for what is met or not needed: the lines that permit it, one of each firewall."""
    return {"verdict": each.verdict.value, "packets": "; ".join(flow(box) for box in each.boxes),
            "text": "; ".join(f"{line.span} {line.text}" for line in permitting_lines(each))}


def _reason(part: Missing | Undecided) -> str:
    if isinstance(part, Undecided):
        return "; ".join(part.because)
    return "; ".join(f"{near.rule.span} {near.text}" for near in part.near)


def _to_do(each: Finding) -> str:
    if isinstance(each.part, Undecided):
        return "; ".join(f"settle it: {key}" for key in each.part.facts)
    return " / ".join(each.fix) or " ".join(filter(None, (each.demand.requirement.fix.en, each.part.advice)))


def guarded(text: str) -> str:
    """Write a field so that no spreadsheet takes it for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip()[:1] and shown.lstrip()[0] in _FORMULA else shown
