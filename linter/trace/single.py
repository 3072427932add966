"""One packet through one firewall, without a site: interfaces are named, or found by the routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.demands.demands import answer
from aclproof.linter.proof import hooked
from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace import connection_tracking, interfaces
from aclproof.linter.trace.connection_tracking import tcp_flags
from aclproof.linter.trace.first_packet import original_ends, trace_first_packet, translating_rules
from aclproof.linter.trace.interfaces import Lookup, interface_towards
from aclproof.linter.trace.later_packets import SESSION, routed_reply_context, trace_routed_reply
from aclproof.linter.trace.notices import states_in_zone
from aclproof.linter.trace.once import own_addresses
from aclproof.linter.trace.once import stages as stages_of
from aclproof.linter.trace.records import Connection, Hop
from aclproof.linter.trace.representatives import box_of, lowest_packet
from aclproof.linter.trace.scene import Scene
from aclproof.linter.trace.tracer import PacketTrace, trace_packet
from aclproof.parsers.model.addresses import NOWHERE, single, write
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, Context, Fact
from aclproof.parsers.model.effects import CopyMark, SetMark, TrackIn, Translate, Untrack
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.packet_conditions import Recorded
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Rule, Stage
from aclproof.reason import Reason


class Question(Struct, frozen=True):
    """What is said of a packet when there is no site file to say it."""

    ingress: str = ""
    """The interface by which it comes in; empty where the routes decide."""
    egress: str = ""
    acl: str = ""
    """The only list to trace through; empty for the whole firewall."""
    hook: Hook = "forward"
    """Where it passes a firewall that runs on a host."""
    profile: str = ""
    reply: bool = False
    """Whether it belongs to a connection that was let through, and answers it."""
    listener: str = ""
    as_of: date | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """What is known of the configuration besides."""


NOTHING_SAID = Question()


def trace(firewall: Firewall, packet: Packet, question: Question = NOTHING_SAID) -> Hop:
    """Trace a packet through the firewall, by the named interfaces or list or else by the routes.

    KeyError for an interface or a list that the firewall does not have.
    """
    context = Context(question.facts, question.as_of, question.listener, question.reply)
    if question.reply:
        context = replace(context, states=frozenset({ESTABLISHED}), flags=tcp_flags("reply"))
    hop = Hop(firewall.name, firewall, packet, "permit", left=packet)
    if question.acl:
        way = question.acl if firewall.on_host else Reason("access-list {acl}", acl=question.acl)
        stages = parsers.through(firewall, question.acl)
        return replace(hop, way=way).decided(trace_packet(stages, firewall.chains, packet, context))
    if firewall.on_host:
        transit = _way(firewall, packet, question)
        if isinstance(transit, Lookup):
            return replace(hop, verdict="undecided", because=(transit.because,), left=None)
        return _reply_on_host(hop, transit, context) if question.reply else _on_host(hop, transit, replace(
            context, original=original_ends(packet)))
    return _routed(hop, question, context)


def _routed(hop: Hop, question: Question, context: Context) -> Hop:
    """The packet's own source and destination are the roles; a reply's opener is its destination."""
    named = {"source": question.ingress, "destination": question.egress}
    place = SiteFirewall(hop.name, (), {role: name for role, name in named.items() if name})
    roles = ("destination", "source") if question.reply else ("source", "destination")
    scene = Scene(place, hop.firewall, Connection(*roles), context)
    if not question.reply:
        return trace_first_packet(scene, hop.packet).hop(scene)
    if hop.packet.protocol in hop.firewall.stateful:
        return replace(hop, because=(SESSION,))
    return trace_routed_reply(scene, hop.packet, routed_reply_context(context), hop)


def _way(firewall: Firewall, packet: Packet, question: Question) -> Transit | Lookup:
    """By the interfaces that are named, else by the longest prefix of the routes that were given; the look-up
    where none leads there."""
    place = SiteFirewall(firewall.name, ())
    itself = packet.destination in own_addresses(firewall).of(packet.family)
    hook: Hook = "input" if itself and question.hook == "forward" else question.hook
    ends: list[str | None] = []
    for named, address, used in ((question.ingress, packet.source, hook != "output"),
                                 (question.egress, packet.destination, hook != "input")):
        link = None if used or question.hook == "forward" else interfaces.of_host(
            firewall, packet.family, address)
        if named:
            link = link or interfaces.named(firewall, write(packet.family, address), named)
        if link and link.down:
            return link
        if named or not used or not firewall.routes:
            ends.append(named or None)
            continue
        found = interface_towards(firewall, place, "", packet.family, address)
        if found.down:
            return found
        if not found.interface and packet.family in firewall.all_routes:
            option = "--egress" if ends else "--ingress"
            return Lookup("", Reason("no route that is shown leads to {some}; name the interface: {option}",
                                     some=write(packet.family, address), option=option))
        ends.append(None if found.because else found.interface)
    ingress, egress = ends
    return Transit(packet.family, ingress, egress, hook, profile=question.profile,
                   by_routes=not question.egress)


def _on_host(hop: Hop, transit: Transit, context: Context) -> Hop:
    found = _walk(hop.firewall, hop.packet, transit, context)
    rules = translating_rules(found, "destination") if found.packet != hop.packet else []
    return replace(hop, way=hooked.describe(hop.firewall, transit), transit=transit, left=found.packet,
                   translated_by=tuple(rule.line for rule in rules)).decided(found)


def _walk(firewall: Firewall, packet: Packet, transit: Transit, context: Context) -> PacketTrace:
    box = box_of(packet)
    own = NOWHERE
    if transit.hook != "forward":
        own = single(packet.family, box.destinations if transit.hook == "input"
                     else hooked.LOOPBACK[packet.family])

    def reroute(changed: Packet, rule: Rule) -> Sequence[Stage]:
        after = hooked.after_translation(firewall, transit, box_of(changed), rule, own)
        if changed.destination != packet.destination:
            after = replace(after, egress=None)  # routing decides again, and a dump holds no routes
        return stages_of(firewall, replace(after, translated=True))

    return trace_packet(stages_of(firewall, transit), firewall.chains, packet, context, own, reroute)


_BACK: Mapping[Hook, Hook] = {"forward": "forward", "input": "output", "output": "input"}


def _reply_on_host(hop: Hop, transit: Transit, context: Context) -> Hop:
    """A reply is in the state, and has the marks, that the request left on the connection."""
    request = lowest_packet(answer(box_of(hop.packet)))
    back = replace(transit, ingress=transit.egress, egress=transit.ingress, hook=_BACK[transit.hook])
    asking = replace(context, reply=False, states=frozenset({NEW}), flags=tcp_flags("request"),
                     original=original_ends(request))
    asked = _walk(hop.firewall, request, back, asking)
    if asked.verdict != "permit" or asked.packet != request or asked.diverted:
        return _on_host(hop, transit, _without_request(hop.firewall, context))
    known = asked.context
    recorded = Recorded(connection_tracking.opened(request.protocol, known.states).reply_states(),
                        known.zones[1])
    found = _on_host(hop, transit, replace(
        context, states=states_in_zone(recorded, 0), recorded=recorded, original=asking.original,
        connection_mark=known.connection_mark, translated=known.translated,
        source_translated=known.source_translated, source_changed=known.source_changed))
    if found.verdict != "permit" or (found.left == hop.packet and known.source_translated is False):
        return found
    because = Reason("which address the reply has here, as its request may be translated")
    return replace(found, verdict="undecided", because=(because,), left=None)


def _without_request(firewall: Firewall, context: Context) -> Context:
    """What is known of a reply whose request these rules do not surely let through as it was sent."""
    effects = {type(rule.effect) for chain in firewall.chains.values() for rule in special(chain.rules)}
    states = frozenset({NEW, ESTABLISHED, INVALID} if effects & {Untrack, TrackIn} else {ESTABLISHED})
    translated = None if Translate in effects else False
    return replace(context, states=states, recorded=Recorded(states, None if TrackIn in effects else 0),
                   connection_mark=None if effects & {SetMark, CopyMark} else 0,
                   translated=translated, source_translated=translated, source_changed=translated)
