"""All demands of a site through one firewall: requests first, then what follows from their way."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from linter import hooks
from linter.demands import Demand, Leg
from linter.engine.packets import Box
from linter.engine.prefilter import candidates
from linter.engine.traverse import Way, traverse
from linter.paths import Crossing, Unplaced, crossings
from linter.site import FirewallPlace
from linter.verdicts import Proof, unchanged
from parsers.model.conditions import ESTABLISHED, INVALID, NEW, Context, Ends, Fact
from parsers.model.firewall import Firewall
from parsers.model.rules import Rule

_SYN, _ACK, _PSH, _FIN = 0x02, 0x10, 0x08, 0x01
_LATER = frozenset({_ACK, _PSH | _ACK, _FIN | _ACK})
_FLAGS = {"request": frozenset({_SYN}), "follow-up": _LATER, "reply": _LATER | {_SYN | _ACK}}
_UNKNOWN_STATES = frozenset({NEW, ESTABLISHED, INVALID})
"""Of a packet whose connection may not have been tracked from its start."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Packets of one leg with one way through the firewall, and what is known of them."""

    demand: Demand
    leg: Leg
    crossing: Crossing | Unplaced
    context: Context
    way: Way | None = None
    """How the request came through, for later legs of a firewall that does not keep sessions."""


def prove(place: FirewallPlace, firewall: Firewall, demands: Sequence[Demand], facts: Mapping[str, Fact],
          as_of: date | None) -> list[Proof]:
    """Walk every leg of every demand through one firewall: one pass over each chain for all of them."""
    site = Context(facts, as_of)
    first = list(_requests(place, firewall, demands, site))
    asked = _walked(place, firewall, first)
    later = list(_later(place, firewall, demands, asked, site))
    return [proof for _, proof, _ in (*asked, *_walked(place, firewall, later))]


_Walked = tuple[_Part, Proof, Sequence[Way]]


def _requests(place: FirewallPlace, firewall: Firewall, demands: Sequence[Demand],
              site: Context) -> Iterator[_Part]:
    for demand in demands:
        leg = demand.request
        placed: Iterable[Crossing | Unplaced] = crossings(firewall, place, leg)
        if firewall.on_host and leg.source not in place.acl:
            placed = hooks.requests(firewall, place, leg)
        for crossing in placed:
            context = _context(site, demand, leg, frozenset({NEW}))
            yield _Part(demand, leg, crossing, replace(context, original=_ends(crossing.box)))


def _context(site: Context, demand: Demand, leg: Leg, states: frozenset[str]) -> Context:
    return replace(site, listener=demand.requirement.listener, reply=leg.kind == "reply", states=states,
                   flags=_FLAGS[leg.kind])


def _ends(box: Box) -> Ends:
    return Ends(box.sources, box.destinations, box.source_ports, box.destination_ports)


def _later(place: FirewallPlace, firewall: Firewall, demands: Sequence[Demand], asked: Sequence[_Walked],
           site: Context) -> Iterator[_Part]:
    """Replies and follow-ups, unless the firewall lets them pass with the session."""
    if firewall.on_host and not place.acl:
        for part, _, ways in asked:
            for leg in part.demand.legs[1:]:
                for way in ways:
                    yield from _on_the_way(firewall, part, leg, way, site)
        return
    for demand in demands:
        for leg in demand.legs[1:]:
            if leg.kind == "reply" and not all(box.protocol in firewall.stateful for box in leg.boxes):
                for crossing in crossings(firewall, place, leg):
                    yield _Part(demand, leg, crossing, _context(site, demand, leg, frozenset({ESTABLISHED})))


def _on_the_way(firewall: Firewall, part: _Part, leg: Leg, way: Way, site: Context) -> Iterator[_Part]:
    if not isinstance(part.crossing, Crossing):
        return
    place = hooks.replies if leg.kind == "reply" else hooks.follow_ups
    tracked = way.context.states == {NEW}
    context = replace(
        _context(site, part.demand, leg, frozenset({ESTABLISHED}) if tracked else _UNKNOWN_STATES),
        connection_mark=way.context.connection_mark, translated=way.context.translated,
        source_translated=way.context.source_translated, original=_ends(way.before))
    for crossing in place(firewall, part.crossing, way):
        yield _Part(part.demand, leg, crossing, context, way)


def _walked(place: FirewallPlace, firewall: Firewall, parts: Sequence[_Part]) -> list[_Walked]:
    lists = _rules_for(firewall, [part.crossing for part in parts])
    found: list[_Walked] = []
    for part, rules in zip(parts, lists, strict=True):
        if not isinstance(part.crossing, Crossing):
            found.append((part, Proof(place.name, firewall, part.leg, part.crossing, None), ()))
            continue
        crossing = part.crossing
        outcome, ways = traverse(crossing.stages, ChainMap(rules, dict(crossing.arrivals)), crossing.box,
                                 part.context, crossing.own, crossing.onward)
        if crossing.some and (outcome.denied or outcome.undecided):
            nobody_knows = Unplaced(crossing.box, "some packets to these addresses are stopped, and which of "
                                                  "them are replies is not in the file")
            found.append((part, Proof(place.name, firewall, part.leg, nobody_knows, None, part.way), ()))
            continue
        others_see_them = part.context.facts.get(unchanged(place.name)) is True
        changed = () if others_see_them else tuple(way for way in ways if way.translations)
        proof = Proof(place.name, firewall, part.leg, crossing, outcome, part.way, changed)
        found.append((part, proof, ways))
    return found


def _rules_for(firewall: Firewall, parts: Sequence[Crossing | Unplaced]) -> list[dict[str, Sequence[Rule]]]:
    """For each part the rules that can meet it, chain by chain.

    Behind a translation the packets are others, so a part that may meet one takes the chains as they are.
    """
    users: dict[str, list[tuple[int, Box]]] = {}
    calls = {name: {rule.target for rule in chain.rules} - {""} for name, chain in firewall.chains.items()}
    found: list[dict[str, Sequence[Rule]]] = [{} for _ in parts]
    for number, part in enumerate(parts):
        if not isinstance(part, Crossing):
            continue
        if part.arrivals:
            found[number] = {name: chain.rules for name, chain in firewall.chains.items()}
            continue
        for name in _reachable(calls, (name for stage in part.stages for name in stage.chains)):
            users.setdefault(name, []).append((number, part.box))
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
