"""What a configuration shows of addresses: the firewall's own, those of its networks, those it rewrites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family, join, single
from aclproof.parsers.model.effects import OTHER_PORTS, End, Translate
from aclproof.parsers.model.firewall import Firewall, Route
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.plain_rules import special

_LONGEST = 30
"""A network with a longer prefix has no address for itself."""


class Addresses(Struct, frozen=True):
    """What the configuration of a firewall shows of addresses."""

    own: AddressSet
    """Its own, without those that it publishes; none of one on a host, whose addresses are the host's."""
    ends: AddressSet
    """The first and last ones of the networks that its interfaces are in, but for its own ones."""
    translated: Mapping[End, AddressSet]
    """Those that it may rewrite at one end of a packet."""
    hidden: Mapping[Range, AddressSet]
    """Sources that share others with more hosts after it, by the ports from which it may have to choose
    another one for them."""
    filters_after: bool
    """Whether its own lists see packets as they leave."""


def read(place: SiteFirewall, firewall: Firewall) -> Addresses:
    """Read the addresses of a firewall, once for all demands: its rules may be many."""
    rewritten = list(_rewritten(firewall))
    translated: dict[End, AddressSet] = {
        "source": join([each.sources for each in rewritten if each.end == "source"]),
        "destination": join([each.destinations for each in rewritten if each.end == "destination"])}
    hiding = [each for each in rewritten if each.end == "source" and each.chooses]
    hidden = {ports: join([each.sources for each in hiding if each.other_ports == ports])
              for ports in {each.other_ports for each in hiding}}
    published = join([translated["destination"], *(line.mapped for line in firewall.translations
                                                   if line.opened_by != "hosts")])
    own = join([each.addresses for each in firewall.interfaces]) if not place.host else NOWHERE
    return Addresses(own - published, network_ends(firewall) - own - published, translated, hidden,
                     firewall.lists_before_translation)


class _Rewritten(Struct, frozen=True):
    """Packets of which one end may be rewritten."""

    end: End
    sources: AddressSet
    destinations: AddressSet
    chooses: bool
    """Whether hosts may not each get an address of their own."""
    other_ports: Range = OTHER_PORTS


def _rewritten(firewall: Firewall) -> Iterator[_Rewritten]:
    for line in firewall.translations:
        if not line.keeps:
            yield _Rewritten(line.end, line.sources, line.destinations,
                             bool(line.because) or _chooses(line.effect), line.other_ports)
    for chain in firewall.chains.values():
        for rule in special(chain.rules):
            if isinstance(rule.effect, Translate):
                yield _Rewritten(rule.effect.end, rule.sources, rule.destinations, _chooses(rule.effect))


def _chooses(effect: Translate | None) -> bool:
    return effect is not None and effect.offset is None and not effect.shifted


def network_ends(firewall: Firewall) -> AddressSet:
    """The first and last addresses of the networks that its interfaces are in."""
    return join([single(Family.V4, IntervalSet.of((number, number))) for network in _networks(firewall)
                 for number in network.addresses.ranges[0]])


def _networks(firewall: Firewall) -> Iterator[Route]:
    """The networks with addresses of their own that interfaces of a firewall are in."""
    for route in firewall.routes:
        at = firewall.interface(route.interface)
        near = (route.metric == 0 or firewall.on_host) and not route.beyond
        connected = near and at and at.addresses.of(route.family).overlaps(route.addresses)
        if connected and route.family is Family.V4 and route.length <= _LONGEST:
            yield route
