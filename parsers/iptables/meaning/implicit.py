"""Rules and chains that no file holds: they represent what cannot be read, or is not shown.

The names of such chains are in parentheses and hold a blank, which no chain's name can.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE

_SERVICES = (ANY_SERVICE,)


def suffix(family: Family, number: int) -> str:
    """What distinguishes the chains of one dump from those of another."""
    marks = (["ipv6"] if family is Family.V6 else []) + ([str(number)] if number > 1 else [])
    return f" ({' '.join(marks)})" if marks else ""


def ahead(family: Family, table: str) -> str:
    """The chain of what may come before the rules of a table, or may be one of them."""
    return f"(ahead of {table}, IPv{family.value})"


def beside(family: Family) -> str:
    """The chain of what may stop packets of a family besides the tables that are shown."""
    return f"(beside the IPv{family.value} tables)"


def rest(chain: str) -> str:
    """The chain of what may follow the rules of another one."""
    return f"(rest of {chain})"


def may_stop(line: int, conditions: tuple[Condition, ...], everything: AddressSet) -> Rule:
    """A rule that drops whatever there is, if its conditions hold."""
    return Rule(Action.DENY, everything, everything, _SERVICES, line, conditions)


def unread(line: int, conditions: tuple[Condition, ...], everything: AddressSet) -> list[Rule]:
    """Rules that let any packet through, stop it, or neither, if their conditions hold."""
    return [Rule(action, everything, everything, _SERVICES, line, conditions)
            for action in (Action.PERMIT, Action.DENY)]


def program(rule: Rule, name: str) -> Iterator[Rule]:
    """Let a program outside of the rules have the last word on what matches; `name` is that of its line."""
    key = f"program of {name}"
    doubt = Opaque(key, Reason("whether the program that gets the packets drops them"))
    yield rule._replace(action=Action.DENY, conditions=(*rule.conditions, doubt))
    yield rule
