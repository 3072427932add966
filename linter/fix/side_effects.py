"""What a changed firewall does to packets besides those that it was changed for: it must be nothing.

Only a packet that a changed rule matches, or that enters by an interface whose lists changed, can fare
differently; all of these are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from aclproof import parsers
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.relevant import RulesByChain, relevant
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, UNTRACKED, Context, InState
from aclproof.parsers.model.firewall import Binding, Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.routing import interfaces_towards
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, is_icmp
from aclproof.parsers.vendor import door

_STATES = (NEW, ESTABLISHED, INVALID, UNTRACKED)


@dataclass(frozen=True, slots=True)
class Difference:
    """Packets of which some filter lets more pass than before, and those of which it lets less pass."""

    gained: Sequence[Box]
    """They pass now, or may, and did not surely pass before."""
    lost: Sequence[Box]
    """They passed before, or may have, and do not surely pass now."""


def unintended(before: Firewall, after: Firewall, needed: Sequence[Box]) -> Sequence[Box]:
    """Return packets that are gained besides the needed ones, or lost: the first ones found, or none."""
    for each in _differences(before, after):
        found = [*minus(each.gained, needed), *each.lost]
        if found:
            return found
    return ()


def difference(before: Firewall, after: Firewall) -> Difference:
    """Compare two states of one firewall: every list that is in both, every interface that is bound anew."""
    found = list(_differences(before, after))
    return Difference([box for each in found for box in each.gained],
                      [box for each in found for box in each.lost])


def _differences(before: Firewall, after: Firewall) -> Iterator[Difference]:
    compared = [*_lists(before, after), *_bound(before, after)]
    olds = relevant(before, [(each.old, each.box) for each in compared])
    news = relevant(after, [(each.new, each.box) for each in compared])
    for each, old, new in zip(compared, olds, news, strict=True):
        for state in _STATES if _asks_for_states(old) or _asks_for_states(new) else _STATES[:1]:
            context = Context(states=frozenset({state}))
            was, now = _passing(each.old, old, each.box, context), _passing(each.new, new, each.box, context)
            both = each.may == "both"
            yield Difference(_more(now, was, open_before=both) if each.may != "lose" else (),
                             _more(was, now, open_before=both) if each.may != "gain" else ())


def with_free_axes(needed: Iterable[Box], firewall: Firewall) -> list[Box]:
    """Return packets that are needed, with what no other packet differs by.

    An echo has no other code than 0. What only guards its own computer has that at one end.
    """
    own_end = door(firewall.vendor).traits.own_end
    found = []
    for box in needed:
        if is_icmp(box.protocol):
            box = replace(box, destination_ports=ANY_PORT)
        if own_end:
            whole = IntervalSet.of((0, box.family.last))
            found.append(replace(box, destinations=whole))
            box = replace(box, sources=whole)
        found.append(box)
    return found


class _Compared(NamedTuple):
    """Packets, and the filters that they pass before and after."""

    old: Sequence[Stage]
    new: Sequence[Stage]
    box: Box
    may: Literal["gain", "lose", "both"] = "both"


def _lists(before: Firewall, after: Firewall) -> Iterator[_Compared]:
    for name in (each for each in before.lists if each in after.chains):
        old, new = before.chains[name].rules, after.chains[name].rules
        changed = [] if old is new else _changed(old, new)
        protocols = _protocols((*old, *new)) if changed else []
        stages = (Stage(name, (name,), DENY_REST),)
        for rule, fresh in changed:
            may: Literal["gain", "lose", "both"] = "both"
            if rule.action in (Action.PERMIT, Action.DENY):
                may = "gain" if (rule.action is Action.PERMIT) is fresh else "lose"
            yield from (_Compared(stages, stages, box, may) for box in _boxes(rule, protocols))


def _changed(old: Sequence[Rule], new: Sequence[Rule]) -> list[tuple[Rule, bool]]:
    """The rules in force that only one of two lists has, whatever their lines, and whether it is the new."""
    found: list[tuple[Rule, bool]] = []
    put_in = len(new) - len(old)
    at = step = 0
    while step < len(new):
        here = old[at] if at < len(old) else None
        if here is not None and _same(here, new[step]):
            at, step = at + 1, step + 1
            continue
        more_here = next((count for count in range(1, put_in + 1) if here is not None
                          and step + count < len(new) and _same(here, new[step + count])), 0)
        found += [(rule, True) for rule in new[step:step + max(more_here, 1)]]
        step += max(more_here, 1)
        if more_here:
            put_in -= more_here
        elif here is not None:
            found.append((here, False))
            at += 1
    found += [(rule, False) for rule in old[at:]]
    return [(rule, fresh) for rule, fresh in found if rule.enabled]


def _same(one: Rule, other: Rule) -> bool:
    return one is other or one._replace(line=0) == other._replace(line=0)


def _protocols(rules: Iterable[Rule]) -> list[int]:
    """One protocol of each kind that the rules distinguish."""
    unique = {id(rule.services): rule.services for rule in rules}
    cuts = {0} | {cut for services in unique.values() for each in services
                  for low, high in each.protocols.ranges for cut in (low, high + 1)}
    return sorted(cuts - {256})


def _boxes(rule: Rule, protocols: Sequence[int]) -> Iterator[Box]:
    """All packets that a rule can match, protocols that no rule distinguishes once."""
    for family in Family:
        sources, destinations = rule.sources.of(family), rule.destinations.of(family)
        if sources and destinations:
            for each in rule.services:
                yield from (Box(family, protocol, sources, destinations, each.source_ports,
                                each.destination_ports) for protocol in protocols
                            if protocol in each.protocols)


def _bound(before: Firewall, after: Firewall) -> Iterator[_Compared]:
    """Everything that enters by an interface to which other lists are bound than before."""
    old, new = (frozenset(map(_binding, each.bindings)) for each in (before, after))
    protocols = _protocols(rule for each in (before, after) for chain in each.lists.values()
                           for rule in chain.rules) if old != new else []
    for entry in dict.fromkeys(place for _, place, _, _ in sorted(old ^ new, key=repr)):
        assert entry is not None
        for family in Family:
            whole = IntervalSet.of((0, family.last))
            for leave in interfaces_towards(after, family, whole)[0]:
                if after.interface(leave.interface):
                    transit = Transit(family, entry, leave.interface)
                    stages = parsers.stages(before, transit), parsers.stages(after, transit)
                    yield from (_Compared(*stages, Box(family, protocol, whole, leave.addresses, ANY_PORT,
                                                       ANY_PORT)) for protocol in protocols)


def _binding(each: Binding) -> tuple[str, str | None, str, Family | None]:
    return each.chain, each.interface, each.direction, each.family


def _asks_for_states(rules: RulesByChain) -> bool:
    return any(isinstance(each, InState)
               for its in rules.values() for rule in its for each in rule.conditions)


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
    return [*minus(now[0], was[0]), *minus(now[1], (*was[0], *was[1]) if open_before else was[0])]
