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
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family, join, single, spell_few
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


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the configuration of a firewall shows of addresses."""

    own: AddressSet
    """Its own, without those that it publishes; none of one on a host, whose addresses are the host's."""
    ends: AddressSet
    """The first and last ones of the networks that its interfaces are in, but for its own ones."""
    translated: Mapping[End, AddressSet]
    """Those that it may rewrite at one end of a packet."""


def addresses(place: SiteFirewall, firewall: Firewall) -> Addresses:
    """Read the addresses of a firewall, once for all demands: its rules may be many."""
    translated: dict[End, AddressSet] = {"source": _translated(firewall, "source"),
                                         "destination": _translated(firewall, "destination")}
    published = join([translated["destination"], *(line.mapped for line in firewall.translations
                                                   if line.opened_by != "hosts")])
    own = join([each.addresses for each in firewall.interfaces]) if not place.host else NOWHERE
    ends = join([single(Family.V4, IntervalSet.of((number, number))) for network in _networks(firewall)
                 for number in network.addresses.ranges[0]])
    return Addresses(own - published, ends - own - published, translated)


def _translated(firewall: Firewall, end: End) -> AddressSet:
    found = [line.sources if end == "source" else line.destinations for line in firewall.translations
             if line.end == end and not line.keeps]
    found += [rule.sources if end == "source" else rule.destinations
              for chain in firewall.chains.values() for rule in chain.rules
              if isinstance(rule.effect, Translate) and rule.effect.end == end]
    return join(found)


def _networks(firewall: Firewall) -> Iterator[Route]:
    """The networks with addresses of their own that interfaces of a firewall are in."""
    for route in firewall.routes:
        at = firewall.interface(route.interface)
        connected = route.metric == 0 and at and at.addresses.of(route.family).overlaps(route.addresses)
        if connected and route.family is Family.V4 and route.length <= _LONGEST:
            yield route


def left_out(boxes: Sequence[Box], roles: tuple[str, str], path: Path,
             known: Mapping[str, Addresses]) -> tuple[LeftOut, ...]:
    """Find the addresses that `roles` have in packets, as they are sent, and that none of their hosts has.

    A whole range that the role gives is never left out: somebody meant it. `known` by the firewall's name.
    """
    found: list[LeftOut] = []
    for box in boxes:
        axes: tuple[tuple[End, str, IntervalSet], ...] = (
            ("source", roles[0], box.sources), ("destination", roles[1], box.destinations))
        for end, role, numbers in axes:
            seen = {name: known[name] for name in _before_translation(path, known, box.family, end, numbers)}
            every = IntervalSet.union((each.own | each.ends).of(box.family) for each in seen.values())
            meant = IntervalSet.of(*(ends for ends in numbers.ranges if not IntervalSet.of(ends) <= every))
            for name, each in seen.items():
                own, ends = each.own.of(box.family) & meant, each.ends.of(box.family) & meant
                if own:
                    found.append(LeftOut(box.family, end, own, Reason(
                        "{some} of {role} is left out: {name} has it itself",
                        some=spell_few(box.family, own), role=role, name=name)))
                if ends:
                    found.append(LeftOut(box.family, end, ends, Reason(
                        "{some} of {role} is left out: the network or broadcast address of a network that "
                        "{name} is in", some=spell_few(box.family, ends), role=role, name=name)))
    return tuple(found)


def _before_translation(path: Path, known: Mapping[str, Addresses], family: Family, end: End,
                        numbers: IntervalSet) -> Iterator[str]:
    """The firewalls that see the addresses as they are sent, the one that may change them last."""
    for name in path.names:
        yield name
        if numbers.overlaps(known[name].translated[end].of(family)):
            return
