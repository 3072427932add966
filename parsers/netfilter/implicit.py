"""Rules and chains that no file holds: they represent what cannot be read, or is not shown.

The names of such chains are in parentheses and hold a blank, which no chain's name can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclproof.parsers.model.addresses import ANY, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import ChangeHopLimit, Divert, Effect
from aclproof.parsers.model.packet_conditions import HopLimitWithin
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.reason import Reason

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


ROUTES, NO_ROUTE = "(routes)", "(no route)"
"""The chains of routes that drop packets, and of what no route leads to after a translation."""
TABLES = "(routing tables)"
"""The chain of tables that are not shown, and that rules of routing ask."""
ITSELF = "(at the router itself)"
"""The chain of what ends in a router at which no role is said to be."""
ROUTING, LEAVING = "(routing)", "(way to go)"
"""The chains of what the hop limit decides: routing takes one of it, and more routers follow."""

_ENOUGH = 32
"""No way has that many routers; Windows 95 began with it."""


def itself() -> Chain:
    """What becomes of packets to a router's own address that its rules let in."""
    doubt = Opaque("", Reason(
        "whether these packets are for the router itself: they go to its own address, so they pass INPUT and "
        "are not forwarded; if a role of the site is this host, say 'host: ROLE'"))
    return Chain(ITSELF, [Rule(Action.DENY, ANY, ANY, _SERVICES, NO_LINE, (doubt,))], synthetic=True)


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
    doubt = Opaque("hop limit", Reason(
        "whether the hop limit (TTL) that this line leaves the packets is too small for the routers that "
        "follow"))
    yield Chain(LEAVING, [Rule(Action.DENY, ANY, ANY, _SERVICES, first, (small, doubt))], synthetic=True)


def may_stop(line: int, conditions: tuple[Condition, ...], everything: AddressSet) -> Rule:
    """A rule that drops whatever there is, if its conditions hold."""
    return Rule(Action.DENY, everything, everything, _SERVICES, line, conditions)


def unread(line: int, conditions: tuple[Condition, ...], everything: AddressSet,
           effect: Effect | None = None) -> list[Rule]:
    """Rules that let any packet through, perhaps changed, stop it, or neither, if their conditions hold."""
    return [Rule(action, everything, everything, _SERVICES, line, conditions,
                 effect=effect if action is Action.PERMIT else None)
            for action in (Action.PERMIT, Action.DENY)]


def changed(table: str) -> Divert | None:
    """What a line of a table that is not understood may make of packets: those of filter leave them alone."""
    return None if table == "filter" else Divert(Reason("what this line makes of them"))


def of_program(line: str) -> Opaque:
    """The doubt of a rule that gives packets to a program; `line` names the rule's."""
    return Opaque(f"program of {line}", Reason("whether the program that gets the packets drops or changes "
                                               "them"))


def of_target(target: str, line: str) -> Opaque:
    """The doubt of a target that may stop what matches."""
    return Opaque(f"{target} of {line}", Reason("whether {target} drops the packets", target=target))
