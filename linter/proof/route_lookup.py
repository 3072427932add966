"""Which interfaces lead to a role: the firewall's routes decide, the site file overrides."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from aclproof.linter.engine import algebra
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import Family, join, spell_few
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.routed_to import RoutedTo
from aclproof.reason import OR, Reason, joined


def interfaces_towards(firewall: Firewall, place: SiteFirewall, role: str, family: Family,
                       addresses: IntervalSet) -> list[RoutedTo]:
    """Cut addresses by interface: the longest prefix wins, as in the firewall's own table."""
    named = place.interfaces.get(role)
    if named is not None:
        return [RoutedTo(named, addresses, without_address(firewall, named, family))]
    if not firewall.interfaces:
        return [RoutedTo("", addresses, unbound(firewall, role))]
    found, rest = routing.interfaces_towards(firewall, family, addresses)
    if rest:
        found.append(RoutedTo("", rest, no_route(firewall, role, family, rest)))
    return [_with_address(firewall, family, each) for each in routing.by_interface(found)]


def by_translation(firewall: Firewall, place: SiteFirewall, role: str, family: Family,
                   addresses: IntervalSet, leave: str) -> list[RoutedTo]:
    """Cut addresses that a line of translation sends out by an interface: those to which no route by it leads
    are dropped (message 110003), unless the site file says that their role is there.

    At a bridge, or in a firewall that does not route, none are asked.
    """
    known, named = firewall.interface(leave), place.interfaces.get(role)
    if named not in (None, leave, known and known.bridge):
        reason = Reason("this line sends them out by {interface}, and the site file has the role '{role}' at "
                        "{named}", interface=leave, role=role, named=named)
        return [RoutedTo(leave, addresses, reason)]
    routed = known is not None and not (known.bridge or firewall.is_bridge(leave)) and bool(
        known.addresses or known.dynamic)
    nothing = without_address(firewall, leave, family)
    asked = routed and not (named or nothing)
    there = addresses & routing.led_to(firewall, family, leave) if asked else addresses
    ways = [RoutedTo(leave, there, nothing), _lost(firewall, role, family, addresses - there, leave)]
    return [way for way in ways if way.addresses]


def _lost(firewall: Firewall, role: str, family: Family, addresses: IntervalSet, leave: str) -> RoutedTo:
    """Packets that are sent where no route leads; a route that the file does not show may."""
    some, known = spell_few(family, addresses), firewall.interface(leave)
    learns = known is None or known.dynamic
    if learns or firewall.placement_doubt or {"dynamic-routing", "unread-route"} & firewall.options.keys():
        return RoutedTo(leave, addresses, Reason(
            "no route of {name} leads to {some} by {interface}, where this line sends them, and not all of "
            "its routes are known; name the interface: 'interfaces: {{{role}: {interface}}}'",
            name=firewall.name, some=some, interface=leave, role=role))
    return RoutedTo(leave, addresses, refused=Reason(
        "this line sends packets to {some} out by {interface}, and no route leads there by it (message "
        "110003)", some=some, interface=leave))


def _with_address(firewall: Firewall, family: Family, way: RoutedTo) -> RoutedTo:
    reason = "" if way.reason else without_address(firewall, way.interface, family)
    return replace(way, reason=reason) if reason else way


def by_tunnel(firewall: Firewall, box: Box, interface: str) -> tuple[list[Box], list[Box]]:
    """Cut packets between hosts behind one interface: those of tunnels that end there, and all others."""
    far = routing.in_tunnels(firewall, box.family, interface)
    others = replace(box, sources=box.sources - far)
    cut = ([replace(box, sources=box.sources & far), replace(others, destinations=box.destinations & far)],
           [replace(others, destinations=box.destinations - far)])
    inside, outside = ([each for each in part if each.size] for part in cut)
    for sources, destinations in routing.turning(firewall, interface, box.family, box.sources,
                                                 box.destinations):
        turn = replace(box, sources=sources, destinations=destinations)
        inside += [met for part in outside if (met := part & turn)]
        outside = algebra.minus(outside, [turn])
    return inside, outside


def hands_over(others: Iterable[Firewall], firewall: Firewall, family: Family,
               destinations: IntervalSet) -> bool:
    """Return whether a route of another firewall to some of these addresses has this one as its gateway.

    What that one forwards there crosses this one, whatever its own routes say of where it came from.
    """
    own = join(each.addresses for each in firewall.interfaces).of(family)
    ways = (way for other in others for way in routing.interfaces_towards(other, family, destinations)[0])
    return any(gateway in own for way in ways for gateway in way.gateways)


def unbound(firewall: Firewall, role: str) -> str:
    """Why no interface is known where the file has none."""
    if not firewall.lists and firewall.placement_doubt:
        return firewall.placement_doubt.because
    lists = sorted(firewall.lists)
    return Reason("the file binds its lists to no interface; say which list filters the traffic: "
                  "'acl: {{{role}: {lists}}}'", role=role, lists=lists[0] if lists else "NAME")


def across_bridge(firewall: Firewall, interface: str) -> str:
    """Why it is not known whether packets between hosts behind one bridge cross the firewall."""
    ports = joined(OR, (each.name for each in firewall.interfaces if each.bridge == interface))
    return Reason("both ends are behind the bridge {interface}, and by which of its ports is not in the "
                  "file; name the interfaces: {ports}", interface=interface, ports=ports)


def beside_key(firewall: str, interface: str) -> str:
    """Return the fact that packets between hosts behind one interface of a firewall pass none at all."""
    return f"beside {firewall} at {interface}"


def one_side(name: str, interface: str) -> Reason:
    """Why it is not known whether packets come to a router that routes to both of their ends alike."""
    return Reason("whether packets between hosts that interface {interface} of {name} leads to pass no "
                  "firewall: {name} would forward those that come to it; where none is between these roles "
                  "at all, 'paths' says so", interface=interface, name=name)


def no_route(firewall: Firewall, role: str, family: Family, addresses: IntervalSet) -> str:
    """Why no interface is known for addresses that no route covers."""
    return Reason("no interface or route of {name} leads to {some}; name the interface: 'interfaces: "
                  "{{{role}: NAME}}'", name=firewall.name, some=spell_few(family, addresses), role=role)


def without_address(firewall: Firewall, interface: str, family: Family) -> str:
    """Why nothing of a family passes an interface: it has no address of it; empty where it has."""
    known = firewall.interface(interface)
    if known is None or family not in known.without:
        return ""
    return Reason("interface {name} has no address in the file, and nothing passes one without",
                  name=interface)


def turned_back(interface: str) -> Reason:
    """Why it is not known what becomes of packets that translation sends back where they came from."""
    return Reason("whether packets pass that come in by {interface} and leave by it again, to a host that "
                  "this line translates", interface=interface)
