"""What filters stop of a demand, as permits to be made: which packets, in which state, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aclproof.linter.fix import blocked_by_rule, position
from aclproof.linter.fix.position import InsertPosition
from aclproof.linter.proof.records import Proof
from aclproof.linter.proof.routed import Segment
from aclproof.parsers.model.conditions import ESTABLISHED, NEW, InState
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Rule, Stage
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.permits import MissingPermit, Permit, line_count
from aclproof.parsers.vendor import door


@dataclass(frozen=True, slots=True)
class Unfixable:
    """Missing packets that no permit can allow without allowing others."""

    firewall: str
    reason: str


def missing_permits(proofs: Sequence[Proof]) -> Iterator[MissingPermit | Unfixable]:
    """Yield what opens each filter that stops some of the packets of a demand."""
    for proof in proofs:
        segment, outcome = proof.segment, proof.outcome
        if not isinstance(segment, Segment) or outcome is None or not outcome.denials:
            continue
        if proof.leg.kind == "follow-up" and _asked(proof, proofs):
            continue  # what opens for the first packets is open for the later ones
        for stage in dict.fromkeys(part.stage for part in outcome.denials):
            yield from _filter(proof, segment, stage, proofs)


def needed_packets(proofs: Iterable[Proof]) -> Iterator[Box]:
    """Yield all packets of a demand as the filters of one firewall see them."""
    for proof in proofs:
        if isinstance(proof.segment, Segment):
            yield proof.segment.as_filtered
            yield from (way.after for way in proof.ways)


def _asked(proof: Proof, proofs: Sequence[Proof]) -> bool:
    """Whether the first packets of what these belong to are stopped here as well."""
    if proof.way is None or proof.way.translations:
        return False
    return any(each.leg.kind == "request" and each.outcome and each.outcome.denials
               and each.firewall is proof.firewall for each in proofs)


def _filter(proof: Proof, segment: Segment, stage: Stage,
            proofs: Sequence[Proof]) -> Iterator[MissingPermit | Unfixable]:
    assert proof.outcome is not None
    traits = door(proof.firewall.vendor).traits
    blockers = [part.by for part in proof.outcome.denials if part.stage is stage]
    if traits.allow_cannot_beat_block and (block := next(
            (by for by in blockers if isinstance(by, Rule)), None)):
        yield Unfixable(proof.name, blocked_by_rule.advice(proof, segment, stage, block))
        return
    state = _state(proof, stage, proofs)
    ways = (stage.place.ingress or "", stage.place.egress or "")
    if not traits.permits_name_interfaces:
        ways = ("", "")
    place: InsertPosition | str = Reason("some of it is undecided and translated here; no permit can "
                                         "open only what is missing")
    for boxes in _boxes(proof, segment, stage):
        permits = [Permit(box, state, *ways) for box in boxes]
        place = position.find(proof, segment, stage, permits)
        if not isinstance(place, str):
            break
    if isinstance(place, str):
        yield Unfixable(proof.name, place)
        return
    transit = segment.transit
    for permit in permits:
        at_end = bool(place.chain) and place.at >= len(proof.firewall.chains[place.chain].rules)
        yield MissingPermit(proof.name, place.chain, place.at, at_end, permit, place.entry,
                            outward=bool(transit and transit.hook == "output"),
                            profile=transit.profile if transit else "", port=_port(permit.box),
                            listener=proof.incoming.demand.requirement.listener)


def _port(box: Box) -> int:
    return box.source_ports.lowest if is_icmp(box.protocol) else box.destination_ports.lowest


def _boxes(proof: Proof, segment: Segment, stage: Stage) -> Iterator[Sequence[Box]]:
    """Yield the packets to permit: all of the demand, or only what is stopped where that takes fewer lines.

    Both open the same, because all else of the demand passes as it is; what may pass already is not touched.
    Where packets are translated, a filter sees them as they are then, or else as they came.
    """
    assert proof.outcome is not None
    traits = door(proof.firewall.vendor).traits
    denials = proof.outcome.denials
    stopped = list(proof.outcome.denied)
    if any(part.stage is not stage for part in denials):
        stopped = [box for part in denials if part.stage is stage for box in part.boxes]
    translated = any(way.translations for way in proof.ways)
    if translated or segment.as_filtered != segment.box:
        if not proof.outcome.undecided:
            yield _translated(proof, segment, stopped) if translated else (segment.as_filtered,)
            yield (segment.as_filtered,)
    elif proof.outcome.undecided or (not traits.many_values_in_a_rule
                                     and sum(map(line_count, stopped)) < line_count(segment.as_filtered)):
        yield stopped
    else:
        yield (segment.as_filtered,)


def _translated(proof: Proof, segment: Segment, stopped: Sequence[Box]) -> Sequence[Box]:
    """What becomes of stopped packets; from all sources, where these are packets of the demand as well."""
    found = dict.fromkeys(way.after for way in proof.ways if any(way.before & box for box in stopped))
    whole = dict.fromkeys(replace(box, sources=segment.as_filtered.sources) for box in found)
    return list(whole if all(box & segment.as_filtered == box for box in whole) else found)


def _state(proof: Proof, stage: Stage, proofs: Sequence[Proof]) -> str:
    """The state of the connection that the permit asks for; empty for none.

    A first packet is asked for NEW only where the rules that are there do so, and where later packets have a
    rule of their own; before connection tracking nothing can be asked.
    """
    if not (door(proof.firewall.vendor).traits.permits_name_states and stage.place.tracked):
        return ""
    states = frozenset(state for way in proof.ways for state in way.context.states)
    if len(states) != 1:
        return ""
    if proof.leg.kind != "request":
        return next(iter(states))
    later = any(each.leg.kind == "follow-up" and each.outcome and each.outcome.denials
                and each.firewall is proof.firewall for each in proofs)
    return NEW if states == {NEW} and not later and _asks_for_new(proof.firewall) else ""


def _asks_for_new(firewall: Firewall) -> bool:
    """Whether some rule accepts new connections and nothing else."""
    return any(isinstance(each, InState) and not each.negated and NEW in each.states
               and ESTABLISHED not in each.states
               for chain in firewall.chains.values() for rule in chain.rules if rule.action is Action.PERMIT
               for each in rule.conditions)
