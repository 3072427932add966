"""How many lines packets take in the words of a vendor."""

from __future__ import annotations

from aclproof.parsers.model.addresses import networks
from aclproof.parsers.model.packets import Box


def pieces(box: Box) -> int:
    """Count the lines that a box takes where each holds one network at either end and one range of ports."""
    return (len(networks(box.family, box.sources.ranges)) * len(networks(box.family, box.destinations.ranges))
            * len(box.source_ports.ranges) * len(box.destination_ports.ranges))
