"""What a configuration shows of addresses: the firewall's own, those of its networks, those it rewrites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family, join, single
from aclproof.parsers.model.effects import End, Translate
from aclproof.parsers.model.firewall import Firewall, Route
from aclproof.parsers.model.intervals import IntervalSet

_LONGEST = 30
"""A network with a longer prefix has no address for itself."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the configuration of a firewall shows of addresses."""

    own: AddressSet
    """Its own, without those that it publishes; none of one on a host, whose addresses are the host's."""
    ends: AddressSet
    """The first and last ones of the networks that its interfaces are in, but for its own ones."""
    translated: Mapping[End, AddressSet]
    """Those that it may rewrite at one end of a packet."""
    hidden: AddressSet
    """Sources that share others with more hosts after it: it may have to choose another port for them."""
    filters_after: bool
    """Whether its own lists see packets as they leave."""


def read(place: SiteFirewall, firewall: Firewall) -> Addresses:
    """Read the addresses of a firewall, once for all demands: its rules may be many."""
    translated: dict[End, AddressSet] = {"source": _translated(firewall, "source"),
                                         "destination": _translated(firewall, "destination")}
    published = join([translated["destination"], *(line.mapped for line in firewall.translations
                                                   if line.opened_by != "hosts")])
    own = join([each.addresses for each in firewall.interfaces]) if not place.host else NOWHERE
    ends = join([single(Family.V4, IntervalSet.of((number, number))) for network in _networks(firewall)
                 for number in network.addresses.ranges[0]])
    return Addresses(own - published, ends - own - published, translated, _hidden(firewall),
                     firewall.lists_before_translation)


def _translated(firewall: Firewall, end: End) -> AddressSet:
    found = [line.sources if end == "source" else line.destinations for line in firewall.translations
             if line.end == end and not line.keeps]
    found += [rule.sources if end == "source" else rule.destinations
              for chain in firewall.chains.values() for rule in chain.rules
              if isinstance(rule.effect, Translate) and rule.effect.end == end]
    return join(found)


def _hidden(firewall: Firewall) -> AddressSet:
    found = [line.sources for line in firewall.translations
             if line.end == "source" and (line.because or _chooses(line.effect))]
    found += [rule.sources for chain in firewall.chains.values() for rule in chain.rules
              if isinstance(rule.effect, Translate) and rule.effect.end == "source" and _chooses(rule.effect)]
    return join(found)


def _chooses(effect: Translate | None) -> bool:
    """Whether hosts do not each get an address of their own."""
    return effect is not None and effect.offset is None and not effect.shifted


def _networks(firewall: Firewall) -> Iterator[Route]:
    """The networks with addresses of their own that interfaces of a firewall are in."""
    for route in firewall.routes:
        at = firewall.interface(route.interface)
        connected = route.metric == 0 and at and at.addresses.of(route.family).overlaps(route.addresses)
        if connected and route.family is Family.V4 and route.length <= _LONGEST:
            yield route
