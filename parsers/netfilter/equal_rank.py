"""Chains at one hook with one priority: the kernel asks the one that was loaded last first
(nf_hook_entries_grow), and no input shows in which order they were loaded.

All of them have to accept, so the order decides only where one chain changes what another one asks or changes
too, or where two of them translate the same packets. These lines are left open. So are those that test how a
packet is tracked where the kernel looks that up: it does so before them, or after them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import NamedTuple

from msgspec.structs import replace

from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import CameWith, Condition, HasMark, InState, IsReply, Opaque
from aclproof.parsers.model.effects import (
    ALL_BITS,
    ChangeHopLimit,
    CopyMark,
    Divert,
    Effect,
    SetMark,
    TrackIn,
    Translate,
    Untrack,
)
from aclproof.parsers.model.firewall import Binding
from aclproof.parsers.model.hook_point import HookPoint
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus, HopLimitWithin
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Action, Chain, Default, Rule
from aclproof.parsers.model.services import ANY_SERVICE, common
from aclproof.parsers.netfilter.stages import TRACKS
from aclproof.reason import Reason

_BY_ORDER = Reason("which chain is asked first of those with this hook and priority: the one that was loaded "
                   "last, and no file shows the order; give the chains different priorities")
_OPEN = Opaque("", _BY_ORDER)


class _Bits(NamedTuple):
    """What is asked of a packet, or changed of it, besides its ends."""

    what: str
    mask: int = ALL_BITS

    def meets(self, others: Iterable[_Bits]) -> bool:
        """Whether any of them is about the same bits."""
        return any(self.what == each.what and self.mask & each.mask for each in others)


_TRACKING, _HOP_LIMIT = _Bits("tracking"), _Bits("hop limit")
_OF_CONNECTIONS = ("tracking", "connection")
"""What is there from then on that packets are tracked: the marks of connections, too."""


class _Bound(NamedTuple):
    """One base chain with all that it calls."""

    binding: Binding
    point: HookPoint
    chains: Collection[str]
    effects: frozenset[Effect]
    drops: bool
    """Whether its policy does."""


def leave_open(bindings: Sequence[Binding], chains: dict[str, Chain],
               defaults: Mapping[str, Default]) -> None:
    """Leave open what depends on the order of chains with one hook and priority."""
    points = [(each.point, each) for each in bindings if each.point]
    points.sort(key=lambda each: (each[0].hook, each[0].priority))
    for _, equal in groupby(points, lambda each: (each[0].hook, each[0].priority)):
        listed = list(equal)
        if len(listed) > 1:
            bound = [_bound(binding, point, chains, defaults[binding.chain]) for point, binding in listed]
            for one, other in combinations(bound, 2):
                if _order_is_unknown(one, other):
                    _leave_open(one, other, chains)
    for point, binding in points:
        if point.priority == TRACKS and point.hook in ("prerouting", "output"):
            for name in reached([binding.chain], chains):
                _replace(chains, name, [_perhaps_tracked(rule) for rule in chains[name].rules])


def reached(names: Iterable[str], chains: dict[str, Chain]) -> frozenset[str]:
    """Return these chains and all that they call."""
    work = list(names)
    found = set(work)
    while work:
        new = {rule.target for rule in special(chains[work.pop()].rules) if rule.target in chains} - found
        found |= new
        work += new
    return frozenset(found)


def _bound(binding: Binding, point: HookPoint, chains: dict[str, Chain], end: Default) -> _Bound:
    names = reached([binding.chain], chains)
    return _Bound(binding, point, names, frozenset(
        rule.effect for name in names for rule in special(chains[name].rules) if rule.effect is not None),
        end.action is Action.DENY)


def _order_is_unknown(one: _Bound, other: _Bound) -> bool:
    if one.binding.family and other.binding.family and one.binding.family is not other.binding.family:
        return False
    return not (one.point.translates and other.point.translates) or one.point.rank == other.point.rank


def _leave_open(one: _Bound, other: _Bound, chains: dict[str, Chain]) -> None:
    if not one.effects and not other.effects:
        return
    both_translate = one.point.translates and other.point.translates
    if both_translate:
        _translated_twice(one, other, chains)
    for mine, others in ((one, other.effects), (other, one.effects)):
        changed = [bits for effect in others for bits in _changed(effect)]
        moved = not both_translate and any(isinstance(each, Translate) for each in mine.effects)
        if changed or moved:
            for name in mine.chains:
                _replace(chains, name, [_open(rule, others, changed, moved=moved)
                                        for rule in chains[name].rules])


def _replace(chains: dict[str, Chain], name: str, rules: list[Rule]) -> None:
    if any(new is not old for new, old in zip(rules, chains[name].rules, strict=True)):
        chains[name] = replace(chains[name], rules=rules)


def _open(rule: Rule, others: Collection[Effect], changed: Sequence[_Bits], *, moved: bool) -> Rule:
    """A rule with what is open of it; the same one where nothing is."""
    conditions = tuple(_OPEN if (asked := _asked(each)) and asked.meets(changed) and not _is_same(rule)
                       else each for each in rule.conditions)
    effect = _open_effect(rule.effect, others, moved=moved) if rule.effect is not None else None
    if conditions == rule.conditions and effect == rule.effect:
        return rule
    return rule._replace(conditions=conditions, effect=effect)


def _perhaps_tracked(rule: Rule) -> Rule:
    """A rule that is asked before packets are looked up among the known connections, or after it."""
    known = tuple(each for each in rule.conditions if (asked := _asked(each)) is None
                  or asked.what not in _OF_CONNECTIONS)
    marks = isinstance(rule.effect, CopyMark) or (isinstance(rule.effect, SetMark)
                                                  and rule.effect.whose == "connection")
    if marks:  # of a connection that is there, or not yet
        rule = rule._replace(effect=Divert(_BY_ORDER))
    if known == rule.conditions and not isinstance(rule.effect, Untrack | TrackIn):
        return rule
    return rule._replace(conditions=(*known, _OPEN))


def _is_same(rule: Rule) -> bool:
    """Whether a rule keeps packets out of tracking: what another chain kept out already, stays so."""
    return isinstance(rule.effect, Untrack)


def _asked(condition: Condition) -> _Bits | None:
    match condition:
        case HasMark(whose=whose, mask=mask):
            return _Bits(whose, mask)
        case InState() | HasConnection() | HasStatus() | CameWith() | IsReply():
            return _TRACKING
        case HopLimitWithin():
            return _HOP_LIMIT
        case _:
            return None


def _changed(effect: Effect) -> Iterator[_Bits]:
    match effect:
        case SetMark(whose=whose, value=value, mask=mask, known=True, shift=0):
            yield _Bits(whose, value | mask)
        case SetMark(whose=whose) | CopyMark(to=whose):
            yield _Bits(whose)
        case Untrack() | TrackIn():
            yield _TRACKING
        case ChangeHopLimit():
            yield _HOP_LIMIT
        case _:
            return


def _open_effect(effect: Effect, others: Collection[Effect], *, moved: bool) -> Effect:
    """What is known of an effect with those of another chain before it or after it; equal ones agree."""
    changed = [bits for each in others if each != effect for bits in _changed(each)]
    read = [_Bits("connection" if effect.to == "packet" else "packet", effect.from_mask)] \
        if isinstance(effect, CopyMark) else []
    if not any(bits.meets(changed) for bits in (*_changed(effect), *read)):
        return Divert(_BY_ORDER) if moved and isinstance(effect, Translate) else effect
    match effect:
        case SetMark(whose=whose) | CopyMark(to=whose):
            return SetMark(whose, 0, 0, known=False)
        case _:
            return Divert(_BY_ORDER)


def _translated_twice(one: _Bound, other: _Bound, chains: dict[str, Chain]) -> None:
    """Leave open what becomes of packets that both could translate, or one drops: what is translated is not
    shown to the other (nf_nat_core.c). The first chain comes to them first.
    """
    others = [rule for name in other.chains for rule in chains[name].rules if _ends(rule)] + [
        Rule(Action.DENY, ANY, ANY, (ANY_SERVICE,), other.binding.line)] * other.drops
    for name in one.chains:
        rules: list[Rule] = []
        for rule in chains[name].rules:
            if _ends(rule):
                rules += (each for second in others if (each := _of_both(rule, second)))
            rules.append(rule)
        if len(rules) > len(chains[name].rules):
            chains[name] = replace(chains[name], rules=rules)


def _ends(rule: Rule) -> bool:
    """Whether a chain of translation translates a packet here, or drops it."""
    return isinstance(rule.effect, Translate | Divert) or rule.action is Action.DENY


def _of_both(one: Rule, other: Rule) -> Rule | None:
    if one.effect == other.effect:
        return None
    sources, destinations = one.sources & other.sources, one.destinations & other.destinations
    services = tuple(common(one.services, other.services))
    if not (sources and destinations and services):
        return None
    return one._replace(action=Action.PERMIT, sources=sources, destinations=destinations, services=services,
                        effect=Divert(_BY_ORDER))
