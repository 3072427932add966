"""One packet through one firewall, by the walker that shares no code with the sets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import parsers
from linter import hooks
from linter.crossings import Beside, Unplaced, crossings
from linter.demands import Leg
from linter.engine.packets import Box, Packet
from linter.engine.walk import Walk, walk
from linter.site import FirewallPlace
from parsers.model.addresses import NOWHERE, single
from parsers.model.conditions import ESTABLISHED, Context, Ends
from parsers.model.firewall import Firewall, Hook, Passage
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Rule, Stage


@dataclass(frozen=True, slots=True)
class Trace:
    """What one packet meets."""

    packet: Packet
    way: str
    walk: Walk | None
    """None when its way through the firewall is not known."""
    because: str = ""


def trace(firewall: Firewall, packet: Packet, *, ingress: str = "", egress: str = "", acl: str = "",
          hook: Hook = "forward", profile: str = "", reply: bool = False, listener: str = "",
          as_of: date | None = None) -> Trace:
    """Walk `packet` through the firewall, by the named interfaces or list or else by the routes.

    `hook` says where it passes a firewall that runs on a host; a reply belongs to a connection that was let
    through. KeyError for an interface or a list that the firewall does not have.
    """
    stages: tuple[Stage, ...]
    context = Context(as_of=as_of, listener=listener, reply=reply)
    if reply:
        context = replace(context, states=frozenset({ESTABLISHED}), flags=frozenset({_SYN_ACK, _ACK}))
    if acl:
        stages, way = parsers.through(firewall, acl), acl if firewall.on_host else f"access-list {acl}"
    elif firewall.on_host:
        passage = Passage(packet.family, ingress or None, egress or None, hook, profile=profile)
        return _on_host(firewall, packet, passage, context)
    else:
        named = {role: name for role, name in (("source", ingress), ("destination", egress)) if name}
        leg = Leg("reply" if reply else "request", "source", "destination", (_box(packet),))
        crossing = next(iter(crossings(firewall, FirewallPlace("", (), named), leg)))
        if isinstance(crossing, Unplaced):
            return Trace(packet, "", None, crossing.because)
        if isinstance(crossing, Beside):
            return Trace(packet, "", None, f"both ends lie behind interface {crossing.interface}, so the "
                                           "packet does not cross the firewall; name the interfaces")
        stages, way, packet = crossing.stages, crossing.way, crossing.seen.witness()
    return Trace(packet, way, walk(stages, firewall.chains, packet, context))


_SYN_ACK, _ACK = 0x12, 0x10


def _on_host(firewall: Firewall, packet: Packet, passage: Passage, context: Context) -> Trace:
    box = _box(packet)
    own = NOWHERE
    if passage.hook != "forward":
        own = single(packet.family, box.destinations if passage.hook == "input" else box.sources)

    def onward(changed: Packet, rule: Rule) -> tuple[Stage, ...]:
        return parsers.stages(firewall, replace(hooks.behind(passage, _box(changed), rule, own),
                                                translated=True))

    context = replace(context, original=Ends(box.sources, box.destinations, box.source_ports,
                                             box.destination_ports))
    return Trace(packet, hooks.said(passage), walk(parsers.stages(firewall, passage), firewall.chains, packet,
                                                   context, own, onward))


def _box(packet: Packet) -> Box:
    axes = (packet.source, packet.destination, packet.source_port, packet.destination_port)
    source, destination, source_port, destination_port = (IntervalSet.of((n, n)) for n in axes)
    return Box(packet.family, packet.protocol, source, destination, source_port, destination_port)
