"""Addresses of a role that no host has: those of firewalls on its path, and the ends of their networks.

Nothing is guessed from the role itself. A network's first and last address are no host's only where an
interface of a firewall is in that network; of two addresses both are hosts' (RFC 3021), and IPv6 has no
broadcast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aclproof.linter.site.paths import Path
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import Family, spell_few
from aclproof.parsers.model.effects import End, Translate
from aclproof.parsers.model.firewall import Firewall, Route
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import Reason

_LONGEST = 30
"""A network with a longer prefix has no address for itself."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Addresses at one end of a demand's packets that cannot take part."""

    family: Family
    end: End
    addresses: IntervalSet
    reason: Reason


def left_out(boxes: Sequence[Box], roles: tuple[str, str], path: Path,
             firewalls: Mapping[str, Firewall]) -> tuple[LeftOut, ...]:
    """Find the addresses that `roles` have in packets, as they are sent, and that none of their hosts has.

    A whole range that the role gives is never left out: somebody meant it.
    """
    found: list[LeftOut] = []
    for box in boxes:
        ends: tuple[tuple[End, str, IntervalSet], ...] = (
            ("source", roles[0], box.sources), ("destination", roles[1], box.destinations))
        for end, role, numbers in ends:
            seen = [(place, own, outer) for place in _before_translation(path, firewalls, box, end)
                    for own, outer in [_not_of_hosts(place, firewalls[place.name], box.family)]]
            every = IntervalSet.union(each for _, own, outer in seen for each in (own, outer))
            meant = IntervalSet.of(*(ends for ends in numbers.ranges if not IntervalSet.of(ends) <= every))
            for place, own, outer in seen:
                found += _told(box.family, end, role, place.name, own & meant, outer & meant)
    return tuple(found)


def _told(family: Family, end: End, role: str, name: str, own: IntervalSet,
          outer: IntervalSet) -> Iterator[LeftOut]:
    if own:
        yield LeftOut(family, end, own, Reason(
            "{some} of {role} is left out: {name} has it itself", some=spell_few(family, own), role=role,
            name=name))
    if outer:
        yield LeftOut(family, end, outer, Reason(
            "{some} of {role} is left out: the network or broadcast address of a network that {name} is in",
            some=spell_few(family, outer), role=role, name=name))


def _before_translation(path: Path, firewalls: Mapping[str, Firewall], box: Box,
                        end: End) -> Iterator[SiteFirewall]:
    """The firewalls that see the addresses as they are sent, the one that may change them last."""
    numbers = box.sources if end == "source" else box.destinations
    for place in path.firewalls:
        yield place
        if numbers.overlaps(_translated(firewalls[place.name], box.family, end)):
            return


def _not_of_hosts(place: SiteFirewall, firewall: Firewall,
                  family: Family) -> tuple[IntervalSet, IntervalSet]:
    """A firewall's own addresses, and those at the ends of its networks, without what it publishes.

    The addresses of a firewall on a host are the host's.
    """
    published = _translated(firewall, family, "destination")
    for line in firewall.translations:
        if line.opened_by != "hosts":
            published |= line.mapped.of(family)
    own = IntervalSet.union(each.addresses.of(family) for each in firewall.interfaces if not place.host)
    outer = IntervalSet.of(*((number, number) for network in _networks(firewall) if network.family is family
                             for number in network.addresses.ranges[0]))
    return own - published, outer - own - published


def _networks(firewall: Firewall) -> Iterator[Route]:
    """The networks with addresses of their own that interfaces of a firewall are in."""
    for route in firewall.routes:
        at = firewall.interface(route.interface)
        connected = route.metric == 0 and at and at.addresses.of(route.family).overlaps(route.addresses)
        if connected and route.family is Family.V4 and route.length <= _LONGEST:
            yield route


def _translated(firewall: Firewall, family: Family, end: End) -> IntervalSet:
    """The addresses that a firewall may translate at one end."""
    found = [line.sources if end == "source" else line.destinations for line in firewall.translations
             if line.end == end and not line.keeps]
    found += [rule.sources if end == "source" else rule.destinations
              for chain in firewall.chains.values() for rule in chain.rules
              if isinstance(rule.effect, Translate) and rule.effect.end == end]
    return IntervalSet.union(each.of(family) for each in found)
