"""Where in which chain a permit reaches what is stopped."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linter.crossings import Crossing
from linter.engine.evaluate import callees_first
from linter.engine.packets import Box
from linter.engine.prefilter import candidates
from linter.engine.traverse import traverse
from linter.verdicts import Proof
from parsers.model.addresses import single
from parsers.model.conditions import Condition, InState, OnInterface
from parsers.model.firewall import Firewall
from parsers.model.rules import Action, Default, Rule, Stage
from parsers.model.services import service


@dataclass(frozen=True, slots=True)
class Permit:
    """Packets that are to pass, and what else a rule for them tests, where the vendor's rules can."""

    box: Box
    state: str = ""
    """The state of their connection."""
    ingress: str = ""
    egress: str = ""

    def rule(self) -> Rule:
        """The permit as a rule of the model; it has no line in any file."""
        box = self.box
        conditions: list[Condition] = [InState(frozenset({self.state}))] if self.state else []
        conditions += [OnInterface("in", self.ingress)] if self.ingress else []
        conditions += [OnInterface("out", self.egress)] if self.egress else []
        return Rule(Action.PERMIT, single(box.family, box.sources), single(box.family, box.destinations),
                    (service(box.protocol, box.source_ports, box.destination_ports),), 0, tuple(conditions))


@dataclass(frozen=True, slots=True)
class Place:
    """Before which rule of which chain a permit goes; `entry` is where a list has to be bound first."""

    chain: str
    at: int
    entry: str = ""


def find(proof: Proof, crossing: Crossing, stage: Stage, permits: Sequence[Permit]) -> Place | str:
    """Find the place of permits for what a filter stops, or say why there is none."""
    assert proof.outcome is not None
    firewall = proof.firewall
    blockers = [part.by for part in proof.outcome.denials if part.stage is stage]
    lists = [name for name in stage.chains if name in firewall.lists]
    if not lists:
        return _unbound(firewall, crossing, blockers)
    rules = {name: chain.rules for name, chain in firewall.chains.items()}
    found = [_before(rules, lists, by) for by in blockers]
    if None in found:
        by = blockers[found.index(None)]
        assert isinstance(by, Rule)
        return f"{firewall.source.span(by.line)} stops it before any list is asked"
    number, at = min(each for each in found if each is not None)
    base = Place(lists[number], at)
    if firewall.vendor != "iptables":
        return base
    search = _Search(proof, crossing, stage, [permit.rule() for permit in permits])
    own = _own_chain(firewall, lists, blockers)
    return next((place for place in (own, base) if place and search.opens(place)), None) or search.last(
        base.chain)


def _unbound(firewall: Firewall, crossing: Crossing, blockers: Sequence[Rule | Default]) -> Place | str:
    passage = crossing.passage
    if passage is None or not passage.ingress or not all(
            isinstance(by, Default) and by.kind == "security-level" for by in blockers):
        return "no list decides there that a permit could go into"
    entry, leave = (firewall.interface(name or "") for name in (passage.ingress, passage.egress))
    if entry and leave and entry.level == leave.level:
        return (f"{entry.name} and {leave.name} have equal security levels: only 'same-security-traffic "
                "permit inter-interface' lets them talk, and that opens everything between equal levels")
    return Place("", 0, passage.ingress)


def _before(rules: Mapping[str, Sequence[Rule]], lists: Sequence[str],
            by: Rule | Default) -> tuple[int, int] | None:
    """The list, and the rule of it that stops packets or leads to what does; None where no list does."""
    if isinstance(by, Default):
        return 0, len(rules[lists[0]])
    return next(((number, at) for number, name in enumerate(lists)
                 for at, rule in enumerate(rules[name]) if rule is by or _calls(rules, rule, by)), None)


def _calls(rules: Mapping[str, Sequence[Rule]], rule: Rule, by: Rule) -> bool:
    """Whether a rule leads to the one that stops."""
    return bool(rule.target) and any(
        each is by for name in callees_first(rules, (rule.target,)) for each in rules[name])


def _own_chain(firewall: Firewall, lists: Sequence[str], blockers: Sequence[Rule | Default]) -> Place | None:
    """The place before the one rule that stops, if its chain is one in which permits are kept.

    A chain that only drops (of fail2ban, say, or one that logs and drops) is not; Docker's own for the
    administrator always is.
    """
    by = blockers[0]
    if len(blockers) > 1 or isinstance(by, Default):
        return None
    for name, chain in firewall.lists.items():
        at = next((at for at, rule in enumerate(chain.rules) if rule is by), None)
        if at is not None and name not in lists and (
                "DOCKER-USER" in name or any(rule.action is Action.PERMIT for rule in chain.rules)):
            return Place(name, at)
    return None


@dataclass(frozen=True, slots=True)
class _Search:
    """Tries permits in places, until a filter stops nothing any more."""

    proof: Proof
    crossing: Crossing
    stage: Stage
    permits: Sequence[Rule]

    def last(self, chain: str) -> Place | str:
        """The last place of a chain that works: what is reached there is reached from every earlier one."""
        first, end = 0, len(self.proof.firewall.chains[chain].rules)
        if not self.opens(Place(chain, 0)):
            return f"no permit in {chain.partition(' ')[0]} reaches it"
        while end - first > 1:
            middle = (first + end) // 2
            if self.opens(Place(chain, middle)):
                first = middle
            else:
                end = middle
        return Place(chain, first)

    def opens(self, place: Place) -> bool:
        """Whether the filter stops nothing of the packets with the permits in this place."""
        crossing, old = self.crossing, self.proof.firewall.chains[place.chain].rules
        rules = dict(self._rules())
        kept = {id(rule) for rule in rules[place.chain]}
        rules[place.chain] = [*(rule for rule in old[:place.at] if id(rule) in kept), *self.permits,
                              *(rule for rule in old[place.at:] if id(rule) in kept)]
        outcome, _ = traverse(crossing.stages, ChainMap(rules, dict(crossing.arrivals)), crossing.seen,
                              self.proof.context, crossing.own, crossing.onward)
        return not any(part.stage == self.stage for part in outcome.denials)

    def _rules(self) -> Mapping[str, Sequence[Rule]]:
        """The rules that can meet the packets; all of them where these may be translated on their way."""
        chains = {name: chain.rules for name, chain in self.proof.firewall.chains.items()}
        if self.crossing.arrivals:
            return chains
        roots = [name for stage in self.crossing.stages for name in stage.chains]
        return {name: _meeting(chains[name], self.crossing.seen) for name in _reached(chains, roots)}


def _reached(chains: Mapping[str, Sequence[Rule]], roots: Iterable[str]) -> list[str]:
    return callees_first(chains, list(dict.fromkeys(roots)))


def _meeting(rules: Sequence[Rule], box: Box) -> Sequence[Rule]:
    return candidates(rules, [box])[0]
