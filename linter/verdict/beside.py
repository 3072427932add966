"""Packets that no firewall judged: both of their ends lie behind one interface of each on their path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from aclproof.linter.engine import algebra
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.route_lookup import beside_key, one_side
from aclproof.linter.proof.routed import Bypassing, Unplaced
from aclproof.linter.questions import Question
from aclproof.linter.result import Undecided
from aclproof.parsers.model.addresses import spell_few
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason


class Beside(Struct, frozen=True):
    """Packets of a demand, as they are sent, that a firewall does not see, and no other judged."""

    proof: Proof
    bypassing: Bypassing
    boxes: Sequence[Box]

    @property
    def confirmed(self) -> bool:
        """Whether the site file says that no firewall is on their way."""
        return self.bypassing.confirmed

    @property
    def undecided(self) -> Undecided:
        """What is not known of them."""
        because = Reason("whether packets between hosts that interface {interface} of {name} leads to pass "
                         "no firewall: {name} does not see them, and no other firewall of the site file "
                         "judges them; where none is between these roles at all, 'paths' says so",
                         interface=self.bypassing.interface, name=self.proof.name)
        return _open(self.proof, self.bypassing, because, self.boxes)

    @property
    def caveat(self) -> Reason:
        """What is relied on where the site file says so."""
        family = self.bypassing.box.family
        sources = IntervalSet.union(box.sources for box in self.boxes)
        destinations = IntervalSet.union(box.destinations for box in self.boxes)
        return Reason("no firewall judges {sources} -> {destinations}: interface {interface} of {name} leads "
                      "to both ends, and the site file says that none is on their way",
                      sources=spell_few(family, sources), destinations=spell_few(family, destinations),
                      interface=self.bypassing.interface, name=self.proof.name)


def beside(proofs: Sequence[Proof]) -> Iterator[Beside]:
    """Yield what no firewall judged, firewall by firewall; for each its own part."""
    bypassing = [(proof, proof.finding) for proof in proofs
                 if isinstance(proof.finding, Bypassing) and proof.finding.certain]
    if not bypassing:
        return
    judged = [proof.incoming.as_sent(box) for proof in proofs if proof.leg.kind == "request"
              for box in _placed(proof)]
    said = [proof.incoming.as_sent(finding.box) for proof, finding in bypassing if finding.confirmed]
    for proof, finding in bypassing:
        sent = proof.incoming.as_sent(finding.box)
        known = judged if finding.confirmed else [*judged, *said]
        rest = algebra.minus([sent], [box for box in known if box.family is sent.family])
        if rest:
            yield Beside(proof, finding, rest)


def _placed(proof: Proof) -> Iterator[Box]:
    """The packets that the firewall judges, or that it leaves undecided."""
    match proof.finding:
        case Judged(segment=segment):
            yield segment.box
        case Unplaced(box=box) | Bypassing(box=box, certain=False):
            yield box
        case _:
            pass


def perhaps_beside(proof: Proof, bypassing: Bypassing) -> Undecided:
    """What is not known of packets that perhaps do not cross a firewall, as its routes leave it open."""
    if bypassing.turns_back and not bypassing.confirmed:
        return _open(proof, bypassing, one_side(proof.name, bypassing.interface), (bypassing.box,))
    reason = Reason("{name}: both ends lie behind interface {interface}, so these packets do not cross "
                    "the firewall as its routes stand; take them out of the role, name the interfaces, "
                    "or say with 'paths' that it does not stand between these roles", name=proof.name,
                    interface=bypassing.interface)
    return Undecided(proof.leg.kind, "", (bypassing.box,), (Question(reason),), None, proof.name)


def _open(proof: Proof, bypassing: Bypassing, because: Reason, boxes: Sequence[Box]) -> Undecided:
    key = beside_key(proof.name, bypassing.interface)
    return Undecided("request", "", boxes, (Question(because, key, "yes-no"),), None, proof.name)
