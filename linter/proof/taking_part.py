"""Leaves out of a proof what was found of packets that no host sends or gets.

The packets of a demand are evaluated whole, as the site file has them; a part of the outcome that is about
nobody is dropped afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from msgspec.structs import replace

from aclproof.linter.demands.demands import Demand
from aclproof.linter.engine.outcomes import Doubt, Part
from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.packets import Box, size


def of_hosts(proof: Proof) -> Proof:
    """Return the proof without what one line stops or leaves open for nobody but addresses left out."""
    judged = proof.finding
    if not isinstance(judged, Judged) or not proof.incoming.demand.left_out:
        return proof
    outcome = judged.outcome
    most = _most(proof)
    denials = tuple(part for part in outcome.denials if not _of_nobody(proof, part, most))
    doubts = tuple(part for part in outcome.doubts if not _of_nobody(proof, part, most))
    if len(denials) == len(outcome.denials) and len(doubts) == len(outcome.doubts):
        return proof
    rest = replace(outcome, denials=denials, doubts=doubts, denied=outcome.denied if denials else (),
                   undecided=outcome.undecided if doubts else ())
    return replace(proof, finding=replace(judged, outcome=rest, left_out=True))


def why_left_out(demand: Demand, proofs: Iterable[Proof]) -> tuple[str, ...]:
    """Return why packets do not count that are stopped or left open, where there are such."""
    found = any(isinstance(proof.finding, Judged) and proof.finding.left_out for proof in proofs)
    return tuple(dict.fromkeys(each.reason for each in demand.left_out)) if found else ()


def remaining(demand: Demand, box: Box) -> Box:
    """Return first packets of a demand without those of addresses left out."""
    axes = {"source": box.sources, "destination": box.destinations}
    for each in demand.left_out:
        if each.family is box.family:
            axes[each.end] = axes[each.end] - each.addresses
    return replace(box, sources=axes["source"], destinations=axes["destination"])


def _most(proof: Proof) -> float:
    """How many packets are left out at the most here, as far as they are those that were sent."""
    if proof.incoming.steps:
        return inf
    demand = proof.incoming.demand
    boxes = demand.request.boxes
    return size(boxes) - size(remaining(demand, box) for box in boxes)


def _of_nobody(proof: Proof, part: Part | Doubt, most: float) -> bool:
    if size(part.boxes) > most:  # to count makes no boxes
        return False
    sent = proof.as_sent(part.boxes)
    return bool(sent) and all(_is_left_out(proof.incoming.demand, box) for box in sent)


def _is_left_out(demand: Demand, box: Box) -> bool:
    """Whether all packets have an address that is left out, at one of their ends."""
    rest = remaining(demand, box)
    return not rest.sources or not rest.destinations
