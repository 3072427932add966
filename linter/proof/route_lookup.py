"""Behind which interface addresses lie: the firewall's routes decide, the site file overrides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import Family, spell_few
from aclproof.parsers.model.firewall import Firewall, Route
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.reason import AND, Reason, joined


@dataclass(frozen=True, slots=True)
class Behind:
    """Addresses behind one interface, or behind none that is known."""

    interface: str
    addresses: IntervalSet
    trouble: str = ""
    certain: bool = True
    """Whether it is no default route that leads there."""


def behind(firewall: Firewall, place: SiteFirewall, role: str, family: Family,
            addresses: IntervalSet) -> list[Behind]:
    """Cut addresses by interface: the longest prefix wins, as in the firewall's own table."""
    named = place.interfaces.get(role)
    if named is not None:
        return [Behind(named, addresses)]
    if not firewall.interfaces:
        return [Behind("", addresses, unbound(firewall, role))]
    found: list[Behind] = []
    rest = addresses
    for interface, network, trouble, certain in _table(firewall, family):
        part = rest & network
        if part:
            found.append(Behind(interface, part, trouble, certain))
            rest = rest - part
        if not rest:
            break
    if rest:
        found.append(Behind("", rest, no_route(firewall, role, family, rest)))
    return _joined(found)


def unbound(firewall: Firewall, role: str) -> str:
    """Why no interface is known where the file has none."""
    lists = sorted(firewall.lists)
    return Reason("the file binds its lists to no interface; say which list filters the traffic: "
                  "'acl: {{{role}: {lists}}}'", role=role, lists=lists[0] if lists else "NAME")


def no_route(firewall: Firewall, role: str, family: Family, addresses: IntervalSet) -> str:
    """Why no interface is known for addresses that no route covers."""
    return Reason("no interface or route of {name} leads to {some}; name the interface: 'interfaces: "
                  "{{{role}: NAME}}'", name=firewall.name, some=spell_few(family, addresses), role=role)


def _table(firewall: Firewall, family: Family) -> Iterator[tuple[str, IntervalSet, str, bool]]:
    """Routes by falling prefix length as (interface, addresses, doubt, no default); the lower metric wins."""
    same: dict[tuple[int, int], list[Route]] = {}
    for route in firewall.routes:
        if route.family is family:
            same.setdefault((route.length, route.network), []).append(route)
    for (length, network), routes in sorted(same.items(), key=lambda item: -item[0][0]):
        best = min(route.metric for route in routes)
        used = [route for route in routes if route.metric == best]
        size = 1 << family.last.bit_length() - length
        yield (used[0].interface, IntervalSet.of((network, network + size - 1)),
               why_uncertain(firewall, used), length > 0)


def why_uncertain(firewall: Firewall, used: Sequence[Route]) -> str:
    """Why the interface of equally good routes is not certain, or nothing."""
    names = list(dict.fromkeys(route.interface for route in used))
    policy, learned, unread = (firewall.options.get(key)
                               for key in ("policy-routing", "dynamic-routing", "unread-route"))
    connected = used[0].metric == 0
    if len(names) > 1:
        return Reason("routes of equal length lead to {names}", names=joined(AND, names))
    if firewall.interface(names[0]) is None:
        return Reason("the route in line {line} leads to {names}, which is not in use", line=used[0].line,
                      names=names[0])
    if policy is not None:
        return Reason("line {policy} routes by policy; name the interfaces", policy=policy)
    if learned is not None and not connected:
        return Reason("line {learned} learns routes that are not in the file; name the interfaces",
                      learned=learned)
    if unread is not None and not connected:
        return Reason("the route in line {unread} could not be read; name the interfaces", unread=unread)
    return ""


def _joined(parts: list[Behind]) -> list[Behind]:
    """One entry for each interface and trouble: fewer, larger parts to prove."""
    joined: dict[tuple[str, str], Behind] = {}
    for part in parts:
        key = (part.interface, part.trouble)
        known = joined.get(key)
        joined[key] = part if known is None else Behind(
            part.interface, known.addresses | part.addresses, part.trouble, known.certain and part.certain)
    return list(joined.values())
