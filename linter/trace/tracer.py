"""One packet, rule by rule: a second, simple implementation of what filters do.

It takes the parsers' chains and stages as they are. Everything else is its own: how a condition is decided
(linter.trace.conditions), what a rule does with the packet, in which order rules are met. So it is the oracle
of the sets in the tests, and the `trace` command (docs/decisions/0020-the-second-opinion.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.trace.conditions import holds
from aclproof.linter.trace.notices import notice
from aclproof.linter.trace.rule_index import rules_for
from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.conditions import (
    NEW,
    RELATED,
    UNTRACKED,
    Condition,
    Context,
    IsItself,
    Membership,
)
from aclproof.parsers.model.effects import Divert, Effect, Translate
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, Service, is_icmp


class Fate(Enum):
    """What may become of the packet."""

    PERMIT = "permit"
    DENY = "deny"
    RETURNED = "returned"
    """It comes to the end of the chain, or a rule sends it back to where the chain was called."""

    __hash__ = object.__hash__
    """Of an Enum it is worked out anew each time, and every packet has sets of them."""


class TraceStep(Struct, frozen=True):
    """A rule that matches the packet; `unresolved` conditions make the match uncertain."""

    stage: Stage
    chain: str
    by: Rule | Default
    unresolved: tuple[Condition, ...]


class PacketTrace(Struct, frozen=True):
    """All possible fates of one packet, and the rules that match it, in order."""

    fates: frozenset[Fate]
    steps: tuple[TraceStep, ...]
    packet: Packet
    """As it leaves the last stage, its destination translated where a rule does so."""
    context: Context
    """What is known of it then."""
    diverted: bool = False
    """Whether a rule makes something of it that is not known."""

    @property
    def verdict(self) -> str:
        """`permit`, `deny` or `undecided`."""
        return next(iter(self.fates)).value if len(self.fates) == 1 else "undecided"

    @property
    def deciding(self) -> TraceStep | None:
        """The last rule met: the one that decided, where the verdict is sure."""
        return self.steps[-1] if self.steps else None


Reroute = Callable[[Packet, Rule], Sequence[Stage] | None]
"""The stages ahead of a packet whose destination this rule has rewritten; None: those that were ahead."""


def trace_packet(stages: Sequence[Stage], chains: Mapping[str, Chain], packet: Packet, context: Context,
                 own: AddressSet = NOWHERE, reroute: Reroute = lambda packet, rule: None) -> PacketTrace:
    """Send one packet through the stages; it passes when every stage permits it.

    `own` are the firewall's addresses where they are known.
    """
    tracer = _Tracer(chains, packet, context, own)
    fates: set[Fate] = set()
    ahead = list(stages)
    while ahead:
        stage = ahead.pop(0)
        if stage.once and tracer.needs_no_translation:
            continue
        if context.source_translated is False and tracer.asks_for_new_source(stage):
            return tracer.result({Fate.PERMIT, Fate.DENY})
        may_pass_by = stage.once and tracer.context.source_translated is None
        possible = tracer.stage(stage) | ({Fate.PERMIT} if may_pass_by else set())
        fates |= possible & {Fate.DENY}
        if Fate.PERMIT not in possible:
            return tracer.result(fates)
        if tracer.diverted:
            return tracer.result({Fate.PERMIT, Fate.DENY})
        if tracer.translation:
            rerouted = reroute(tracer.packet, tracer.translation)
            ahead = ahead if rerouted is None else list(rerouted)
            tracer.translation = None
    return tracer.result(fates | {Fate.PERMIT})


_FATES = {Action.PERMIT: Fate.PERMIT, Action.DENY: Fate.DENY, Action.RETURN: Fate.RETURNED}


class _Tracer:
    """A packet between two rules, and what is known of it so far."""

    def __init__(self, chains: Mapping[str, Chain], packet: Packet, context: Context,
                 own: AddressSet) -> None:
        self._chains, self.packet, self.context, self._own = chains, packet, context, own
        self._steps: list[TraceStep] = []
        self._certain = True
        """Whether the packet surely comes to this rule, and is not decided before."""
        self.diverted = False
        self.translation: Rule | None = None
        """The rule that rewrote its destination in this stage."""

    @property
    def needs_no_translation(self) -> bool:
        """Whether no chain is asked to translate it: it opens no connection, or one has rewritten its source
        (nf_nat_inet_fn)."""
        return not self.context.states & {NEW, RELATED} or self.context.source_translated is True

    def asks_for_new_source(self, stage: Stage) -> bool:
        """Whether a filter asks for what a rule has rewritten, or may have."""
        if self.context.source_translated is False or stage.once:
            return False
        names, seen = list(stage.chains), set(stage.chains)
        while names:
            for rule in self._chains[names.pop()].rules:
                if _asks_for_source(rule, self.packet):
                    return True
                if rule.target and rule.target not in seen:
                    seen.add(rule.target)
                    names.append(rule.target)
        return False

    def result(self, fates: set[Fate]) -> PacketTrace:
        return PacketTrace(frozenset(fates), tuple(self._steps), self.packet, self.context, self.diverted)

    def stage(self, stage: Stage) -> set[Fate]:
        self.context = replace(self.context, place=stage.place)
        self._certain = True
        fates: set[Fate] = set()
        for name in stage.chains:
            possible = self._chain(stage, name)
            fates |= possible - {Fate.RETURNED}
            if Fate.RETURNED not in possible:
                return fates
        self._steps.append(TraceStep(stage, "", stage.default, ()))
        return fates | {_FATES[stage.default.action]}

    def _chain(self, stage: Stage, name: str) -> set[Fate]:
        fates: set[Fate] = set()
        for rule in rules_for(self._chains[name], self.packet):
            unresolved = self._unresolved(rule)
            if unresolved is None:
                continue
            self._steps.append(TraceStep(stage, name, rule, unresolved))
            if rule.effect is not None:
                self._apply(rule.effect, rule, sure=self._certain and not unresolved)
            possible = self._target(stage, rule, sure=not unresolved)
            if rule.action is Action.CONTINUE or (rule.action is Action.JUMP and Fate.RETURNED in possible):
                fates |= possible - {Fate.RETURNED}
                continue
            fates |= possible
            if not unresolved:
                return fates
            self._certain = False
        return fates | {Fate.RETURNED}

    def _target(self, stage: Stage, rule: Rule, *, sure: bool) -> set[Fate]:
        """What may become of the packet by the rule's action."""
        if rule.action not in (Action.JUMP, Action.GOTO):
            return {_FATES[rule.action]} if rule.action in _FATES else set()
        certain, self._certain = self._certain, self._certain and sure
        possible = self._chain(stage, rule.target)
        self._certain = certain and possible == {Fate.RETURNED}
        return possible

    def _unresolved(self, rule: Rule) -> tuple[Condition, ...] | None:
        """The conditions of a matching rule that stay open; None when the packet does not match."""
        packet = self.packet
        if not (rule.enabled and packet.source in rule.sources.of(packet.family)
                and packet.destination in rule.destinations.of(packet.family)
                and any(serves(service, packet) for service in rule.services)):
            return None
        unresolved: list[Condition] = []
        for condition in rule.conditions:
            answer = holds(condition, packet, self.context)
            if answer is False:
                return None
            if answer is None:
                unresolved.append(condition)
        return tuple(unresolved)

    # What rules do to packets

    def _apply(self, effect: Effect, rule: Rule, *, sure: bool) -> None:
        match effect:
            case Divert():
                self.diverted = True
            case Translate(end="source"):
                changed = None if _may_keep(effect, self.packet, self.context) else True
                self.context = replace(self.context, source_translated=True if sure else None,
                                       source_changed=changed if sure else None)
            case Translate():
                self._translate(effect, rule, sure=sure)
            case _:
                self.context = notice(effect, self.packet, self.context, sure=sure)

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
        perhaps_asked = UNTRACKED in self.context.states or self.context.source_translated is None
        if not sure or low != high or first != last or perhaps_asked:
            self.diverted = True
            return
        self.packet = replace(packet, destination=low, destination_port=first)
        if self.packet != packet:
            self.context = replace(self.context, translated=True)
        self.translation = rule


def _may_keep(effect: Translate, packet: Packet, context: Context) -> bool:
    """Whether the source may be one of those that it may become: then it is left alone, where it is free
    (nf_nat_core.c). An address of the firewall is that of its own packets only."""
    if effect.itself:
        return context.place.from_itself is True
    low, high = effect.addresses or (packet.source, packet.source)
    if effect.offset is not None:
        low = high = packet.source + effect.offset
    first, last = effect.ports or (packet.source_port, packet.source_port)
    return low <= packet.source <= high and (first <= packet.source_port <= last or is_icmp(packet.protocol))


def _asks_for_source(rule: Rule, packet: Packet) -> bool:
    own = rule.sources.of(packet.family)
    return (own.size and own.size <= packet.family.last) or any(
        service.source_ports != ANY_PORT and packet.protocol in service.protocols
        and not is_icmp(packet.protocol) for service in rule.services) or any(
        isinstance(each, IsItself | Membership) and each.side == "source" for each in rule.conditions)


def serves(service: Service, packet: Packet) -> bool:
    """Whether the packet is of this service."""
    return (packet.protocol in service.protocols and packet.source_port in service.source_ports
            and packet.destination_port in service.destination_ports)
