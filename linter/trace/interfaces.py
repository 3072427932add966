"""By which interface one packet enters or leaves a firewall that routes: its own look-up, address by address.

Which routes are not to be relied on, and the sentence that says so, is shared with the proof.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.linter.proof import route_lookup
from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.once import by_firewall
from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import Family, write
from aclproof.parsers.model.firewall import Firewall, Route
from aclproof.parsers.model.intervals import IntervalSet


class Lookup(Struct, frozen=True):
    """The interface that an address is reached by."""

    interface: str
    because: str = ""
    """Why the interface is not known; empty where it is."""
    certain: bool = True
    """Whether no default route leads there."""
    down: bool = False
    """Whether its link is shown to be down."""


def interface_towards(firewall: Firewall, place: SiteFirewall, role: str, family: Family,
                      address: int) -> Lookup:
    """Look an address up: what the site file says of its role, else the longest prefix, then the metric."""
    if role in place.interfaces:
        named = place.interfaces[role]
        return Lookup(named, route_lookup.without_address(firewall, named, family))
    if not firewall.interfaces:
        return Lookup("", route_lookup.unbound(firewall, role))
    return _routes(firewall).lookup(family, address) or Lookup("", route_lookup.no_route(
        firewall, role, family, IntervalSet.of((address, address))))


def named(firewall: Firewall, who: str, name: str) -> Lookup:
    """The interface that somebody names: that says where packets pass, not that its link is up."""
    shown_down = name in {each.name for each in firewall.interfaces if each.down}
    return Lookup(name, routing.at_link_down(who, name) if shown_down else "", down=shown_down)


def of_host(firewall: Firewall, family: Family, address: int) -> Lookup | None:
    """Look up the link of a host's own address, or of its network; None where none that is down has it."""
    at = [each for each in firewall.interfaces if address in each.addresses.of(family)]
    if not at:
        found = _routes(firewall).lookup(family, address)
        return found if found and found.down and found.certain else None
    if not all(each.down for each in at):
        return None
    return Lookup(at[0].name, routing.at_link_down(write(family, address), at[0].name), down=True)


class _Routes:
    """The routes of a firewall, by the length and the bits of their networks."""

    def __init__(self, firewall: Firewall) -> None:
        self._firewall = firewall
        self._lookups: dict[tuple[Family, int, int], Lookup] = {}
        self._routes: dict[Family, dict[int, dict[int, list[Route]]]] = {family: {} for family in Family}
        for route in firewall.routes:
            host_bits = route.family.last.bit_length() - route.length
            same_length = self._routes[route.family].setdefault(host_bits, {})
            same_length.setdefault(route.network >> host_bits, []).append(route)
        self._longest_first = {family: sorted(routes.items()) for family, routes in self._routes.items()}

    def lookup(self, family: Family, address: int) -> Lookup | None:
        """Look an address up; None where no route leads there."""
        for host_bits, networks in self._longest_first[family]:
            routes = networks.get(address >> host_bits)
            if routes:
                key = family, host_bits, address >> host_bits
                found = self._lookups.get(key)
                if found is None:
                    found = self._lookups[key] = self._best(routes)
                return found
        return None

    def _best(self, routes: Sequence[Route]) -> Lookup:
        """The routes to one network with the lowest metric."""
        lowest = min(route.metric for route in routes)
        routes = [route for route in routes if route.metric == lowest]
        name = routes[0].interface
        because = routing.why_uncertain(self._firewall, routes) or route_lookup.without_address(
            self._firewall, name, routes[0].family)
        of_a_network = routes[0].length > 1  # neither the default route nor a half of it
        return Lookup(name, because, of_a_network, any(route.down for route in routes))


_routes = by_firewall(_Routes)
