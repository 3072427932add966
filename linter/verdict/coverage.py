"""What becomes of a demand's packets on their whole path: which pass everywhere, and how many that are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from msgspec import Struct, field

from aclproof.linter.demands.demands import Demand
from aclproof.linter.engine import algebra
from aclproof.linter.gap import Proven
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.routed import Bypassing, Unplaced
from aclproof.linter.proof.taking_part import remaining, why_left_out
from aclproof.linter.result import Coverage, Sent, Verdict
from aclproof.linter.verdict.beside import beside
from aclproof.parsers.model.addresses import Family
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
        surely, perhaps = _not_passing(proofs, box.family)
        found, rest = algebra.split(box, surely)
        stopped += size(found)
        permitted += size(algebra.split(box, surely + perhaps)[1] if perhaps else rest)
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
        surely, perhaps = _not_passing(proofs, box.family)
        stopped, rest = algebra.split(box, surely)
        denied += stopped
        for part in rest:
            doubted, fine = algebra.split(part, perhaps)
            undecided += doubted
            passing += fine
    if verdict is Verdict.UNDECIDED and not undecided:  # a firewall that they could not be followed to
        return Dispositions((), (), passing)
    return Dispositions(passing, denied, undecided)


def sent(proofs: Sequence[Proof]) -> tuple[Sent, ...]:
    """Return what does not surely pass at firewalls that see translated packets, as it is sent."""
    translated: set[tuple[str, str, Proven]] = set()
    found: dict[tuple[str, str, Proven], list[Box]] = {}
    if not any(proof.translated for proof in proofs):
        return ()
    for proof, verdict, boxes in _unproven(proofs):
        if boxes:
            key = proof.name, proof.leg.kind, verdict
            found.setdefault(key, []).extend(proof.as_sent(boxes))
            translated |= {key} if proof.translated else set()
    return tuple(Sent(*key, tuple(found[key])) for key in found if key in translated)


class KeptBack(Struct, frozen=True):
    """The packets of one leg, as the requests of theirs are sent, that do not surely pass a firewall."""

    stopped: list[Box] = field(default_factory=list)
    left_open: list[Box] = field(default_factory=list)

    @property
    def all(self) -> list[Box]:
        """Both."""
        return [*self.stopped, *self.left_open]

    def exceeds(self, other: KeptBack) -> bool:
        """Whether it stops more than another one, or more than that stops or leaves open."""
        return bool(algebra.minus(self.stopped, other.stopped) or algebra.minus(self.all, other.all))


def kept_back(proofs: Sequence[Proof], firewall: str) -> dict[str, KeptBack]:
    """Return what one firewall stops and leaves open, by the kind of the leg."""
    found: dict[str, KeptBack] = {}
    for proof, verdict, boxes in _unproven(proofs):
        if proof.name == firewall:
            of_leg = found.setdefault(proof.leg.kind, KeptBack())
            (of_leg.stopped if verdict == "missing" else of_leg.left_open).extend(proof.as_sent(boxes))
    return found


def _not_passing(proofs: Sequence[Proof], family: Family) -> tuple[list[Box], list[Box]]:
    """The packets of one family that surely do not pass, as they were sent, and those that perhaps do not."""
    surely: list[Box] = []
    perhaps = [box for each in beside(proofs) if not each.confirmed for box in each.boxes]
    for proof, verdict, boxes in _unproven(proofs):
        (surely if verdict == "missing" else perhaps).extend(proof.as_sent(boxes))
    return [each for each in surely if each.family is family], \
        [each for each in perhaps if each.family is family]


def _unproven(proofs: Sequence[Proof]) -> Iterator[tuple[Proof, Proven, Sequence[Box]]]:
    """What each proof leaves missing or undecided; see also `beside`."""
    for proof in proofs:
        match proof.finding:
            case Judged(outcome=outcome):
                yield proof, "missing", outcome.denied
                yield proof, "undecided", outcome.undecided
            case Bypassing(certain=True):
                pass  # see `beside`
            case Unplaced(box=box) | Bypassing(box=box):
                yield proof, "undecided", (box,)
            case _:
                assert_never(proof.finding)
