"""A finding in English sentences, for programs that show one text: the same in every such format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from aclproof.linter.gap import State
from aclproof.linter.harmless import visible
from aclproof.linter.reports.writing.wording import few, reply_hint, service
from aclproof.linter.result import Missing, Result, Undecided
from aclproof.linter.verdict.findings import Finding
from aclproof.linter.waiver import Waiver, WaiverUse
from aclproof.parsers.model.addresses import spell
from aclproof.parsers.model.packets import Box

Level = Literal["error", "warning", "note"]

_MOST_BOXES = 2
_MOST_CHARACTERS = 1000
"""A text that a reader shows on one line; more of it is cut."""


def level(finding: Finding) -> Level:
    """The level of a finding: of what is missing that of its requirement, of what is undecided one lower."""
    if finding.tolerated:
        return "note"
    error, undecided = not finding.demand.is_warning, isinstance(finding.part, Undecided)
    if error and not undecided:
        return "error"
    return "warning" if error or not undecided else "note"


def message(finding: Finding, *, near: bool = True) -> str:
    """Describe a finding, the summary in the first sentence; foreign text cannot act on a terminal.

    `near` adds the rules that come nearest to permitting what is missing.
    """
    part = finding.part
    parts = [_missing(finding, part) if isinstance(part, Missing) else _undecided(finding, part)]
    if near and isinstance(part, Missing) and part.near:
        parts.append(f"Near: {'; '.join(f'{each.rule.span} {each.text}' for each in part.near)}.")
    if finding.demand.usually and isinstance(part, Undecided):
        parts.append(f"By the usual answers it would be {finding.demand.usually.verdict.value}.")
    if finding.waiver:
        parts.append(waived(finding.waiver))
    elif told := of_baseline(finding.part.baseline):
        parts.append(told)
    if finding.fix:
        parts.append(f"Verified fix: {' / '.join(finding.fix)}")
    return cut(visible(" ".join(parts)))


def packets(finding: Finding) -> str:
    """Write which packets a finding is about: `TCP 445 from 10.1.1.10 to 10.20.192.0/18`."""
    part, whole = finding.part, finding.demand.boxes
    shown = "; ".join(_packets(box, whole) for box in part.boxes[:_MOST_BOXES])
    more = len(part.boxes) - _MOST_BOXES
    return f"{shown} and {more} more parts" if more > 0 else shown


def waived(waiver: Waiver) -> str:
    """Write who accepted a gap, until when and why."""
    ticket = f", {waiver.ticket}" if waiver.ticket else ""
    approved = f", approved by {waiver.approved_by}" if waiver.approved_by else ""
    return (f"Waived until {waiver.expires.isoformat()} by {waiver.owner}{approved}: {waiver.reason} "
            f"({waiver.id}{ticket}).")


_OF_BASELINE = {"unchanged": "Known: the baseline has it.", "shrunk": "Known: the baseline has it and more.",
                "grown": "It has grown since the baseline.", "new": "It is new since the baseline."}


def of_baseline(state: State | None) -> str:
    """Write what became of a gap since the baseline; empty without one."""
    return _OF_BASELINE[state] if state else ""


def cured(result: Result) -> Iterator[str]:
    """Write what of the baseline is there no more: gaps, and lines that checks named."""
    known = result.baseline
    if known and known.cured:
        names = dict.fromkeys(each.requirement for each in known.cured)
        yield f"Cured since the baseline: {few(list(names))}. Write {known.file} again."
    if known and known.gone:
        yield f"Known lines that no check names any more: {len(known.gone)}. Write {known.file} again."


def waiver_notices(result: Result) -> Iterator[tuple[WaiverUse, Level, str]]:
    """What needs attention in the waiver file: waivers without effect, and those that end soon."""
    ending = result.ending()
    for use in result.waivers:
        waiver = use.waiver
        last = waiver.expires.isoformat()
        level: Level = "warning"
        if use.state == "expired":
            state = f"expired on {last} and does not apply any more"
        elif use.state == "unused":
            state = f"is not used{f': {use.because}' if use.because else ''}"
        elif use in ending:
            state, level = f"ends on {last}", "note"
        else:
            continue
        yield use, level, visible(f"Waiver {waiver.id} for {waiver.requirement} {state}.")


def counts(result: Result) -> str:
    """Count the requirements by verdict: `5 missing, 1 undecided, 4 met`."""
    found = Counter(each.status for each in result.demands)
    order = ("missing", "undecided", "waived", "known", "met", "not-applicable")
    return ", ".join(f"{found[status]} {status.replace('-', ' ')}" for status in order if found[status])


def cut(text: str, most: int = _MOST_CHARACTERS) -> str:
    """Shorten a text that is longer than `most` characters, and show that it is."""
    return text if len(text) <= most else f"{text[:most - 1].rstrip()}…"


def _missing(finding: Finding, part: Missing) -> str:
    by, requirement = part.blocked_by, finding.demand.requirement
    way = f" ({part.way})" if part.way else ""
    text = [f"{by.firewall} stops {packets(finding)}: {requirement.title.en}."]
    if part.leg != "request":
        text.append(f"{_sentence(reply_hint(part))}.")
    text.append(f"Stopped by line {by.span.first_line}{way}: {by.text}.")
    if part.advice:
        text.append(f"{_sentence(part.advice)}.")
    return " ".join((*text, requirement.fix.en))


def _undecided(finding: Finding, part: Undecided) -> str:
    where = f" on {part.firewall}" if part.firewall else ""
    text = [f"Undecided{where}: {packets(finding)}, {finding.demand.requirement.title.en}.",
            f"Not known: {'; '.join(part.because)}."]
    if part.line:
        text.append(f"Line {part.line.span.first_line}: {part.line.text}.")
    if part.facts:
        text.append(f"Settle it with facts in the site file: {few(part.facts)}.")
    if part.find_out:
        text.append(f"Shown by: {few(part.find_out)}.")
    return " ".join(text)


def _packets(box: Box, whole: Sequence[Box]) -> str:
    source, destination = (few(spell(box.family, axis.ranges)) for axis in (box.sources, box.destinations))
    return f"{service(box, whole=whole)} from {source} to {destination}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
