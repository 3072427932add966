"""From packet sets to verdicts: a demand is met only if all of it surely passes everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from aclproof import parsers
from aclproof.linter.demands.demands import Demand
from aclproof.linter.engine.outcomes import Doubt, Part
from aclproof.linter.proof.records import Proof, line, quoted
from aclproof.linter.proof.routed import Beside, Segment, Unplaced
from aclproof.linter.result import (
    Coverage,
    DemandResult,
    Evidence,
    Hop,
    HopVerdict,
    MethodResult,
    MethodVerdict,
    Missing,
    NearMiss,
    Undecided,
    Verdict,
)
from aclproof.linter.verdict.coverage import coverage as count_coverage
from aclproof.parsers.model.conditions import ForListener
from aclproof.parsers.model.packets import size
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Default, Rule
from aclproof.parsers.model.services import is_icmp
from aclproof.rules.pack import Requirement


def demand(what: Demand, proofs: Sequence[Proof]) -> DemandResult:
    """Put the proofs of all legs at all firewalls together.

    A demand whose path is in doubt is not met, whatever was proven.
    """
    path, gap = what.path.names, what.path.doubt
    missing = _once([Missing(proof.leg.kind, _way(proof), part.boxes,
                             line(proof.name, proof.firewall, part.by), _advice(what, proof, part),
                             _near(proof, part),
                             tuple(dict.fromkeys(step.by for step in proof.incoming.steps)))
                     for proof, part in _parts(proofs, denials=True)])
    missing.sort(key=lambda each: (path.index(each.blocked_by.firewall), *_biggest(each)))
    evidence = _once([Evidence(proof.leg.kind, _way(proof), part.boxes,
                               line(proof.name, proof.firewall, part.by))
                      for proof, part in _parts(proofs, denials=False)])
    judged = any(proof.outcome for proof in proofs)
    undecided = _once([each for proof in proofs for each in _undecided(proof, judged=judged)])
    hops = tuple(_hop(name, [proof for proof in proofs if proof.name == name]) for name in path)
    unseen = [hop.firewall for hop in hops if hop.verdict is HopVerdict.UNSEEN]
    boxes = tuple(box for leg in what.legs if leg.kind == "request" for box in leg.boxes)
    if unseen and not gap:
        gap = Reason("whether the packets pass {unseen}: they could not be followed so far", unseen=unseen[0])
    coverage = count_coverage(what, proofs)
    if gap and not (missing or undecided):  # a gap in the path is no proof
        undecided = [Undecided("request", "", boxes, (gap,), (), None, unseen[0] if unseen else "")]
        coverage = replace(coverage, permitted=0)
    verdict = Verdict.MISSING if missing else Verdict.UNDECIDED if undecided else Verdict.MET
    unproven = [box for stopped in missing for box in stopped.boxes]
    unproven += [box for open_ in undecided for box in open_.boxes]
    return DemandResult(what.requirement, what.methods, verdict, boxes, hops, coverage,
                        tuple(missing), tuple(undecided),
                        tuple(sorted(evidence, key=_telling)), _caveats(proofs),
                        unproven[0].witness() if unproven else None, unordered=what.path.unordered)


def not_applicable(requirement: Requirement, methods: tuple[str, ...]) -> DemandResult:
    """A requirement that this site does not have."""
    return DemandResult(requirement, methods, Verdict.NOT_APPLICABLE, (), (), Coverage(0, 0), (), (), (),
                        (), None)


def method(name: str, title: str, demands: Iterable[DemandResult], reason: str) -> MethodResult:
    """A method works only if every demand of it is met, and there is at least one."""
    mine = [each for each in demands if name in each.methods and each.verdict is not Verdict.NOT_APPLICABLE]
    found = {each.verdict for each in mine}
    if reason or not mine:
        verdict = MethodVerdict.NOT_ASSESSED
    elif Verdict.MISSING in found:
        verdict = MethodVerdict.BLOCKED
    elif Verdict.UNDECIDED in found:
        verdict = MethodVerdict.UNDECIDED
    else:
        verdict = MethodVerdict.WORKS
    return MethodResult(name, title, verdict, tuple(each.requirement.id for each in mine),
                        reason or ("" if mine else Reason("no requirement of it applies to this site")))


def _caveats(proofs: Sequence[Proof]) -> tuple[str, ...]:
    """What a permitting rule relies on without asking it of the user."""
    return tuple(dict.fromkeys(
        Reason("{span} {because}", span=line(proof.name, proof.firewall, part.by).span,
               because=condition.because)
        for proof, part in _parts(proofs, denials=False) if isinstance(part.by, Rule)
        for condition in part.by.conditions if isinstance(condition, ForListener) and condition.sure))


def _near(proof: Proof, part: Part) -> tuple[NearMiss, ...]:
    return tuple(NearMiss(each.kind, line(proof.name, proof.firewall, each.rule), each.text)
                 for each in proof.near.get(id(part.by), ()))


def _hop(name: str, proofs: Sequence[Proof]) -> Hop:
    outcomes = [proof.outcome for proof in proofs if proof.outcome]
    if any(outcome.denials for outcome in outcomes):
        verdict = HopVerdict.STOPS
    elif any(outcome.doubts for outcome in outcomes) or any(
            isinstance(proof.segment, Unplaced) for proof in proofs):
        verdict = HopVerdict.OPEN
    elif outcomes:
        verdict = HopVerdict.PASSES
    else:
        verdict = HopVerdict.BESIDE if proofs else HopVerdict.UNSEEN
    return Hop(name, verdict, tuple(dict.fromkeys(
        proof.segment.way for proof in proofs
        if proof.leg.kind == "request" and isinstance(proof.segment, Segment))))


_Finding = TypeVar("_Finding", Missing, Evidence, Undecided)


def _once(found: list[_Finding]) -> list[_Finding]:
    """Say nothing twice, and nothing of later packets that was said of the first ones."""
    said = [_bare(each) for each in found if each.leg == "request"]
    kept: list[_Finding] = []
    for each in found:
        if each not in kept and (each.leg != "follow-up" or _bare(each) not in said):
            kept.append(each)
    return kept


def _bare(each: _Finding) -> _Finding:
    """A finding without what differs between the first packets and the later ones."""
    return replace(each, leg="", near=()) if isinstance(each, Missing) else replace(each, leg="")


def _advice(what: Demand, proof: Proof, part: Part) -> str:
    """What a vendor knows about the cure, beside the line that stops the packets."""
    transit = proof.segment.transit if isinstance(proof.segment, Segment) else None
    if transit is None or not part.boxes:
        return ""
    box = part.boxes[0]
    port = box.source_ports.lowest if is_icmp(box.protocol) else box.destination_ports.lowest
    return parsers.advice(proof.firewall, part.by, transit, box.protocol, port, what.requirement.listener)


def _way(proof: Proof) -> str:
    return proof.segment.way if isinstance(proof.segment, Segment) else ""


def _parts(proofs: Sequence[Proof], *, denials: bool) -> Iterable[tuple[Proof, Part]]:
    for proof in proofs:
        if proof.outcome:
            for part in proof.outcome.denials if denials else proof.outcome.permits:
                yield proof, part


def _undecided(proof: Proof, *, judged: bool) -> Iterable[Undecided]:
    """What is open at one firewall; `judged` says whether any firewall decides about the demand."""
    if isinstance(proof.segment, Beside):
        if not (judged and proof.segment.certain):
            yield _beside(proof, proof.segment)
        return
    if isinstance(proof.segment, Unplaced):
        because = Reason("{name}: {because}", name=proof.name, because=proof.segment.because)
        by = quoted(proof.name, proof.firewall, proof.segment.line) if proof.segment.line else None
        yield Undecided(proof.leg.kind, "", (proof.segment.box,), (because,), (), by, proof.name)
        return
    if proof.outcome is None:
        return
    for doubt in proof.outcome.doubts:
        yield _doubt(proof, proof.segment, doubt)


def _beside(proof: Proof, way: Beside) -> Undecided:
    because = Reason("{name}: both ends lie behind interface {interface}, so these packets do not cross "
                     "the firewall as its routes stand; take them out of the role, name the interfaces, "
                     "or say with 'paths' that it does not stand between these roles", name=proof.name,
                     interface=way.interface)
    return Undecided(proof.leg.kind, "", (way.box,), (because,), (), None, proof.name)


def _doubt(proof: Proof, segment: Segment, doubt: Doubt) -> Undecided:
    return Undecided(proof.leg.kind, segment.way, doubt.boxes,
                     tuple(dict.fromkeys(one.because for one in doubt.open)),
                     tuple(dict.fromkeys(one.key for one in doubt.open if one.key)),
                     line(proof.name, proof.firewall, doubt.by) if _has_line(doubt.by) else None, proof.name)


def _has_line(by: Rule | Default) -> bool:
    """A rule that stands for what no file shows has no line."""
    return isinstance(by, Default) or by.line > 0


def _biggest(each: Missing) -> tuple[int, int]:
    """Biggest part first; equal ones in file order."""
    return -size(each.boxes), each.blocked_by.span.first_line


def _telling(each: Evidence) -> tuple[bool, bool, int, int]:
    """Rules before defaults, what opens the connection first, and of each the biggest part."""
    return (each.permitted_by.kind != "rule", each.leg != "request", -size(each.boxes),
            each.permitted_by.span.first_line)
