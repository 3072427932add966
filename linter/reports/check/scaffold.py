"""A waiver file to fill in: one entry for each gap, refused until somebody answers for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from glob import escape

from aclproof.linter import harmless
from aclproof.linter.draft.yaml_words import scalar
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing.wording import first_flow
from aclproof.linter.result import DemandResult, Result, Verdict
from aclproof.linter.site.site import DEFAULT_FILE
from aclproof.linter.site.waivers import LONGEST
from aclproof.linter.verdict.findings import Finding, findings

_MOST = 3
"""Findings of a requirement that its comment names."""


def render(results: Mapping[str, Result], words: Words = ENGLISH) -> str:
    """Write an entry for each requirement that is missing or undecided and that nobody waived.

    `results`: at least one, by site file as seen from the folder of the waiver file; '' for one of options.
    """
    entries = [line for site, result in results.items() for line in _entries(site, result, words)]
    return harmless.page([*_head(results, words), "waivers:" if entries else "waivers: []", *entries])


def _head(results: Mapping[str, Result], words: Words) -> Iterator[str]:
    scope = next(iter(results.values())).scope
    sites = scope.site_file or "-" if len(results) == 1 else \
        words.count("{n} site", "{n} sites", len(results))
    yield "# " + words("Waivers to fill in, for {site} as of {day}.", site=sites, day=scope.as_of)
    yield "# " + words("Delete the entries of what will be repaired instead.")
    yield "# " + words("The file is refused until every 'reason', 'owner' and 'expires' is filled in.")
    if any(results):
        yield "# " + words("Each entry is for one site file, named as seen from the folder of this file.")


def _entries(site: str, result: Result, words: Words) -> Iterator[str]:
    open_ = [each for each in result.demands
             if each.verdict in (Verdict.MISSING, Verdict.UNDECIDED) and not each.waiver]
    found = findings(result) if open_ else ()
    for demand in open_:
        yield from _entry(site, demand, [each for each in found if each.demand is demand], result, words)


def _entry(site: str, demand: DemandResult, found: list[Finding], result: Result,
           words: Words) -> Iterator[str]:
    proven = words("missing") if demand.verdict is Verdict.MISSING else words("undecided")
    yield ""
    yield f"  # {proven}: {' '.join(words.of(demand.requirement.title).split())}"
    for each in found[:_MOST]:
        yield (f"  #   {each.firewall or words('no firewall of the site file')}: "
               f"{first_flow(each.part.boxes, words, demand.boxes)}")
    if len(found) > _MOST:
        yield f"  #   {words.count('and {n} more line', 'and {n} more lines', len(found) - _MOST)}"
    name = demand.requirement.id
    own = f"{site.removesuffix(DEFAULT_FILE).rstrip('/')}/{name}".lstrip("/")
    last = result.scope.as_of + LONGEST
    yield f"  - id: {scalar(own)}"
    yield f"    requirement: {scalar(name)}"
    if site:
        yield f"    site: {scalar(escape(site))}"
    yield f"    reason:      # {words('why it may stay unproven')}"
    yield f"    owner:       # {words('who answers for it')}"
    yield f"    expires:     # {words('the last day, {day} at the latest', day=last.isoformat())}"
