"""Rules of routing, as `ip rule` prints them: what they drop, and what they give to tables not shown.

The kernel asks them in turn; the first table with a route decides (ip-rule(8)). What stands after the main
table is asked only where that has no route.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from msgspec import Struct

from aclproof.parsers.model.addresses import ANY4, ANY6, AddressSet, Family, network_of, single
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.firewall import Route
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.reason import Reason

_LINE = re.compile(r"\d+:\s+(?P<not>not )?from (?P<source>\S+)(?: to (?P<destination>\S+))?(?P<rest>.*)")
_ACTION = re.compile(r"(?P<tests>.*?)\s*(?:lookup (?P<table>\S+)(?P<unless>.*)|"
                     r"(?P<drop>blackhole|unreachable|prohibit)|(?P<goto>goto .*)|nop)\s*")
_SUPPRESSES = re.compile(r"\s*suppress_prefixlength (\d{1,3})\s*")
_MAIN, _LOCAL = ("main", "254"), ("local", "255", "default", "253")
_ALL = {Family.V4: ANY4, Family.V6: ANY6}


class RoutingRule(Struct, frozen=True):
    """One rule. Packets with other ends than these never meet it."""

    family: Family
    sources: AddressSet
    destinations: AddressSet
    line: int
    tests: bool = False
    """Whether it asks more than the ends of a packet."""
    table: str = ""
    """The table that it asks; empty where it drops, or leads to another rule."""
    drops: bool = False
    longer: int = -1
    """With the main table: only routes with a longer prefix than that count."""


def read(text: str, family: Family, line: int) -> RoutingRule | None:
    """Read a line; None for a rule that does nothing, or none that is known."""
    found = _LINE.fullmatch(text)
    action = _ACTION.fullmatch(found["rest"]) if found else None
    if not found or not action:
        return None
    sources, destinations = _end(found["source"], family), _end(found["destination"], family)
    if found["not"]:  # it holds for what is outside of either end
        sources = destinations = _ALL[family]
    tests = bool(found["not"] or action["tests"].strip())
    suppressed = _SUPPRESSES.fullmatch(action["unless"] or "")
    if action["drop"]:
        return RoutingRule(family, sources, destinations, line, tests, drops=True)
    if not action["table"] and not action["goto"]:
        return None
    odd = bool(action["unless"] and not suppressed)
    return RoutingRule(family, sources, destinations, line, tests or odd, action["table"] or "",
                       longer=int(suppressed[1]) if suppressed else -1)


def _end(text: str | None, family: Family) -> AddressSet:
    return network_of(text) if text and text != "all" else _ALL[family]


def effects(rules: Iterable[RoutingRule], routes: Sequence[Route], shown: Container[Family]
            ) -> tuple[Sequence[Rule], Sequence[Rule]]:
    """What tables that are not shown may do to packets, and what the rules themselves do.

    That is before the main table is asked, whose `routes` are all for families `shown`.
    """
    every = list(rules)
    done = [rule for family in Family for rule in _of_family(
        [each for each in every if each.family is family], family, routes if family in shown else ())]
    asked = {rule for rule in done if any(isinstance(each, Opaque) and each.key for each in rule.conditions)}
    return [rule for rule in done if rule in asked], [rule for rule in done if rule not in asked]


def _of_family(rules: Sequence[RoutingRule], family: Family, routes: Sequence[Route]) -> Iterator[Rule]:
    """Rules with a question to a table have its key."""
    spared, sure = AddressSet(), True
    for rule in rules:
        to = rule.destinations - spared
        everything = not rule.tests and rule.sources >= _ALL[family] <= rule.destinations
        if rule.table in _MAIN and rule.longer < 0 and everything:
            return  # the rest is asked only for what has no route
        if rule.table in _LOCAL:
            continue
        if rule.table in _MAIN and rule.longer >= 0 and everything:
            spared |= _longer(routes, family, rule.longer)
        elif rule.drops:
            yield _deny(rule, to, () if sure and not rule.tests else (_drops(rule),))
        else:
            if rule.table and rule.table not in _MAIN:
                yield _deny(rule, to, (_asks(rule),))
            sure = False
    if any(rule.table in _LOCAL for rule in rules):
        yield Rule(Action.DENY, _ALL[family], _ALL[family] - spared, (ANY_SERVICE,), rules[0].line,
                   (_NO_MAIN,))


def _drops(rule: RoutingRule) -> Opaque:
    return Opaque("", Reason("whether the rule of routing in line {line} drops the packets", line=rule.line))


def _asks(rule: RoutingRule) -> Opaque:
    return Opaque(f"routing table {rule.table} drops", Reason(
        "whether routing table {table}, which the rule of routing in line {line} asks, drops the packets or "
        "sends them another way", table=rule.table, line=rule.line), False,
        f"ip route show table {rule.table}")


_NO_MAIN = Opaque("", Reason("whether the main table is asked: no rule of routing that is shown asks it"))


def _deny(rule: RoutingRule, to: AddressSet, doubt: tuple[Condition, ...]) -> Rule:
    return Rule(Action.DENY, rule.sources, to, (ANY_SERVICE,), rule.line, doubt)


def _longer(routes: Iterable[Route], family: Family, length: int) -> AddressSet:
    return single(family, IntervalSet.union(each.addresses for each in routes
                                            if each.family is family and each.length > length))
