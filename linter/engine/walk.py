"""One packet, rule by rule: the second, independent and simple implementation.

It shares no code with the sets; it is their oracle in the tests and the `trace` command.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from linter.engine.packets import Packet
from parsers.model.conditions import Answer, Condition, Context, Within, settle
from parsers.model.rules import Action, Chain, Default, Rule, Stage


class Fate(Enum):
    """What may become of the packet."""

    PERMIT = "permit"
    DENY = "deny"
    FALL = "fall"
    """Nothing in the chain decided it."""


@dataclass(frozen=True, slots=True)
class StepSeen:
    """A rule that the packet met; `open` conditions make the match uncertain."""

    stage: Stage
    chain: str
    by: Rule | Default
    open: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """All possible fates of one packet, and the rules that it met on the way, in order."""

    fates: frozenset[Fate]
    steps: tuple[StepSeen, ...]

    @property
    def verdict(self) -> str:
        """`permit`, `deny` or `undecided`."""
        return next(iter(self.fates)).value if len(self.fates) == 1 else "undecided"

    @property
    def deciding(self) -> StepSeen | None:
        """The last line met: the one that decided, where the verdict is sure."""
        return self.steps[-1] if self.steps else None


def walk(stages: Sequence[Stage], chains: Mapping[str, Chain], packet: Packet, context: Context) -> Walk:
    """Send one packet through the stages; it passes when every stage permits it."""
    steps: list[StepSeen] = []
    fates: set[Fate] = set()
    for stage in stages:
        here = _stage(stage, chains, packet, context, steps)
        if Fate.DENY in here:
            fates.add(Fate.DENY)
        if Fate.PERMIT not in here:
            return Walk(frozenset(fates), tuple(steps))
    return Walk(frozenset(fates | {Fate.PERMIT}), tuple(steps))


def _stage(stage: Stage, chains: Mapping[str, Chain], packet: Packet, context: Context,
           steps: list[StepSeen]) -> set[Fate]:
    fates: set[Fate] = set()
    for name in stage.chains:
        here = _chain(stage, name, chains, packet, context, steps)
        fates |= here - {Fate.FALL}
        if Fate.FALL not in here:
            return fates
    steps.append(StepSeen(stage, "", stage.default, ()))
    return fates | {Fate.PERMIT if stage.default.action is Action.PERMIT else Fate.DENY}


def _chain(stage: Stage, name: str, chains: Mapping[str, Chain], packet: Packet, context: Context,
           steps: list[StepSeen]) -> set[Fate]:
    fates: set[Fate] = set()
    for rule in chains[name].rules:
        matched = _matches(rule, packet, context)
        if matched is None:
            continue
        steps.append(StepSeen(stage, name, rule, matched))
        here: set[Fate]
        match rule.action:
            case Action.PERMIT:
                here = {Fate.PERMIT}
            case Action.DENY:
                here = {Fate.DENY}
            case Action.RETURN:
                here = {Fate.FALL}
            case Action.CONTINUE:
                continue
            case Action.JUMP | Action.GOTO:
                here = _chain(stage, rule.target, chains, packet, context, steps)
                if rule.action is Action.JUMP and Fate.FALL in here:
                    fates |= here - {Fate.FALL}
                    continue
        fates |= here
        if not matched:
            return fates
    return fates | {Fate.FALL}


def _matches(rule: Rule, packet: Packet, context: Context) -> tuple[Condition, ...] | None:
    """None when the packet does not match; else the conditions that stay open."""
    if not (rule.enabled and packet.source in rule.sources.of(packet.family)
            and packet.destination in rule.destinations.of(packet.family)
            and any(packet.protocol in each.protocols and packet.source_port in each.source_ports
                    and packet.destination_port in each.destination_ports for each in rule.services)):
        return None
    unsettled = []
    for condition in rule.conditions:
        answer = settle(condition, context)
        if isinstance(answer, Within):
            end = packet.source if answer.side == "source" else packet.destination
            answer = Answer.YES if end in answer.addresses.of(packet.family) else Answer.NO
        if answer is Answer.NO:
            return None
        if answer is Answer.UNKNOWN:
            unsettled.append(condition)
    return tuple(unsettled)
