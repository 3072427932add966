"""By which hook and interfaces the first packet of a connection passes a firewall that runs on a host."""

from __future__ import annotations

from aclproof.linter.demands.demands import Leg
from aclproof.linter.proof import hooked
from aclproof.linter.proof.route_lookup import beside_key, hands_over, one_side
from aclproof.linter.trace import interfaces
from aclproof.linter.trace.interfaces import interface_towards
from aclproof.linter.trace.once import own_addresses
from aclproof.linter.trace.routed import NotCrossing, Unroutable
from aclproof.linter.trace.scene import Scene
from aclproof.parsers.model.addresses import Family, write
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet
from aclproof.reason import Reason


def way_through_host(scene: Scene, packet: Packet) -> Transit | Unroutable | NotCrossing:
    """Say it as the site file says of the packet's roles, else by the longest prefix; an interface is None
    where neither says it."""
    firewall, place, connection = scene.firewall, scene.place, scene.connection
    hook = hooked.hook_of(place, Leg("request", connection.source, connection.destination, ()))
    if hook == "forward":
        if because := _not_forwarded(firewall, packet):
            return Unroutable(because)
        if packet.destination in _own(firewall, packet):
            hook = "input"
    ends: list[str | None] = []
    certain: list[bool] = []
    for role, address, used in ((connection.source, packet.source, hook != "output"),
                                (connection.destination, packet.destination, hook != "input")):
        link = None if used or role not in place.host else interfaces.of_host(
            firewall, packet.family, address)
        if role in place.interfaces:
            link = link or interfaces.named(firewall, role, place.interfaces[role])
        if link and link.down:
            return Unroutable(link.because)
        if role in place.interfaces or not (used and firewall.routes):
            ends.append(place.interfaces.get(role))
            continue
        found = interface_towards(firewall, place, role, packet.family, address)
        if found.down or (not found.interface and packet.family in firewall.all_routes):
            return Unroutable(found.because)
        ends.append(None if found.because else found.interface)
        certain.append(found.certain)
    ingress, egress = ends
    if hook == "forward" and ingress and ingress == egress and certain == [True, True]:
        return _beside(scene, packet, ingress)
    return Transit(packet.family, ingress, egress, hook, profile=place.profile,
                   by_routes=connection.destination not in place.interfaces, to_router=not place.host)


def _beside(scene: Scene, packet: Packet, interface: str) -> NotCrossing | Unroutable:
    """It passes beside the router where the site file says so, and no firewall before hands it over."""
    to = IntervalSet.of((packet.destination, packet.destination))
    stated = scene.context.facts.get(beside_key(scene.place.name, interface)) is True
    if stated and not hands_over(scene.before, scene.firewall, packet.family, to):
        return NotCrossing(interface, True)
    return Unroutable(one_side(scene.place.name, interface))


def _own(firewall: Firewall, packet: Packet) -> IntervalSet:
    return own_addresses(firewall).of(packet.family)


def _not_forwarded(firewall: Firewall, packet: Packet) -> str:
    """Why a router does not get a packet from another host for another one; empty where it may."""
    if packet.source in _own(firewall, packet):
        return Reason("the source is an address of the firewall itself, whose packets pass OUTPUT, not "
                      "FORWARD")
    for route in firewall.routes:
        at = firewall.interface(route.interface)
        network = route.addresses
        host_bits = route.family.last.bit_length() - route.length
        if route.family is packet.family is Family.V4 and host_bits > 1 and not route.beyond and at \
                and at.addresses.of(route.family).overlaps(network):
            for number in (packet.source, packet.destination):
                if number in network.ranges[0] and number not in _own(firewall, packet):
                    return Reason("no host has {some}: the network or broadcast address of a network that "
                                  "the firewall is in", some=write(packet.family, number))
    return ""
