"""How packets leave a firewall: what the next one on their path sees of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands.demands import legs_of
from aclproof.linter.engine import changes
from aclproof.linter.engine.algebra import split
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof.incoming import IncomingFlow, Step
from aclproof.linter.proof.nat_table import NatMatch
from aclproof.linter.proof.records import Judged, Proof, quoted
from aclproof.linter.proof.routed import Bypassing, Segment, Unplaced
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, size
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Rule
from aclproof.reason import Reason


class Outgoing(Struct, frozen=True):
    """Flows forwarded to the next firewall, and flows whose new addresses are unknown."""

    flows: Sequence[IncomingFlow]
    untraceable: Sequence[Proof]


def may_translate(firewall: Firewall) -> bool:
    """Whether a firewall may rewrite packets at all."""
    if firewall.translations:
        return True
    return any(isinstance(rule.effect, Translate)
               for chain in firewall.chains.values() for rule in special(chain.rules))


def leave(flow: IncomingFlow, proofs: Sequence[Proof]) -> Outgoing:
    """Follow a flow out of a firewall, by what it was found to do with the packets."""
    unchanged: list[Box] = []
    translated: list[IncomingFlow] = []
    untraceable: list[Proof] = []
    requirement = flow.demand.requirement
    for proof in proofs:
        if proof.leg.kind != "request":
            continue
        for box, steps in _steps_by_box(proof):
            if isinstance(steps, Proof):
                untraceable.append(steps)
            elif steps:
                legs = legs_of(requirement, (steps[-1].rewriting.after,), ())
                translated.append(replace(flow, legs=legs, steps=(*flow.steps, *steps)))
            else:
                unchanged.append(box)
    if size(unchanged) == size(flow.request.boxes):
        return Outgoing([flow], untraceable)
    if unchanged:
        translated.insert(0, replace(flow, legs=legs_of(requirement, tuple(unchanged), flow.request.listed)))
    return Outgoing(translated, untraceable)


def _steps_by_box(proof: Proof) -> Iterator[tuple[Box, list[Step] | Proof]]:
    """Cut packets by the translations done to them; a proof instead of steps where these are not known.

    Packets that are undecided because their way is not known go no further: no later firewall can make that
    good.
    """
    match proof.finding:
        case Bypassing(box=box):
            yield box, []
        case Judged(segment=Segment(box=box, translations=matches)) if matches:
            yield box, _by_table(proof, box, matches)
        case Judged() as judged:
            for flow in judged.forwarded:
                if _certain(flow):
                    for box in _passing(proof.firewall, judged, flow):
                        yield box, _steps(proof, box, flow)
                elif flow.known:  # else the firewall itself leaves it open
                    yield flow.before, _unknown(proof, flow.before, flow.translations[-1].line)
        case Unplaced():
            pass
        case _:
            assert_never(proof.finding)


def _by_table(proof: Proof, box: Box, matches: Sequence[NatMatch]) -> list[Step] | Proof:
    steps: list[Step] = []
    for match in matches:
        assert match.by is not None
        if match.rewriting is None:
            return _unknown(proof, box, match.by.line, match.by.because)
        steps.append(Step(match.rewriting, quoted(proof.name, proof.firewall, match.by.line)))
    return steps


def _certain(flow: ForwardedFlow) -> bool:
    sources = [rule for rule in flow.translations if _end(rule) == "source"]
    if not sources:
        return flow.known
    return flow.known and len(sources) == 1 and flow.context.source_translated is True


def _end(rule: Rule) -> str:
    return rule.effect.end if isinstance(rule.effect, Translate) else ""


def _unknown(proof: Proof, box: Box, number: int, why: str = "") -> Proof:
    why = why or Reason("what this line makes of them is not certain")
    reason = Reason("with which addresses these packets go on: {why}", why=why)
    return replace(proof, finding=Unplaced(box, reason, number))


def _passing(firewall: Firewall, judged: Judged, flow: ForwardedFlow) -> Sequence[Box]:
    """The packets of a flow that come as far as the translation of the source, where there is one."""
    stopped = judged.outcome.denied
    if not stopped or not _translates_sources(firewall):
        return (flow.before,)
    return split(flow.before, stopped)[1]


def _translates_sources(firewall: Firewall) -> bool:
    return any(_end(rule) == "source" for chain in firewall.chains.values()
               for rule in special(chain.rules))


def _steps(proof: Proof, box: Box, flow: ForwardedFlow) -> list[Step] | Proof:
    """Apply translations in turn."""
    steps: list[Step] = []
    for rule in flow.translations:
        assert isinstance(rule.effect, Translate)
        changed = changes.rewriting(rule.effect, box, IntervalSet())
        if changed is None and rule.effect.end == "source":  # such as an own address that is in no file
            changed = changes.to_any_address(box, rule.effect.ports)
        if changed is None:
            return _unknown(proof, flow.before, rule.line)
        if changed.after != box:
            steps.append(Step(changed, quoted(proof.name, proof.firewall, rule.line)))
            box = changed.after
    return steps
