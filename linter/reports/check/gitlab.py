"""GitLab Code Quality: what a merge request shows next to the lines.

https://docs.gitlab.com/ci/testing/code_quality/ names the fields; equal fingerprints would collapse there.
"""

from __future__ import annotations

from typing import Any

from aclproof.linter.harmless import as_json
from aclproof.linter.reports.check import sentences
from aclproof.linter.reports.check.grounds import grounds
from aclproof.linter.reports.writing import said
from aclproof.linter.reports.writing.file_uris import FileNames
from aclproof.linter.reports.writing.observed import left_open, sentence
from aclproof.linter.result import Result
from aclproof.linter.verdict.findings import Finding, findings, worst_first
from aclproof.linter.verdict.fingerprint import name_of
from aclproof.parsers.model.notes import Span

_SEVERITIES = {"error": "critical", "warning": "minor", "note": "info"}
_UNDECIDED = {"warning": "major", "note": "minor"}
"""An undecided requirement is more severe than a missing one that is needed only perhaps."""


def render(result: Result, places: FileNames) -> str:
    """Write an entry for each finding, the worst first, each waiver to look at, each line that is named."""
    entries = [_finding(each, places) for each in worst_first(findings(result))]
    for use, level, text in sentences.waiver_notices(result):
        fingerprint = name_of("waiver", use.waiver.id, use.state)
        entries.append(_entry("waiver", text, fingerprint, _SEVERITIES[level],
                              _location(use.waiver.span, places)))
    entries += [_entry(f"evidence/{each.standing}", said.message_of(each), said.fingerprint(each),
                       _SEVERITIES[said.LEVELS[each.standing]],
                       _location(each.decided_by or each.answer.span, places))
                for each in (said.bad(result.testimony) if result.testimony else ())]
    open_: list[tuple[str, str]] = list(grounds(result))
    if audit := result.audit:
        entries += [_entry(f"audit/{each.check}", sentence(each), each.fingerprint, _SEVERITIES[each.level],
                           _location(each.span, places)) for each in audit.found]
        open_ += [("audit", text) for text in left_open(audit)]
    for kind, text in open_:
        place = {"path": places.path(result.inputs[0].path), "lines": {"begin": 1}}
        entries.append(_entry(kind, text, name_of(kind, text), "info", place))
    return as_json(entries)


def _finding(finding: Finding, places: FileNames) -> dict[str, Any]:
    level = sentences.level(finding)
    severities = _UNDECIDED if finding.verdict.value == "undecided" and not finding.tolerated else _SEVERITIES
    return _entry(finding.demand.requirement.id, sentences.message(finding), finding.fingerprint,
                  severities[level], _location(finding.span, places))


def _entry(check: str, text: str, fingerprint: str, severity: str,
           location: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "check_name": check, "fingerprint": fingerprint, "severity": severity,
            "location": location}


def _location(span: Span, places: FileNames) -> dict[str, Any]:
    return {"path": places.path(span.file), "lines": {"begin": max(span.first_line, 1)}}
