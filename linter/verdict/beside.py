"""Packets that no firewall judged: both of their ends lie behind one interface of each on their path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from aclproof.linter.engine import algebra
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.routed import Bypassing, Unplaced
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
    def question(self) -> Reason:
        """What is not known of them."""
        return Reason("whether packets between hosts that interface {interface} of {name} leads to pass no "
                      "firewall: {name} does not see them, and no other firewall of the site file judges "
                      "them; where none is between these roles at all, 'paths' says so",
                      interface=self.bypassing.interface, name=self.proof.name)

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
    for proof, finding in bypassing:
        sent = proof.incoming.as_sent(finding.box)
        rest = algebra.minus([sent], [box for box in judged if box.family is sent.family])
        if rest:
            yield Beside(proof, finding, rest)


def _placed(proof: Proof) -> Iterator[Box]:
    """The packets that the firewall judges, or that it leaves undecided."""
    match proof.finding:
        case Judged(segment=segment):
            yield segment.box
        case Unplaced(box=box):
            yield box
        case _:
            pass
