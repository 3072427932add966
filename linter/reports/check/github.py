"""Annotations for GitHub Actions: workflow commands on standard output.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; a runner takes a line
that begins with `::` for a command, so nothing foreign may begin one.
"""

from __future__ import annotations

from collections import Counter

from aclproof.linter.harmless import visible
from aclproof.linter.reports.check import sentences
from aclproof.linter.reports.check.grounds import TITLES, grounds
from aclproof.linter.reports.writing.file_uris import FileNames
from aclproof.linter.result import Result
from aclproof.linter.verdict.findings import Finding, findings, worst_first
from aclproof.parsers.model.notes import Span

_MOST = 10
"""GitHub shows so many annotations of each level in one step."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(result: Result, places: FileNames) -> str:
    """Write the worst findings as annotations, at most ten of a level, and one line that counts all of it."""
    levels: Counter[str] = Counter()
    lines = []
    for finding in worst_first(findings(result)):
        levels[sentences.level(finding)] += 1
        if levels[sentences.level(finding)] <= _MOST:
            lines.append(_finding(finding, places))
    for use, level, text in sentences.waiver_notices(result):
        levels[level] += 1
        if levels[level] <= _MOST:
            title = f"Waiver {use.waiver.id}"
            lines.append(_command(_COMMANDS[level], use.waiver.span, places, title, text))
    remarks = list(grounds(result))
    left_out = levels.total() - len(lines) + max(len(remarks) - _MOST, 0)
    more = f"; {left_out} annotations are left out, the other formats have them" if left_out else ""
    lines += [remark("notice", TITLES[kind], text) for kind, text in remarks[:_MOST]]
    lines.append(f"aclproof: {sentences.counts(result) or 'nothing was assessed'}{more}")
    return "".join(f"{line}\n" for line in lines)


def remark(level: str, title: str, text: str) -> str:
    """Write an annotation that belongs to no line."""
    return f"::{level} title={_property(visible(title))}::{_data(visible(text))}"


def _finding(finding: Finding, places: FileNames) -> str:
    where = f" on {finding.firewall}" if finding.firewall else ""
    return _command(_COMMANDS[sentences.level(finding)], finding.span, places,
                    f"{finding.demand.requirement.id} {finding.status}{where}", sentences.message(finding))


def _command(level: str, span: Span, places: FileNames, title: str, text: str) -> str:
    first, last = max(span.first_line, 1), max(span.last_line, 1)
    place: dict[str, object] = {"file": places.path(span.file), "line": first, "endLine": last}
    if span.text:
        place |= {"col": span.column, "endColumn": span.column + len(span.text)}
    properties = ",".join(f"{key}={_property(visible(str(value)))}"
                          for key, value in {**place, "title": title}.items())
    return f"::{level} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
