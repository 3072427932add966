"""A waiver file to fill in: one entry for each gap, refused until somebody answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter import harmless
from aclproof.linter.draft.yaml_words import scalar
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing.wording import flow
from aclproof.linter.result import DemandResult, Result, Verdict
from aclproof.linter.site.waivers import LONGEST
from aclproof.linter.verdict.findings import Finding, findings

_MOST = 3
"""Findings of a requirement that its comment names."""


def render(result: Result, words: Words = ENGLISH) -> str:
    """Write an entry for each requirement that is missing or undecided and that nobody waived."""
    open_ = [each for each in result.demands
             if each.verdict in (Verdict.MISSING, Verdict.UNDECIDED) and not each.waiver]
    found = findings(result)
    lines = [*_head(result, words), "waivers:" if open_ else "waivers: []"]
    for demand in open_:
        lines += _entry(demand, [each for each in found if each.demand is demand], result, words)
    return harmless.page(lines)


def _head(result: Result, words: Words) -> Iterator[str]:
    yield "# " + words("Waivers to fill in, for {site} as of {day}.", site=result.scope.site_file or "-",
                       day=result.scope.as_of)
    yield "# " + words("Delete the entries of what will be repaired instead.")
    yield "# " + words("The file is refused until every 'reason', 'owner' and 'expires' is filled in.")


def _entry(demand: DemandResult, found: list[Finding], result: Result, words: Words) -> Iterator[str]:
    proven = words("missing") if demand.verdict is Verdict.MISSING else words("undecided")
    yield ""
    yield f"  # {proven}: {' '.join(words.of(demand.requirement.title).split())}"
    for each in found[:_MOST]:
        more = len(each.part.boxes) - 1
        rest = f", {words.count('and {n} more part', 'and {n} more parts', more)}" if more else ""
        yield (f"  #   {each.firewall or words('no firewall of the site file')}: "
               f"{flow(each.part.boxes[0], words=words, whole=demand.boxes)}{rest}")
    if len(found) > _MOST:
        yield f"  #   {words.count('and {n} more line', 'and {n} more lines', len(found) - _MOST)}"
    name = scalar(demand.requirement.id)
    last = result.scope.as_of + LONGEST
    yield f"  - id: {name}"
    yield f"    requirement: {name}"
    yield f"    reason:      # {words('why it may stay unproven')}"
    yield f"    owner:       # {words('who answers for it')}"
    yield f"    expires:     # {words('the last day, {day} at the latest', day=last.isoformat())}"
