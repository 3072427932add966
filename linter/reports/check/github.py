"""Annotations for GitHub Actions: workflow commands on standard output.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; a runner takes a line
that begins with `::` for a command, so nothing foreign may begin one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from aclproof.linter.harmless import visible
from aclproof.linter.observation import Audit
from aclproof.linter.reports.check import sentences
from aclproof.linter.reports.check.grounds import TITLES, grounds
from aclproof.linter.reports.writing import said
from aclproof.linter.reports.writing.file_uris import FileNames
from aclproof.linter.reports.writing.observed import counted, left_open, sentence
from aclproof.linter.result import Result
from aclproof.linter.testimony import Testimony
from aclproof.linter.verdict.findings import Finding, findings, worst_first
from aclproof.parsers.model.notes import Span

_MOST = 10
"""GitHub shows so many annotations of each level in one step."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(result: Result, places: FileNames, *, merged: bool = False) -> str:
    """Write the worst findings as annotations, at most ten of a level, and one line that counts all of it.

    With `merged` what a line stops of a requirement is one of them: request and reply, whatever packets.
    """
    levels: Counter[str] = Counter()
    lines = []
    found = worst_first(findings(result))
    for finding in _each_line_once(found) if merged else found:
        levels[sentences.level(finding)] += 1
        if levels[sentences.level(finding)] <= _MOST:
            lines.append(_finding(finding, places))
    others = [(level, use.waiver.span, f"Waiver {use.waiver.id}", text)
              for use, level, text in sentences.waiver_notices(result)]
    if result.testimony:
        others += _contradicting(result.testimony)
    if result.audit:
        others += _observed(result.audit)
    for level, span, title, text in others:
        levels[level] += 1
        if levels[level] <= _MOST:
            lines.append(_command(_COMMANDS[level], span, places, title, text))
    remarks = [(TITLES[kind], text) for kind, text in grounds(result)]
    remarks += [("Audit", text) for text in left_open(result.audit)] if result.audit else []
    left_out = levels.total() - len(lines) + max(len(remarks) - _MOST, 0)
    more = f"; {left_out} annotations are left out, the other formats have them" if left_out else ""
    lines += [remark("notice", title, text) for title, text in remarks[:_MOST]]
    counts = [sentences.counts(result) or "nothing was assessed"]
    counts += [f"audit: {counted(result.audit)}"] if result.audit else []
    lines.append(f"aclproof: {'; '.join(counts)}{more}")
    return "".join(f"{line}\n" for line in lines)


def _contradicting(testimony: Testimony) -> Iterator[tuple[sentences.Level, Span, str, str]]:
    """Level, place, title and text of answers that do not agree: at the line that decides here, if any."""
    for each in said.bad(testimony):
        yield (said.LEVELS[each.standing], each.decided_by or each.answer.span,
               f"{each.standing} {each.firewall}".strip(), said.message_of(each))


def _observed(audit: Audit) -> Iterator[tuple[sentences.Level, Span, str, str]]:
    """Level, place, title and text of what checks name, what a baseline has last."""
    for each in sorted(audit.found, key=lambda each: each.known):
        yield each.level, each.span, f"{each.check} on {each.firewall}", sentence(each)


def _each_line_once(found: Iterable[Finding]) -> Iterable[Finding]:
    first: dict[tuple[str, str, Span], Finding] = {}
    for each in found:
        first.setdefault((sentences.level(each), _title(each), each.span), each)
    return first.values()


def remark(level: str, title: str, text: str) -> str:
    """Write an annotation that belongs to no line."""
    return f"::{level} title={_property(visible(title))}::{_data(visible(text))}"


def at(annotation: str, where: str, example: str = "") -> str:
    """Add to an annotation where it was found: to its title, and to its text an example."""
    head, _, text = annotation[2:].partition("::")  # the title is its last property
    more = f" (for example at {example})" if example else ""
    return f"::{head}{_property(visible(f' at {where}'))}::{text}{_data(visible(more))}"


def _finding(finding: Finding, places: FileNames) -> str:
    return _command(_COMMANDS[sentences.level(finding)], finding.span, places, _title(finding),
                    sentences.message(finding))


def _title(finding: Finding) -> str:
    where = f" on {finding.firewall}" if finding.firewall else ""
    return f"{finding.demand.requirement.id} {finding.status}{where}"


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
