"""No computer has to reach itself through a firewall: the same address at both ends is no demand."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from aclproof.linter.site.site import Site
from aclproof.parsers.model.addresses import NOWHERE, Family, spell
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason
from aclproof.rules.pack import Requirement

_FEW = 16
"""Networks of more addresses are asked for whole: their hosts are not told apart in a port request either."""


def to_others(box: Box) -> Iterator[Box]:
    """Cut a box between few hosts so that no address that is at both ends meets itself."""
    both = box.sources & box.destinations
    if not both or max(box.sources.size, box.destinations.size) > _FEW:
        yield box
        return
    if rest := box.sources - both:
        yield replace(box, sources=rest)
    for low, high in both.ranges:
        for address in range(low, high + 1):
            itself = IntervalSet.of((address, address))
            if others := box.destinations - itself:
                yield replace(box, sources=itself, destinations=others)


def to_itself(site: Site, requirement: Requirement) -> str:
    """Return why no packet of it goes to another computer, or nothing where one does.

    None does where both roles are one address of each family that both have.
    """
    source, destination = (site.roles.get(role, NOWHERE)
                           for role in (requirement.source, requirement.destination))
    common = [family for family in Family if source.of(family) and destination.of(family)]
    if not common or not all(source.of(family) == destination.of(family) and source.of(family).size == 1
                             for family in common):
        return ""
    addresses = [text for family in common for text in spell(family, source.of(family).ranges)]
    return Reason("both ends are the same computer ({address}), so nothing of it passes a firewall",
                  address=", ".join(addresses))
