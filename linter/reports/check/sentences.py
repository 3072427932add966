"""What a finding says in English sentences, for readers that show one text: the same in every such format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from aclproof.linter.reports.writing.wording import few, reply_hint, service, visible
from aclproof.linter.result import Missing, Result, Undecided, Waiver, WaiverUse
from aclproof.linter.verdict.findings import Finding
from aclproof.parsers.model.addresses import spell
from aclproof.parsers.model.packets import Box

Level = Literal["error", "warning", "note"]

_MOST_BOXES = 2
_MOST_CHARACTERS = 1000
"""A text that a reader shows on one line; more of it is cut."""


def level(finding: Finding) -> Level:
    """How loud a finding is: what is missing by its requirement, what is undecided one step lower."""
    if finding.waiver:
        return "note"
    loud, quiet = finding.demand.requirement.severity == "error", isinstance(finding.part, Undecided)
    return "error" if loud and not quiet else "warning" if loud or not quiet else "note"


def message(finding: Finding, *, near: bool = True) -> str:
    """Say all of a finding, the summary in the first sentence; foreign text cannot act on a terminal.

    `near` asks for the rules that come nearest to permitting what is missing.
    """
    part = finding.part
    parts = [_stopped(finding, part) if isinstance(part, Missing) else _open(finding, part)]
    if near and isinstance(part, Missing) and part.near:
        parts.append(f"Near: {'; '.join(f'{each.rule.span} {each.text}' for each in part.near)}.")
    if finding.waiver:
        parts.append(waived(finding.waiver))
    if finding.fix:
        parts.append(f"Verified fix: {' / '.join(finding.fix)}")
    return cut(visible(" ".join(parts)))


def packets(part: Missing | Undecided) -> str:
    """Say which packets a finding is about: `TCP 445 from 10.1.1.10 to 10.20.192.0/18`."""
    shown = "; ".join(_packets(box) for box in part.boxes[:_MOST_BOXES])
    more = len(part.boxes) - _MOST_BOXES
    return f"{shown} and {more} more parts" if more > 0 else shown


def waived(waiver: Waiver) -> str:
    """Say who answers for a requirement, until when and why."""
    ticket = f", {waiver.ticket}" if waiver.ticket else ""
    approved = f", approved by {waiver.approved_by}" if waiver.approved_by else ""
    return (f"Waived until {waiver.expires.isoformat()} by {waiver.owner}{approved}: {waiver.reason} "
            f"({waiver.id}{ticket}).")


def waiver_notices(result: Result) -> Iterator[tuple[WaiverUse, Level, str]]:
    """What somebody has to look at in the waiver file: waivers that do nothing, and those that end soon."""
    ending = result.ending()
    for use in result.waivers:
        waiver = use.waiver
        last = waiver.expires.isoformat()
        level: Level = "warning"
        if use.state == "expired":
            told = f"expired on {last} and does not apply any more"
        elif use.state == "unused":
            told = f"is not used{f': {use.because}' if use.because else ''}"
        elif use in ending:
            told, level = f"ends on {last}", "note"
        else:
            continue
        yield use, level, visible(f"Waiver {waiver.id} for {waiver.requirement} {told}.")


def counts(result: Result) -> str:
    """Say how many requirements ended how: `5 missing, 1 undecided, 4 met`."""
    found = Counter(each.status for each in result.demands)
    order = ("missing", "undecided", "waived", "met", "not-applicable")
    return ", ".join(f"{found[status]} {status.replace('-', ' ')}" for status in order if found[status])


def cut(text: str, most: int = _MOST_CHARACTERS) -> str:
    """Shorten a text that is longer than `most` characters, and show that it is."""
    return text if len(text) <= most else f"{text[:most - 1].rstrip()}…"


def _stopped(finding: Finding, part: Missing) -> str:
    by, requirement = part.blocked_by, finding.demand.requirement
    way = f" ({part.way})" if part.way else ""
    said = [f"{by.firewall} stops {packets(part)}: {requirement.title.en}."]
    if part.leg != "request":
        said.append(f"{_sentence(reply_hint(part))}.")
    said.append(f"Stopped by line {by.span.first_line}{way}: {by.text}.")
    if part.advice:
        said.append(f"{_sentence(part.advice)}.")
    return " ".join((*said, requirement.fix.en))


def _open(finding: Finding, part: Undecided) -> str:
    where = f" on {part.firewall}" if part.firewall else ""
    said = [f"Undecided{where}: {packets(part)}, {finding.demand.requirement.title.en}.",
            f"Not known: {'; '.join(part.because)}."]
    if part.line:
        said.append(f"Line {part.line.span.first_line}: {part.line.text}.")
    if part.facts:
        said.append(f"Settle it with facts in the site file: {few(part.facts)}.")
    return " ".join(said)


def _packets(box: Box) -> str:
    source, destination = (few(spell(box.family, axis.ranges)) for axis in (box.sources, box.destinations))
    return f"{service(box)} from {source} to {destination}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
