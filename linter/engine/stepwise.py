"""A filter that marks packets and tests marks as well: rule by rule, with what is known of each part.

It decides whether a test comes before or after the line that marks, so such a filter cannot be evaluated for
all packets at once. It is rare, and short where it concerns one demand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.engine import budget, changes
from aclproof.linter.engine.algebra import split
from aclproof.linter.engine.outcomes import Outcome, Part
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.effects import Divert, Notice, Translate
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.ternary import Ternary, Within, settle

Known = tuple[Box, Context]
"""Packets, and what is known of all of them."""

Passed = tuple[Box, Context, Rule | None]
"""Packets that pass, and the rule that rewrites them on leaving."""

_MOST_PARTS = 256
_STEPS_OF_A_PART = 2
"""That a rule takes for each part."""


class StepwiseError(Exception):
    """There are too many parts: this filter cannot be evaluated so."""


def evaluate_by_rule(stage: Stage, rules: Mapping[str, Sequence[Rule]], box: Box,
                     context: Context) -> tuple[Outcome, list[Passed], list[Box]]:
    """Return what the filter decides, and what is known of the packets that pass it; or StepwiseError.

    The last are packets that a rule asks for what stays open: nothing of the rest is about them.
    """
    run = _Run(stage, rules)
    live = [(box, replace(context, place=stage.place))]
    for name in stage.chains:
        live = [known for each in live for known in run.chain(name, each)]
    run.decide(stage.default, stage.default.action, live)
    return run.outcome(), run.passed, run.left_open


class _Run(Struct):
    stage: Stage
    rules: Mapping[str, Sequence[Rule]]
    passed: list[Passed] = field(default_factory=list)
    permits: list[Part] = field(default_factory=list)
    denials: list[Part] = field(default_factory=list)
    left_open: list[Box] = field(default_factory=list)

    def outcome(self) -> Outcome:
        denied = [box for part in self.denials for box in part.boxes]
        return Outcome([box for box, _, _ in self.passed], denied, (), tuple(self.permits),
                       tuple(self.denials), ())

    def decide(self, by: Rule | Default, action: Action, known: Sequence[Known]) -> None:
        if not known:
            return
        part = Part(self.stage, by, tuple(box for box, _ in known))
        if action is Action.PERMIT:
            self.permits.append(part)
            rewriter = by if isinstance(by, Rule) and isinstance(by.effect, Translate | Divert) else None
            self.passed += [(box, context, rewriter) for box, context in known]
        else:
            self.denials.append(part)

    def chain(self, name: str, start: Known) -> list[Known]:
        """Evaluate a chain; return what reaches its end."""
        live, returned = [start], []
        for rule in self.rules[name]:
            matched, live = self._divide(rule, live)
            match rule.action:
                case Action.PERMIT | Action.DENY:
                    self.decide(rule, rule.action, matched)
                case Action.RETURN:
                    returned += matched
                case Action.CONTINUE:
                    live += matched
                case Action.JUMP | Action.GOTO:
                    back = live if rule.action is Action.JUMP else returned
                    back += [known for each in matched for known in self.chain(rule.target, each)]
        return returned + live

    def _divide(self, rule: Rule, live: Sequence[Known]) -> tuple[list[Known], list[Known]]:
        matched: list[Known] = []
        rest: list[Known] = []
        budget.current().spend(_STEPS_OF_A_PART * len(live))
        for box, context in live:
            inside, outside = self._matched(rule, box, context)
            matched += [(each, _after(rule, context)) for each in inside]
            rest += [(each, context) for each in outside]
        if len(matched) + len(rest) > _MOST_PARTS:
            from aclproof.linter.engine.canonical import joined

            matched, rest = joined(matched), joined(rest)
            if len(matched) + len(rest) > _MOST_PARTS:
                raise StepwiseError
        return matched, rest

    def _matched(self, rule: Rule, box: Box, context: Context) -> tuple[Sequence[Box], Sequence[Box]]:
        """The packets that a rule matches, and the others; without those that it leaves open."""
        wanted = _spoken_of(rule, box)
        idle = rule.action is Action.CONTINUE and rule.effect is None
        if idle or not rule.enabled:
            return (), (box,)
        answers = [settle(condition, context) for condition in rule.conditions]
        if Ternary.NO in answers:
            return (), (box,)
        for answer in answers:
            if isinstance(answer, Within):
                wanted = [_within(part, answer) for part in wanted]
        inside, outside = split(box, wanted)
        diverts = isinstance(rule.effect, Divert) and rule.action is not Action.PERMIT
        if diverts or Ternary.UNKNOWN in answers:
            self.left_open += inside
            return (), outside
        return inside, outside


def _spoken_of(rule: Rule, box: Box) -> list[Box]:
    """The packets of a box that a rule's addresses and services cover, whatever else it tests."""
    sources, destinations = rule.sources.of(box.family), rule.destinations.of(box.family)
    covered: list[Box] = []
    for service in rule.services:
        if box.protocol in service.protocols:
            met = box & Box(box.family, box.protocol, sources, destinations, service.source_ports,
                            service.destination_ports)
            if met:
                covered.append(met)
    return covered


def _within(box: Box, known: Within) -> Box:
    addresses = known.addresses.of(box.family)
    if known.side == "source":
        return replace(box, sources=box.sources & addresses)
    return replace(box, destinations=box.destinations & addresses)


def _after(rule: Rule, context: Context) -> Context:
    if isinstance(rule.effect, Notice):
        return changes.noticed(rule.effect, context, sure=True)
    return context
