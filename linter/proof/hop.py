"""All that comes to one firewall: requests first, then what follows from their way."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.prefilter import candidates
from aclproof.linter.engine.stages import ForwardedFlow, evaluate_stages
from aclproof.linter.proof import hooked, neighbour_discovery
from aclproof.linter.proof.dcom import doubt_dcom
from aclproof.linter.proof.incoming import IncomingFlow
from aclproof.linter.proof.near_misses import Blocked, Near, near_misses
from aclproof.linter.proof.records import Proof
from aclproof.linter.proof.routed import Placed, Segment, Unplaced, after_nat, segments
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, UNTRACKED, Context, Ends, Fact
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import TCP

_SYN, _ACK, _PSH, _FIN = 0x02, 0x10, 0x08, 0x01
_LATER = frozenset({_ACK, _PSH | _ACK, _FIN | _ACK})
_FLAGS = {"request": frozenset({_SYN}), "follow-up": _LATER, "reply": _LATER | {_SYN | _ACK}}
_UNKNOWN_STATES = frozenset({NEW, ESTABLISHED, INVALID})
"""Of a packet whose connection may not have been tracked from its start."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Packets of one leg with one way through the firewall, and what is known of them."""

    incoming: IncomingFlow
    leg: Leg
    segment: Placed
    context: Context
    way: ForwardedFlow | None = None
    """How the request came through, for later legs of a firewall that does not keep sessions."""


def prove_at_hop(place: SiteFirewall, firewall: Firewall, incoming_flows: Sequence[IncomingFlow],
                 facts: Mapping[str, Fact], as_of: date | None) -> list[Proof]:
    """Walk every leg of all that comes through one firewall: one pass over each chain for everything."""
    site = Context(facts, as_of)
    asked = _walked(place, firewall, list(_requests(place, firewall, incoming_flows, site)))
    if not firewall.on_host:
        answered = _walked(place, firewall, list(_without_session(place, firewall, asked, site)))
        return [proof for _, proof, _ in (*asked, *answered)]
    answered = _walked(place, firewall, list(_replies(firewall, asked, site)))
    rest = _walked(place, firewall, list(_follow_ups(firewall, asked, answered, site)))
    return [proof for _, proof, _ in (*asked, *answered, *rest)]


_Walked = tuple[_Part, Proof, Sequence[ForwardedFlow]]


def _requests(place: SiteFirewall, firewall: Firewall, incoming_flows: Sequence[IncomingFlow],
              site: Context) -> Iterator[_Part]:
    lost = neighbour_discovery.trouble(firewall)
    for incoming in incoming_flows:
        leg = incoming.request
        placed: Iterable[Placed] = hooked.requests(firewall, place, leg) if firewall.on_host \
            else segments(firewall, place, leg)
        for segment in placed:
            if lost and segment.box.family is Family.V6:
                yield _Part(incoming, leg, Unplaced(segment.box, lost), site)
            context = _context(site, incoming, leg, frozenset({NEW}))
            yield _Part(incoming, leg, segment, replace(context, original=_ends(segment.box)))


def _context(site: Context, incoming: IncomingFlow, leg: Leg, states: frozenset[str]) -> Context:
    return replace(site, listener=incoming.demand.requirement.listener, reply=leg.kind == "reply",
                   states=states, flags=_FLAGS[leg.kind])


def _ends(box: Box) -> Ends:
    return Ends(box.sources, box.destinations, box.source_ports, box.destination_ports)


def _without_session(place: SiteFirewall, firewall: Firewall, asked: Sequence[_Walked],
                     site: Context) -> Iterator[_Part]:
    """Replies that the firewall does not let pass with the session."""
    for part, _, _ in asked:
        segment = part.segment
        if isinstance(segment, Segment) and segment.box.protocol not in firewall.stateful:
            came = after_nat(segment) if segment.early else segment.as_filtered
            way = ForwardedFlow(segment.box, came, part.context)
            for leg in part.incoming.legs:
                if leg.kind == "reply":
                    context = _context(site, part.incoming, leg, frozenset({ESTABLISHED}))
                    answers = replace(leg, boxes=(answer(came),))
                    yield from (_Part(part.incoming, leg, each, context, way)
                                for each in segments(firewall, place, answers))


def _replies(firewall: Firewall, asked: Sequence[_Walked], site: Context) -> Iterator[_Part]:
    for part, _, ways in asked:
        for way in ways:
            tracked = way.context.states == {NEW}
            states = frozenset({ESTABLISHED}) if tracked else _UNKNOWN_STATES
            yield from _after(firewall, part, "reply", way, _behind(site, part, "reply", way, states))


def _follow_ups(firewall: Firewall, asked: Sequence[_Walked], answered: Sequence[_Walked],
                site: Context) -> Iterator[_Part]:
    """A connection is established only when its reply was tracked."""
    reply_states: dict[int, set[str]] = {}
    for part, _, ways in answered:
        reply_states.setdefault(id(part.way), set()).update(*(way.context.states for way in ways))
    for part, _, ways in asked:
        for way in ways:
            states = _later_states(way, reply_states.get(id(way), set()))
            yield from _after(firewall, part, "follow-up", way, _behind(site, part, "follow-up", way, states))


def _later_states(way: ForwardedFlow, replies: set[str]) -> frozenset[str]:
    """The states of packets behind the first one, by those of the request and of its replies."""
    if way.context.states != {NEW}:
        return _UNKNOWN_STATES
    if UNTRACKED not in replies:
        return frozenset({ESTABLISHED})
    if replies == {UNTRACKED}:  # nothing was seen to answer: a bare ACK behind a SYN is invalid
        return frozenset({INVALID if way.before.protocol == TCP else NEW})
    return _UNKNOWN_STATES


def _behind(site: Context, part: _Part, kind: str, way: ForwardedFlow, states: frozenset[str]) -> Context:
    """What is known of later packets from the way of the first one."""
    leg = next((leg for leg in part.incoming.legs if leg.kind == kind), part.leg)
    return replace(_context(site, part.incoming, leg, states), connection_mark=way.context.connection_mark,
                   translated=way.context.translated, source_translated=way.context.source_translated,
                   original=_ends(way.before))


def _after(firewall: Firewall, part: _Part, kind: str, way: ForwardedFlow,
           context: Context) -> Iterator[_Part]:
    """Place the later packets of one kind that belong to a request."""
    place = hooked.replies if kind == "reply" else hooked.follow_ups
    for leg in part.incoming.legs:
        if leg.kind == kind and isinstance(part.segment, Segment):
            for segment in place(firewall, part.segment, way):
                yield _Part(part.incoming, leg, segment, context, way)


def _walked(place: SiteFirewall, firewall: Firewall, parts: Sequence[_Part]) -> list[_Walked]:
    lists = _rules_for(firewall, [part.segment for part in parts])
    found: list[_Walked] = []
    stopped: list[tuple[int, Blocked]] = []
    for number, (part, rules) in enumerate(zip(parts, lists, strict=True)):
        segment, outcome = part.segment, None
        ways: Sequence[ForwardedFlow] = ()
        if isinstance(segment, Segment):
            outcome, ways = evaluate_stages(segment.stages, ChainMap(rules, dict(segment.arrival_chains)),
                                            segment.as_filtered, part.context, segment.own, segment.reroute)
            if part.leg.kind == "request":
                stopped += [(number, Blocked(box, segment.as_filtered, segment.stages, part.context,
                                     denial.by))
                            for denial in outcome.denials for box in islice(denial.boxes, _MOST_BOXES)]
            outcome = segment.in_sent_packets(outcome)
            trouble = _trouble(part, segment, outcome, ways)
            if trouble:
                segment, outcome = Unplaced(segment.box, trouble), None
            elif segment.stages:
                outcome = part.incoming.with_pool_doubt(outcome, segment.box, segment.stages[0])
                outcome = doubt_dcom(place.name, segment, ways, part.context, outcome)
        proof = Proof(place.name, firewall, part.incoming, part.leg, segment, outcome, part.way, ways,
                      context=part.context)
        found.append((part, proof, ways))
    return _with_near_misses(firewall, found, stopped)


_MOST_BOXES = 2
"""Of what one line stops, so many parts are compared with other rules."""


def _with_near_misses(firewall: Firewall, found: list[_Walked],
                      stopped: Sequence[tuple[int, Blocked]]) -> list[_Walked]:
    near: dict[int, dict[int, tuple[Near, ...]]] = {}
    compared = near_misses(firewall, [each for _, each in stopped])
    for (number, each), rules in zip(stopped, compared, strict=True):
        near.setdefault(number, {}).setdefault(id(each.by), rules)
    return [(part, replace(proof, near=near.get(number, {})), ways)
            for number, (part, proof, ways) in enumerate(found)]


def _trouble(part: _Part, segment: Segment, outcome: Outcome, ways: Sequence[ForwardedFlow]) -> str:
    """Why a reply that the rules let pass may be lost all the same, or nothing."""
    if segment.some and (outcome.denied or outcome.undecided):
        return Reason("some packets to these addresses are stopped, and which of them are replies is not "
                      "in the file")
    if part.leg.kind == "reply" and part.way and part.way.translations and any(
            UNTRACKED in way.context.states for way in ways):
        return Reason("the replies are kept out of connection tracking, so nothing undoes for them the "
                      "translation that line {line} does to the request", line=part.way.translations[0].line)
    return ""


def _rules_for(firewall: Firewall, parts: Sequence[Placed]) -> list[dict[str, Sequence[Rule]]]:
    """For each part the rules that can meet it, chain by chain.

    Behind a translation the packets are others, so a part that may meet one takes the chains as they are.
    """
    users: dict[str, list[tuple[int, Box]]] = {}
    calls = {name: {rule.target for rule in chain.rules} - {""} for name, chain in firewall.chains.items()}
    found: list[dict[str, Sequence[Rule]]] = [{} for _ in parts]
    for number, part in enumerate(parts):
        if not isinstance(part, Segment):
            continue
        if part.arrival_chains:
            found[number] = {name: chain.rules for name, chain in firewall.chains.items()}
            continue
        for name in _reachable(calls, (name for stage in part.stages for name in stage.chains)):
            users.setdefault(name, []).append((number, part.as_filtered))
    for name, uses in users.items():
        kept = candidates(firewall.chains[name].rules, [box for _, box in uses])
        for (number, _), rules_kept in zip(uses, kept, strict=True):
            found[number][name] = rules_kept
    return found


def _reachable(calls: Mapping[str, set[str]], names: Iterable[str]) -> list[str]:
    """The chains themselves and every chain that their rules call, each once."""
    found = dict.fromkeys(names)
    queue = list(found)
    for name in queue:
        fresh = sorted(calls[name] - set(found))
        found.update(dict.fromkeys(fresh))
        queue += fresh
    return queue
