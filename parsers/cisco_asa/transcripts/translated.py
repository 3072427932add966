"""How the packet leaves: what the phases of a trace say of translations.

`Untranslate D/port to D'/port` is of the destination, `Static translate S/port to S'/port` and `Dynamic
translate ...` of the source. Up to 8.2 a line names networks, with their mask and port 0 for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from aclproof.parsers.cisco_asa.transcripts import asked
from aclproof.parsers.cisco_asa.transcripts.trace import Step
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import SCTP, TCP, UDP

_LINE = re.compile(r"(?:(?P<destination>Untranslate)|(?:Static|Dynamic) translate) "
                   r"(?P<before>\S+)/(?P<port>\d+) to (?P<after>\S+)/(?P<new>\d+)"
                   r"(?: using netmask (?P<mask>\S+))?")


_CHECKS = frozenset({"rpf-check", "host-limits", "per-session"})
"""Phases of NAT that translate nothing."""


class OtherPacketError(Exception):
    """The phases speak of another packet than the command."""


def left(packet: Packet, steps: Iterable[Step]) -> Packet | None:
    """Return the packet as it leaves, None where no phase says it.

    OtherPacketError where one speaks of another packet.
    """
    found, shown = packet, False
    for step in steps:
        lines = [line for text in step.extra if (line := _LINE.match(text))]
        if not lines and step.kind.endswith("NAT") and step.config and step.subtype not in _CHECKS:
            return None
        for line in lines:
            after, shown = _after(found, line), True
            if after is None:
                return None
            found = after
    return found if shown else None


def _after(packet: Packet, line: re.Match[str]) -> Packet | None:
    """What one line makes of a packet, None for one of the other family."""
    try:
        (family, old), (to, new) = asked.address(line["before"]), asked.address(line["after"])
        free = literals.ipv4(line["mask"], {}) ^ Family.V4.last if line["mask"] else 0
    except LineError:
        raise OtherPacketError from None
    ours = packet.destination if line["destination"] else packet.source
    if family is not packet.family or old & ~free != ours & ~free:
        raise OtherPacketError
    if to is not family:
        return None
    address = new & ~free | ours & free
    with_ports = packet.protocol in (TCP, UDP, SCTP) and line["port"] != "0"
    port = packet.destination_port if line["destination"] else packet.source_port
    if with_ports and int(line["port"]) != port:
        raise OtherPacketError
    port = int(line["new"]) if with_ports else port
    if line["destination"]:
        return replace(packet, destination=address, destination_port=port)
    return replace(packet, source=address, source_port=port)
