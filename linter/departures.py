"""How packets leave a firewall: what the next one on their path sees of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linter.arrivals import Arrival, Step
from linter.crossings import Crossing, Unplaced
from linter.demands import legs_of
from linter.engine import changes
from linter.engine.algebra import split
from linter.engine.packets import Box, size
from linter.engine.traverse import Way
from linter.verdicts import Proof, line
from parsers.model.effects import Translate
from parsers.model.firewall import Firewall
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Rule


@dataclass(frozen=True, slots=True)
class Gone:
    """What goes on to the next firewall, and what nobody can say how it goes on."""

    arrivals: Sequence[Arrival]
    lost: Sequence[Proof]


def translates(firewall: Firewall) -> bool:
    """Tell whether a firewall may rewrite packets at all."""
    return any(isinstance(rule.effect, Translate)
               for chain in firewall.chains.values() for rule in chain.rules)


def leaving(arrival: Arrival, proofs: Sequence[Proof]) -> Gone:
    """Follow the packets of an arrival out of a firewall, by what it was found to do with them."""
    same: list[Box] = []
    arrivals: list[Arrival] = []
    lost: list[Proof] = []
    for proof in proofs:
        if proof.leg.kind != "request" or proof.outcome is None or not isinstance(proof.crossing, Crossing):
            continue  # undecided there, so nothing that comes behind can make it met
        for way in proof.ways:
            rules = way.translations
            if not _certain(way):
                lost += _lost(proof, way)
                continue
            for box in _going_on(proof, way):
                steps = _steps(proof, box, rules)
                if steps is None:
                    lost.append(_unknown(proof, box, rules[-1]))
                elif steps:
                    here = steps[-1].rewriting.after
                    arrivals.append(replace(arrival, legs=legs_of(arrival.demand.requirement, (here,)),
                                            steps=(*arrival.steps, *steps)))
                else:
                    same.append(box)
    if size(same) == size(arrival.request.boxes):
        return Gone([arrival], lost)
    if same:
        legs = legs_of(arrival.demand.requirement, tuple(same))
        arrivals.insert(0, replace(arrival, legs=legs))
    return Gone(arrivals, lost)


def _certain(way: Way) -> bool:
    sources = [rule for rule in way.translations if _end(rule) == "source"]
    return way.known and (not sources or (way.context.source_translated is True and len(sources) == 1))


def _end(rule: Rule) -> str:
    return rule.effect.end if isinstance(rule.effect, Translate) else ""


def _lost(proof: Proof, way: Way) -> Iterator[Proof]:
    """What may or may not be translated; where the firewall itself leaves it open, that was said."""
    if way.known:
        yield _unknown(proof, way.before, way.translations[-1])


def _unknown(proof: Proof, box: Box, by: Rule) -> Proof:
    because = (f"with which addresses these packets leave {proof.name}: what this line makes of them is not "
               "certain")
    return replace(proof, crossing=Unplaced(box, because, by), outcome=None, ways=())


def _going_on(proof: Proof, way: Way) -> Sequence[Box]:
    """The packets of a way that come as far as the translation of the source, where there is one."""
    assert proof.outcome is not None
    stopped = proof.outcome.denied
    if not stopped or not _hides(proof.firewall) or any(_end(rule) == "source" for rule in way.translations):
        return (way.before,)
    return split(way.before, stopped)[1]


def _hides(firewall: Firewall) -> bool:
    return any(_end(rule) == "source" for chain in firewall.chains.values() for rule in chain.rules)


def _steps(proof: Proof, box: Box, rules: Sequence[Rule]) -> list[Step] | None:
    """Apply translations in turn; None when one of them does not say to what."""
    assert isinstance(proof.crossing, Crossing)
    steps: list[Step] = []
    for rule in rules:
        assert isinstance(rule.effect, Translate)
        own = proof.crossing.own.of(box.family) if rule.effect.end == "destination" else IntervalSet()
        changed = changes.rewriting(rule.effect, box, own) or _anything(rule.effect, box)
        if changed is None:
            return None
        if changed.after != box:
            steps.append(Step(changed, line(proof.name, proof.firewall, rule)))
            box = changed.after
    return steps


def _anything(effect: Translate, box: Box) -> changes.Rewriting | None:
    """An address of the firewall's own that no file tells: later lists may permit every one all the same."""
    if effect.end == "destination" or not effect.itself:
        return None
    whole = IntervalSet.of((0, box.family.last))
    return changes.Rewriting(box, changes.with_end(box, "source", whole, box.source_ports), "source", None,
                             ports_kept=True)
