"""A translation table, read line by line for one packet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from aclproof.linter.trace.rule_index import translations_for, translations_of_sender
from aclproof.linter.trace.tracer import serves
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.services import SCTP, TCP, UDP


def destination_line(firewall: Firewall, packet: Packet, ingress: str) -> Translation | None:
    """The line that decides where a packet goes to that comes in by this interface, or None."""
    for line in translations_for(firewall.translations, packet):
        if line.end == "destination" and line.entry in (None, ingress) and _matches(line, packet):
            return line
    return None


def source_line(firewall: Firewall, packet: Packet, ingress: str, egress: str) -> Translation | None:
    """The line that decides where a packet comes from, which matches it as it came in; or None."""
    for line in _source_lines(translations_for(firewall.translations, packet), ingress, egress):
        if line.opened_by != "others" and _matches(line, packet):
            return line
    return None


def answer_lines(firewall: Firewall, server: Packet, clients: IntervalSet, ingress: str,
                 egress: str) -> list[Translation | None]:
    """The lines that packets of a server meet, to each of the addresses that its client may have there.

    `server` is such a packet; the ways are those of a new connection by it. None where no line changes any.
    """
    found: list[Translation | None] = []
    rest = clients
    for line in _source_lines(translations_of_sender(firewall.translations, server), ingress, egress):
        part = rest & line.destinations.of(server.family)
        if part and _matches(line, replace(server, destination=part.lowest)):
            found.append(None if line.keeps else line)
            rest = rest - part
    if rest:
        found.append(None)
    return list(dict.fromkeys(found))


def _source_lines(lines: Iterable[Translation], ingress: str, egress: str) -> Iterator[Translation]:
    for line in lines:
        if line.end == "source" and line.entry in (None, ingress) and line.leave in (None, egress):
            yield line


def _matches(line: Translation, packet: Packet) -> bool:
    return (packet.source in line.sources.of(packet.family)
            and packet.destination in line.destinations.of(packet.family)
            and any(serves(service, packet) for service in line.services))


def rewritten(effect: Translate, box: Box) -> Box:
    """Rewrite one end of a single packet to all that it may become."""
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
