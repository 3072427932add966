"""What filters stop of a demand, as permits to be made: which packets, in which state, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.fix import blocked_by_rule, position
from aclproof.linter.fix.position import InsertPosition
from aclproof.linter.proof.needed_packets import from_any_port
from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.conditions import ESTABLISHED, NEW, Condition, InState
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule, Stage
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.permits import MissingPermit, Permit, line_count
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


class Unfixable(Struct, frozen=True):
    """Missing packets that no permit can allow without allowing others."""

    firewall: str
    reason: str


def missing_permits(proofs: Sequence[Proof]) -> Iterator[MissingPermit | Unfixable]:
    """Yield what opens each filter that stops some of the packets of a demand."""
    for proof in proofs:
        judged = proof.finding
        if not isinstance(judged, Judged) or not judged.outcome.denials:
            continue
        if proof.leg.kind == "follow-up" and _request_stopped(proof, proofs):
            continue  # what opens for the first packets is open for the later ones
        for stage in dict.fromkeys(part.stage for part in judged.outcome.denials):
            yield from _filter(proof, judged, stage, proofs)


def _request_stopped(proof: Proof, proofs: Sequence[Proof]) -> bool:
    """Whether the first packets of what these belong to are stopped here as well."""
    if proof.request is None or proof.request.translations:
        return False
    return _stopped(proofs, "request", proof.firewall)


def _stopped(proofs: Sequence[Proof], leg: str, firewall: Firewall) -> bool:
    """Whether a firewall stops packets of one kind of leg."""
    there = [proof.finding for proof in proofs if proof.leg.kind == leg and proof.firewall is firewall]
    return any(isinstance(finding, Judged) and finding.outcome.denials for finding in there)


def _filter(proof: Proof, judged: Judged, stage: Stage,
            proofs: Sequence[Proof]) -> Iterator[MissingPermit | Unfixable]:
    block = _unbeatable(proof, judged, stage)
    if block:
        yield Unfixable(proof.name, blocked_by_rule.advice(proof, judged, stage, block))
        return
    state = _state(proof, judged, stage, proofs)
    ways = interfaces(proof.firewall, stage)
    reason: str = Reason("some of it is undecided and translated here; no permit can open only what is "
                         "missing")
    for boxes in _boxes(proof, judged, stage):
        permits = [Permit(from_any_port(proof, box), state, *ways) for box in boxes]
        place = position.find(proof, judged, stage, permits)
        if isinstance(place, InsertPosition):
            yield from (at_place(proof, judged, place, permit) for permit in permits)
            return
        reason = place
    yield Unfixable(proof.name, reason)


def _unbeatable(proof: Proof, judged: Judged, stage: Stage) -> Rule | None:
    """The rule that stops packets at a filter whatever permits there are, where a vendor has such rules."""
    if not door(proof.firewall.vendor).traits.allow_cannot_beat_block:
        return None
    for part in judged.outcome.denials:
        if part.stage is stage and isinstance(part.by, Rule):
            return part.by
    return None


def interfaces(firewall: Firewall, stage: Stage) -> tuple[str, str]:
    """Return by which interfaces packets come and leave at a filter; empty where a permit names none."""
    if not door(firewall.vendor).traits.permits_name_interfaces:
        return "", ""
    return stage.place.ingress or "", stage.place.egress or ""


def at_place(proof: Proof, judged: Judged, place: InsertPosition, permit: Permit) -> MissingPermit:
    """Say where a permit goes, and what else a writer asks of its packets."""
    transit = judged.segment.transit
    at_end = bool(place.chain) and place.at >= len(proof.firewall.chains[place.chain].rules)
    return MissingPermit(proof.name, place.chain, place.at, at_end, permit, place.entry,
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
    segment, undecided = judged.segment, judged.outcome.undecided
    if stage.leaving:
        yield from () if undecided else [(segment.as_leaving,)]
        return
    whole = (segment.as_filtered,)
    stopped = _stopped_at(judged, stage)
    translated = any(flow.translations for flow in judged.forwarded)
    if translated or segment.as_filtered != segment.box:
        if not undecided:
            yield _translated(judged, stopped) if translated else whole
            yield whole
        return
    takes_fewer = (not door(proof.firewall.vendor).traits.many_values_in_a_rule
                   and sum(map(line_count, stopped)) < line_count(segment.as_filtered))
    yield stopped if undecided or takes_fewer else whole


def _stopped_at(judged: Judged, stage: Stage) -> list[Box]:
    """The packets that one of the filters stops."""
    denials = judged.outcome.denials
    if all(part.stage is stage for part in denials):
        return list(judged.outcome.denied)
    return [box for part in denials if part.stage is stage for box in part.boxes]


def _translated(judged: Judged, stopped: Sequence[Box]) -> Sequence[Box]:
    """What becomes of stopped packets; from all sources, where these are packets of the demand as well."""
    filtered = judged.segment.as_filtered
    flows = [flow for flow in judged.forwarded if any(flow.before & box for box in stopped)]
    found = dict.fromkeys(flow.after for flow in flows)
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
    if states != {NEW} or _stopped(proofs, "follow-up", proof.firewall):
        return ""
    return NEW if _names_new(proof.firewall) else ""


def _names_new(firewall: Firewall) -> bool:
    """Whether some rule accepts new connections and nothing else."""
    for chain in firewall.chains.values():
        for rule in chain.rules:
            if rule.action is Action.PERMIT and any(map(_only_new, rule.conditions)):
                return True
    return False


def _only_new(condition: Condition) -> bool:
    if not isinstance(condition, InState) or condition.negated:
        return False
    return NEW in condition.states and ESTABLISHED not in condition.states
