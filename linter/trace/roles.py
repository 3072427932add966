"""Between which roles of a site a packet goes, and which demand it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from msgspec import Struct

from aclproof.linter.demands.demands import Demand, answer
from aclproof.linter.site.site import Site
from aclproof.linter.trace.order import firewalls_in_order
from aclproof.linter.trace.records import Connection, Kind
from aclproof.linter.trace.representatives import box_of, lowest_packet
from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.packets import Packet
from aclproof.reason import Reason


class NoRoleError(Exception):
    """The connection of a packet is not found in a site: an end plays no role, or several on different
    paths, or the packet answers nothing. The text says what to do."""


class SitePacket(Struct, frozen=True):
    """A packet, and what its sender says of it besides."""

    packet: Packet
    later: bool = False
    """It belongs to a connection that is open."""
    reply: bool = False
    """It answers the opener of the connection."""
    source: str = ""
    """The role that its source counts as; empty where the addresses decide."""
    destination: str = ""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Which packet of a connection it may be."""
        if self.reply:
            return ("reply",)
        return ("follow-up", "reply") if self.later else ("request",)


class PacketRoles(Struct, frozen=True):
    """The connection of a packet, and which of its packets it is."""

    connection: Connection
    kind: Kind


def find_roles(site: Site, demands: Sequence[Demand], sent: SitePacket, nears: Sequence[str]) -> PacketRoles:
    """Find the demand that a packet belongs to, else roles that hold its addresses; NoRoleError without.

    `nears` are the near roles of the site's packs.
    """
    for kind in sent.kinds:
        first = _answered(sent.packet) if kind == "reply" else sent.packet
        roles = (sent.destination, sent.source) if kind == "reply" else (sent.source, sent.destination)
        for demand in demands:
            if _needs(demand, first, *roles):
                request = demand.request
                return PacketRoles(Connection(request.source, request.destination, demand, tuple(nears)),
                                   kind)
    kind = sent.kinds[-1]
    sources = _roles(site, sent.packet, "source", sent.source)
    destinations = _roles(site, sent.packet, "destination", sent.destination)
    pairs = list(product(destinations, sources) if kind == "reply" else product(sources, destinations))
    orders = [firewalls_in_order(site, nears, *pair) for pair in pairs]
    if any(order != orders[0] for order in orders):
        words = ", ".join(f"{opener} to {listener}" for opener, listener in pairs)
        raise NoRoleError(Reason("the way of this packet depends on the roles of its ends ({words}): say "
                                 "which with --from ROLE and --to ROLE", words=words))
    return PacketRoles(Connection(*pairs[0], nears=tuple(nears)), kind)


def _needs(demand: Demand, first: Packet, opener: str, listener: str) -> bool:
    """Whether the demand needs a connection with this first packet; a role that is not named is any."""
    request = demand.request
    return (opener in ("", request.source) and listener in ("", request.destination)
            and any(first in box for box in request.boxes))


def _answered(packet: Packet) -> Packet:
    """The packet that this one answers."""
    try:
        return lowest_packet(answer(box_of(packet)))
    except KeyError:
        raise NoRoleError(Reason("{packet}: of ICMP only echo requests are answered",
                                 packet=packet)) from None


def _roles(site: Site, packet: Packet, end: str, named: str) -> list[str]:
    if named:
        return [named]
    number = packet.source if end == "source" else packet.destination
    found = [role for role, known in site.roles.items() if number in known.of(packet.family)]
    if not found:
        option = "--from" if end == "source" else "--to"
        raise NoRoleError(Reason("{family} plays no role of this site: say with {option} ROLE as which "
                                 "role it counts", family=write(packet.family, number), option=option))
    return found
