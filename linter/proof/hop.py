"""Evaluates every flow at one firewall: requests, then the replies and follow-ups they imply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine import changes
from aclproof.linter.engine.budget import Budget, OverBudgetError, part_of
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.relevant import RulesByChain, every_rule, relevant
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof import hooked
from aclproof.linter.proof.dcom import doubt_dcom
from aclproof.linter.proof.incoming import IncomingFlow
from aclproof.linter.proof.near.records import Blocked, Near, Needed
from aclproof.linter.proof.near.search import near_misses
from aclproof.linter.proof.neighbour_discovery import Neighbours
from aclproof.linter.proof.original_ends import original_ends
from aclproof.linter.proof.records import Finding, Judged, Proof
from aclproof.linter.proof.route_lookup import beside_key, hands_over
from aclproof.linter.proof.routed import (
    Bypassing,
    Placed,
    Segment,
    Unplaced,
    replies,
    segments,
)
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, UNTRACKED, Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packet_conditions import Recorded
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import TCP
from aclproof.reason import Reason

_SYN, _ACK, _PSH, _FIN = 0x02, 0x10, 0x08, 0x01
_LATER = frozenset({_ACK, _PSH | _ACK, _FIN | _ACK})
_FLAGS = {"request": frozenset({_SYN}), "follow-up": _LATER, "reply": _LATER | {_SYN | _ACK}}
_UNKNOWN_STATES = frozenset({NEW, ESTABLISHED, INVALID})
"""Of a packet whose connection may not have been tracked from its start."""
_MOST_BLOCKED = 2
"""Of what one line stops, so many boxes are compared with other rules."""
TOO_MUCH = Reason("whether these packets pass: its rules branch so often that the evaluation was given up; "
                  "check fewer addresses or methods at a time")
_MOST_LINES = 256
"""So many of the lines that stop a part are compared with other rules: it is a hint, and decides nothing."""


class Hop(Struct, frozen=True):
    """A firewall of the site, and what is known besides its configuration."""

    place: SiteFirewall
    firewall: Firewall
    known: Context
    """The user's facts, and the date as of which time ranges are evaluated."""
    work: Budget
    """Of all firewalls of the site together."""
    firewalls: Mapping[str, Firewall] = field(default_factory=dict)
    """All of the site, by their names in it."""


class _Packets(Struct, frozen=True):
    """Packets of one leg that are placed alike, and what is known of them."""

    incoming: IncomingFlow
    leg: Leg
    placed: Placed
    context: Context
    request: ForwardedFlow | None = None
    """How the request was forwarded that they belong to, where they are not its own."""


class _Evaluated(Struct, frozen=True):
    """Packets with their proof."""

    packets: _Packets
    proof: Proof
    forwarded: Sequence[ForwardedFlow]
    """How the rules forward them, even where a reply is not proven for another reason."""


def prove_at_hop(hop: Hop, flows: Sequence[IncomingFlow]) -> list[Proof]:
    """Prove every leg of all flows that come to one firewall: one pass over each chain for all of them."""
    requests = _evaluate(hop, list(_requests(hop, flows)))
    if hop.firewall.on_host:
        replies = _evaluate(hop, list(_replies(hop, requests)))
        follow_ups = _evaluate(hop, list(_follow_ups(hop, requests, replies)))
    else:
        replies = _evaluate(hop, list(_replies_without_session(hop, requests)))
        follow_ups = []
    return [each.proof for each in (*requests, *replies, *follow_ups)]


# What comes to the firewall


def _requests(hop: Hop, flows: Sequence[IncomingFlow]) -> Iterator[_Packets]:
    neighbours = Neighbours(hop.firewall, hop.known, hop.place.host)
    for flow in flows:
        leg = flow.request
        for placed in _place(hop, leg):
            unreachable = neighbours.reason_unreachable((leg.source, leg.destination), placed.box)
            if unreachable:
                yield _Packets(flow, leg, Unplaced(placed.box, unreachable), hop.known)
            context = _context(hop, flow, leg, frozenset({NEW}))
            yield _Packets(flow, leg, placed, replace(context, original=original_ends(placed.box)))


def _place(hop: Hop, leg: Leg) -> Iterable[Placed]:
    if hop.firewall.on_host:
        return hooked.requests(hop.firewall, hop.place, leg)
    return segments(hop.firewall, hop.place, leg)


def _replies_without_session(hop: Hop, requests: Sequence[_Evaluated]) -> Iterator[_Packets]:
    """Replies that the firewall does not let pass with the session."""
    for request in requests:
        segment, flow = request.packets.placed, request.packets.incoming
        if not isinstance(segment, Segment) or segment.box.protocol in hop.firewall.stateful:
            continue
        sent = segment.as_leaving if segment.early else segment.as_filtered
        forwarded = ForwardedFlow(segment.box, sent, request.packets.context)
        for leg in flow.legs:
            if leg.kind == "reply":
                context = _context(hop, flow, leg, frozenset({ESTABLISHED}))
                answers = replace(leg, boxes=(answer(sent),))
                for placed in replies(hop.firewall, hop.place, answers, segment):
                    yield _Packets(flow, leg, placed, context, forwarded)


def _replies(hop: Hop, requests: Sequence[_Evaluated]) -> Iterator[_Packets]:
    for request in requests:
        for forwarded in request.forwarded:
            tracked = forwarded.context.states == {NEW}
            states = frozenset({ESTABLISHED}) if tracked else _UNKNOWN_STATES
            recorded = Recorded(states, forwarded.context.zones[1])
            yield from _later(hop, request.packets, "reply", forwarded, recorded)


def _follow_ups(hop: Hop, requests: Sequence[_Evaluated],
                replies: Sequence[_Evaluated]) -> Iterator[_Packets]:
    """A connection is established only when its reply was tracked."""
    reply_states: dict[int, set[str]] = {}
    for reply in replies:
        states_of = reply_states.setdefault(id(reply.packets.request), set())
        for forwarded in reply.forwarded:
            states_of |= forwarded.context.states
    for request in requests:
        for forwarded in request.forwarded:
            states = _later_states(forwarded, reply_states.get(id(forwarded), set()))
            recorded = Recorded(states, forwarded.context.zones[0])
            yield from _later(hop, request.packets, "follow-up", forwarded, recorded)


def _later_states(request: ForwardedFlow, replies: set[str]) -> frozenset[str]:
    """The states of packets after the first one, by those of the request and of its replies."""
    if request.context.states != {NEW}:
        return _UNKNOWN_STATES
    if replies <= {ESTABLISHED}:
        return frozenset({ESTABLISHED})
    if replies == {UNTRACKED}:  # tracking met no answer: a bare ACK after a SYN is invalid
        return frozenset({INVALID if request.before.protocol == TCP else NEW})
    return _UNKNOWN_STATES


def _later(hop: Hop, request: _Packets, kind: str, forwarded: ForwardedFlow,
           recorded: Recorded) -> Iterator[_Packets]:
    """Place the later packets of one kind that belong to a request, whose connection is recorded so."""
    place = hooked.replies if kind == "reply" else hooked.follow_ups
    if not isinstance(request.placed, Segment):
        return
    for leg in request.incoming.legs:
        if leg.kind == kind:
            first = forwarded.context
            states = changes.looked_up(recorded, _DEFAULT_ZONE)
            context = replace(_context(hop, request.incoming, leg, states), recorded=recorded,
                              connection_mark=first.connection_mark, translated=first.translated,
                              source_translated=first.source_translated, source_changed=first.source_changed,
                              original=original_ends(forwarded.before))
            for segment in place(hop.firewall, request.placed, forwarded):
                yield _Packets(request.incoming, leg, segment, context, forwarded)


def _context(hop: Hop, flow: IncomingFlow, leg: Leg, states: frozenset[str]) -> Context:
    return replace(hop.known, listener=flow.demand.requirement.listener, reply=leg.kind == "reply",
                   states=states, flags=_FLAGS[leg.kind])


_DEFAULT_ZONE = 0
"""In which a packet is looked up until a rule names another one."""


# What the firewall does with it


def _evaluate(hop: Hop, packets: Sequence[_Packets]) -> list[_Evaluated]:
    rules_of = _relevant_rules(hop.firewall, packets)
    evaluated: list[_Evaluated] = []
    blocked: list[tuple[int, Blocked]] = []
    for number, part in enumerate(packets):
        finding: Finding
        if isinstance(part.placed, Segment):
            finding, forwarded, stopped = _judge(hop, part, part.placed, rules_of[number])
            blocked += [(number, each) for each in stopped]
        else:
            finding, forwarded = _confirmed(hop, part, part.placed), ()
        proof = Proof(hop.place.name, hop.firewall, part.incoming, part.leg, finding, part.request)
        evaluated.append(_Evaluated(part, proof, forwarded))
    return _with_near_misses(hop.firewall, evaluated, blocked)


def _confirmed(hop: Hop, packets: _Packets, placed: Unplaced | Bypassing) -> Unplaced | Bypassing:
    if not isinstance(placed, Bypassing):
        return placed
    names = [each.name for each in packets.incoming.demand.path.firewalls]
    before = [hop.firewalls[name] for name in names[:names.index(hop.place.name)]]
    stated = hop.known.facts.get(beside_key(hop.place.name, placed.interface)) is True
    certain = stated if placed.turns_back else placed.certain
    if certain and hands_over(before, hop.firewall, placed.box.family, placed.box.destinations):
        certain = False
    return replace(placed, certain=certain, confirmed=stated)


def _judge(hop: Hop, packets: _Packets, segment: Segment,
           rules: RulesByChain) -> tuple[Finding, Sequence[ForwardedFlow], list[Blocked]]:
    """Evaluate the rules on one segment: what is found, what is forwarded, and which requests are stopped."""
    context = packets.context
    try:
        with part_of(hop.work):
            outcome, forwarded = segment.evaluate(rules, context)
    except OverBudgetError:
        return Unplaced(segment.box, TOO_MUCH), (), []
    blocked: list[Blocked] = []
    needed = Needed(segment.as_filtered, segment.stages, context, segment.box,
                    packets.incoming.demand.same_service)
    if packets.leg.kind == "request":
        for denial in outcome.denials[:_MOST_LINES]:
            if denial.stage.leaving:  # its rules see other packets than these
                continue
            blocked += [Blocked(box, needed, denial.by) for box in islice(denial.boxes, _MOST_BLOCKED)]
    outcome = segment.in_sent_packets(outcome)
    reason = _reason_lost(hop.firewall, packets, segment, forwarded, outcome)
    if reason:
        return Unplaced(segment.box, reason), forwarded, blocked
    if segment.stages:
        outcome = packets.incoming.with_pool_doubt(outcome, segment.box, segment.stages[0])
        outcome = doubt_dcom((hop.place.name, hop.firewall), segment, forwarded, context, outcome)
    return Judged(segment, context, outcome, forwarded), forwarded, blocked


def _reason_lost(firewall: Firewall, packets: _Packets, segment: Segment,
                 forwarded: Sequence[ForwardedFlow], outcome: Outcome) -> str:
    """Why it is open whether these packets are sent, or arrive; empty where the rules alone decide."""
    if segment.some and (outcome.undecided or (outcome.denied and outcome.permitted)):
        return Reason("some packets to these addresses are stopped, and which of them are replies is not "
                      "in the file")
    request = packets.request
    if request and not request.known and outcome.denied:
        return Reason("whether the first packets of the connection left with these addresses")
    translations = request.translations if request else ()
    strange = _taken_for_new(forwarded, translations) if request else None
    if strange is not None:
        return Reason("these packets may be taken for the first of another connection, which line {line} "
                      "translates", line=firewall.number(strange))
    if not translations or not any(UNTRACKED in flow.context.states for flow in forwarded):
        return ""
    line = firewall.number(translations[0].line)
    if packets.leg.kind == "reply":
        return Reason("the replies are kept out of connection tracking, so nothing undoes for them the "
                      "translation that line {line} does to the request", line=line)
    return Reason("later packets are kept out of connection tracking, so the translation that line {line} "
                  "does to the first one is not done to them", line=line)


def _taken_for_new(forwarded: Sequence[ForwardedFlow], of_request: Sequence[Rule]) -> int | None:
    """The line that translates later packets of a connection otherwise than its first one, or None."""
    expected = {rule.line for rule in of_request}
    return next((rule.line for flow in forwarded for rule in flow.translations
                 if rule.line not in expected), None)


def _relevant_rules(firewall: Firewall, packets: Sequence[_Packets]) -> list[RulesByChain]:
    """For each part the rules that can meet it; all of them where a translation may make it another one."""
    found: list[RulesByChain] = [{} for _ in packets]
    numbers: list[int] = []
    uses = []
    for number, part in enumerate(packets):
        if not isinstance(part.placed, Segment):
            continue
        if part.placed.arrival_chains:
            found[number] = every_rule(firewall)
        else:
            for use in part.placed.uses():
                numbers.append(number)
                uses.append(use)
    for number, rules in zip(numbers, relevant(firewall, uses), strict=True):
        twice = found[number].keys() & rules.keys()
        found[number] = every_rule(firewall) if twice else {**found[number], **rules}
    return found


def _with_near_misses(firewall: Firewall, evaluated: list[_Evaluated],
                      blocked: Sequence[tuple[int, Blocked]]) -> list[_Evaluated]:
    """Add to what stops packets the rules that almost permit them."""
    near: dict[int, dict[int, tuple[Near, ...]]] = {}
    compared = near_misses(firewall, [packets for _, packets in blocked])
    for (number, packets), rules in zip(blocked, compared, strict=True):
        near.setdefault(number, {}).setdefault(id(packets.by), rules)
    for number, rules_by_line in near.items():
        proof = evaluated[number].proof
        if isinstance(proof.finding, Judged):
            finding = replace(proof.finding, near=rules_by_line)
            evaluated[number] = replace(evaluated[number], proof=replace(proof, finding=finding))
    return evaluated
