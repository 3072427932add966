"""One packet through one firewall, by the walker that shares no code with the sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import parsers
from linter.demands import Leg
from linter.engine.packets import Box, Packet
from linter.engine.walk import Walk, walk
from linter.paths import Unplaced, crossings
from linter.site import FirewallPlace
from parsers.model.conditions import Context
from parsers.model.firewall import Firewall
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Stage


@dataclass(frozen=True, slots=True)
class Trace:
    """What one packet meets."""

    packet: Packet
    way: str
    walk: Walk | None
    """None when its way through the firewall is not known."""
    because: str = ""


def trace(firewall: Firewall, packet: Packet, *, ingress: str = "", egress: str = "", acl: str = "",
          reply: bool = False, listener: str = "", as_of: date | None = None) -> Trace:
    """Walk `packet` through the firewall, by the named interfaces or list or else by the routes.

    KeyError for an interface or a list that the firewall does not have.
    """
    stages: tuple[Stage, ...]
    if acl:
        stages, way = parsers.through(firewall, acl), f"access-list {acl}"
    else:
        named = {role: name for role, name in (("source", ingress), ("destination", egress)) if name}
        leg = Leg("reply" if reply else "request", "source", "destination", (_box(packet),))
        crossing = next(iter(crossings(firewall, FirewallPlace("", (), named), leg)))
        if isinstance(crossing, Unplaced):
            return Trace(packet, "", None, crossing.because)
        stages, way = crossing.stages, crossing.way
    context = Context(as_of=as_of, listener=listener, reply=reply)
    return Trace(packet, way, walk(stages, firewall.chains, packet, context))


def _box(packet: Packet) -> Box:
    axes = (packet.source, packet.destination, packet.source_port, packet.destination_port)
    source, destination, source_port, destination_port = (IntervalSet.of((n, n)) for n in axes)
    return Box(packet.family, packet.protocol, source, destination, source_port, destination_port)
