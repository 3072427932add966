"""What passes by some lines for requirements, and by no other line, as permits to stand in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit.pieces import within
from aclproof.linter.audit.surplus import Surplus, is_sent_alone
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.relevant import every_rule
from aclproof.linter.fix.entering import switched
from aclproof.linter.fix.missing_permits import at_place, interfaces
from aclproof.linter.fix.opening import Wanted, add, systems
from aclproof.linter.fix.position import InsertPosition
from aclproof.linter.program import Analysis, reanalyse
from aclproof.linter.proof.needed_packets import from_any_port
from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.conditions import ESTABLISHED, NEW, InState
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule, Stage
from aclproof.parsers.model.ternary import Ternary, settle
from aclproof.parsers.permits import MissingPermit, Permit, line_count


def kept(name: str, site: Analysis, day: date, surplus: Sequence[Surplus]) -> Wanted:
    """Return the permits that keep every requirement as it is without some lines of a firewall.

    What is undecided is kept as far as such a line may let it pass.
    """
    wanted: Wanted = {}
    of_hosts = systems(site)[name]
    for lists in _filters(name, site):
        gone = [each for each in surplus if each.chain in lists]
        for requirement, missing in _InFilter(name, site, day, gone).kept() if gone else ():
            add(replace(missing, systems=of_hosts), requirement, wanted)
    return wanted


def _filters(name: str, site: Analysis) -> Sequence[Set[str]]:
    """The lists of a firewall that decide together: packets that leave one may pass by another one."""
    rules = every_rule(site.firewalls[name])
    found: list[Set[str]] = []
    for chains in {stage.chains: None for _, _, judged in site.judged_at(name)
                   for stage in judged.segment.stages}:
        reached = set(callees_first(rules, [each for each in chains if each in rules]))
        found = [*(each for each in found if not each & reached),
                 reached.union(*(each for each in found if each & reached))]
    return found


class _Use(Struct, frozen=True):
    """Packets that a rule lets pass at a filter, or may."""

    stage: Stage
    place: InsertPosition
    rule: Rule
    boxes: Sequence[Box]


class _InFilter:
    """What the lines of one filter carry that are to go."""

    def __init__(self, name: str, site: Analysis, day: date, gone: Sequence[Surplus]) -> None:
        self._name, self._site = name, site
        self._firewall = firewall = site.firewalls[name]
        self._rules = {id(rule): (rule, place) for each in gone  # those that were proven
                       for rule, place in _rules(site.asking[name], each)}
        off = {firewall.source.given(each.line) for each in gone}
        self._without = reanalyse(site, day, {**site.firewalls, name: switched(firewall, off, on=False)})
        self._callers = every_rule(firewall)
        self._with_later = {part.by.line for _, proof, judged in site.judged_at(name)
                            if proof.leg.kind == "follow-up" for part in judged.outcome.permits
                            if isinstance(part.by, Rule)}

    def kept(self) -> Iterator[tuple[str, MissingPermit]]:
        """Yield the permits, each with a requirement that it is for."""
        passing = self._still_passing()
        for requirement, proof, judged in self._site.judged_at(self._name):
            for use in self._uses(proof, judged):
                lost = minus(use.boxes, passing.get((requirement, proof.leg.kind), ()))
                for box in _fewest(proof, judged, use.rule, lost):
                    yield requirement, self._permit(proof, judged, use, box)

    def _still_passing(self) -> Mapping[tuple[str, str], Sequence[Box]]:
        """What surely passes the firewall all the same, by requirement and leg."""
        found: dict[tuple[str, str], list[Box]] = {}
        for requirement, proof, judged in self._without.judged_at(self._name):
            found.setdefault((requirement, proof.leg.kind), []).extend(judged.outcome.permitted)
        return found

    def _uses(self, proof: Proof, judged: Judged) -> Iterator[_Use]:
        outcome = judged.outcome
        for part in outcome.permits:
            rule, place = self._rules.get(id(part.by), (None, None))
            if rule and place and is_sent_alone(proof, part):
                yield _Use(part.stage, place, rule, part.boxes)
        undecided = outcome.undecided and proof.leg.kind == "request"
        for rule, place in self._rules.values() if undecided else ():
            stage = self._stage(judged, place.chain)
            if stage and _may_match(rule, judged, stage):
                yield _Use(stage, place, rule, outcome.undecided)

    def _stage(self, judged: Judged, chain: str) -> Stage | None:
        """The filter of a segment whose packets may come to a list."""
        return next((stage for stage in judged.segment.stages
                     if chain in callees_first(self._callers, [each for each in stage.chains
                                                               if each in self._callers])), None)

    def _permit(self, proof: Proof, judged: Judged, use: _Use, box: Box) -> MissingPermit:
        return at_place(proof, judged, use.place, Permit(box, self._state(use.rule),
                                                         *interfaces(self._firewall, use.stage)))

    def _state(self, rule: Rule) -> str:
        """The state that a permit asks for where the rule asks for one."""
        if not any(isinstance(each, InState) for each in rule.conditions):
            return ""
        return f"{ESTABLISHED},{NEW}" if rule.line in self._with_later else NEW


def _may_match(rule: Rule, judged: Judged, stage: Stage) -> bool:
    """Whether a rule may match packets at a filter, as far as it asks for more than their ends."""
    context = replace(judged.context, place=stage.place)
    return all(settle(each, context) is not Ternary.NO for each in rule.conditions)


def _rules(firewall: Firewall, of: Surplus) -> Iterator[tuple[Rule, InsertPosition]]:
    """The rules of a line, each with the place of the first."""
    first: int | None = None
    for at, rule in enumerate(firewall.chains[of.chain].rules):
        if rule.line == of.line:
            first = at if first is None else first
            yield rule, InsertPosition(of.chain, first)


def _fewest(proof: Proof, judged: Judged, rule: Rule, lost: Sequence[Box]) -> Sequence[Box]:
    """What is lost without a rule, or all packets of the demand that it matches where that takes fewer lines.

    Those of them that are not lost pass all the same, or do not come to it.
    """
    exact, whole = ([part for box in boxes for part in within(rule, from_any_port(proof, box))]
                    for boxes in (lost, [judged.segment.box] if lost else ()))
    return exact if sum(map(line_count, exact)) <= sum(map(line_count, whole)) else whole
