"""How packets leave a firewall: what the next one on their path sees of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from aclproof.linter.demands.demands import legs_of
from aclproof.linter.engine import changes
from aclproof.linter.engine.algebra import split
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof.incoming import IncomingFlow, Step
from aclproof.linter.proof.records import Proof, quoted
from aclproof.linter.proof.routed import Beside, Segment, Unplaced
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, size
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Rule


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes on to the next firewall, and what nobody can say how it goes on."""

    flows: Sequence[IncomingFlow]
    untraceable: Sequence[Proof]


def may_translate(firewall: Firewall) -> bool:
    """Tell whether a firewall may rewrite packets at all."""
    return bool(firewall.translations) or any(isinstance(rule.effect, Translate)
               for chain in firewall.chains.values() for rule in chain.rules)


def leave(incoming: IncomingFlow, proofs: Sequence[Proof]) -> Outgoing:
    """Follow the packets of an arrival out of a firewall, by what it was found to do with them."""
    same: list[Box] = []
    incoming_flows: list[IncomingFlow] = []
    lost: list[Proof] = []
    for proof in proofs:
        if proof.leg.kind != "request":
            continue
        for box, left in _left(proof):
            if isinstance(left, Proof):
                lost.append(left)
            elif left:
                here = legs_of(incoming.demand.requirement, (left[-1].rewriting.after,))
                incoming_flows.append(replace(incoming, legs=here, steps=(*incoming.steps, *left)))
            else:
                same.append(box)
    if size(same) == size(incoming.request.boxes):
        return Outgoing([incoming], lost)
    if same:
        incoming_flows.insert(0, replace(incoming, legs=legs_of(incoming.demand.requirement, tuple(same))))
    return Outgoing(incoming_flows, lost)


def _left(proof: Proof) -> Iterator[tuple[Box, list[Step] | Proof]]:
    """Cut packets by what is done to them; a proof says that nobody knows.

    Nothing comes of those that are undecided because their way is not known: no later firewall can make
    that good.
    """
    segment = proof.segment
    if isinstance(segment, Beside):
        yield segment.box, []
    elif isinstance(segment, Segment) and segment.translations:
        yield segment.box, _by_table(proof, segment)
    elif isinstance(segment, Segment) and proof.outcome is not None:
        for way in proof.ways:
            if _certain(way):
                yield from ((box, _steps(proof, segment, box, way)) for box in _going_on(proof, way))
            elif way.known:  # else the firewall itself leaves it open
                yield way.before, _unknown(proof, way.before, way.translations[-1].line)


def _by_table(proof: Proof, segment: Segment) -> list[Step] | Proof:
    steps: list[Step] = []
    for each in segment.translations:
        assert each.by is not None
        if each.rewriting is None:
            return _unknown(proof, segment.box, each.by.line, each.by.because)
        steps.append(Step(each.rewriting, quoted(proof.name, proof.firewall, each.by.line)))
    return steps


def _certain(way: ForwardedFlow) -> bool:
    sources = [rule for rule in way.translations if _end(rule) == "source"]
    return way.known and (not sources or (way.context.source_translated is True and len(sources) == 1))


def _end(rule: Rule) -> str:
    return rule.effect.end if isinstance(rule.effect, Translate) else ""


def _unknown(proof: Proof, box: Box, number: int, why: str = "") -> Proof:
    why = why or Reason("what this line makes of them is not certain")
    because = Reason("with which addresses these packets go on: {why}", why=why)
    return replace(proof, segment=Unplaced(box, because, number), outcome=None, ways=())


def _going_on(proof: Proof, way: ForwardedFlow) -> Sequence[Box]:
    """The packets of a way that come as far as the translation of the source, where there is one."""
    assert proof.outcome is not None
    stopped = proof.outcome.denied
    if not stopped or not _hides(proof.firewall) or any(_end(rule) == "source" for rule in way.translations):
        return (way.before,)
    return split(way.before, stopped)[1]


def _hides(firewall: Firewall) -> bool:
    return any(_end(rule) == "source" for chain in firewall.chains.values() for rule in chain.rules)


def _steps(proof: Proof, segment: Segment, box: Box, way: ForwardedFlow) -> list[Step] | Proof:
    """Apply translations in turn."""
    steps: list[Step] = []
    for rule in way.translations:
        assert isinstance(rule.effect, Translate)
        own = segment.own.of(box.family) if rule.effect.end == "destination" else IntervalSet()
        changed = changes.rewriting(rule.effect, box, own) or _anything(rule.effect, box)
        if changed is None:
            return _unknown(proof, way.before, rule.line)
        if changed.after != box:
            steps.append(Step(changed, quoted(proof.name, proof.firewall, rule.line)))
            box = changed.after
    return steps


def _anything(effect: Translate, box: Box) -> changes.Rewriting | None:
    """An address of the firewall's own that no file tells: later lists may permit every one all the same."""
    if effect.end == "destination" or not effect.itself:
        return None
    whole = IntervalSet.of((0, box.family.last))
    return changes.Rewriting(box, changes.with_end(box, "source", whole, box.source_ports), "source", None,
                             ports_kept=True)
