"""What becomes of a demand's packets on their whole path: which pass everywhere, and how many that are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct

from aclproof.linter.demands.demands import Demand
from aclproof.linter.engine import algebra
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.routed import Bypassing, Unplaced
from aclproof.linter.proof.taking_part import remaining, why_left_out
from aclproof.linter.result import Coverage, Verdict
from aclproof.linter.verdict.beside import beside
from aclproof.parsers.model.packets import Box, size


def coverage(demand: Demand, proofs: Sequence[Proof]) -> Coverage:
    """Count packets that open a connection, and of them those that pass everywhere and those that are stopped
    somewhere, with all that follows them."""
    permitted = required = stopped = 0
    counted = demand.request.boxes
    if why_left_out(demand, proofs):
        counted = tuple(remaining(demand, box) for box in counted)
    for box in counted:
        required += box.size
        not_passing = _not_passing(proofs, box, surely=False)
        if not not_passing:
            permitted += box.size
            continue
        permitted += size(algebra.split(box, not_passing)[1])
        stopped += size(algebra.split(box, _not_passing(proofs, box, surely=True))[0])
    return Coverage(permitted, required, stopped)


class Dispositions(Struct, frozen=True):
    """The packets of a demand, as they are sent, by what becomes of them on their path: disjoint boxes."""

    passing: Sequence[Box]
    denied: Sequence[Box]
    """Surely stopped somewhere, or their replies are."""
    undecided: Sequence[Box]


def classify(demand: Demand, proofs: Sequence[Proof], verdict: Verdict) -> Dispositions:
    """Sort the packets of a demand; `verdict` is that of the demand as a whole."""
    passing: list[Box] = []
    denied: list[Box] = []
    undecided: list[Box] = []
    for box in demand.request.boxes:
        stopped, rest = algebra.split(box, _not_passing(proofs, box, surely=True))
        denied += stopped
        for part in rest:
            doubted, fine = algebra.split(part, _not_passing(proofs, part, surely=False))
            undecided += doubted
            passing += fine
    if verdict is Verdict.UNDECIDED and not undecided:  # a firewall that they could not be followed to
        return Dispositions((), (), passing)
    return Dispositions(passing, denied, undecided)


def is_judged(proofs: Sequence[Proof]) -> bool:
    """Whether the rules of any firewall were evaluated: packets that none judged are not proven to pass."""
    return any(isinstance(proof.finding, Judged) for proof in proofs)


def _not_passing(proofs: Sequence[Proof], box: Box, *, surely: bool) -> list[Box]:
    """The packets that do not surely pass, or that surely do not, as they were sent, of one family."""
    judged = is_judged(proofs)
    found: list[Box] = []
    if not surely:
        found += [sent for each in beside(proofs) if not each.confirmed
                  for sent in each.boxes if sent.family is box.family]
    for proof in proofs:
        stopped = _stopped_at(proof, judged=judged, surely=surely)
        found += [sent for sent in proof.as_sent(stopped) if sent.family is box.family]
    return found


def _stopped_at(proof: Proof, *, judged: bool, surely: bool) -> Sequence[Box]:
    """The packets of the proof's own leg, as they come to its firewall."""
    match proof.finding:
        case Unplaced(box=box):
            return () if surely else (box,)
        case Bypassing(box=box, certain=certain):
            passes = certain and (judged or proof.leg.kind == "request")  # requests: see `beside`
            return () if surely or passes else (box,)
        case Judged(outcome=outcome):
            return tuple(outcome.denied) if surely else (*outcome.denied, *outcome.undecided)
        case _:
            assert_never(proof.finding)
