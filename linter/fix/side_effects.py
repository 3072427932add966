"""What a changed firewall does to packets besides those that it was changed for: it must be nothing.

Only a packet that a changed rule matches, or that enters by an interface whose lists changed, can fare
differently; all of these are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import product
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec import Struct

from aclproof import parsers
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.relevant import RulesByChain, relevant
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, UNTRACKED, Context, InState, ServedBy
from aclproof.parsers.model.firewall import Binding, Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.routing import interfaces_towards
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT

_STATES = (NEW, ESTABLISHED, INVALID, UNTRACKED)


class Difference(Struct, frozen=True):
    """Packets of which some filter lets more pass than before, and those of which it lets less pass."""

    gained: Sequence[Box]
    """They pass now, or may, and did not surely pass before."""
    lost: Sequence[Box]
    """They passed before, or may have, and do not surely pass now."""


def unintended(before: Firewall, after: Firewall, needed: Sequence[Box],
               served: Mapping[str, Sequence[Box]] = MappingProxyType({})) -> Sequence[Box]:
    """Return packets that are gained besides the needed ones, or lost: the first ones found, or none.

    `served`, by listener: what is no more than needed where only that listener gets it, whatever its port.
    """
    for listeners, fates in _differences(before, after):
        theirs = [box for listener in listeners for box in served.get(listener, ())]
        found = [*minus(fates.gained, [*needed, *theirs]), *fates.lost]
        if found:
            return found
    return ()


def difference(before: Firewall, after: Firewall) -> Difference:
    """Compare two states of one firewall: every list that is in both, every interface that is bound anew."""
    found = [fates for _, fates in _differences(before, after)]
    return Difference([box for each in found for box in each.gained],
                      [box for each in found for box in each.lost])


def _differences(before: Firewall, after: Firewall) -> Iterator[tuple[Set[str], Difference]]:
    """Yield what fares differently, with the listeners that alone can get it; none for any."""
    compared = [*_lists(before, after), *_bound(before, after)]
    olds = relevant(before, [(packets.old, packets.box) for packets in compared])
    news = relevant(after, [(packets.new, packets.box) for packets in compared])
    for packets, old, new in zip(compared, olds, news, strict=True):
        whole = packets.may == "both"
        states = _STATES if _tests_states(old) or _tests_states(new) else _STATES[:1]
        for state, (listener, only) in product(states, packets.listeners):
            context = Context(states=frozenset({state}), listener=listener)
            was = _passing(packets.old, old, packets.box, context)
            now = _passing(packets.new, new, packets.box, context)
            gained = [] if packets.may == "lose" else _more(now, was, open_before=whole)
            lost = [] if packets.may == "gain" else _more(was, now, open_before=whole)
            yield only, Difference(gained, lost)


class _Compared(NamedTuple):
    """Packets, and the filters that they pass before and after."""

    old: Sequence[Stage]
    new: Sequence[Stage]
    box: Box
    may: Literal["gain", "lose", "both"] = "both"
    listeners: Sequence[tuple[str, Set[str]]] = (("", frozenset()),)
    """What may get them, each asked for on its own, with the listeners that it may be."""


def _lists(before: Firewall, after: Firewall) -> Iterator[_Compared]:
    for name in before.lists:
        if name not in after.chains:
            continue
        old, new = before.chains[name].rules, after.chains[name].rules
        changed = [] if old is new else _changed(old, new)
        protocols = _protocols((*old, *new)) if changed else []
        stages = (Stage(name, (name,), DENY_REST),)
        for rule, fresh in changed:
            may, listeners = _may(rule, fresh=fresh), _listeners(rule)
            yield from (_Compared(stages, stages, box, may, listeners) for box in _boxes(rule, protocols))


def _may(rule: Rule, *, fresh: bool) -> Literal["gain", "lose", "both"]:
    """What can become of the packets of a rule that one of two lists has: the new one, or the old one."""
    if rule.action not in (Action.PERMIT, Action.DENY):
        return "both"
    permits = rule.action is Action.PERMIT
    return "gain" if permits is fresh else "lose"


def _listeners(rule: Rule) -> Sequence[tuple[str, Set[str]]]:
    """What may get the packets of a rule for certain programs: each listener that these are, or others."""
    served = [condition for condition in rule.conditions if isinstance(condition, ServedBy)]
    if not served:
        return (("", frozenset()),)
    surely = frozenset.intersection(*(each.surely for each in served))
    only = surely if len(surely) == 1 else frozenset[str]()  # else others share the program
    return (("", only), *((name, only) for name in sorted(surely)))


def _changed(old: Sequence[Rule], new: Sequence[Rule]) -> list[tuple[Rule, bool]]:
    """The rules in force that only one of two lists has, whatever their lines, and whether it is the new."""
    old, new = ([rule for rule in rules if rule.enabled] for rules in (old, new))
    found: list[tuple[Rule, bool]] = []
    more = len(new) - len(old)
    at = step = 0
    while step < len(new) and at < len(old):
        if _same(old[at], new[step]):
            at, step = at + 1, step + 1
            continue
        put_in = _put_in(old[at], new, step, more)
        if put_in:
            found += [(rule, True) for rule in new[step:step + put_in]]
            step += put_in
            more -= put_in
        else:  # one took the place of the other
            found += [(new[step], True), (old[at], False)]
            at, step = at + 1, step + 1
    found += [(rule, True) for rule in new[step:]]
    return found + [(rule, False) for rule in old[at:]]


def _put_in(rule: Rule, new: Sequence[Rule], step: int, most: int) -> int:
    """How many rules come before `rule` in the new list from `step` on; 0 where it is not `most` further."""
    for count in range(1, most + 1):
        if step + count < len(new) and _same(rule, new[step + count]):
            return count
    return 0


def _same(one: Rule, other: Rule) -> bool:
    return one == other or one._replace(line=0) == other._replace(line=0)


def _protocols(rules: Iterable[Rule]) -> list[int]:
    """One protocol of each kind that the rules distinguish."""
    unique = {id(rule.services): rule.services for rule in rules}
    first = {0}
    for services in unique.values():
        for service in services:
            for low, high in service.protocols.ranges:
                first |= {low, high + 1}
    return sorted(first - {256})


def _boxes(rule: Rule, protocols: Sequence[int]) -> Iterator[Box]:
    """All packets that a rule can match, once for all protocols that no rule distinguishes."""
    for family in Family:
        sources, destinations = rule.sources.of(family), rule.destinations.of(family)
        if not sources or not destinations:
            continue
        for service in rule.services:
            for protocol in protocols:
                if protocol in service.protocols:
                    yield Box(family, protocol, sources, destinations, service.source_ports,
                              service.destination_ports)


def _bound(before: Firewall, after: Firewall) -> Iterator[_Compared]:
    """Everything that enters by an interface to which other lists are bound than before."""
    old, new = frozenset(map(_binding, before.bindings)), frozenset(map(_binding, after.bindings))
    if old == new:
        return
    chains = [*before.lists.values(), *after.lists.values()]
    protocols = _protocols(rule for chain in chains for rule in chain.rules)
    for entry in dict.fromkeys(place for _, place, _, _ in sorted(old ^ new, key=repr)):
        assert entry is not None
        for family in Family:
            for transit, boxes in _entering(after, entry, family, protocols):
                stages = parsers.stages(before, transit), parsers.stages(after, transit)
                yield from (_Compared(*stages, box) for box in boxes)


def _entering(firewall: Firewall, entry: str, family: Family,
              protocols: Sequence[int]) -> Iterator[tuple[Transit, list[Box]]]:
    """All packets of a family that enter by one interface, by the interfaces that they leave by."""
    whole = IntervalSet.of((0, family.last))
    leaves, _ = interfaces_towards(firewall, family, whole)
    for leave in leaves:
        if firewall.interface(leave.interface):
            boxes = [Box(family, protocol, whole, leave.addresses, ANY_PORT, ANY_PORT)
                     for protocol in protocols]
            yield Transit(family, entry, leave.interface), boxes


def _binding(binding: Binding) -> tuple[str, str | None, str, Family | None]:
    return binding.chain, binding.interface, binding.direction, binding.family


def _tests_states(rules_by_chain: RulesByChain) -> bool:
    for rules in rules_by_chain.values():
        for rule in rules:
            if any(isinstance(condition, InState) for condition in rule.conditions):
                return True
    return False


def _passing(stages: Sequence[Stage], rules: RulesByChain, box: Box,
             context: Context) -> tuple[Sequence[Box], Sequence[Box]]:
    """What surely passes of a box, and what may."""
    outcome = evaluate(stages, rules, box, context)
    return outcome.permitted, outcome.undecided


_Fates = tuple[Sequence[Box], Sequence[Box]]


def _more(now: _Fates, was: _Fates, *, open_before: bool) -> list[Box]:
    """What passes or may, and did not or not so surely.

    What a changed rule matches and was open before may be what that rule opens, so it counts as well. Only
    where whole filters are compared, what is open before and after is nothing more.
    """
    surely, maybe = now
    surely_before, maybe_before = was
    before = (*surely_before, *maybe_before) if open_before else surely_before
    return [*minus(surely, surely_before), *minus(maybe, before)]
