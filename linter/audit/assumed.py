"""Conditions of one rule, given that those of another one hold for the same packet.

Two tests of one packet in one chain answer alike as long as nothing between them changes what they look at.
So of a rule that tests the same as a later one nothing is open, once the later one's tests are taken to hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from aclproof.parsers.model.besides import NOTHING, Besides
from aclproof.parsers.model.conditions import (
    ESTABLISHED,
    INVALID,
    NEW,
    RELATED,
    UNTRACKED,
    CameWith,
    Condition,
    HasFlags,
    HasMark,
    InProfile,
    InState,
    IsItself,
    IsReply,
    Membership,
    OnInterface,
    Opaque,
    ServedBy,
    TimeRange,
)
from aclproof.parsers.model.effects import ChangeHopLimit, CopyMark, Divert, SetMark, TrackIn, Untrack
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus, HopLimitWithin, IsBridged
from aclproof.parsers.model.rules import Action, Rule
from aclproof.reason import AND, Reason, joined

_LASTING = (TimeRange, IsReply, OnInterface, InState, HasConnection, HasStatus, HasFlags, IsItself, CameWith,
            InProfile, ServedBy, HasMark, HopLimitWithin, IsBridged)
"""Tests that answer alike wherever in a chain they are made, as long as no rule changes what they look at."""
_CHANGES: dict[type, tuple[type, ...]] = {
    SetMark: (HasMark,), CopyMark: (HasMark,), ChangeHopLimit: (HopLimitWithin,),
    Untrack: (InState, HasConnection, HasStatus, IsReply, CameWith, HasMark),
    TrackIn: (InState, HasConnection, HasStatus, IsReply, CameWith, HasMark)}
"""What rules change, and the tests that look at it."""
_STATES = frozenset((NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED))
"""A packet is in one of them; translations are told beside these."""
_OPEN = Opaque("", "")
"""Stands for all tests of a rule that are not known to hold: nothing answers it."""


class Lasting(Struct, frozen=True):
    """Which tests answer alike wherever in a filter they are made, by what its rules do to packets."""

    kinds: tuple[type, ...]
    opaque: bool
    """Whether tests of parts of a packet do that the model does not have."""
    besides: Mapping[int, Besides]
    given: frozenset[Condition] = frozenset()
    """Tests that hold for all packets, whatever they are: answers to questions about the configuration."""

    def held(self, conditions: Sequence[Condition]) -> Sequence[Condition]:
        """Of the conditions of a rule, those that still hold where its packets met the rules before it."""
        return [each for each in conditions if isinstance(each, self.kinds)
                or (self.opaque and isinstance(each, Opaque) and each.lasting)]

    def seen(self, rule: Rule, held: Sequence[Condition]) -> Rule | None:
        """Return a rule as it is for packets for which some conditions hold; None where it matches none."""
        if any(_excludes(each, condition) for each in held for condition in rule.conditions):
            return None
        if isinstance(rule.effect, Divert) or self.besides.get(rule.line, NOTHING).beyond:
            return rule._replace(conditions=(_OPEN,))
        if not rule.conditions:
            return rule
        implied = all(condition in self.given or any(_implies(each, condition) for each in held)
                      for condition in rule.conditions)
        return rule._replace(conditions=() if implied else (_OPEN,))


def lasting(rules: Iterable[Rule], besides: Mapping[int, Besides]) -> Lasting | None:
    """Say so of the rules of a filter; None where packets may go on with other ends than they came with."""
    changed: set[type] = set()
    opaque = True
    for rule in rules:
        match rule.effect:
            case SetMark() | CopyMark() | Untrack() | TrackIn() | ChangeHopLimit() as effect:
                changed.update(_CHANGES[type(effect)])
            case Divert(goes_on=True):
                return None
            case None:
                pass
            case _ if rule.action is Action.CONTINUE:
                return None
            case _:
                pass
        if rule.action is Action.CONTINUE and not besides.get(rule.line, NOTHING).only_notes:
            opaque = False  # it may change the members of a set, or what no other test here looks at
    kinds = tuple(each for each in (*_LASTING, *((Membership,) if opaque else ())) if each not in changed)
    return Lasting(kinds, opaque and not changed, besides)


def is_question(condition: Condition, day: date) -> bool:
    """Whether one answer settles a test for all packets, and it may hold on a day: what asks for the time,
    not what some packets have and others have not."""
    return isinstance(condition, TimeRange) and condition.active(day) is not False


def questions(conditions: Iterable[Condition]) -> Reason | str:
    """Join the questions that some tests ask; empty for none."""
    asked = tuple(dict.fromkeys(each.because for each in conditions))
    return joined(AND, asked) if asked else ""


def profiles(rules: Iterable[Rule], known: Collection[str]) -> Sequence[Sequence[Condition]]:
    """Cut all packets by the profile that their network has, where some rules test it: what is given of each.

    `known` are all profiles that there are, in small letters.
    """
    named = {name for rule in rules for each in rule.conditions if isinstance(each, InProfile)
             for name in each.profiles}
    other = () if {each.lower() for each in named} >= set(known) else ("",)
    return [(InProfile(frozenset({name})),) for name in (*sorted(named), *other)] if named else [()]


def _implies(held: Condition, asked: Condition) -> bool:
    """Whether a packet for which one condition holds meets the other one as well."""
    if held == asked:
        return True
    match held, asked:
        case InState(), InState():
            return _states(held) <= _states(asked) if held.states | asked.states <= _STATES else \
                not held.negated and not asked.negated and held.states <= asked.states
        case OnInterface(negated=False), OnInterface() if _of_one_kind(held, asked):
            return _named(asked.name, held.name) if not asked.negated else _apart(held.name, asked.name)
        case InProfile(), InProfile():
            return held.profiles <= asked.profiles
        case _:
            return False


def _excludes(held: Condition, asked: Condition) -> bool:
    """Whether no packet meets both."""
    match held, asked:
        case InState(), InState():
            return held.states | asked.states <= _STATES and not _states(held) & _states(asked)
        case OnInterface(negated=False), OnInterface() if _of_one_kind(held, asked):
            return _named(asked.name, held.name) if asked.negated else _apart(held.name, asked.name)
        case InProfile(), InProfile():
            return not held.profiles & asked.profiles
        case _:
            return False


def _states(condition: InState) -> frozenset[str]:
    return _STATES - condition.states if condition.negated else condition.states


def _of_one_kind(one: OnInterface, two: OnInterface) -> bool:
    """Whether two tests look at the same: the name of an interface now, or the one that had it once."""
    return one.way == two.way and one.by_number == two.by_number


def _named(pattern: str, name: str) -> bool:
    """Whether a pattern has all interfaces that a name, or another pattern, stands for."""
    return name.startswith(pattern[:-1]) if pattern.endswith("+") else pattern == name


def _apart(one: str, two: str) -> bool:
    """Whether two names or patterns have no interface in common."""
    return not (_named(one, two) or _named(two, one)
                or (one.endswith("+") and two.endswith("+")
                    and (one[:-1].startswith(two[:-1]) or two[:-1].startswith(one[:-1]))))
