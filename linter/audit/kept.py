"""What passes by some lines for requirements, and by no other line, as permits to stand in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit.pieces import within
from aclproof.linter.audit.surplus import Surplus, judged_at
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.relevant import every_rule
from aclproof.linter.fix.entering import switched_off
from aclproof.linter.fix.missing_permits import at_place, interfaces
from aclproof.linter.fix.opening import Wanted, add, systems
from aclproof.linter.fix.position import InsertPosition
from aclproof.linter.program import Analysis, reanalyse
from aclproof.linter.proof.needed_packets import from_any_port
from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.conditions import ESTABLISHED, NEW, InState
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Chain, Rule, Stage
from aclproof.parsers.permits import MissingPermit, Permit, line_count


def kept(name: str, site: Analysis, day: date, surplus: Sequence[Surplus]) -> Wanted:
    """Return the permits that keep every requirement as it is without some lines of a firewall.

    What is undecided is kept as far as such a line may let it pass.
    """
    wanted: Wanted = {}
    of_hosts = systems(site)[name]
    for chain in dict.fromkeys(each.chain for each in surplus):
        gone = {each.line for each in surplus if each.chain == chain}
        for requirement, missing in _InList(name, site, day, chain, gone).kept():
            add(replace(missing, systems=of_hosts), requirement, wanted)
    return wanted


class _Use(Struct, frozen=True):
    """Packets that a rule lets pass at a filter, or may."""

    stage: Stage
    rule: Rule
    boxes: Sequence[Box]


class _InList:
    """What the lines of one list carry that are to go."""

    def __init__(self, name: str, site: Analysis, day: date, chain: str, gone: Set[int]) -> None:
        self._name, self._site = name, site
        self._firewall = firewall = site.firewalls[name]
        self._chain: Chain = firewall.chains[chain]
        self._rules = {id(rule): at for at, rule in enumerate(self._chain.rules) if rule.line in gone}
        self._gone, self._places = gone, _first_of_lines(self._chain.rules, gone)
        self._without = reanalyse(site, day, {**site.firewalls, name: switched_off(firewall, gone)})
        self._callers = every_rule(firewall)
        self._with_later = {part.by.line for _, proof, judged in judged_at(name, site)
                            if proof.leg.kind == "follow-up" for part in judged.outcome.permits
                            if isinstance(part.by, Rule)}

    def kept(self) -> Iterator[tuple[str, MissingPermit]]:
        """Yield the permits, each with a requirement that it is for."""
        passing = self._still_passing()
        for requirement, proof, judged in judged_at(self._name, self._site):
            if proof.leg.kind != "request":
                continue
            for use in self._uses(judged):
                lost = minus(use.boxes, passing.get(requirement, ()))
                for box in _fewest(proof, judged, use.rule, lost):
                    yield requirement, self._permit(proof, judged, use, box)

    def _still_passing(self) -> Mapping[str, Sequence[Box]]:
        """What surely passes the firewall all the same, by requirement."""
        found: dict[str, list[Box]] = {}
        for requirement, proof, judged in judged_at(self._name, self._without):
            if proof.leg.kind == "request":
                found.setdefault(requirement, []).extend(judged.outcome.permitted)
        return found

    def _uses(self, judged: Judged) -> Iterator[_Use]:
        outcome = judged.outcome
        for part in outcome.permits:
            if isinstance(part.by, Rule) and id(part.by) in self._rules:
                yield _Use(part.stage, part.by, part.boxes)
        stage = self._stage(judged) if outcome.undecided else None
        if stage:
            rules = self._chain.rules
            yield from (_Use(stage, rules[at], outcome.undecided) for at in self._rules.values())

    def _stage(self, judged: Judged) -> Stage | None:
        """The filter of a segment whose packets may come to the list."""
        return next((stage for stage in judged.segment.stages
                     if self._chain.name in callees_first(self._callers, stage.chains)), None)

    def _permit(self, proof: Proof, judged: Judged, use: _Use, box: Box) -> MissingPermit:
        place = InsertPosition(self._chain.name, self._places[use.rule.line])
        return at_place(proof, judged, place, Permit(box, self._state(use.rule),
                                                     *interfaces(self._firewall, use.stage)))

    def _state(self, rule: Rule) -> str:
        """The state that a permit asks for where the rule asks for one."""
        if not any(isinstance(each, InState) for each in rule.conditions):
            return ""
        return f"{ESTABLISHED},{NEW}" if rule.line in self._with_later else NEW


def _first_of_lines(rules: Sequence[Rule], numbers: Set[int]) -> dict[int, int]:
    """By line the place of its first rule."""
    return {rule.line: at for at, rule in reversed(list(enumerate(rules))) if rule.line in numbers}


def _fewest(proof: Proof, judged: Judged, rule: Rule, lost: Sequence[Box]) -> Sequence[Box]:
    """What is lost without a rule, or all packets of the demand that it matches where that takes fewer lines.

    Those of them that are not lost pass all the same, or do not come to it.
    """
    exact, whole = ([part for box in boxes for part in within(rule, from_any_port(proof, box))]
                    for boxes in (lost, [judged.segment.box] if lost else ()))
    return exact if sum(map(line_count, exact)) <= sum(map(line_count, whole)) else whole
