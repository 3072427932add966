"""What the device does with one packet: `packet-tracer`, which sends nothing and changes nothing.

Its syntax: Cisco Secure Firewall ASA Series Command Reference, I - R Commands, packet-tracer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import TCP, UDP, is_icmp


def commands(transit: Transit | None, packet: Packet) -> Sequence[str]:
    """Return the command; none where the interface by which the packet comes in has no name of one word."""
    if transit is None or not _WORD.fullmatch(transit.ingress or ""):
        return ()
    source, destination = (write(packet.family, each) for each in (packet.source, packet.destination))
    if is_icmp(packet.protocol):
        ends = f"{source} {packet.source_port} {packet.destination_port} {destination}"
    elif packet.protocol in _WITH_PORTS:
        ends = f"{source} {packet.source_port} {destination} {packet.destination_port}"
    else:
        ends = f"{source} {packet.protocol} {destination}"
    word = _WITH_PORTS.get(packet.protocol, "icmp" if is_icmp(packet.protocol) else "rawip")
    return (f"packet-tracer input {transit.ingress} {word} {ends} detailed",)


_WORD = re.compile(r"[A-Za-z0-9_.:/-]+")
"""What the terminal takes as it stands: it has no quotes."""
_WITH_PORTS = {TCP: "tcp", UDP: "udp"}
