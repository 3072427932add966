"""Where a permit has to go so that what one filter stops of a demand passes, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import parsers
from linter.crossings import Crossing
from linter.engine.evaluate import callees_first
from linter.engine.packets import Box
from linter.verdicts import Proof
from parsers.model.addresses import single
from parsers.model.conditions import ESTABLISHED, InState
from parsers.model.firewall import Binding, Firewall, Passage
from parsers.model.rules import Action, Chain, Default, Rule, Stage
from parsers.model.services import is_icmp, service


@dataclass(frozen=True, slots=True)
class Opening:
    """A permit to be made, before it is written in the words of a vendor."""

    firewall: str
    """By its name in the site."""
    chain: str
    at: int
    """The rule of the chain before which it goes; the chain's length for its end."""
    box: Box
    """What it permits, as the filter sees it."""
    answers: bool
    """Whether it is for packets of established connections only."""
    passage: Passage | None
    bind: str = ""
    """The interface on which the list has to be bound first, because none is."""
    advice: str = ""
    """Another cure that the vendor offers, such as a group to enable."""


@dataclass(frozen=True, slots=True)
class Hopeless:
    """What no single permit can open without opening more."""

    firewall: str
    because: str


def openings(proofs: Iterable[Proof]) -> Iterator[Opening | Hopeless]:
    """Yield one opening for each filter that stops some of the packets."""
    for proof in proofs:
        crossing, outcome = proof.crossing, proof.outcome
        if not isinstance(crossing, Crossing) or outcome is None or not outcome.denials:
            continue
        if proof.leg.kind == "follow-up" and proof.way and not proof.way.translations and any(
                each.leg.kind == "request" and each.outcome and each.outcome.denials
                and each.firewall is proof.firewall for each in proofs):
            continue  # what opens for the first packets is open for the later ones
        stages = dict.fromkeys(part.stage for part in outcome.denials)
        for stage in stages:
            blockers = [part.by for part in outcome.denials if part.stage is stage]
            place = _place(proof, crossing, stage, blockers)
            if isinstance(place, Hopeless):
                yield place
                continue
            boxes = _boxes(proof, crossing)
            if not boxes:
                yield Hopeless(proof.name, "part of it may pass or not, and is translated there: a permit "
                                           "would settle more than what is missing")
            chain, at, bind = place
            answers = proof.leg.kind != "request" and proof.firewall.on_host
            for box in boxes:
                yield Opening(proof.name, chain, at, box, answers, crossing.passage, bind,
                              _advice(proof, crossing, box, blockers[0]))


def _boxes(proof: Proof, crossing: Crossing) -> Sequence[Box]:
    """All packets of the demand, as the filters see them; of what may pass already nothing is touched.

    So what a permit for them opens is what is missing: all else of the demand passes as it is.
    """
    assert proof.outcome is not None
    translated = any(way.translations for way in proof.ways)
    if proof.outcome.undecided:
        return () if translated or crossing.seen != crossing.box else tuple(proof.outcome.denied)
    return list(dict.fromkeys(way.after for way in proof.ways)) if translated else (crossing.seen,)


def _advice(proof: Proof, crossing: Crossing, box: Box, by: Rule | Default) -> str:
    if crossing.passage is None or proof.leg.kind != "request":
        return ""
    port = box.source_ports.lowest if is_icmp(box.protocol) else box.destination_ports.lowest
    listener = proof.arrival.demand.requirement.listener
    return parsers.advice(proof.firewall, by, crossing.passage, box.protocol, port, listener)


def _place(proof: Proof, crossing: Crossing, stage: Stage,
           blockers: Sequence[Rule | Default]) -> tuple[str, int, str] | Hopeless:
    firewall = proof.firewall
    lists = [name for name in stage.chains if name in firewall.lists]
    if not lists:
        return _new_list(proof, crossing, blockers)
    rules = {name: chain.rules for name, chain in firewall.chains.items()}
    found: list[tuple[int, int]] = []
    for by in blockers:
        if isinstance(by, Default):
            found.append((0, len(rules[lists[0]])))
            continue
        if firewall.vendor == "windows":
            return Hopeless(proof.name, f"{firewall.source.span(by.line)} blocks, and that wins over every "
                                        "allow rule: narrow it, or remove it")
        where = next(((number, at) for number, name in enumerate(lists)
                      for at, rule in enumerate(rules[name]) if rule is by or _calls(rules, rule, by)), None)
        if where is None:
            return Hopeless(proof.name, f"{firewall.source.span(by.line)} stops it before any list is asked")
        found.append(where)
    number, at = min(found)
    return lists[number], at, ""


def _calls(rules: Mapping[str, Sequence[Rule]], rule: Rule, by: Rule) -> bool:
    """Whether a rule leads to the one that stops."""
    return bool(rule.target) and any(
        each is by for name in callees_first(rules, (rule.target,)) for each in rules[name])


def _new_list(proof: Proof, crossing: Crossing, blockers: Sequence[Rule | Default]) -> (
        tuple[str, int, str] | Hopeless):
    """No list is bound: one can be, if levels let nothing else in by this interface."""
    entry = crossing.passage.ingress if crossing.passage else None
    found = proof.firewall.interface(entry) if entry else None
    if found is None or found.level is None or not all(
            isinstance(by, Default) and by.kind == "security-level" for by in blockers):
        return Hopeless(proof.name, "no list decides there that a permit could go into")
    others = [each for each in proof.firewall.interfaces if each.name != found.name]
    same = "inter-interface" in proof.firewall.options
    if any(each.level is None or each.level < found.level or (same and each.level == found.level)
           for each in others):
        return Hopeless(proof.name, f"no list is bound to {found.name}, and levels let other traffic "
                                    "pass from it, which a new list would stop: its policy is yours to write")
    return f"{found.name}_access_in", 0, found.name


# The model with the permits in it


def rule_of(opening: Opening) -> Rule:
    """The permit as a rule of the model; it has no line in any file."""
    box = opening.box
    conditions = (InState(frozenset({ESTABLISHED})),) if opening.answers else ()
    return Rule(Action.PERMIT, single(box.family, box.sources), single(box.family, box.destinations),
                (service(box.protocol, box.source_ports, box.destination_ports),), 0, conditions)


def opened(firewall: Firewall, wanted: Iterable[tuple[Opening, int]]) -> Firewall:
    """Return the firewall with the permits in place, each as many rules as lines are written for it."""
    chains, bindings = dict(firewall.chains), list(firewall.bindings)
    for opening, count in sorted(wanted, key=lambda each: -each[0].at):
        old = chains.get(opening.chain, Chain(opening.chain, ())).rules
        new = [rule_of(opening)] * count
        chains[opening.chain] = Chain(opening.chain, (*old[:opening.at], *new, *old[opening.at:]))
        if opening.bind and not any(each.chain == opening.chain for each in bindings):
            bindings.append(Binding(opening.chain, opening.bind, "in", 1))
    return replace(firewall, chains=chains, bindings=tuple(bindings))
