"""Packets after the first of a connection, at one firewall: replies, and what the opener sends later."""

from __future__ import annotations

from collections.abc import Iterator, Set

from msgspec.structs import replace

from aclproof.linter.demands.demands import answer
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof import hooked
from aclproof.linter.proof.routed import Segment
from aclproof.linter.trace import connection_tracking
from aclproof.linter.trace.connection_tracking import Tracked, tcp_flags
from aclproof.linter.trace.first_packet import (
    FirstPacket,
    original_ends,
    trace_both_ways,
    trace_through,
    translating_rules,
)
from aclproof.linter.trace.notices import states_in_zone
from aclproof.linter.trace.records import Hop, Kind, merge_hops
from aclproof.linter.trace.representatives import box_of, lowest_packet, representatives
from aclproof.linter.trace.routed import NotCrossing, Routed, Unroutable, route_reply
from aclproof.linter.trace.scene import Scene
from aclproof.linter.trace.tracer import PacketTrace
from aclproof.parsers.model.conditions import ESTABLISHED, UNTRACKED, Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import Recorded
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Rule
from aclproof.reason import Reason

SESSION = Reason("it belongs to a session that the firewall keeps: no rule is asked")


def trace_later_packet(scene: Scene, first: FirstPacket, kind: Kind) -> Hop:
    """Trace a later packet of the connection that `first` opens; `kind` is not `request`."""
    firewall = scene.firewall
    comes, goes = first.packet, lowest_packet(first.left) if first.left else first.filtered
    if kind == "reply":
        comes, goes = lowest_packet(answer(box_of(goes))), lowest_packet(answer(box_of(comes)))
    hop = Hop(scene.place.name, firewall, comes, "permit", left=goes, translated_by=first.lines)
    placed = first.placed
    if isinstance(placed, Unroutable | NotCrossing):
        return replace(hop, verdict=first.verdict, because=first.because)
    if isinstance(placed, Segment):
        return _reply_on_host(scene, first, placed, hop) if kind == "reply" else \
            _follow_up_on_host(scene, first, placed, hop)
    if comes.protocol in firewall.stateful:
        return replace(hop, because=(SESSION,))
    return _routed_reply(scene, first, hop)


def _routed_reply(scene: Scene, first: FirstPacket, hop: Hop) -> Hop:
    """A reply that meets the rules like any other packet, because the firewall keeps no session for it."""
    context = routed_reply_context(scene.context)
    as_sent = box_of(first.filtered)
    if scene.firewall.lists_before_translation:  # with an address that the file may not show
        as_sent = first.left or replace(as_sent, sources=IntervalSet.of((0, as_sent.family.last)))
    packets = representatives(answer(as_sent), scene.firewall, context.facts)
    if packets is None:
        because = Reason("which address the request had here")
        return replace(hop, verdict="undecided", because=(because,), left=None)
    request = first.placed if isinstance(first.placed, Routed) else None
    return merge_hops([trace_routed_reply(scene, packet, context, hop, request) for packet in packets])


def routed_reply_context(context: Context) -> Context:
    """What is known of a reply at a firewall that keeps no session for it."""
    return replace(context, reply=True, states=frozenset({ESTABLISHED}), flags=tcp_flags("reply"))


def trace_routed_reply(scene: Scene, packet: Packet, context: Context, hop: Hop,
                       request: Routed | None = None) -> Hop:
    """Trace a reply through the stages of a firewall that routes, back by the way of its request."""
    placed = route_reply(scene, packet, request)
    left = box_of(hop.left) if request and hop.left else None
    if left is None and not scene.firewall.translations:
        left = box_of(packet)
    match placed:
        case Unroutable():
            return replace(hop, verdict="undecided", because=(placed.because,), left=None)
        case NotCrossing():
            return replace(hop, verdict="beside" if placed.certain else "undecided")
        case Routed():
            trace = trace_both_ways(replace(scene, context=context), placed.stages, packet, left)
            return hop.through(placed.way, placed.transit).decided(trace)


def _reply_on_host(scene: Scene, first: FirstPacket, placed: Segment, hop: Hop) -> Hop:
    """A reply has to pass the filters before its translation is undone, and those after it."""
    because: list[str] = []
    context = _later_context(scene, first, "reply", _tracked(first).reply_states())
    forwarded = _forwarded(first)
    expected = {rule.line for rule in forwarded.translations}
    for segment in hooked.replies(scene.firewall, placed, forwarded):
        packets = representatives(segment.box, scene.firewall, context.facts)
        traces = [trace_through(scene.firewall, segment, packet, context) for packet in packets or ()]
        fates = {trace.verdict for trace in traces}
        if segment.some and fates != {"deny"}:
            if fates != {"permit"}:
                because.append(Reason("some packets to these addresses are stopped, and which of them are "
                                      "answers is not in the file"))
            continue
        for trace in traces:
            if hop.packet_trace is None or hop.verdict == "permit":
                hop = hop.through(segment.way, segment.transit).decided(trace)
            if forwarded.translations and UNTRACKED in trace.context.states:
                because.append(Reason("the answers are kept out of connection tracking, so nothing undoes "
                                      "for them the translation that line {line} does to the request",
                                      line=scene.firewall.number(forwarded.translations[0].line)))
            because += _taken_for_new(scene.firewall, trace, expected)
    if because and hop.verdict == "permit":
        hop = replace(hop, verdict="undecided")
    return _with_session(replace(hop, because=tuple(because)))


def _with_session(hop: Hop) -> Hop:
    """Say why a packet passes that meets no rule."""
    silent = hop.packet_trace is not None and not hop.packet_trace.steps and not hop.because
    return replace(hop, because=(SESSION,)) if silent else hop


def _taken_for_new(firewall: Firewall, trace: PacketTrace, expected: Set[int]) -> Iterator[str]:
    """What translates a later packet that did not translate the first one: another connection to the
    kernel."""
    rules = (*translating_rules(trace, "destination"), *translating_rules(trace, "source"))
    for line in [rule.line for rule in rules if rule.line not in expected]:
        yield Reason("these packets may be taken for the first of another connection, which line {line} "
                     "translates", line=firewall.number(line))


def _follow_up_on_host(scene: Scene, first: FirstPacket, placed: Segment, hop: Hop) -> Hop:
    replied = _tracked(first).after_replies(frozenset(_states_of_replies(scene, first, placed)))
    context = _later_context(scene, first, "follow-up", replied.follow_up_states())
    forwarded = _forwarded(first)
    expected = {rule.line for rule in forwarded.translations}
    for segment in hooked.follow_ups(scene.firewall, placed, forwarded):
        trace = trace_through(scene.firewall, segment, first.packet, context)
        hop = hop.through(segment.way, segment.transit).decided(trace)
        strange = tuple(_taken_for_new(scene.firewall, trace, expected))
        if forwarded.translations and UNTRACKED in trace.context.states:
            strange += (Reason("later packets are kept out of connection tracking, so the translation that "
                               "line {line} does to the first one is not done to them",
                               line=scene.firewall.number(forwarded.translations[0].line)),)
        if strange and hop.verdict == "permit":
            hop = replace(hop, verdict="undecided", because=strange)
    return _with_session(hop)


def _states_of_replies(scene: Scene, first: FirstPacket, placed: Segment) -> Iterator[str]:
    """The states in which replies may leave."""
    context = _later_context(scene, first, "reply", _tracked(first).reply_states())
    for segment in hooked.replies(scene.firewall, placed, _forwarded(first)):
        for packet in representatives(segment.box, scene.firewall, context.facts) or ():
            yield from trace_through(scene.firewall, segment, packet, context).context.states


def _tracked(first: FirstPacket) -> Tracked:
    assert first.packet_trace is not None
    return connection_tracking.opened(first.packet.protocol, first.packet_trace.context.states)


def _forwarded(first: FirstPacket) -> ForwardedFlow:
    """The first packet before and after, as placing later packets on hooks needs it."""
    trace = first.packet_trace
    assert trace is not None
    rules: tuple[Rule, ...] = (*translating_rules(trace, "destination"), *translating_rules(trace, "source"))
    return ForwardedFlow(box_of(first.packet), box_of(trace.packet), trace.context, rules)


def _later_context(scene: Scene, first: FirstPacket, kind: Kind, states: frozenset[str]) -> Context:
    """What is known of later packets: facts, and what the first packet left on its connection."""
    assert first.packet_trace is not None
    known = first.packet_trace.context
    recorded = Recorded(states, known.zones[kind == "reply"])
    states = states_in_zone(recorded, 0)
    return replace(scene.context, reply=kind == "reply", states=states, flags=tcp_flags(kind),
                   recorded=recorded,
                   connection_mark=known.connection_mark, translated=known.translated,
                   source_translated=known.source_translated, source_changed=known.source_changed,
                   original=original_ends(first.packet))
