"""Between which roles of a site a packet goes, and which demand it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from aclproof.linter.demands.demands import Demand, answer
from aclproof.linter.site import paths
from aclproof.linter.site.site import Site
from aclproof.linter.trace.records import Connection, Kind
from aclproof.linter.trace.representatives import box_of, first_packet
from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.packets import Packet


class NoRoleError(Exception):
    """A packet cannot be placed in a site: an end plays no role, or several on different ways, or the
    packet answers nothing. The text says what to do."""


@dataclass(frozen=True, slots=True)
class PacketRoles:
    """A packet's ends, and which packet of a connection it is."""

    connection: Connection
    kind: Kind


def find_roles(site: Site, demands: Sequence[Demand], packet: Packet, *, near: str = "",
               later: bool = False, answers: bool = False, source: str = "",
               destination: str = "") -> PacketRoles:
    """Find the demand that a packet belongs to, else roles that hold its addresses.

    A `later` packet is of a connection that is open; with `answers` it comes back from the side that was
    asked. The site counts its firewalls from the role `near`. `source` and `destination` name the roles of
    the packet itself, where addresses do not tell. NoRoleError when nothing tells.
    """
    kinds: Sequence[Kind] = ("reply",) if answers else ("follow-up", "reply") if later else ("request",)
    for kind in kinds:
        asked = _asked(packet) if kind == "reply" else packet
        opener, listener = (destination, source) if kind == "reply" else (source, destination)
        for demand in demands:
            ends = Connection(demand.request.source, demand.request.destination, demand)
            if opener in ("", ends.source) and listener in ("", ends.destination) and any(
                    asked in box for box in demand.request.boxes):
                return PacketRoles(ends, kind)
    kind = kinds[-1]
    roles = [_roles(site, packet, end, name) for end, name in (("source", source),
                                                               ("destination", destination))]
    openers, listeners = roles[::-1] if kind == "reply" else roles
    found = list(product(openers, listeners))
    ways = {paths.between(site, near, *pair).names for pair in found}
    if len(ways) > 1:
        words = ", ".join(f"{opener} to {listener}" for opener, listener in found)
        raise NoRoleError(f"the way of this packet depends on the roles of its ends ({words}): say which "
                          "with --from ROLE and --to ROLE")
    return PacketRoles(Connection(found[0][0], found[0][1], near=near), kind)


def _asked(packet: Packet) -> Packet:
    """The packet that this one answers."""
    try:
        return first_packet(answer(box_of(packet)))
    except KeyError:
        raise NoRoleError(f"{packet}: of ICMP only echo requests are answered") from None


def _roles(site: Site, packet: Packet, end: str, named: str) -> list[str]:
    if named:
        return [named]
    number = packet.source if end == "source" else packet.destination
    found = [role for role, known in site.roles.items() if number in known.of(packet.family)]
    if not found:
        option = "--from" if end == "source" else "--to"
        raise NoRoleError(f"{write(packet.family, number)} plays no role of this site: say with {option} "
                          "ROLE as which role it counts")
    return found
