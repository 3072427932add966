"""One list on both sides of a change: which of its rules changed, and what becomes of their packets.

Only a packet that a changed rule matches can fare differently. So one walk looks at these packets (at all,
where most rules changed): through the new list, and then through the old one with permit and deny changed
over. What passes both passes now and did not before.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aclproof import parsers
from aclproof.linter.diff.alignment import changed
from aclproof.linter.engine.evaluate import callees_first, evaluate
from aclproof.linter.engine.prefilter import candidates, meeting
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, single
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.effects import CopyMark, SetMark
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, service

_SWAPPED = {Action.PERMIT: Action.DENY, Action.DENY: Action.PERMIT}
_DENY_THE_REST = Default(Action.DENY, "", "", Span("", 1, 1, ""))


@dataclass(frozen=True, slots=True)
class ListNames:
    """A list before and after, in one place; empty where there is none."""

    old: str
    new: str

    @property
    def name(self) -> str:
        """How people call it."""
        return self.new if self.new == self.old else f"{self.old or 'no list'} -> {self.new or 'no list'}"


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule that was added, taken away or moved; a default that changed stands for every packet."""

    rule: Rule
    span: Span


class ChainPair:
    """One chain before and after, with everything that it calls."""

    def __init__(self, pair: ListNames, old: Firewall, new: Firewall, profile: str) -> None:
        self._sides = [_ChainSide(pair.old, old, profile), _ChainSide(pair.new, new, profile)]
        keys = _RuleKeys()
        self._keys = [{name: [keys.of(rule) for rule in rules] for name, rules in side.rules.items()}
                      for side in self._sides]

    @property
    def differs(self) -> bool:
        """Whether there is any difference in what the rules say."""
        return self._keys[0] != self._keys[1] or self._default_changed

    @property
    def size(self) -> int:
        """How many rules there are on both sides."""
        return sum(len(rules) for side in self._sides for rules in side.rules.values())

    def rewritten(self, touched: int) -> bool:
        """Whether most rules changed: then to sort out the packets of these costs more than it saves."""
        return 2 * touched > self.size

    @property
    def _default_changed(self) -> bool:
        return self._sides[0].stage.default.action is not self._sides[1].stage.default.action

    def touched(self) -> list[ChangedRule]:
        """The rules that changed, in the order of the chains; the old ones of each chain first."""
        found: list[ChangedRule] = []
        if self._default_changed:
            found.append(ChangedRule(Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), 0),
                                  self._sides[1].stage.default.span))
        for name in dict.fromkeys(name for side in self._sides for name in side.rules):
            places = changed(*(keys.get(name, []) for keys in self._keys))
            for side, some in zip(self._sides, places, strict=True):
                rules = side.rules.get(name, ())
                found += [ChangedRule(rules[at], side.firewall.source.span(max(rules[at].line, 1)))
                          for at in some if rules[at].enabled]
        return found

    def met(self, touched: Sequence[Rule]) -> int:
        """How many rules the packets of some rules can meet: of one family and one class of protocols."""
        most = 0
        for alike in self._protocols(touched):
            boxes = [box for rule in touched for _, box in _packets_of([rule], [alike])]
            if boxes:
                most = max(most, sum(meeting(rules, boxes) for side in self._sides
                                     for rules in side.rules.values()))
        return most

    def demands(self, touched: Sequence[ChangedRule]) -> list[tuple[IntervalSet, Box]]:
        """One box around all packets of the changed rules, for each family and each class of protocols."""
        rules = [each.rule for each in touched]
        return _packets_of(rules, self._protocols(rules)) if rules else []

    def _protocols(self, touched: Sequence[Rule]) -> list[IntervalSet]:
        """Protocols that no rule tells apart are looked at together."""
        known = {each.protocols for side in self._sides for rules in side.rules.values() for rule in rules
                 for each in rule.services} | {each.protocols for rule in touched for each in rule.services}
        sets = sorted(known, key=lambda each: each.ranges)
        alike: dict[tuple[bool, ...], list[int]] = {}
        for number in range(256):
            alike.setdefault(tuple(number in each for each in sets), []).append(number)
        return [IntervalSet.of(*((n, n) for n in numbers)) for numbers in alike.values()]

    def compare(self, box: Box, touched: Sequence[Rule], context: Context,
                most: int) -> dict[str, Sequence[Box]] | None:
        """What changes inside of a box; None where the answer has more pieces than `most`."""
        old, new = self._sides
        where = [rule._replace(action=Action.PERMIT, conditions=(), target="", effect=None)
                 for rule in candidates(touched, [box])[0]]
        if any(isinstance(rule.effect, SetMark | CopyMark) for side in self._sides
               for rules in side.rules.values() for rule in rules):
            context = replace(context, mark=None, connection_mark=None)  # what the chain itself sets
        chains: dict[str, Sequence[Rule]] = {"where": where}
        for side, mark in ((new, "new"), (old, "old")):
            chains |= side.prepared(mark, box, other_way=False)
            chains |= side.prepared(f"not {mark}", box, other_way=True)
        first = [] if self.rewritten(len(touched)) else [Stage("where", ("where",), _DENY_THE_REST)]

        not_old, not_new = old.named("not old", other_way=True), new.named("not new", other_way=True)
        gained = evaluate([*first, new.named("new"), not_old], chains, box, context)
        lost = evaluate([*first, old.named("old"), not_new], chains, box, context)
        pieces = [list(each) for each in (gained.permitted, lost.permitted, gained.undecided, lost.undecided)]
        if sum(map(len, pieces)) > most:
            return None
        unsure = [*_difference(box, pieces[2], pieces[3]), *_difference(box, pieces[3], pieces[2])]
        return {"newly_permitted": pieces[0], "newly_denied": pieces[1], "undecided_on_one_side": unsure}


class _ChainSide:
    """The chain in one of the two firewalls."""

    def __init__(self, chain: str, firewall: Firewall, profile: str) -> None:
        self.firewall = firewall
        stage, = parsers.through(firewall, chain)
        if profile:
            stage = replace(stage, place=replace(stage.place, profile=profile.capitalize()))
        self.stage = stage
        rules = {name: each.rules for name, each in firewall.chains.items()}
        self.rules = {name: rules[name] for name in callees_first(rules, self.stage.chains)}

    def prepared(self, mark: str, box: Box, *, other_way: bool) -> dict[str, Sequence[Rule]]:
        """The rules that can meet a box, under names of their own; or with permit and deny changed over."""
        turned = _SWAPPED if other_way else {}
        return {f"{mark} {name}": [
            rule._replace(action=turned.get(rule.action, rule.action), effect=None,
                          target=f"{mark} {rule.target}" if rule.target else "")
            for rule in candidates(rules, [box])[0]] for name, rules in self.rules.items()}

    def named(self, mark: str, *, other_way: bool = False) -> Stage:
        """The filter itself, by these names."""
        default = self.stage.default
        if other_way:
            default = replace(default, action=_SWAPPED[default.action])
        return replace(self.stage, name=mark, chains=tuple(f"{mark} {each}" for each in self.stage.chains),
                       default=default, once=False)


class _RuleKeys:
    """Rules as what they say: line numbers do not count, and equal sets have one number."""

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


def _packets_of(rules: Sequence[Rule], protocols: Sequence[IntervalSet]) -> list[tuple[IntervalSet, Box]]:
    found = []
    for family in Family:
        some = [rule for rule in rules if rule.sources.of(family) and rule.destinations.of(family)]
        for alike in protocols:
            mine = [(rule, each) for rule in some for each in rule.services if each.protocols.overlaps(alike)]
            if mine:
                axes = (IntervalSet.union(rule.sources.of(family) for rule, _ in mine),
                        IntervalSet.union(rule.destinations.of(family) for rule, _ in mine),
                        IntervalSet.union(each.source_ports for _, each in mine),
                        IntervalSet.union(each.destination_ports for _, each in mine))
                found.append((alike, Box(family, _representative(alike), *axes)))
    return found


def _representative(protocols: IntervalSet) -> int:
    """The protocol that stands for others: one that people know, where there is one."""
    return next((each for each in (6, 17, 1, 58) if each in protocols), protocols.lowest)


def _difference(box: Box, boxes: Iterable[Box], others: Iterable[Box]) -> Iterator[Box]:
    """What lies in the ones and not in the others, all inside of a box."""
    rules = [Rule(action, single(each.family, each.sources), single(each.family, each.destinations),
                  (service(each.protocol, each.source_ports, each.destination_ports),), 0)
             for action, some in ((Action.DENY, others), (Action.PERMIT, boxes)) for each in some]
    yield from evaluate([Stage("", ("",), _DENY_THE_REST)], {"": rules}, box, Context()).permitted
