"""How the packets of a demand stand on the whole way: which pass everywhere, and how many that are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aclproof.linter.demands.demands import Demand, answer
from aclproof.linter.engine import algebra
from aclproof.linter.proof.records import Proof
from aclproof.linter.proof.routed import Beside, Unplaced
from aclproof.linter.result import Coverage, Verdict
from aclproof.parsers.model.packets import Box


def coverage(what: Demand, proofs: Sequence[Proof]) -> Coverage:
    """Count (source, destination, destination port) triples of which every packet passes everywhere.

    A triple whose answers are lost is lost as well.
    """
    permitted = required = 0
    for box in what.request.boxes:
        required += _triples(box)
        lost = [_flat(box, each) for each in _all_lost(proofs, box, surely=False)]
        rest = algebra.split(box, lost)[1] if lost else (box,)
        permitted += sum(_triples(each) for each in rest)
    return Coverage(permitted, required)


@dataclass(frozen=True, slots=True)
class Dispositions:
    """The packets of a demand, as they are sent, by what becomes of them on the whole way: disjoint boxes."""

    passing: Sequence[Box]
    denied: Sequence[Box]
    """Surely stopped somewhere, or their answers are."""
    undecided: Sequence[Box]


def classify(what: Demand, proofs: Sequence[Proof], verdict: Verdict) -> Dispositions:
    """Sort the packets of a demand; `verdict` is what was found of it as a whole."""
    passing: list[Box] = []
    denied: list[Box] = []
    undecided: list[Box] = []
    for box in what.request.boxes:
        stopped, rest = algebra.split(box, _all_lost(proofs, box, surely=True))
        denied += stopped
        for each in rest:
            doubted, fine = algebra.split(each, _all_lost(proofs, each, surely=False))
            undecided += doubted
            passing += fine
    if verdict is Verdict.UNDECIDED and not undecided:  # a firewall that they could not be followed to
        return Dispositions((), (), passing)
    return Dispositions(passing, denied, undecided)


def _all_lost(proofs: Sequence[Proof], box: Box, *, surely: bool) -> list[Box]:
    judged = any(proof.outcome for proof in proofs)
    return [each for proof in proofs for each in _lost(proof, judged=judged, surely=surely)
            if each.family is box.family]


def _lost(proof: Proof, *, judged: bool, surely: bool) -> Iterable[Box]:
    """The packets that do not surely pass, or that surely do not, as they were sent."""
    return map(proof.incoming.as_sent, _lost_here(proof, judged=judged, surely=surely))


def _lost_here(proof: Proof, *, judged: bool, surely: bool) -> Iterable[Box]:
    lost: Sequence[Box]
    if isinstance(proof.segment, Unplaced):
        lost = () if surely else (proof.segment.box,)
    elif isinstance(proof.segment, Beside):
        lost = () if surely or (judged and proof.segment.certain) else (proof.segment.box,)
    elif proof.outcome is None:
        lost = ()
    else:
        lost = tuple(proof.outcome.denied) + (() if surely else tuple(proof.outcome.undecided))
    if proof.way and (proof.way.translations or proof.way.before != proof.way.after):
        return (proof.way.before,) if lost else ()
    return map(answer, lost) if proof.leg.kind == "reply" else lost


def _flat(whole: Box, part: Box) -> Box:
    """A triple counts as lost when any source port of it is."""
    return Box(part.family, part.protocol, part.sources, part.destinations,
               whole.source_ports, part.destination_ports)


def _triples(box: Box) -> int:
    return box.sources.size * box.destinations.size * box.destination_ports.size
