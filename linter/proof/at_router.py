"""What a router between hosts sends or gets itself: such packets are not forwarded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from aclproof.linter.demands.demands import Leg
from aclproof.linter.demands.firewall_addresses import network_ends
from aclproof.parsers.model.addresses import Family, spell_few
from aclproof.parsers.model.firewall import Firewall, Hook
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason


def own(firewall: Firewall, family: Family) -> IntervalSet:
    """The router's own addresses, as far as they are shown."""
    return IntervalSet.union(each.addresses.of(family) for each in firewall.interfaces)


def by_hook(firewall: Firewall, leg: Leg, box: Box) -> Iterator[tuple[Box, Hook | Reason]]:
    """Cut the packets of roles by the hook that they pass, or say why they pass none that is known.

    In the midst of one of a role's networks such an address is just not meant.
    """
    mine = own(firewall, box.family)
    nobody = network_ends(firewall).of(box.family) - mine
    sources = entirely_among(leg.entries(box.family, "source"), mine | nobody) & box.sources
    destinations = entirely_among(leg.entries(box.family), mine | nobody) & box.destinations
    others = replace(box, sources=box.sources - sources)
    if sources & mine:
        yield replace(box, sources=sources & mine), Reason(
            "packets from {some}, an address of the firewall itself, pass OUTPUT, not FORWARD; if {role} is "
            "this host, say 'host: {role}'", some=spell_few(box.family, sources & mine), role=leg.source)
    for lost, part in ((sources & nobody, replace(box, sources=sources & nobody)),
                       (destinations & nobody, replace(others, destinations=destinations & nobody))):
        if lost and part.sources:
            yield part, Reason(
                "no host has {some}: the network or broadcast address of a network that the firewall is in",
                some=spell_few(box.family, lost))
    if others.sources and destinations & mine:
        yield replace(others, destinations=destinations & mine), "input"
    if others.sources and box.destinations - destinations:
        yield replace(others, destinations=box.destinations - destinations), "forward"


def entirely_among(entries: Iterable[IntervalSet], some: IntervalSet) -> IntervalSet:
    """The entries of a role that are nothing but such addresses: somebody meant these."""
    return IntervalSet.union(entry for entry in entries if entry <= some)
