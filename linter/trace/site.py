"""One packet along a site: from firewall to firewall, each of which sees what the one before made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from aclproof.linter.demands.demands import answer
from aclproof.linter.proof import neighbour_discovery
from aclproof.linter.site import paths
from aclproof.linter.site.site import Site
from aclproof.linter.trace.first_packet import Asked, Station, ask
from aclproof.linter.trace.later_packets import follow_on
from aclproof.linter.trace.records import Ends, Hop, Kind, Trace, one_for_all
from aclproof.linter.trace.representatives import one, only, standing_for
from aclproof.parsers.model.addresses import NOWHERE, Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box, Packet

_LOST = "it could not be followed so far"
_TOO_MANY = "with which of many addresses or ports it comes here"


def follow(site: Site, firewalls: Mapping[str, Firewall], ends: Ends, packet: Packet, kind: Kind,
           as_of: date | None = None) -> Trace:
    """Follow a packet between two roles; `firewalls` by the names of the site.

    `ends` are those of the connection: who opens it, and to whom. An answer is that to the connection as
    its asker sees it, and comes back through the same firewalls. What one firewall stops is shown at the
    later ones as if it had passed, so that one trace names every line.
    """
    first = only(answer(one(packet))) if kind == "reply" else packet
    listener = ends.demand.requirement.listener if ends.demand else ""
    context = Context(site.facts, as_of, listener)
    goal = site.roles.get(ends.destination, NOWHERE)
    hops: list[Hop] = []
    box: Box | None = one(first)
    path = ends.demand.path if ends.demand else paths.between(site, ends.near, ends.source, ends.destination)
    for place in path.firewalls:
        firewall = firewalls[place.name]
        trouble = neighbour_discovery.trouble(firewall) if first.family is Family.V6 else ""
        station = Station(place, firewall, ends, context, goal, trouble)
        packets = standing_for(box, firewall, site.facts) if box else []
        found = [ask(station, each) for each in packets or ()]
        lost = _LOST if box is None else _TOO_MANY
        hops.append(_hop(station, found, kind) if found else Hop(
            place.name, firewall, first, "unseen", because=(lost,)))
        box = _onward(box, found) if box and found else None
    return Trace(packet, kind, hops[::-1] if kind == "reply" else hops, ends, path.doubt)


def _hop(station: Station, found: Sequence[Asked], kind: Kind) -> Hop:
    if kind == "request":
        return one_for_all([each.hop(station) for each in found])
    return one_for_all([follow_on(station, each, kind) for each in found])


def _onward(box: Box, found: Sequence[Asked]) -> Box | None:
    """What the next firewall gets; None where that is not known."""
    if all(each.left == one(each.packet) for each in found):
        return box
    left = {each.left for each in found}
    return left.pop() if len(left) == 1 else None
