"""Replacements for lines and tables that cannot be read: rules with open conditions.

The names of such chains are in parentheses and hold a blank, which no chain's name can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.iptables.text.known_targets import Deed
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import ChangeHopLimit
from aclproof.parsers.model.packet_conditions import HopLimitWithin
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.source import Joined

_SERVICES = (ANY_SERVICE,)
_MOST_UNREAD = 20
"""Each makes everything undecided; a few suffice."""


def suffix(family: Family, number: int) -> str:
    """What distinguishes the chains of one dump from those of another."""
    marks = (["ipv6"] if family is Family.V6 else []) + ([str(number)] if number > 1 else [])
    return f" ({' '.join(marks)})" if marks else ""


def unread_lines(family: Family, table: str) -> str:
    """The chain of lines that may be damaged rules of a table."""
    return f"(unread lines of {table}, IPv{family.value})"


def absent(family: Family) -> str:
    """The chain of the rules of a family that no input holds."""
    return f"(no IPv{family.value} rules)"


def other(family: Family) -> str:
    """The chain of the tables of the other back end."""
    return f"(other IPv{family.value} tables)"


ROUTING, LEAVING = "(routing)", "(way to go)"
"""The chains of what the hop limit decides: routing takes one of it, and more routers follow."""

_ENOUGH = 32
"""No way has that many routers; Windows 95 began with it."""


def hop_limit(chains: Iterable[Chain]) -> Iterator[Chain]:
    """What the hop limit decides, where a rule changes it."""
    lines = [rule.line for chain in chains for rule in chain.rules if isinstance(rule.effect, ChangeHopLimit)]
    if not lines:
        return
    first = min(lines)
    used_up = HopLimitWithin(0, 1, key="hop limit", of_sender=False)
    yield Chain(ROUTING, [Rule(Action.DENY, ANY, ANY, _SERVICES, first, (used_up,)),
                          Rule(Action.CONTINUE, ANY, ANY, _SERVICES, first,
                               effect=ChangeHopLimit("decrease", 1))], synthetic=True)
    small = HopLimitWithin(0, _ENOUGH - 1, key="hop limit", of_sender=False)
    doubt = Opaque("hop limit", Reason("whether the hop limit (TTL) that this line leaves the packets is "
                                       "too small "
                                       "for the routers that follow"))
    yield Chain(LEAVING, [Rule(Action.DENY, ANY, ANY, _SERVICES, first, (small, doubt))], synthetic=True)


def unread(line: int, reason: str, everything: AddressSet) -> list[Rule]:
    """Rules for a line that could not be read: it may let any packet through, stop it, or neither."""
    doubt: tuple[Condition, ...] = (Opaque("", Reason("what the line means: {reason}", reason=reason)),)
    return [Rule(action, everything, everything, _SERVICES, line, doubt)
            for action in (Action.PERMIT, Action.DENY)]


def of_target(deed: Deed, target: str, line: str) -> Opaque | None:
    """The doubt of a target that may stop what matches; None for all others. `line` names the rule's."""
    match deed:
        case "program":
            return Opaque(f"program of {line}", Reason("whether the program that gets the packets drops or "
                                                       "changes "
                                                       "them"))
        case "may stop":
            return Opaque(f"{target} of {line}", Reason("whether {target} drops the packets", target=target))
        case _:
            return None


def chains(forms: Sequence[Form], joined: Joined) -> Iterator[Chain]:
    """Build them all."""
    for family, everything in ((Family.V4, ANY4), (Family.V6, ANY6)):
        dumps = [(form, ruleset) for form in forms for ruleset in form.rulesets if ruleset.family is family]
        if not any("filter" in ruleset.tables for _, ruleset in dumps):
            reason = _why_absent(family, shown=bool(dumps))
            yield Chain(absent(family), [_may_stop(NO_LINE, "", reason, everything)], synthetic=True)
        warned = [joined.first(form.source) + ruleset.other_back_end for form, ruleset in dumps
                  if ruleset.other_back_end]
        if warned and len(dumps) < _BACK_ENDS:
            reason = Reason("whether the tables of the other back end, of which this line warns, drop "
                            "it: give the output of {program} as well",
                            program=_PROGRAMS[family].replace("tables", "tables-legacy"))
            yield Chain(other(family), [_may_stop(warned[0], "other back end drops", reason, everything)],
                        synthetic=True)
        yield from _of_unread_lines(forms, joined, family, everything)


_PROGRAMS = {Family.V4: "iptables-save", Family.V6: "ip6tables-save"}
_BACK_ENDS = 2
_DAMAGED = Reason("it may be a damaged rule")


def _why_absent(family: Family, *, shown: bool) -> Reason:
    """What no input says about a family, where the inputs show other tables of it or none at all."""
    if shown:
        return Reason("what the IPv{family} filter table would do: give the output of {program} as well",
                      family=family.value, program=_PROGRAMS[family])
    return Reason("what the IPv{family} rules would do: give the output of {program} as well",
                  family=family.value, program=_PROGRAMS[family])


def _of_unread_lines(forms: Sequence[Form], joined: Joined, family: Family,
                     everything: AddressSet) -> Iterator[Chain]:
    """For each table the lines that may be damaged rules of it, in the inputs that hold the family."""
    of_family = [form for form in forms if any(ruleset.family is family for ruleset in form.rulesets)]
    for table in dict.fromkeys(name for form in forms for name in form.unread_lines):
        rules: list[Rule] = []
        for form in of_family:
            for line in form.unread_lines.get(table, [])[:_MOST_UNREAD]:
                rules += unread(joined.first(form.source) + line, _DAMAGED, everything)
        yield Chain(unread_lines(family, table), rules, synthetic=True)


def _may_stop(line: int, key: str, reason: str, everything: AddressSet) -> Rule:
    return Rule(Action.DENY, everything, everything, _SERVICES, line, (Opaque(key, reason),))
