"""Rules that change what they have asked: packets are told apart once, and go on in a chain of their own.

`meta mark 1 meta mark set 2 accept` accepts what had the mark 1. In the model each statement is a rule, and a
rule after the change would ask for the mark again. So those packets go to a chain with the rest of the rule
and the rules after it, where nothing asks it twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import CameWith, Condition, HasMark, InState, IsReply, Opaque
from aclproof.parsers.model.effects import ChangeHopLimit, CopyMark, Effect, SetMark, TrackIn, Untrack
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus, HopLimitWithin
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.nftables.meaning.packets import Parts
from aclproof.reason import Reason

Stretches = Sequence[Sequence[Rule]]
"""What a rule is: the rules in its chain, and those of each chain of its own."""

_OF_CONNECTION = (CameWith, HasConnection, HasStatus, InState, IsReply)
_CHANGING = (*_OF_CONNECTION, HasMark, HopLimitWithin)
"""What called chains may change of a packet."""


def may_come_again(parts: Parts) -> bool:
    """Return whether what one alternative calls may make a packet meet another one."""
    return len(parts) > 1 and any(isinstance(condition, _CHANGING) for part in parts
                                  for condition in part.conditions)


def changes_its_tests(parts: Parts, effect: Effect) -> bool:
    """Return whether packets do not meet the same tests after an effect, or may meet it twice."""
    conditions = [condition for part in parts for condition in part.conditions]
    if isinstance(effect, SetMark) and effect.value & ~effect.mask and len(parts) > 1 and conditions:
        return True
    return any(_changes(effect, condition) for condition in conditions)


def _changes(effect: Effect, condition: Condition) -> bool:
    match effect:
        case SetMark(whose=whose) | CopyMark(to=whose):
            return isinstance(condition, HasMark) and condition.whose == whose
        case Untrack() | TrackIn():
            return isinstance(condition, _OF_CONNECTION) or (
                isinstance(condition, HasMark) and condition.whose == "connection")
        case ChangeHopLimit():
            return isinstance(condition, HopLimitWithin)
        case _:
            return False


def name(chain: str, rule: int, stretch: int) -> str:
    """Name the chain of a stretch of a rule, both counted from 1."""
    return f"({chain}, rule {rule}{f'.{stretch}' if stretch > 1 else ''})"


_MOST = 4_000_000
"""Rules that are worth writing out again after those that change what they test."""
_TOO_MANY = Opaque("", Reason("what the rules after this line make of packets that it changes: too many "
                              "rules of the chain test what they change"))


def joined(chain: str, rules: Sequence[Stretches]) -> dict[str, list[Rule]]:
    """Return a chain and the chains of its rules' own, each with the rules that come after."""
    found: dict[str, list[Rule]] = {}
    after: list[Rule] = []
    few = sum(len(each) - 1 for each in rules) * len(rules) <= _MOST
    for number in range(len(rules), 0, -1):
        first, *own = rules[number - 1]
        if own:
            later = after[::-1] if few else implicit.unread(first[0].line, (_TOO_MANY,), ANY)
            for stretch, each in enumerate(own, 1):
                found[name(chain, number, stretch)] = [*each, *later]
        after += reversed(first)
    return {chain: after[::-1], **found}
