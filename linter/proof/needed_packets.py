"""Which packets the filters of a firewall have to let pass, as these see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, is_icmp
from aclproof.parsers.vendor import door


def needed_packets(proofs: Iterable[Proof]) -> Iterator[Box]:
    """Yield all packets of a demand as the filters of one firewall see them."""
    for proof in proofs:
        if isinstance(proof.finding, Judged):
            boxes = [box for _, box in proof.finding.segment.uses()]
            boxes += [flow.after for flow in proof.finding.forwarded]
            yield from (from_any_port(proof, box) for box in boxes)


def from_any_port(proof: Proof, box: Box) -> Box:
    """Widen packets that are for all the ports that the initiator uses, of answers the ports they go to."""
    if is_icmp(box.protocol):
        return box
    flow = proof.incoming
    asking = {each.source_ports for each in (*flow.demand.request.boxes, *flow.request.boxes)}
    if proof.leg.kind == "reply":
        return replace(box, destination_ports=ANY_PORT) if box.destination_ports in asking else box
    return replace(box, source_ports=ANY_PORT) if box.source_ports in asking else box


def with_free_axes(needed: Iterable[Box], firewall: Firewall) -> list[Box]:
    """Return packets that are needed, with what no other packet differs by.

    An echo has no other code than 0. What only guards its own computer has that at one end.
    """
    own_end = door(firewall.vendor).traits.own_end
    found = []
    for box in needed:
        if is_icmp(box.protocol):
            box = replace(box, destination_ports=ANY_PORT)
        if own_end:
            whole = IntervalSet.of((0, box.family.last))
            found.append(replace(box, destinations=whole))
            box = replace(box, sources=whole)
        found.append(box)
    return found
