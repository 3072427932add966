"""Replacements for lines and tables that cannot be read: rules with open conditions.

The names of such chains are in parentheses and hold a blank, which no chain's name can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.model.addresses import ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.source import Joined

_SERVICES = (ANY_SERVICE,)
_MOST_STRAY = 20
"""Each makes everything undecided; a few suffice."""


def suffix(family: Family, number: int) -> str:
    """What distinguishes the chains of one dump from those of another."""
    marks = (["ipv6"] if family is Family.V6 else []) + ([str(number)] if number > 1 else [])
    return f" ({' '.join(marks)})" if marks else ""


def stray(family: Family, table: str) -> str:
    """The chain of lines that may be damaged rules of a table."""
    return f"(unread lines of {table}, IPv{family.value})"


def absent(family: Family) -> str:
    """The chain of the rules of a family that no input holds."""
    return f"(no IPv{family.value} rules)"


def other(family: Family) -> str:
    """The chain of the tables of the other back end."""
    return f"(other IPv{family.value} tables)"


def unread(line: int, reason: str, everything: AddressSet) -> list[Rule]:
    """Rules for a line that could not be read: it may let any packet through, stop it, or neither."""
    doubt: tuple[Condition, ...] = (Opaque("", Reason("what the line means: {reason}", reason=reason)),)
    return [Rule(action, everything, everything, _SERVICES, line, doubt)
            for action in (Action.PERMIT, Action.DENY)]


def program(rule: Rule, name: str) -> Iterator[Rule]:
    """Let a program outside of the rules have the last word on what matches; `name` is that of its line."""
    key = f"program of {name}"
    doubt = Opaque(key, Reason("whether the program that gets the packets drops them"))
    yield rule._replace(action=Action.DENY, conditions=(*rule.conditions, doubt))
    yield rule


def chains(forms: Sequence[Form], joined: Joined, seen: Mapping[Family, int]) -> Iterator[Chain]:
    """Build them all."""
    for family, everything in ((Family.V4, ANY4), (Family.V6, ANY6)):
        program_name = "iptables-save" if family is Family.V4 else "ip6tables-save"
        if not seen.get(family) or not any("filter" in ruleset.tables for form in forms
                                           for ruleset in form.rulesets if ruleset.family is family):
            because = Reason("what the IPv{family} filter table would do: give the output of {program} as "
                             "well", family=family.value, program=program_name) if seen.get(family) else \
                Reason("what the IPv{family} rules would do: give the output of {program} as well",
                       family=family.value, program=program_name)
            yield Chain(absent(family), [_may_stop(NO_LINE, "", because, everything)], synthetic=True)
        warned = [joined.first(form.source) + ruleset.other_back_end for form in forms
                  for ruleset in form.rulesets if ruleset.family is family and ruleset.other_back_end]
        if warned and seen[family] < _BACK_ENDS:
            because = Reason("whether the tables of the other back end, of which this line warns, drop "
                             "it: give the output of {program_name} as well",
                             program_name=program_name.replace('tables', 'tables-legacy'))
            yield Chain(other(family), [_may_stop(warned[0], "other back end drops", because, everything)],
                        synthetic=True)
        for table in dict.fromkeys(name for form in forms for name in form.stray):
            yield Chain(stray(family, table), [
                rule for form in forms for line in form.stray.get(table, [])[:_MOST_STRAY]
                if any(ruleset.family is family for ruleset in form.rulesets)
                for rule in unread(joined.first(form.source) + line, _DAMAGED, everything)], synthetic=True)


_BACK_ENDS = 2
_DAMAGED = Reason("it may be a damaged rule")


def _may_stop(line: int, key: str, because: str, everything: AddressSet) -> Rule:
    return Rule(Action.DENY, everything, everything, _SERVICES, line, (Opaque(key, because),))
