"""Whether the result of the sets says of one packet what the tracer found, firewall by firewall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from aclproof.linter.agreement import Judge, Judgement
from aclproof.linter.proof.records import line
from aclproof.linter.result import DemandResult, Missing, Undecided, Verdict
from aclproof.linter.trace.later_packets import SESSION
from aclproof.linter.trace.records import Hop, Trace
from aclproof.parsers.model.notes import Span

_Part = TypeVar("_Part", Missing, Undecided)


def differences(found: DemandResult, seen: Trace) -> Iterator[tuple[str, Judge, Judge]]:
    """Yield each firewall at which they differ, with what the sets say there and what the tracer says.

    What the sets leave open and the packet alone decides is no difference: they claim nothing of it.
    """
    path = [hop.firewall for hop in found.hops][::-1 if seen.kind == "reply" else 1]
    met = found.verdict is Verdict.MET
    if [hop.name for hop in seen.hops] != path or (seen.gap and met):
        yield ", ".join(path), Judge(_WHOLE[found.verdict]), Judge("other-way")
        return
    may_be_open = not met and _may_be_open(found, seen)
    for hop in seen.hops:
        stopped, tracer = _stopped(found, seen.kind, hop), _of_tracer(hop)
        if stopped:
            others = stopped - {tracer.line} if tracer.verdict == "deny" else stopped
            yield from ((hop.name, Judge("deny", span), tracer) for span in sorted(others, key=str)[:1])
        elif tracer.verdict == "deny":
            if not _is_open(found, seen.kind, hop) and not _told_with_first(found, seen.kind, hop, tracer):
                yield hop.name, Judge("permit"), tracer
        elif tracer.verdict == "undecided" and not may_be_open:
            yield hop.name, Judge("permit"), tracer


_WHOLE: Mapping[Verdict, Judgement] = {
    Verdict.MET: "permit", Verdict.MISSING: "deny", Verdict.UNDECIDED: "undecided",
    Verdict.NOT_APPLICABLE: "undecided"}


def _of_tracer(hop: Hop) -> Judge:
    deciding = hop.packet_trace.deciding if hop.packet_trace else None
    span = line(hop.name, hop.firewall, deciding.by).span if deciding else None
    match hop.verdict:
        case "deny":
            return Judge("deny", span)
        case "undecided" | "unseen":
            return Judge("undecided")
        case _:
            return Judge("permit", span)


def _stopped(found: DemandResult, kind: str, hop: Hop) -> set[Span]:
    """The lines that the sets say stop the packet at one firewall."""
    return {each.blocked_by.span for each in found.missing
            if each.blocked_by.firewall == hop.name and _holds(each, kind, hop)}


def _is_open(found: DemandResult, kind: str, hop: Hop) -> bool:
    return any(each.firewall in ("", hop.name) and _holds(each, kind, hop) for each in found.undecided)


def _holds(part: Missing | Undecided, kind: str, hop: Hop) -> bool:
    return part.leg == kind and any(hop.packet in box for box in part.boxes)


def _told_with_first(found: DemandResult, kind: str, hop: Hop, tracer: Judge) -> bool:
    """Whether the line stops the first packet as well: of later ones of the opener that is not told again."""
    return kind == "follow-up" and tracer.line in _stopped(found, "request", hop)


def _may_be_open(found: DemandResult, seen: Trace) -> bool:
    """Whether the sets may have left this packet open, as far as the parts of an undecided result tell it.

    Of later packets they tell only what differs from the first one, and only at firewalls whose rules they
    meet.
    """
    if seen.kind == "follow-up" or any(_holds(part, seen.kind, hop) for part in found.undecided
                                       for hop in seen.hops):
        return True
    placed = all(hop.packet_trace or hop.because == (SESSION,) for hop in seen.hops)
    return seen.kind == "reply" and not placed
