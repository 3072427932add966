"""Packets behind the first one of a connection, at one firewall: answers, and what the asking side adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof import hooked
from aclproof.linter.proof.routed import Beside, Segment, Unplaced, segments
from aclproof.linter.trace.first_packet import (
    FirstPacket,
    Scene,
    original_ends,
    trace_through,
    translating_rules,
)
from aclproof.linter.trace.records import Hop, Kind, merge_hops
from aclproof.linter.trace.representatives import box_of, first_packet, representatives
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, UNTRACKED, Context
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import TCP

_SYN, _ACK, _PSH, _FIN = 0x02, 0x10, 0x08, 0x01
_LATER = frozenset({_ACK, _PSH | _ACK, _FIN | _ACK})
FLAGS = {"reply": _LATER | {_SYN | _ACK}, "follow-up": _LATER}
"""Of the TCP packets behind the first one: each of these some packet carries."""
_UNKNOWN = frozenset({NEW, ESTABLISHED, INVALID})
"""States of a packet whose connection may not have been tracked from its start."""
SESSION = "it belongs to a session that the firewall keeps: no rule is asked"


def trace_later_packet(scene: Scene, asked: FirstPacket, kind: Kind) -> Hop:
    """Follow a later packet of a connection whose first packet fared so; `kind` is not `request`."""
    firewall = scene.firewall
    comes, goes = asked.packet, first_packet(asked.left) if asked.left else asked.seen
    if kind == "reply":
        comes, goes = first_packet(answer(box_of(goes))), first_packet(answer(box_of(comes)))
    hop = Hop(scene.place.name, firewall, comes, "permit", left=goes, translated_by=asked.lines)
    if not isinstance(asked.placed, Segment):
        return replace(hop, verdict=asked.verdict, because=asked.because)
    if not firewall.on_host:
        if comes.protocol in firewall.stateful:
            return replace(hop, because=(SESSION,))
        return _answer_by_routes(scene, asked, asked.placed, hop)
    if kind == "reply":
        return _answer_on_host(scene, asked, asked.placed, hop)
    return _follow_up_on_host(scene, asked, asked.placed, hop)


def _answer_by_routes(scene: Scene, asked: FirstPacket, placed: Segment, hop: Hop) -> Hop:
    """An answer that is asked for like any other packet, because the firewall keeps no session for it."""
    context = replace(scene.context, reply=True, states=frozenset({ESTABLISHED}), flags=FLAGS["reply"])
    back = answer(asked.left if placed.early and asked.left else box_of(asked.seen))
    packets = representatives(back, scene.firewall, context.facts)
    if packets is None:
        return replace(hop, verdict="undecided", because=("which address the request had here",), left=None)
    return merge_hops([by_routes(scene, each, context, hop) for each in packets])


def by_routes(scene: Scene, packet: Packet, context: Context, hop: Hop) -> Hop:
    """Follow an answer that rules decide about."""
    leg = Leg("reply", scene.connection.destination, scene.connection.source, (box_of(packet),))
    placed, = segments(scene.firewall, scene.place, leg)
    if isinstance(placed, Unplaced):
        return replace(hop, verdict="undecided", because=(placed.because,), left=None)
    if isinstance(placed, Beside):
        return replace(hop, verdict="beside" if placed.certain else "undecided")
    seen = trace_packet(placed.stages, scene.firewall.chains, packet, context)
    return hop.by(placed).judged(seen)


def _answer_on_host(scene: Scene, asked: FirstPacket, placed: Segment, hop: Hop) -> Hop:
    """An answer has to pass the filters before its translation is undone, and those behind."""
    because: list[str] = []
    way, context = _way(asked), _behind(scene, asked, "reply")
    for segment in hooked.replies(scene.firewall, placed, way):
        packets = representatives(segment.box, scene.firewall, context.facts)
        walks = [trace_through(scene.firewall, segment, each, context) for each in packets or ()]
        if segment.some:
            if not walks or any(each.verdict != "permit" for each in walks):
                because.append("some packets to these addresses are stopped, and which of them are answers "
                               "is not in the file")
            continue
        for seen in walks:
            if hop.packet_trace is None or hop.verdict == "permit":
                hop = hop.by(segment).judged(seen)
            if way.translations and UNTRACKED in seen.context.states:
                because.append("the answers are kept out of connection tracking, so nothing undoes for them "
                               f"the translation that line {way.translations[0].line} does to the request")
    if because and hop.verdict == "permit":
        hop = replace(hop, verdict="undecided")
    return _unasked(replace(hop, because=tuple(because)))


def _unasked(hop: Hop) -> Hop:
    """Say why a packet passes that no filter asks about."""
    silent = hop.packet_trace is not None and not hop.packet_trace.steps and not hop.because
    return replace(hop, because=(SESSION,)) if silent else hop


def _follow_up_on_host(scene: Scene, asked: FirstPacket, placed: Segment, hop: Hop) -> Hop:
    context = _behind(scene, asked, "follow-up", frozenset(_answered(scene, asked, placed)))
    for segment in hooked.follow_ups(scene.firewall, placed, _way(asked)):
        hop = hop.by(segment).judged(trace_through(scene.firewall, segment, asked.packet, context))
    return _unasked(hop)


def _answered(scene: Scene, asked: FirstPacket, placed: Segment) -> Iterator[str]:
    """The states that the answers leave in."""
    context = _behind(scene, asked, "reply")
    for segment in hooked.replies(scene.firewall, placed, _way(asked)):
        for packet in representatives(segment.box, scene.firewall, context.facts) or ():
            yield from trace_through(scene.firewall, segment, packet, context).context.states


def _way(asked: FirstPacket) -> ForwardedFlow:
    assert asked.packet_trace is not None
    rules: tuple[Rule, ...] = (*translating_rules(asked.packet_trace, "destination"),
                               *translating_rules(asked.packet_trace, "source"))
    return ForwardedFlow(box_of(asked.packet), box_of(asked.packet_trace.packet),
                         asked.packet_trace.context, rules)


def _behind(scene: Scene, asked: FirstPacket, kind: Kind, answers: frozenset[str] = frozenset()) -> Context:
    """What is known of later packets from the way of the first one."""
    assert asked.packet_trace is not None
    known = asked.packet_trace.context
    if known.states != {NEW}:
        states = _UNKNOWN
    elif UNTRACKED not in answers:
        states = frozenset({ESTABLISHED})
    elif answers == {UNTRACKED}:  # nothing was seen to answer: a bare ACK behind a SYN is invalid
        states = frozenset({INVALID if asked.packet.protocol == TCP else NEW})
    else:
        states = _UNKNOWN
    return replace(scene.context, reply=kind == "reply", states=states, flags=FLAGS[kind],
                   connection_mark=known.connection_mark, translated=known.translated,
                   source_translated=known.source_translated, original=original_ends(asked.packet))
