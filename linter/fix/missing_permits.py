"""What filters stop of a demand, as permits to be made: which packets, in which state, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aclproof.linter.fix import blocked_by_rule, position
from aclproof.linter.fix.position import InsertPosition
from aclproof.linter.proof.records import Judged, Proof
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
        judged = proof.finding
        if not isinstance(judged, Judged) or not judged.outcome.denials:
            continue
        if proof.leg.kind == "follow-up" and _asked(proof, proofs):
            continue  # what opens for the first packets is open for the later ones
        for stage in dict.fromkeys(part.stage for part in judged.outcome.denials):
            yield from _filter(proof, judged, stage, proofs)


def needed_packets(proofs: Iterable[Proof]) -> Iterator[Box]:
    """Yield all packets of a demand as the filters of one firewall see them."""
    for proof in proofs:
        if isinstance(proof.finding, Judged):
            yield proof.finding.segment.as_filtered
            yield from (flow.after for flow in proof.finding.forwarded)


def _asked(proof: Proof, proofs: Sequence[Proof]) -> bool:
    """Whether the first packets of what these belong to are stopped here as well."""
    if proof.request is None or proof.request.translations:
        return False
    return _stopped(proofs, "request", proof.firewall)


def _stopped(proofs: Sequence[Proof], leg: str, firewall: Firewall) -> bool:
    """Whether a firewall stops packets of one kind of leg."""
    return any(proof.leg.kind == leg and proof.firewall is firewall
               and isinstance(proof.finding, Judged) and proof.finding.outcome.denials for proof in proofs)


def _filter(proof: Proof, judged: Judged, stage: Stage,
            proofs: Sequence[Proof]) -> Iterator[MissingPermit | Unfixable]:
    segment = judged.segment
    traits = door(proof.firewall.vendor).traits
    blockers = [part.by for part in judged.outcome.denials if part.stage is stage]
    if traits.allow_cannot_beat_block and (block := next(
            (by for by in blockers if isinstance(by, Rule)), None)):
        yield Unfixable(proof.name, blocked_by_rule.advice(proof, judged, stage, block))
        return
    state = _state(proof, judged, stage, proofs)
    ways = (stage.place.ingress or "", stage.place.egress or "")
    if not traits.permits_name_interfaces:
        ways = ("", "")
    place: InsertPosition | str = Reason("some of it is undecided and translated here; no permit can "
                                         "open only what is missing")
    for boxes in _boxes(proof, judged, stage):
        permits = [Permit(box, state, *ways) for box in boxes]
        place = position.find(proof, judged, stage, permits)
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


def _boxes(proof: Proof, judged: Judged, stage: Stage) -> Iterator[Sequence[Box]]:
    """Yield the packets to permit: all of the demand, or only what is stopped where that takes fewer lines.

    Both open the same, because all else of the demand passes as it is; what may pass already is not touched.
    Where packets are translated, a filter sees them as they are then, or else as they came.
    """
    segment, outcome = judged.segment, judged.outcome
    traits = door(proof.firewall.vendor).traits
    denials = outcome.denials
    stopped = list(outcome.denied)
    if any(part.stage is not stage for part in denials):
        stopped = [box for part in denials if part.stage is stage for box in part.boxes]
    translated = any(flow.translations for flow in judged.forwarded)
    if translated or segment.as_filtered != segment.box:
        if not outcome.undecided:
            yield _translated(judged, stopped) if translated else (segment.as_filtered,)
            yield (segment.as_filtered,)
    elif outcome.undecided or (not traits.many_values_in_a_rule
                               and sum(map(line_count, stopped)) < line_count(segment.as_filtered)):
        yield stopped
    else:
        yield (segment.as_filtered,)


def _translated(judged: Judged, stopped: Sequence[Box]) -> Sequence[Box]:
    """What becomes of stopped packets; from all sources, where these are packets of the demand as well."""
    filtered = judged.segment.as_filtered
    found = dict.fromkeys(flow.after for flow in judged.forwarded
                          if any(flow.before & box for box in stopped))
    whole = dict.fromkeys(replace(box, sources=filtered.sources) for box in found)
    return list(whole if all(box & filtered == box for box in whole) else found)


def _state(proof: Proof, judged: Judged, stage: Stage, proofs: Sequence[Proof]) -> str:
    """The state of the connection that the permit tests; empty for none.

    A first packet is tested for NEW only where the rules that are there do so, and where later packets have a
    rule of their own; before connection tracking no state can be tested.
    """
    if not (door(proof.firewall.vendor).traits.permits_name_states and stage.place.tracked):
        return ""
    states = frozenset(state for flow in judged.forwarded for state in flow.context.states)
    if len(states) != 1:
        return ""
    if proof.leg.kind != "request":
        return next(iter(states))
    later = _stopped(proofs, "follow-up", proof.firewall)
    return NEW if states == {NEW} and not later and _asks_for_new(proof.firewall) else ""


def _asks_for_new(firewall: Firewall) -> bool:
    """Whether some rule accepts new connections and nothing else."""
    return any(isinstance(each, InState) and not each.negated and NEW in each.states
               and ESTABLISHED not in each.states
               for chain in firewall.chains.values() for rule in chain.rules if rule.action is Action.PERMIT
               for each in rule.conditions)
