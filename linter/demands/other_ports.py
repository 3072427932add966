"""From which other ports packets may come to a filter, where many hosts got one address before."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from aclproof.linter.demands.firewall_addresses import Addresses
from aclproof.linter.site.paths import Path
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import is_icmp


def with_other_ports(box: Box, path: Path, known: Mapping[str, Addresses]) -> Box:
    """Return first packets with the source ports that filters on their path may see."""
    if is_icmp(box.protocol):
        return box
    sources = box.sources
    names = path.names
    for place, name in enumerate(names, 1):
        if place < len(names) or known[name].filters_after:
            chosen = [ports for ports, hidden in known[name].hidden.items()
                      if sources.overlaps(hidden.of(box.family))]
            if chosen:
                return replace(box, source_ports=box.source_ports | IntervalSet.of(*chosen))
        if sources.overlaps(known[name].translated["source"].of(box.family)):
            sources = IntervalSet.of((0, box.family.last))  # which ones they are then is not looked up
    return box
