"""One packet, rule by rule: the second, independent and simple implementation.

It shares no code with the sets; it is their oracle in the tests and the `trace` command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.conditions import NEW, RELATED, UNTRACKED, Condition, Context
from aclproof.parsers.model.effects import CopyMark, Divert, Effect, SetMark, Translate, Untrack
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.model.ternary import Ternary, Within, has_connection, settle


class Fate(Enum):
    """What may become of the packet."""

    PERMIT = "permit"
    DENY = "deny"
    RETURNED = "returned"
    """Nothing in the chain decided it."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A rule that the packet met; `unresolved` conditions make the match uncertain."""

    stage: Stage
    chain: str
    by: Rule | Default
    unresolved: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class PacketTrace:
    """All possible fates of one packet, and the rules that it met on the way, in order."""

    fates: frozenset[Fate]
    steps: tuple[TraceStep, ...]
    packet: Packet
    """As it left, where its destination was translated on the way."""
    context: Context
    diverted: bool = False
    """Whether nobody can say what a rule makes of it."""

    @property
    def verdict(self) -> str:
        """`permit`, `deny` or `undecided`."""
        return next(iter(self.fates)).value if len(self.fates) == 1 else "undecided"

    @property
    def deciding(self) -> TraceStep | None:
        """The last line met: the one that decided, where the verdict is sure."""
        return self.steps[-1] if self.steps else None


Reroute = Callable[[Packet, Rule], Sequence[Stage] | None]
"""Where a packet goes once a rule has rewritten its destination; None: on, as all others do."""


def trace_packet(stages: Sequence[Stage], chains: Mapping[str, Chain], packet: Packet, context: Context,
         own: AddressSet = NOWHERE, reroute: Reroute = lambda packet, rule: None) -> PacketTrace:
    """Send one packet through the stages; it passes when every stage permits it.

    `own` are the firewall's addresses where they are known.
    """
    walker = _Tracer(chains, packet, context, own)
    fates: set[Fate] = set()
    ahead = list(stages)
    while ahead:
        stage = ahead.pop(0)
        if stage.once and not walker.context.states & {NEW, RELATED}:
            continue
        here = walker.stage(stage)
        fates |= here & {Fate.DENY}
        if Fate.PERMIT not in here:
            return walker.result(fates)
        if walker.diverted:
            return walker.result({Fate.PERMIT, Fate.DENY})
        if walker.translation:
            chosen = reroute(walker.packet, walker.translation)
            ahead = ahead if chosen is None else list(chosen)
            walker.translation = None
    return walker.result(fates | {Fate.PERMIT})


class _Tracer:
    """A packet on its way, and what is known of it so far."""

    def __init__(self, chains: Mapping[str, Chain], packet: Packet, context: Context,
                 own: AddressSet) -> None:
        self._chains, self.packet, self.context, self._own = chains, packet, context, own
        self._steps: list[TraceStep] = []
        self._certain = True
        self.diverted = False
        self.translation: Rule | None = None

    def result(self, fates: set[Fate]) -> PacketTrace:
        return PacketTrace(frozenset(fates), tuple(self._steps), self.packet, self.context, self.diverted)

    def stage(self, stage: Stage) -> set[Fate]:
        self.context = replace(self.context, place=stage.place)
        self._certain = True
        fates: set[Fate] = set()
        for name in stage.chains:
            here = self._chain(stage, name)
            fates |= here - {Fate.RETURNED}
            if Fate.RETURNED not in here:
                return fates
        self._steps.append(TraceStep(stage, "", stage.default, ()))
        return fates | {Fate.PERMIT if stage.default.action is Action.PERMIT else Fate.DENY}

    def _chain(self, stage: Stage, name: str) -> set[Fate]:
        fates: set[Fate] = set()
        for rule in self._chains[name].rules:
            unresolved = self._matches(rule)
            if unresolved is None:
                continue
            self._steps.append(TraceStep(stage, name, rule, unresolved))
            if rule.effect is not None:
                self._effect(rule.effect, rule, sure=self._certain and not unresolved)
            here: set[Fate]
            match rule.action:
                case Action.PERMIT:
                    here = {Fate.PERMIT}
                case Action.DENY:
                    here = {Fate.DENY}
                case Action.RETURN:
                    here = {Fate.RETURNED}
                case Action.CONTINUE:
                    continue
                case Action.JUMP | Action.GOTO:
                    certain, self._certain = self._certain, self._certain and not unresolved
                    here = self._chain(stage, rule.target)
                    self._certain = certain and here == {Fate.RETURNED}
                    if rule.action is Action.JUMP and Fate.RETURNED in here:
                        fates |= here - {Fate.RETURNED}
                        continue
            fates |= here
            if not unresolved:
                return fates
            self._certain = False
        return fates | {Fate.RETURNED}

    def _matches(self, rule: Rule) -> tuple[Condition, ...] | None:
        """None when the packet does not match; else the conditions that stay open."""
        packet = self.packet
        if not (rule.enabled and packet.source in rule.sources.of(packet.family)
                and packet.destination in rule.destinations.of(packet.family)
                and any(packet.protocol in each.protocols and packet.source_port in each.source_ports
                        and packet.destination_port in each.destination_ports for each in rule.services)):
            return None
        unresolved = []
        for condition in rule.conditions:
            answer = settle(condition, self.context)
            if isinstance(answer, Within):
                end = packet.source if answer.side == "source" else packet.destination
                answer = Ternary.YES if end in answer.addresses.of(packet.family) else Ternary.NO
            if answer is Ternary.NO:
                return None
            if answer is Ternary.UNKNOWN:
                unresolved.append(condition)
        return tuple(unresolved)

    def _effect(self, effect: Effect, rule: Rule, *, sure: bool) -> None:
        context = self.context
        match effect:
            case Untrack():
                self.context = replace(context, states=frozenset({UNTRACKED}) if sure else
                                       context.states | {UNTRACKED})
            case SetMark(whose="connection") | CopyMark() if has_connection(context) is False:
                return
            case SetMark():
                sure = sure and (effect.whose == "packet" or has_connection(context) is True)
                old = context.mark if effect.whose == "packet" else context.connection_mark
                whole = effect.mask == 2**32 - 1
                fresh = None
                if sure and effect.known and (whole or old is not None):
                    fresh = ((0 if whole else old or 0) & ~effect.mask) ^ effect.value
                self._mark(effect.whose, fresh)
            case CopyMark():
                other = context.connection_mark if effect.to == "packet" else context.mark
                self._mark(effect.to, other if sure and has_connection(context) is True else None)
            case Divert():
                self.diverted = True
            case Translate(end="source"):
                self.context = replace(context, source_translated=True if sure else None)
            case Translate():
                self._translate(effect, rule, sure=sure)
            case _:
                assert_never(effect)

    def _mark(self, whose: str, value: int | None) -> None:
        self.context = replace(self.context, mark=value) if whose == "packet" else \
            replace(self.context, connection_mark=value)

    def _translate(self, effect: Translate, rule: Rule, *, sure: bool) -> None:
        """Rewrite the destination, where there is only one thing that it can become."""
        packet = self.packet
        own = self._own.of(packet.family)
        low, high = effect.addresses or (packet.destination, packet.destination)
        if effect.itself:
            low, high = (own.lowest, own.ranges[-1][1]) if own else (0, 1)
        elif effect.shifted:
            low = high = low + packet.destination % (high - low + 1)
        first, last = effect.ports or (packet.destination_port, packet.destination_port)
        if is_icmp(packet.protocol):
            first = last = packet.destination_port
        if not sure or low != high or first != last:
            self.diverted = True
            return
        self.packet = replace(packet, destination=low, destination_port=first)
        if self.packet != packet:
            self.context = replace(self.context, translated=True)
        self.translation = rule
