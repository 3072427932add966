"""Where a Linux router sends a packet, by its own routes at present."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.packets import Packet


def route(transit: Transit | None, packet: Packet) -> Sequence[str]:
    """Return the command; `ip` wants the interface by which a packet of another host comes in."""
    source, destination = (write(packet.family, each) for each in (packet.source, packet.destination))
    if transit is None or transit.hook != "forward" or not transit.ingress:
        return (f"ip route get {destination}",)
    return (f"ip route get {destination} from {source} iif {shlex.quote(transit.ingress)}",)
