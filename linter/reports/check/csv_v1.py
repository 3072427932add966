"""CSV for spreadsheets: one row for each finding, and one for each requirement without any.

RFC 4180, every field quoted. A field that a spreadsheet would take for a formula begins with an apostrophe
(CWE-1236): for programs there is JSON.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from aclproof.linter.harmless import visible
from aclproof.linter.observation import Audit, Observation
from aclproof.linter.reports.check.grounds import conditions, judged_again, own_pack, relied_on, stated
from aclproof.linter.reports.check.sentences import packets, waived
from aclproof.linter.reports.writing.observed import detail, instead, title
from aclproof.linter.reports.writing.wording import flow, further, permitting_lines
from aclproof.linter.result import DemandResult, Missing, Result, Undecided
from aclproof.linter.verdict.findings import Finding, findings
from aclproof.parsers.model.notes import Span

COLUMNS = ("requirement", "title", "severity", "methods", "status", "verdict", "from", "to", "firewall",
           "file", "line", "kind", "text", "packets", "leg", "way", "reason", "to_do", "permitted",
           "required", "fingerprint", "waiver", "caveats", "relied_on", "stated", "conditions", "pack",
           "site", "baseline")
"""In this order; new ones are added at the end."""
_FORMULA = "=+-@\t\r＝＋－＠"


def render(result: Result) -> str:
    """Write a header and the rows, in the result's order."""
    found, relied = findings(result), " ".join(relied_on(result))
    known = " ".join((*own_pack(result), *stated(result), *judged_again(result)))
    follow = conditions(result)
    rows = written(
        {**_demand(demand), **row, "relied_on": relied, "stated": known, "conditions": " ".join(
            follow[method] for method in demand.methods if method in follow),
            "pack": result.pack.part_with(demand.requirement.id).id, "site": result.scope.site_file}
        for demand in result.demands
        for row in [_finding(each) for each in found if each.demand is demand] or [_settled(demand)])
    named = written({**row, "site": result.scope.site_file} for row in _audited(result.audit)) \
        if result.audit else ""
    return f"{HEADER}{rows}{named}"


def written(rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows by the names of their columns."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows({key: guarded(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _demand(demand: DemandResult) -> dict[str, str]:
    requirement = demand.requirement
    return {"requirement": requirement.id, "title": requirement.title.en, "severity": requirement.severity,
            "methods": " ".join(demand.methods), "status": demand.status, "from": requirement.source,
            "to": requirement.destination, "permitted": str(demand.coverage.permitted),
            "required": str(demand.coverage.required),
            "waiver": waived(demand.waiver) if demand.waiver else "", "caveats": "; ".join(demand.caveats)}


def _audited(audit: Audit) -> Iterator[dict[str, str]]:
    """The lines that checks name, which are of no requirement, and what they do not tell of."""
    yield from map(_observed, audit.found)
    for firewall, span in audit.not_told:
        yield {"requirement": "audit", "status": "not-told", **_line(firewall, span)}
    for each in audit.left_out:
        yield {"requirement": "audit", "status": "left-out", "firewall": each.firewall, "text": each.name,
               "reason": each.why}


def _observed(each: Observation) -> dict[str, str]:
    return {"requirement": f"audit/{each.check}", "title": title(each), "severity": each.severity,
            "status": "known" if each.known else "named", **_line(each.firewall, each.span),
            "fingerprint": each.fingerprint, "baseline": each.baseline or "",
            "reason": "; ".join(filter(None, (visible(detail(each)), ", ".join(map(str, each.others))))),
            "to_do": instead(each)}


def _line(firewall: str, span: Span) -> dict[str, str]:
    return {"firewall": firewall, "file": span.file, "line": str(span.first_line), "text": visible(span.text)}


def _finding(finding: Finding) -> dict[str, str]:
    part, line = finding.part, finding.line
    return {"verdict": finding.verdict.value, "firewall": finding.firewall, "file": finding.span.file,
            "line": str(finding.span.first_line), "kind": line.kind if line else "",
            "text": line.text if line else "", "packets": packets(finding), "leg": part.leg, "way": part.way,
            "reason": _reason(part), "to_do": _to_do(finding), "fingerprint": finding.fingerprint,
            "baseline": part.baseline or ""}


def _settled(demand: DemandResult) -> dict[str, str]:
    """A row for what is met or not needed: the lines that permit it, as other reports show them."""
    lines = permitting_lines(demand)
    return {"verdict": demand.verdict.value,
            "packets": "; ".join(flow(box, whole=demand.boxes) for box in demand.boxes),
            "text": "; ".join(filter(None, (*(f"{line.span} {line.text}" for line in lines),
                                            further(demand, lines))))}


def _reason(part: Missing | Undecided) -> str:
    if isinstance(part, Undecided):
        return "; ".join(part.because)
    return "; ".join(f"{near.rule.span} {near.text}" for near in part.near)


def _to_do(finding: Finding) -> str:
    part = finding.part
    if isinstance(part, Undecided):
        settled = [f"settle it: {key}" for key in part.facts]
        return "; ".join((*settled, *(f"shown by: {command}" for command in part.find_out)))
    if finding.fix:
        return " / ".join(finding.fix)
    return " ".join(filter(None, (finding.demand.requirement.fix.en, part.advice)))


def guarded(text: str) -> str:
    """Write a field so that no spreadsheet takes it for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip()[:1] and shown.lstrip()[0] in _FORMULA else shown


HEADER = written([{name: name for name in COLUMNS}])
"""The first row."""
