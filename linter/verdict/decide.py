"""From packet sets to verdicts: a demand is met only if all of it surely passes everywhere."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar, assert_never

from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.demands.demands import Demand
from aclproof.linter.demands.not_needed import NotNeeded
from aclproof.linter.engine.outcomes import Doubt, Part
from aclproof.linter.proof.records import Judged, Proof, line, quoted
from aclproof.linter.proof.routed import Bypassing, Segment, Unplaced
from aclproof.linter.proof.taking_part import why_left_out
from aclproof.linter.questions import Question, told_once
from aclproof.linter.result import (
    Coverage,
    DemandResult,
    Evidence,
    Hop,
    HopVerdict,
    Line,
    MethodResult,
    MethodVerdict,
    Missing,
    NearMiss,
    Undecided,
    Verdict,
)
from aclproof.linter.verdict.asking import asked, question
from aclproof.linter.verdict.beside import beside, perhaps_beside
from aclproof.linter.verdict.coverage import coverage as count_coverage
from aclproof.linter.verdict.coverage import sent
from aclproof.parsers.model.conditions import ForListener
from aclproof.parsers.model.packets import Packet, size
from aclproof.parsers.model.rules import Action, Default, Rule
from aclproof.parsers.model.services import is_icmp
from aclproof.reason import Reason


def demand(what: Demand, proofs: Sequence[Proof]) -> DemandResult:
    """Put the proofs of all legs at all firewalls together.

    A demand whose path is in doubt is not met, whatever was proven.
    """
    path = what.path.names
    missing = _missing(what, proofs, path)
    undecided = _undecided(proofs)
    coverage = count_coverage(what, proofs)
    at_hop: dict[str, list[Proof]] = {}
    for proof in proofs:
        at_hop.setdefault(proof.name, []).append(proof)
    hops = tuple(_hop(name, at_hop.get(name, [])) for name in path)
    gap = _gap(what, hops, coverage)
    if gap and not missing and not undecided:  # a gap in the path is no proof
        undecided = [gap]
        coverage = replace(coverage, permitted=0)
    return DemandResult(what.requirement, what.methods, _verdict(missing, undecided), what.request.boxes,
                        hops, coverage, tuple(missing), tuple(undecided), tuple(_evidence(proofs)),
                        (*_caveats(proofs), *why_left_out(what, proofs)), _witness(missing, undecided),
                        unordered=what.path.unordered, sent=sent(proofs))


def doubted(result: DemandResult, doubt: Undecided) -> DemandResult:
    """Take back that a demand is met, because of what leaves its packets open after all."""
    if result.verdict is not Verdict.MET:
        return result
    return replace(result, verdict=Verdict.UNDECIDED, undecided=(doubt,), witness=_witness((), (doubt,)),
                   coverage=replace(result.coverage, permitted=0))


def _gap(what: Demand, hops: Sequence[Hop], coverage: Coverage) -> Undecided | None:
    """All packets of a demand, where its path is in doubt, or they could not be followed along it, or some
    of them do not surely pass and no line is known that keeps them back."""
    unseen = next((hop.firewall for hop in hops if hop.verdict is HopVerdict.UNSEEN), "")
    if what.path.doubt:
        reason: str = what.path.doubt
    elif unseen:
        reason = Reason("whether the packets pass {unseen}: they could not be followed so far", unseen=unseen)
    elif coverage.permitted < coverage.required:
        reason = Reason("what becomes of some of these packets")
    else:
        return None
    return Undecided("request", "", what.request.boxes, (Question(reason),), None, unseen)


def _verdict(missing: Sequence[Missing], undecided: Sequence[Undecided]) -> Verdict:
    if missing:
        return Verdict.MISSING
    return Verdict.UNDECIDED if undecided else Verdict.MET


def _witness(missing: Sequence[Missing], undecided: Sequence[Undecided]) -> Packet | None:
    """One packet that is not proven to pass, of what is missing if there is any."""
    parts: list[Missing | Undecided] = [*missing, *undecided]
    for part in parts:
        if part.boxes:
            return part.boxes[0].witness()
    return None


def not_applicable(what: NotNeeded) -> DemandResult:
    """Return the result of a requirement that this site does not have."""
    return DemandResult(what.requirement, what.methods, Verdict.NOT_APPLICABLE, (), (), Coverage(0, 0, 0),
                        (), (), (), (), None, reason=what.reason)


def method(name: str, title: str, demands: Iterable[DemandResult], reason: str) -> MethodResult:
    """Judge a method: it works only if every demand of it is met, and there is at least one.

    One that the pack only warns of may lack.
    """
    needed = [demand for demand in demands
              if name in demand.methods and demand.verdict is not Verdict.NOT_APPLICABLE]
    if not needed and not reason:
        reason = Reason("no requirement of it applies to this site")
    elif not reason and all(demand.is_warning for demand in needed):
        reason = Reason("only what the pack warns of applies to this site")
    verdict = MethodVerdict.NOT_ASSESSED if reason else judged(needed)
    return MethodResult(name, title, verdict, tuple(demand.requirement.id for demand in needed), reason)


def judged(demands: Iterable[DemandResult]) -> MethodVerdict:
    """Judge a method by its demands that apply; what the pack only warns of does not count."""
    verdicts = {demand.verdict for demand in demands if not demand.is_warning}
    if Verdict.MISSING in verdicts:
        return MethodVerdict.BLOCKED
    return MethodVerdict.UNDECIDED if Verdict.UNDECIDED in verdicts else MethodVerdict.WORKS


def _missing(what: Demand, proofs: Sequence[Proof], path: Sequence[str]) -> list[Missing]:
    """What the firewalls stop: in the order of the path, at each firewall the biggest part first."""
    found: list[Missing] = []
    for proof, judged in _judged(proofs):
        translated_by = tuple(dict.fromkeys(step.by for step in proof.incoming.steps))
        for part in judged.outcome.denials:
            found.append(Missing(proof.leg.kind, judged.segment.way, part.boxes, _line(proof, part.by),
                                 _advice(what, proof, judged.segment, part.by), _near(proof, judged, part),
                                 translated_by, _reply_cure(proof, judged.segment)))
    return sorted(_once(found), key=lambda part: (path.index(part.blocked_by.firewall), -size(part.boxes),
                                                  part.blocked_by.span.first_line))


def _reply_cure(proof: Proof, segment: Segment) -> str:
    return "" if proof.leg.kind == "request" else parsers.reply_cure(proof.firewall, segment.box.protocol)


def _evidence(proofs: Sequence[Proof]) -> list[Evidence]:
    """What lets packets pass: rules before defaults, requests first, and of each the biggest part."""
    found: list[Evidence] = []
    for proof, judged in _judged(proofs):
        found += [Evidence(proof.leg.kind, judged.segment.way, part.boxes, _line(proof, part.by))
                  for part in judged.outcome.permits]

    def order(part: Evidence) -> tuple[bool, bool, int, int]:
        by = part.permitted_by
        return by.kind != "rule", part.leg != "request", -size(part.boxes), by.span.first_line

    return sorted(_once(found), key=order)


def _caveats(proofs: Sequence[Proof]) -> tuple[str, ...]:
    """What a permitting rule relies on without a question to the user."""
    caveats: dict[Reason, None] = {}
    for proof, rule in _permitting_rules(proofs):
        for condition in rule.conditions:
            if isinstance(condition, ForListener) and condition.sure:
                span = _line(proof, rule).span
                caveats[Reason("{span} {because}", span=span, because=condition.because)] = None
    return (*caveats, *dict.fromkeys(part.caveat for part in beside(proofs) if part.confirmed))


def _permitting_rules(proofs: Sequence[Proof]) -> Iterator[tuple[Proof, Rule]]:
    for proof, judged in _judged(proofs):
        for part in judged.outcome.permits:
            if isinstance(part.by, Rule):
                yield proof, part.by


def _judged(proofs: Sequence[Proof]) -> Iterator[tuple[Proof, Judged]]:
    return ((proof, proof.finding) for proof in proofs if isinstance(proof.finding, Judged))


def _line(proof: Proof, by: Rule | Default) -> Line:
    return line(proof.name, proof.firewall, by)


def _near(proof: Proof, judged: Judged, part: Part) -> tuple[NearMiss, ...]:
    return tuple(NearMiss(near.kind, _line(proof, near.rule), near.text)
                 for near in judged.near_rules(part.by))


def _advice(what: Demand, proof: Proof, segment: Segment, by: Rule | Default) -> str:
    """What a vendor knows about the cure, besides the line that stops the packets."""
    if segment.transit is None:
        return ""
    box = segment.box
    port = box.source_ports.lowest if is_icmp(box.protocol) else box.destination_ports.lowest
    return parsers.advice(proof.firewall, by, segment.transit, box.protocol, port,
                          "" if proof.leg.kind == "reply" else what.requirement.listener)


def _hop(name: str, proofs: Sequence[Proof]) -> Hop:
    """What one firewall does with a demand, by all proofs at it."""
    ways = dict.fromkeys(judged.segment.way for proof, judged in _judged(proofs)
                         if proof.leg.kind == "request")
    return Hop(name, _hop_verdict(proofs), tuple(ways))


def _hop_verdict(proofs: Sequence[Proof]) -> HopVerdict:
    if not proofs:
        return HopVerdict.UNSEEN
    outcomes = [judged.outcome for _, judged in _judged(proofs)]
    if any(outcome.denials for outcome in outcomes):
        return HopVerdict.STOPS
    unplaced = any(isinstance(proof.finding, Unplaced) for proof in proofs)
    if unplaced or any(outcome.doubts for outcome in outcomes):
        return HopVerdict.OPEN
    return HopVerdict.PASSES if outcomes else HopVerdict.BESIDE


_Finding = TypeVar("_Finding", Missing, Evidence, Undecided)


def _once(found: list[_Finding]) -> list[_Finding]:
    """Drop duplicates and follow-up findings that repeat a request's.

    Only findings by the same line are compared: thousands of lines may each decide a part, and to compare
    packets makes their boxes.
    """
    by_line: dict[Hashable, list[int]] = {}
    for number, finding in enumerate(found):
        by_line.setdefault(_decided_by(finding), []).append(number)
    once: list[int] = []
    for numbers in by_line.values():
        alike = [found[number] for number in numbers]
        of_requests = [_bare(each) for each in alike if each.leg == "request"] if alike[1:] else []
        kept: list[_Finding] = []
        for number, finding in zip(numbers, alike, strict=True):
            repeats = finding.leg == "follow-up" and _bare(finding) in of_requests
            if not repeats and finding not in kept:
                kept.append(finding)
                once.append(number)
    return [found[number] for number in sorted(once)]


def _decided_by(finding: Missing | Evidence | Undecided) -> Hashable:
    """What is equal in equal findings, and cheap to compare."""
    match finding:
        case Missing(way=way, blocked_by=line) | Evidence(way=way, permitted_by=line):
            return way, line, next(iter(finding.boxes), None)
        case Undecided(way=way, line=line, questions=questions):
            return way, line, questions, next(iter(finding.boxes), None)
        case _:
            assert_never(finding)


def _bare(finding: _Finding) -> _Finding:
    """A finding without what differs between the first packets and the later ones."""
    if isinstance(finding, Missing):
        return replace(finding, leg="", near=(), reply_cure="")
    return replace(finding, leg="")


def _undecided(proofs: Sequence[Proof]) -> list[Undecided]:
    """What is open at any of the firewalls."""
    found = [each.undecided for each in beside(proofs) if not each.confirmed]
    return _once([*found, *(part for proof in proofs for part in _undecided_at(proof))])


def _undecided_at(proof: Proof) -> Iterator[Undecided]:
    """What is open at one firewall; of packets that surely pass beside it, see `beside`."""
    match proof.finding:
        case Judged(segment=segment, outcome=outcome):
            for doubt in outcome.doubts:
                yield _doubt(proof, segment, doubt)
        case Unplaced() as unplaced:
            reason = Reason("{name}: {because}", name=proof.name, because=unplaced.reason)
            by = quoted(proof.name, proof.firewall, unplaced.line) if unplaced.line else None
            yield Undecided(proof.leg.kind, "", (unplaced.box,), (Question(reason),), by, proof.name)
        case Bypassing() as bypassing:
            if not bypassing.certain:
                yield perhaps_beside(proof, bypassing)
        case _:
            assert_never(proof.finding)


def _doubt(proof: Proof, segment: Segment, doubt: Doubt) -> Undecided:
    permits = doubt.by.action is not Action.DENY
    questions = told_once([question(each, proof.leg, permits=permits) for each in asked(doubt.open)])
    by = _line(proof, doubt.by) if doubt.by.in_file else None  # what no file shows has no line
    return Undecided(proof.leg.kind, segment.way, doubt.boxes, questions, by, proof.name)
