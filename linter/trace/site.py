"""One packet along a site: from firewall to firewall, each of which sees what the one before made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from aclproof.linter.demands.demands import answer
from aclproof.linter.proof.neighbour_discovery import Neighbours
from aclproof.linter.site import paths
from aclproof.linter.site.site import Site
from aclproof.linter.trace.first_packet import FirstPacket, trace_first_packet
from aclproof.linter.trace.later_packets import trace_later_packet
from aclproof.linter.trace.order import firewalls_in_order
from aclproof.linter.trace.records import Connection, Hop, Kind, Trace, merge_hops
from aclproof.linter.trace.representatives import box_of, lowest_packet, representatives
from aclproof.linter.trace.scene import Scene
from aclproof.parsers.model.addresses import NOWHERE
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box, Packet
from aclproof.reason import Reason

_UNTRACEABLE = Reason("it could not be followed so far")
_TOO_MANY = Reason("with which of many addresses or ports it comes here")


def follow(site: Site, firewalls: Mapping[str, Firewall], connection: Connection, packet: Packet,
           kind: Kind, as_of: date | None = None) -> Trace:
    """Follow a packet between two roles; `firewalls` by the names of the site.

    A reply answers the connection as its opener sees it, and comes back through the same firewalls. What
    one firewall stops is shown at the later ones as if it had passed, so that one trace names every line.
    """
    first = lowest_packet(answer(box_of(packet))) if kind == "reply" else packet
    listener = connection.demand.requirement.listener if connection.demand else ""
    context = Context(site.facts, as_of, listener)
    goal = site.roles.get(connection.destination, NOWHERE)
    hops: list[Hop] = []
    box: Box | None = box_of(first)
    order = firewalls_in_order(site, connection.nears, connection.source, connection.destination)
    for place in order or ():
        firewall = firewalls[place.name]
        no_neighbours = Neighbours(firewall, context, place.host).reason_unreachable(
            (connection.source, connection.destination), box_of(first))
        scene = Scene(place, firewall, connection, context, goal, no_neighbours,
                      [firewalls[each.name] for each in order[:order.index(place)]] if order else ())
        packets = representatives(box, firewall, site.facts) if box else []
        found = [trace_first_packet(scene, candidate) for candidate in packets or ()]
        reason = _UNTRACEABLE if box is None else _TOO_MANY
        hops.append(_hop(scene, found, kind) if found else Hop(
            place.name, firewall, first, "unseen", because=(reason,)))
        box = _forwarded(box, found) if box and found else None
    gap = paths.between(site, connection.nears, connection.source, connection.destination).doubt
    assert order is not None or gap, "an unknown order is a gap for check as well"
    return Trace(packet, kind, hops[::-1] if kind == "reply" else hops, connection, gap)


def _hop(scene: Scene, found: Sequence[FirstPacket], kind: Kind) -> Hop:
    if kind == "request":
        return merge_hops([first.hop(scene) for first in found])
    return merge_hops([trace_later_packet(scene, first, kind) for first in found])


def _forwarded(box: Box, found: Sequence[FirstPacket]) -> Box | None:
    """What the next firewall gets; None where that is not known."""
    if all(first.left == box_of(first.packet) for first in found):
        return box
    left = {first.left for first in found}
    return left.pop() if len(left) == 1 else None
