"""One list on both sides of a change: which of its rules changed, and what becomes of their packets.

Only a packet that a changed rule matches can fare differently. So these packets (all, where most rules
changed) go through the new list, and then through the old one with permit and deny swapped. What passes both
passes now and did not before.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.diff.alignment import changed
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.prefilter import candidates, first_met
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, single
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.effects import CopyMark, SetMark
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, NO_LINE, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, service

_SWAPPED = {Action.PERMIT: Action.DENY, Action.DENY: Action.PERMIT}


class ListNames(Struct, frozen=True):
    """A list before and after, in one place; empty where there is none."""

    old: str
    new: str

    @property
    def text(self) -> str:
        """Both names, or the one that both have."""
        return self.new if self.new == self.old else f"{self.old or 'no list'} -> {self.new or 'no list'}"


class ChangedRule(Struct, frozen=True):
    """A rule that was added, removed or moved; a changed default becomes a rule for every packet."""

    rule: Rule
    span: Span


class ChangedPackets(Struct, frozen=True):
    """The packets of one box that a list treats differently."""

    newly_permitted: Sequence[Box]
    newly_denied: Sequence[Box]
    undecided_on_one_side: Sequence[Box]
    perhaps_permitted: Sequence[Box]
    """Those of them that may pass now and perhaps did not before."""


class ChainPair:
    """One chain before and after, with everything that it calls."""

    def __init__(self, names: ListNames, old: Firewall, new: Firewall, profile: str = "",
                 ways: tuple[str, str] = ("", "")) -> None:
        """Pair two chains; `profile` is that of the network, where the firewall has profiles.

        `ways`: by which interfaces packets come and leave, where only those count; empty for any.
        """
        self._sides = [_ChainSide(names.old, old, profile, ways), _ChainSide(names.new, new, profile, ways)]
        keys = _RuleKeys()
        self._keys = [{name: [keys.of(rule) for rule in rules] for name, rules in side.rules.items()}
                      for side in self._sides]

    @property
    def differs(self) -> bool:
        """Whether any rule or the default differs."""
        return self._keys[0] != self._keys[1] or self._default_changed

    @property
    def size(self) -> int:
        """How many rules there are on both sides."""
        return sum(len(rules) for rules in self._rule_lists())

    def mostly_rewritten(self, changed_rules: int) -> bool:
        """Whether most rules changed: then to sort out the packets of these costs more than it saves."""
        return 2 * changed_rules > self.size

    @property
    def _default_changed(self) -> bool:
        old, new = (side.stage.default.action for side in self._sides)
        return old is not new

    def _rule_lists(self) -> Iterator[Sequence[Rule]]:
        for side in self._sides:
            yield from side.rules.values()

    def changed_rules(self) -> list[ChangedRule]:
        """The rules that changed, in the order of the chains; the old ones of each chain first."""
        found: list[ChangedRule] = []
        if self._default_changed:
            any_packet = Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), NO_LINE)
            found.append(ChangedRule(any_packet, self._sides[1].stage.default.span))
        for chain in dict.fromkeys(name for side in self._sides for name in side.rules):
            indexes_by_side = changed(*(keys.get(chain, []) for keys in self._keys))
            for side, indexes in zip(self._sides, indexes_by_side, strict=True):
                found += side.enabled_rules(chain, indexes)
        return found

    def rules_met(self, rules: Sequence[Rule]) -> list[int]:
        """How many rules the packets of none, of the first, of the first two, ... of `rules` can meet.

        It is the most of any class of protocols, in both families together.
        """
        most = [0] * (len(rules) + 1)
        for alike in self._protocol_classes(rules):
            boxes = [(number, box) for number, rule in enumerate(rules)
                     for _, box in _packets_of([rule], [alike])]
            met = [0] * len(rules)
            for known in self._rule_lists() if boxes else ():
                for first, count in first_met(known, [box for _, box in boxes]).items():
                    met[boxes[first][0]] += count
            most = list(map(max, most, accumulate(met, initial=0)))
        return most

    def affected_packets(self, rules: Sequence[Rule]) -> list[tuple[IntervalSet, Box]]:
        """One box around all packets of the rules, for each family and each class of protocols."""
        return _packets_of(rules, self._protocol_classes(rules)) if rules else []

    def _protocol_classes(self, rules: Sequence[Rule]) -> list[IntervalSet]:
        """Protocols that the same rules match, together: no rule distinguishes them."""
        known = {service.protocols for some in (*self._rule_lists(), rules) for rule in some
                 for service in rule.services}
        sets = sorted(known, key=lambda protocols: protocols.ranges)
        classes: dict[tuple[bool, ...], list[int]] = {}
        for number in range(256):
            classes.setdefault(tuple(number in protocols for protocols in sets), []).append(number)
        return [IntervalSet.of(*((number, number) for number in numbers)) for numbers in classes.values()]

    def compare(self, box: Box, rules: Sequence[Rule], context: Context, most: int) -> ChangedPackets | None:
        """What the changed `rules` change inside a box; None where the answer has more than `most` boxes."""
        old, new = self._sides
        if self._sets_marks():
            context = replace(context, mark=None, connection_mark=None)
        chains: dict[str, Sequence[Rule]] = {"changed": _permits(rules, box)}
        for side, prefix in ((new, "new"), (old, "old")):
            chains |= side.rules_meeting(box, prefix)
            chains |= side.rules_meeting(box, f"not {prefix}", swapped=True)
        first = [] if self.mostly_rewritten(len(rules)) else [Stage("changed", ("changed",), DENY_REST)]

        not_old, not_new = old.stage_of("not old", swapped=True), new.stage_of("not new", swapped=True)
        permitted_now = evaluate([*first, new.stage_of("new"), not_old], chains, box, context)
        denied_now = evaluate([*first, old.stage_of("old"), not_new], chains, box, context)
        permitted, denied = list(permitted_now.permitted), list(denied_now.permitted)
        may_permit, may_deny = list(permitted_now.undecided), list(denied_now.undecided)
        if sum(map(len, (permitted, denied, may_permit, may_deny))) > most:
            return None
        perhaps = list(_difference(box, may_permit, may_deny))
        return ChangedPackets(permitted, denied, [*perhaps, *_difference(box, may_deny, may_permit)], perhaps)

    def _sets_marks(self) -> bool:
        """Whether a rule sets the mark itself, so that the one a packet came with says nothing."""
        return any(isinstance(rule.effect, SetMark | CopyMark)
                   for rules in self._rule_lists() for rule in rules)


class _ChainSide:
    """The chain in one of the two firewalls."""

    def __init__(self, chain: str, firewall: Firewall, profile: str, ways: tuple[str, str]) -> None:
        self._firewall = firewall
        stage, = parsers.through(firewall, chain)
        ingress, egress = (each or None for each in ways)
        self.stage = replace(stage, place=replace(
            stage.place, ingress=ingress or stage.place.ingress, egress=egress or stage.place.egress,
            profile=profile.capitalize() or stage.place.profile))
        rules = {name: chain.rules for name, chain in firewall.chains.items()}
        self.rules = {name: rules[name] for name in callees_first(rules, self.stage.chains)}

    def enabled_rules(self, chain: str, indexes: Sequence[int]) -> Iterator[ChangedRule]:
        """The rules at these indexes of a chain, with their lines."""
        for index in indexes:
            rule = self.rules[chain][index]
            if rule.enabled:
                yield ChangedRule(rule, self._firewall.quote(rule.line))

    def rules_meeting(self, box: Box, prefix: str, *, swapped: bool = False) -> dict[str, Sequence[Rule]]:
        """The rules that can meet a box, in chains with a prefix; `swapped`: permit and deny."""
        actions = _SWAPPED if swapped else {}
        found: dict[str, Sequence[Rule]] = {}
        for name, rules in self.rules.items():
            found[f"{prefix} {name}"] = [
                rule._replace(action=actions.get(rule.action, rule.action), effect=None,
                              target=f"{prefix} {rule.target}" if rule.target else "")
                for rule in candidates(rules, [box])[0]]
        return found

    def stage_of(self, prefix: str, *, swapped: bool = False) -> Stage:
        """The filter itself, on the chains with this prefix."""
        default = self.stage.default
        if swapped:
            default = replace(default, action=_SWAPPED[default.action])
        chains = tuple(f"{prefix} {chain}" for chain in self.stage.chains)
        return replace(self.stage, name=prefix, chains=chains, default=default, once=False)


class _RuleKeys:
    """Rules as comparable keys: line numbers do not count, and equal sets have one number."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, tuple[object, int]] = {}

    def of(self, rule: Rule) -> Hashable:
        action, sources, destinations, services, _, conditions, enabled, target, effect = rule
        return (action, self._number(sources), self._number(destinations), self._number(services),
                conditions, enabled, target, effect)

    def _number(self, value: AddressSet | tuple[object, ...]) -> int:
        """Number a value; an object that many rules share is looked up by its identity."""
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = value, self._numbers.setdefault(value, len(self._numbers))
        return known[1]


def _permits(rules: Sequence[Rule], box: Box) -> list[Rule]:
    """Unconditional permits of whatever the rules match inside a box."""
    return [rule._replace(action=Action.PERMIT, conditions=(), target="", effect=None)
            for rule in candidates(rules, [box])[0]]


def _packets_of(rules: Sequence[Rule], protocols: Sequence[IntervalSet]) -> list[tuple[IntervalSet, Box]]:
    found = []
    for family in Family:
        of_family = [rule for rule in rules if rule.sources.of(family) and rule.destinations.of(family)]
        for alike in protocols:
            matches = [(rule, service) for rule in of_family for service in rule.services
                       if service.protocols.overlaps(alike)]
            if matches:
                axes = (IntervalSet.union(rule.sources.of(family) for rule, _ in matches),
                        IntervalSet.union(rule.destinations.of(family) for rule, _ in matches),
                        IntervalSet.union(service.source_ports for _, service in matches),
                        IntervalSet.union(service.destination_ports for _, service in matches))
                found.append((alike, Box(family, _representative(alike), *axes)))
    return found


def _representative(protocols: IntervalSet) -> int:
    """One protocol for all of a class: one that people know, where there is one."""
    return next((number for number in (6, 17, 1, 58) if number in protocols), protocols.lowest)


def _difference(box: Box, boxes: Iterable[Box], others: Iterable[Box]) -> Iterator[Box]:
    """The packets of `boxes` that lie in none of the others; all of them inside `box`."""
    rules = [*(_rule_for(other, Action.DENY) for other in others),
             *(_rule_for(wanted, Action.PERMIT) for wanted in boxes)]
    yield from evaluate([Stage("", ("",), DENY_REST)], {"": rules}, box, Context()).permitted


def _rule_for(box: Box, action: Action) -> Rule:
    packets = service(box.protocol, box.source_ports, box.destination_ports)
    return Rule(action, single(box.family, box.sources), single(box.family, box.destinations), (packets,), 0)
