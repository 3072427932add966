"""A translation table, read line by line for one packet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aclproof.linter.trace.representatives import box_of, first_packet
from aclproof.parsers.model.effects import End, Translate
from aclproof.parsers.model.firewall import Firewall, Transit, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.services import SCTP, TCP, UDP


@dataclass(frozen=True, slots=True)
class Translated:
    """What a table makes of a packet."""

    seen: Packet
    """As the filters see it: behind the translation of the destination."""
    left: Box | None
    """As it leaves, with every address that it may have; None where a line does not tell."""
    by: tuple[Translation, ...] = ()
    """The lines that rewrite it, or may: the destination's first."""


def translate(firewall: Firewall, transit: Transit | None, packet: Packet) -> Translated:
    """Ask the table what becomes of the two ends of a packet on its way."""
    seen, left, lines = packet, box_of(packet), []
    ends: tuple[End, ...] = ("destination", "source")
    for end in ends:
        line = _first(firewall, end, transit, packet)
        if line is None or (line.effect is None and not line.because):
            continue
        lines.append(line)
        if line.effect is None or line.because:
            return Translated(seen, None, tuple(lines))
        left = rewritten(line.effect, left)
        if end == "destination":
            seen = first_packet(left)
    return Translated(packet if firewall.lists_before_translation else seen, left, tuple(lines))


def _first(firewall: Firewall, end: End, transit: Transit | None, came: Packet) -> Translation | None:
    """The first line that matches the packet as it came."""
    for line in firewall.translations if transit else ():
        assert transit is not None
        if (line.end == end and line.entry in (None, transit.ingress)
                and (end == "destination" or line.leave in (None, transit.egress))
                and came.source in line.sources.of(came.family)
                and came.destination in line.destinations.of(came.family)
                and any(came.protocol in each.protocols and came.source_port in each.source_ports
                        and came.destination_port in each.destination_ports for each in line.services)):
            return line
    return None


def rewritten(effect: Translate, box: Box) -> Box:
    """Rewrite one end of a single packet to what it may become."""
    source = effect.end == "source"
    address, port = (box.sources, box.source_ports) if source else (box.destinations, box.destination_ports)
    if effect.offset is not None:
        address = IntervalSet.of((address.lowest + effect.offset,) * 2)
    elif effect.addresses and effect.shifted:
        low, high = effect.addresses
        address = IntervalSet.of((low + address.lowest % (high - low + 1),) * 2)
    elif effect.addresses:
        address = IntervalSet.of(effect.addresses)
    elif effect.itself:
        address = IntervalSet.of((0, box.family.last))
    if effect.ports and box.protocol in _WITH_PORTS:
        port = IntervalSet.of(effect.ports)
    return replace(box, sources=address, source_ports=port) if source else \
        replace(box, destinations=address, destination_ports=port)


_WITH_PORTS = frozenset({TCP, UDP, SCTP})
