"""Whether packets come to a host, or leave it, by the link that its own address is at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from aclproof.linter.demands.demands import Leg
from aclproof.linter.proof.at_router import entirely_among
from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import Family, spell_few
from aclproof.parsers.model.firewall import Firewall, Hook
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason

_LOOPBACK = {Family.V4: IntervalSet.of((127 << 24, (128 << 24) - 1)), Family.V6: IntervalSet.of((1, 1))}


def by_link(firewall: Firewall, leg: Leg, box: Box, hook: Hook) -> Iterator[tuple[Box, Hook | Reason]]:
    """Cut the packets of a host by the links of its own addresses, and say why those at one down are open.

    In the midst of a role's network such an address is just not meant, where the host has another of them.
    """
    if not any(each.down for each in firewall.interfaces):
        yield box, hook
        return
    entries = leg.entries(box.family, "destination" if hook == "input" else "source")
    role = IntervalSet.union(entries)
    up, down = _links(firewall, box.family, role)
    every = IntervalSet.union(down.values())
    meant = entirely_among(entries, every) if up & role else every
    rest = box.destinations if hook == "input" else box.sources
    for name, addresses in down.items():
        lost = rest & addresses & meant
        if lost:
            yield _only(box, hook, lost), routing.at_link_down(spell_few(box.family, lost), name)
            rest = rest - lost
    if rest:
        yield _only(box, hook, rest), hook


def _links(firewall: Firewall, family: Family, role: IntervalSet) -> tuple[IntervalSet,
                                                                           Mapping[str, IntervalSet]]:
    """The addresses at links that are up, and by name those at links down: the networks there, where none of
    the host's own addresses is the role's."""
    up = IntervalSet.union(each.addresses.of(family) for each in firewall.interfaces if not each.down)
    up = up - _LOOPBACK[family]
    down = {each.name: each.addresses.of(family) - up for each in firewall.interfaces if each.down}
    if not (up & role or IntervalSet.union(down.values()) & role):
        found, _ = routing.interfaces_towards(firewall, family, role)
        for part in found:
            if part.down and part.certain:
                down[part.interface] |= part.addresses
        up = IntervalSet.union(route.addresses for route in firewall.routes if route.family is family
                               and not (route.beyond or route.down))
    return up, down


def _only(box: Box, hook: Hook, addresses: IntervalSet) -> Box:
    return replace(box, destinations=addresses) if hook == "input" else replace(box, sources=addresses)
