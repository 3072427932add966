"""The ports that connections are opened from: a permit does not tell them apart."""

from __future__ import annotations

from dataclasses import replace

from aclproof.linter.proof.records import Proof
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, is_icmp


def from_any_port(proof: Proof, box: Box) -> Box:
    """Widen packets that are for all the ports that the initiator uses, of answers the ports they go to."""
    if is_icmp(box.protocol):
        return box
    flow = proof.incoming
    asking = {each.source_ports for each in (*flow.demand.request.boxes, *flow.request.boxes)}
    if proof.leg.kind == "reply":
        return replace(box, destination_ports=ANY_PORT) if box.destination_ports in asking else box
    return replace(box, source_ports=ANY_PORT) if box.source_ports in asking else box
