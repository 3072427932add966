"""One packet through one firewall, without a site: its way is named, or told by the routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from aclproof import parsers
from aclproof.linter.proof import hooked
from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.first_packet import Scene, original_ends, trace_first_packet, translating_rules
from aclproof.linter.trace.later_packets import FLAGS, SESSION, by_routes
from aclproof.linter.trace.records import Connection, Hop
from aclproof.linter.trace.representatives import box_of
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import NOWHERE, single
from aclproof.parsers.model.conditions import ESTABLISHED, Context
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Rule, Stage

_ENDS = Connection("source", "destination")


def trace(firewall: Firewall, packet: Packet, *, ingress: str = "", egress: str = "", acl: str = "",
          hook: Hook = "forward", profile: str = "", reply: bool = False, listener: str = "",
          as_of: date | None = None) -> Hop:
    """Walk `packet` through the firewall, by the named interfaces or list or else by the routes.

    `hook` says where it passes a firewall that runs on a host; a reply belongs to a connection that was let
    through. KeyError for an interface or a list that the firewall does not have.
    """
    context = Context(as_of=as_of, listener=listener, reply=reply)
    if reply:
        context = replace(context, states=frozenset({ESTABLISHED}), flags=FLAGS["reply"])
    hop = Hop(firewall.name, firewall, packet, "permit", left=packet)
    if acl:
        way = acl if firewall.on_host else f"access-list {acl}"
        seen = trace_packet(parsers.through(firewall, acl), firewall.chains, packet, context)
        return replace(hop, way=way).judged(seen)
    if firewall.on_host:
        return _on_host(hop, Transit(packet.family, ingress or None, egress or None, hook, profile=profile),
                        context)
    named = {role: name for role, name in (("source", ingress), ("destination", egress)) if name}
    scene = Scene(SiteFirewall(firewall.name, (), named), firewall, _ENDS, context)
    if not reply:
        return trace_first_packet(scene, packet).hop(scene)
    if packet.protocol in firewall.stateful:
        return replace(hop, because=(SESSION,))
    back = replace(scene, connection=Connection(_ENDS.destination, _ENDS.source))
    return by_routes(back, packet, context, hop)


def _on_host(hop: Hop, transit: Transit, context: Context) -> Hop:
    firewall, packet = hop.firewall, hop.packet
    box = box_of(packet)
    own = NOWHERE
    if transit.hook != "forward":
        own = single(packet.family, box.destinations if transit.hook == "input" else box.sources)

    def reroute(changed: Packet, rule: Rule) -> Sequence[Stage]:
        return parsers.stages(firewall, replace(hooked.behind(transit, box_of(changed), rule, own),
                                                translated=True))

    seen = trace_packet(parsers.stages(firewall, transit), firewall.chains, packet,
                replace(context, original=original_ends(packet)), own, reroute)
    rules = translating_rules(seen, "destination") if seen.packet != packet else []
    return replace(hop, way=hooked.said(transit), transit=transit, left=seen.packet,
                   translated_by=tuple(rule.line for rule in rules)).judged(seen)
