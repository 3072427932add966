"""Interfaces and routes of a router, where `ip address` and `ip route` were given with its rules."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Protocol

from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, NOWHERE, Family, single
from aclproof.parsers.model.conditions import LOOPBACK, Condition, Opaque
from aclproof.parsers.model.firewall import Interface, Route
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.netfilter.ip_output import DROPS, Leads, Places
from aclproof.parsers.source import Joined, Source
from aclproof.reason import Reason

ANY_SERVICES = (ANY_SERVICE,)
_ALL = {Family.V4: ANY4, Family.V6: ANY6}


class Shows(Protocol):
    """An input that may hold what `ip address`, `ip route` and `ip rule` print."""

    @property
    def source(self) -> Source:
        """The input."""
        ...

    @property
    def places(self) -> Places | None:
        """What they print; None where they are not in it."""
        ...


def interfaces(forms: Sequence[Shows], joined: Joined) -> tuple[Interface, ...]:
    """Return every interface that is shown, with its own addresses."""
    down = _down(forms)
    found: dict[str, Interface] = {}
    for form, places in _shown(forms):
        first = joined.first(form.source)
        for name, (own, line) in places.interfaces.items():
            before = found.get(name)
            found[name] = Interface(name, None, (before.addresses if before else NOWHERE) | own,
                                    before.line if before else first + line, down=name in down)
    return tuple(found.values())


def routes(forms: Sequence[Shows], joined: Joined) -> tuple[Route, ...]:
    """Return the routes of the main table; of a family without, the networks at the interfaces."""
    families = {family for _, places in _shown(forms) for family in places.families}
    down = _down(forms)
    found: dict[Route, None] = {}
    for form, places in _shown(forms):
        first = joined.first(form.source)
        for leads in places.routes:
            found |= dict.fromkeys(_routes(leads, first, down))
        for leads in places.connected:
            if leads.interface != LOOPBACK:
                found |= dict.fromkeys(each for each in _routes(leads, first, down)
                                       if each.family not in families)
    return tuple(found)


def all_routes(forms: Sequence[Shows]) -> frozenset[Family]:
    """Return the families of which the main table is shown."""
    return frozenset(family for _, places in _shown(forms) for family in places.families)


def all_addresses(forms: Sequence[Shows]) -> frozenset[Family]:
    """Return the families of which all own addresses are shown: the loopback's, and of all interfaces."""
    shown = [places for _, places in _shown(forms)]
    loopback = [places.interfaces[LOOPBACK][0] for places in shown if LOOPBACK in places.interfaces]
    named = {name for places in shown for name in places.addressed}
    if any(leads.interface not in (*named, *DROPS) for places in shown for leads in places.routes):
        return frozenset()
    return frozenset(family for family in Family if any(own.of(family) for own in loopback))


def ruled(forms: Sequence[Shows], joined: Joined, table: Sequence[Route]) -> Iterator[Chain]:
    """What rules of routing do to packets before the main table is asked."""
    if all(places.by_main_table for _, places in _shown(forms)):
        return
    from aclproof.parsers.netfilter import routing_rules

    shown = all_routes(forms)
    read = (routing_rules.read(text, family, joined.first(form.source) + line)
            for form, places in _shown(forms) for family, text, line in places.rules)
    found = [rule for rule in read if rule]
    for name, rules in zip((implicit.TABLES, implicit.ROUTES), routing_rules.effects(found, table, shown),
                           strict=True):
        if rules:
            yield Chain(name, rules, synthetic=True)


def dropping(table: Sequence[Route], unless: Mapping[Family, tuple[Condition, ...]]) -> Iterator[Chain]:
    """Where routes drop packets, the whole table as rules: the longest prefix first, then the lower metric.

    `unless` are the conditions under which another table may decide, by family; none where none does.
    """
    if not any(route.interface in DROPS for route in table):
        return
    best: dict[tuple[Family, int, int], list[Route]] = {}
    for route in sorted(table, key=lambda each: (-each.length, each.metric)):
        same = best.setdefault((route.family, route.length, route.network), [])
        if not same or same[0].metric == route.metric:
            same.append(route)
    rules = [Rule(Action.RETURN, ANY, _ALL[family], ANY_SERVICES, NO_LINE, either)
             for family, either in unless.items()]
    for routes in best.values():
        drops = [route for route in routes if route.interface in DROPS]
        to = single(routes[0].family, routes[0].addresses)
        if drops:
            either: tuple[Condition, ...] = (Opaque("", Reason(
                "which of the equal routes counts")),) if len(drops) < len(routes) else ()
            rules.append(Rule(Action.DENY, ANY, to, ANY_SERVICES, drops[0].line, either))
        rules.append(Rule(Action.RETURN, ANY, to, ANY_SERVICES, routes[0].line))
    yield Chain(implicit.ROUTES, rules, synthetic=True)


def unreached(table: Sequence[Route], shown: frozenset[Family]) -> Iterator[Chain]:
    """What becomes of packets that a translation sends to where no route leads, of families all shown."""
    rules = [Rule(Action.DENY, ANY, single(family, IntervalSet.of((0, family.last)) - IntervalSet.union(
        route.addresses for route in table if route.family is family)), ANY_SERVICES, NO_LINE, (_NO_ROUTE,))
        for family in Family if family in shown]
    rules += [Rule(Action.DENY, ANY, single(family, lost), ANY_SERVICES, NO_LINE, (_LINK_DOWN,))
              for family in Family if (lost := _by_links_down(table, family))]
    if rules:
        yield Chain(implicit.NO_ROUTE, rules, synthetic=True)


def _by_links_down(table: Sequence[Route], family: Family) -> IntervalSet:
    """The addresses whose longest prefix leads to a link that is down."""
    own = [route for route in table if route.family is family]
    lost, longer = IntervalSet(()), IntervalSet(())
    for route in sorted(own, key=lambda each: -each.length) if any(each.down for each in own) else ():
        if route.down:
            lost |= route.addresses - longer
        longer |= route.addresses
    return lost


_LINK_DOWN = Opaque("", Reason("whether what is translated to there arrives: the link that the route leads "
                               "to is shown to be down"))
_NO_ROUTE = Opaque("", Reason("whether a route leads to where it is translated to: none that is shown does"))


def options(forms: Sequence[Shows], joined: Joined) -> Mapping[str, int]:
    """Return the line that shows that another table than the main one may decide."""
    lines = (joined.first(form.source) + places.elsewhere for form, places in _shown(forms)
             if places.elsewhere)
    line = next(lines, None)
    return {} if line is None else {"policy-routing": line}


def _shown(forms: Sequence[Shows]) -> Iterator[tuple[Shows, Places]]:
    return ((form, form.places) for form in forms if form.places)


def _down(forms: Sequence[Shows]) -> frozenset[str]:
    """The interfaces whose links are shown to be down."""
    return frozenset(name for _, places in _shown(forms) for name in places.down)


def _routes(leads: Leads, first: int, down: Container[str]) -> Iterator[Route]:
    for family in Family:
        for low, high in leads.network.of(family).ranges:
            length = family.last.bit_length() - (high - low).bit_length()
            yield Route(family, low, length, leads.interface, first + leads.line, leads.metric,
                        leads.beyond, leads.interface in down,
                        gateway=gateway.lowest if (gateway := leads.gateway.of(family)) else None)
