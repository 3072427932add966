"""Packets behind the first one of a connection, at one firewall: answers, and what the asking side adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine.tracer import walk
from aclproof.linter.engine.traverse import Way
from aclproof.linter.proof import hooked
from aclproof.linter.proof.routed import Beside, Crossing, Unplaced, crossings
from aclproof.linter.trace.first_packet import Asked, Station, came, through, translating
from aclproof.linter.trace.records import Hop, Kind, one_for_all
from aclproof.linter.trace.representatives import one, only, standing_for
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, UNTRACKED, Context
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import TCP

_SYN, _ACK, _PSH, _FIN = 0x02, 0x10, 0x08, 0x01
_LATER = frozenset({_ACK, _PSH | _ACK, _FIN | _ACK})
FLAGS = {"reply": _LATER | {_SYN | _ACK}, "follow-up": _LATER}
"""Of the TCP packets behind the first one: each of these some packet carries."""
_UNKNOWN = frozenset({NEW, ESTABLISHED, INVALID})
"""States of a packet whose connection may not have been tracked from its start."""
SESSION = Reason("it belongs to a session that the firewall keeps: no rule is asked")


def follow_on(station: Station, asked: Asked, kind: Kind) -> Hop:
    """Follow a later packet of a connection whose first packet fared so; `kind` is not `request`."""
    firewall = station.firewall
    comes, goes = asked.packet, only(asked.left) if asked.left else asked.seen
    if kind == "reply":
        comes, goes = only(answer(one(goes))), only(answer(one(comes)))
    hop = Hop(station.place.name, firewall, comes, "permit", left=goes, translated_by=asked.lines)
    if not isinstance(asked.placed, Crossing):
        return replace(hop, verdict=asked.verdict, because=asked.because)
    if not firewall.on_host:
        if comes.protocol in firewall.stateful:
            return replace(hop, because=(SESSION,))
        return _answer_by_routes(station, asked, asked.placed, hop)
    if kind == "reply":
        return _answer_on_host(station, asked, asked.placed, hop)
    return _follow_up_on_host(station, asked, asked.placed, hop)


def _answer_by_routes(station: Station, asked: Asked, placed: Crossing, hop: Hop) -> Hop:
    """An answer that is asked for like any other packet, because the firewall keeps no session for it."""
    context = replace(station.context, reply=True, states=frozenset({ESTABLISHED}), flags=FLAGS["reply"])
    back = answer(asked.left if placed.early and asked.left else one(asked.seen))
    packets = standing_for(back, station.firewall, context.facts)
    if packets is None:
        because = Reason("which address the request had here")
        return replace(hop, verdict="undecided", because=(because,), left=None)
    return one_for_all([by_routes(station, each, context, hop) for each in packets])


def by_routes(station: Station, packet: Packet, context: Context, hop: Hop) -> Hop:
    """Follow an answer that rules decide about."""
    leg = Leg("reply", station.ends.destination, station.ends.source, (one(packet),))
    placed, = crossings(station.firewall, station.place, leg)
    if isinstance(placed, Unplaced):
        return replace(hop, verdict="undecided", because=(placed.because,), left=None)
    if isinstance(placed, Beside):
        return replace(hop, verdict="beside" if placed.certain else "undecided")
    seen = walk(placed.stages, station.firewall.chains, packet, context)
    return hop.by(placed).judged(seen)


def _answer_on_host(station: Station, asked: Asked, placed: Crossing, hop: Hop) -> Hop:
    """An answer has to pass the filters before its translation is undone, and those behind."""
    because: list[str] = []
    way, context = _way(asked), _behind(station, asked, "reply")
    for crossing in hooked.replies(station.firewall, placed, way):
        packets = standing_for(crossing.box, station.firewall, context.facts)
        walks = [through(station.firewall, crossing, each, context) for each in packets or ()]
        if crossing.some:
            if not walks or any(each.verdict != "permit" for each in walks):
                because.append(Reason("some packets to these addresses are stopped, and which of them are "
                                      "answers is not in the file"))
            continue
        for seen in walks:
            if hop.walk is None or hop.verdict == "permit":
                hop = hop.by(crossing).judged(seen)
            if way.translations and UNTRACKED in seen.context.states:
                because.append(Reason("the answers are kept out of connection tracking, so nothing undoes "
                                      "for them the translation that line {line} does to the request",
                                      line=way.translations[0].line))
    if because and hop.verdict == "permit":
        hop = replace(hop, verdict="undecided")
    return _unasked(replace(hop, because=tuple(because)))


def _unasked(hop: Hop) -> Hop:
    """Say why a packet passes that no filter asks about."""
    silent = hop.walk is not None and not hop.walk.steps and not hop.because
    return replace(hop, because=(SESSION,)) if silent else hop


def _follow_up_on_host(station: Station, asked: Asked, placed: Crossing, hop: Hop) -> Hop:
    context = _behind(station, asked, "follow-up", frozenset(_answered(station, asked, placed)))
    for crossing in hooked.follow_ups(station.firewall, placed, _way(asked)):
        hop = hop.by(crossing).judged(through(station.firewall, crossing, asked.packet, context))
    return _unasked(hop)


def _answered(station: Station, asked: Asked, placed: Crossing) -> Iterator[str]:
    """The states that the answers leave in."""
    context = _behind(station, asked, "reply")
    for crossing in hooked.replies(station.firewall, placed, _way(asked)):
        for packet in standing_for(crossing.box, station.firewall, context.facts) or ():
            yield from through(station.firewall, crossing, packet, context).context.states


def _way(asked: Asked) -> Way:
    assert asked.walk is not None
    rules: tuple[Rule, ...] = (*translating(asked.walk, "destination"), *translating(asked.walk, "source"))
    return Way(one(asked.packet), one(asked.walk.packet), asked.walk.context, rules)


def _behind(station: Station, asked: Asked, kind: Kind, answers: frozenset[str] = frozenset()) -> Context:
    """What is known of later packets from the way of the first one."""
    assert asked.walk is not None
    known = asked.walk.context
    if known.states != {NEW}:
        states = _UNKNOWN
    elif UNTRACKED not in answers:
        states = frozenset({ESTABLISHED})
    elif answers == {UNTRACKED}:  # nothing was seen to answer: a bare ACK behind a SYN is invalid
        states = frozenset({INVALID if asked.packet.protocol == TCP else NEW})
    else:
        states = _UNKNOWN
    return replace(station.context, reply=kind == "reply", states=states, flags=FLAGS[kind],
                   connection_mark=known.connection_mark, translated=known.translated,
                   source_translated=known.source_translated, original=came(asked.packet))
