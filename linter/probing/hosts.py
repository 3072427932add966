"""What the host that opens a connection can try: it sends real packets, and opens nothing that stays."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import TCP, UDP, is_icmp

_ENDPOINT_MAPPER = 135


def commands(packet: Packet) -> Sequence[str]:
    """Return commands of Windows for one packet; PortQry is a download of Microsoft's."""
    destination = write(packet.family, packet.destination)
    if is_icmp(packet.protocol):
        return (f"Test-NetConnection -ComputerName {destination} -InformationLevel Detailed",)
    port = packet.destination_port
    asked = f"portqry -n {destination} -e {port} -p"
    if packet.protocol == UDP:
        return (f"{asked} UDP",)
    if packet.protocol != TCP:
        return ()
    test = f"Test-NetConnection -ComputerName {destination} -Port {port} -InformationLevel Detailed"
    return (test, f"{asked} TCP") if port == _ENDPOINT_MAPPER else (test,)
