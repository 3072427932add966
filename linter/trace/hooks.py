"""By which hook and interfaces the first packet of a connection passes a firewall that runs on a host."""

from __future__ import annotations

from aclproof.linter.demands.demands import Leg
from aclproof.linter.proof import hooked
from aclproof.linter.trace.interfaces import interface_towards
from aclproof.linter.trace.routed import Unroutable
from aclproof.linter.trace.scene import Scene
from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.packets import Packet


def way_through_host(scene: Scene, packet: Packet) -> Transit | Unroutable:
    """Say it as the site file says of the packet's roles, else by the longest prefix; an interface is None
    where neither says it."""
    firewall, place, connection = scene.firewall, scene.place, scene.connection
    hook = hooked.hook_of(place, Leg("request", connection.source, connection.destination, ()))
    assert hook is not None
    ends: list[str | None] = []
    for role, address, used in ((connection.source, packet.source, hook != "output"),
                                (connection.destination, packet.destination, hook != "input")):
        if role in place.interfaces or not (used and firewall.routes):
            ends.append(place.interfaces.get(role))
            continue
        found = interface_towards(firewall, place, role, packet.family, address)
        if found.interface and firewall.interface(found.interface) is None \
                and role == connection.destination:
            return Unroutable(found.because)
        ends.append(None if found.because else found.interface)
    by_routes = bool(firewall.routes) and connection.destination not in place.interfaces
    ingress, egress = ends
    return Transit(packet.family, ingress, egress, hook, profile=place.profile, by_routes=by_routes)
