"""The ends of a connection's first packets, as tests of the connection know them."""

from __future__ import annotations

from aclproof.parsers.model.conditions import Ends
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, is_icmp

_OCTET = 256


def original_ends(box: Box) -> Ends:
    """Return them: for ICMP an identifier, which may be any, and type and code as one number."""
    if not is_icmp(box.protocol):
        return Ends(box.sources, box.destinations, box.source_ports, box.destination_ports)
    octets = IntervalSet.of((0, _OCTET - 1))
    kinds = IntervalSet.of(*((kind * _OCTET + low, kind * _OCTET + high)
                             for first, last in (box.source_ports & octets).ranges
                             for kind in range(first, last + 1)
                             for low, high in (box.destination_ports & octets).ranges))
    return Ends(box.sources, box.destinations, ANY_PORT, kinds)
