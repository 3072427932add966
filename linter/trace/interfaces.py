"""By which interface one packet enters or leaves a firewall that routes: its own look-up, address by address.

Which routes are not to be relied on, and the sentence that says so, is shared with the proof.
"""

from __future__ import annotations

from msgspec import Struct

from aclproof.linter.proof import route_lookup
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import Family
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
    routes = [route for route in firewall.routes if route.family is family and _covers(route, address)]
    if not routes:
        return Lookup("", route_lookup.no_route(firewall, role, family,
                                                IntervalSet.of((address, address))))
    longest = max(route.length for route in routes)
    routes = [route for route in routes if route.length == longest]
    lowest = min(route.metric for route in routes)
    routes = [route for route in routes if route.metric == lowest]
    name = routes[0].interface
    because = routing.why_uncertain(firewall, routes) or route_lookup.without_address(firewall, name, family)
    return Lookup(name, because, longest > 0, any(route.down for route in routes))


def _covers(route: Route, address: int) -> bool:
    host_bits = route.family.last.bit_length() - route.length
    return address >> host_bits == route.network >> host_bits
