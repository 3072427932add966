"""Where a demand meets a firewall: by which interfaces it enters and leaves, and which stages it passes.

Firewalls that run on a host have hooks instead of routes: linter.hooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import parsers
from linter.demands import Leg
from linter.engine.packets import Box
from linter.engine.traverse import Onward, straight_on
from linter.site import FirewallPlace
from parsers.model.addresses import NOWHERE, AddressSet, Family, spell
from parsers.model.firewall import Firewall, Passage, Route
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Rule, Stage


@dataclass(frozen=True, slots=True)
class Crossing:
    """Packets of one leg that take one way through a firewall."""

    box: Box
    stages: tuple[Stage, ...]
    way: str
    """Such as `inside -> outside`, for people."""
    passage: Passage | None = None
    """None for a list that the site file names."""
    own: AddressSet = NOWHERE
    """The firewall's own addresses, where its place tells them."""
    onward: Onward = straight_on
    arrivals: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    """Chains that judge where translated packets come to, beside the firewall's own."""
    some: bool = False
    """Only some of these packets are real, and nobody can tell which."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Packets whose way through the firewall is not known, and what would tell."""

    box: Box
    because: str
    by: Rule | None = None
    """The line that makes it so, where one does."""


@dataclass(frozen=True, slots=True)
class _Behind:
    """Addresses behind one interface, or behind none that is known."""

    interface: str
    addresses: IntervalSet
    trouble: str = ""


def crossings(firewall: Firewall, place: FirewallPlace, leg: Leg) -> Iterator[Crossing | Unplaced]:
    """Cut a leg by the interfaces that it enters and leaves by: routes decide, the site file overrides."""
    acl = place.acl.get(leg.source)
    if acl is not None:
        yield from _through(firewall, acl, leg)
        return
    for box in leg.boxes:
        for entry in _behind(firewall, place, leg.source, box.family, box.sources):
            for leave in _behind(firewall, place, leg.destination, box.family, box.destinations):
                part = Box(box.family, box.protocol, entry.addresses, leave.addresses,
                           box.source_ports, box.destination_ports)
                yield _place(firewall, part, entry, leave)


def _through(firewall: Firewall, acl: str, leg: Leg) -> Iterator[Crossing]:
    stages = parsers.through(firewall, acl)
    return (Crossing(box, stages, f"access-list {acl}") for box in leg.boxes)


def _place(firewall: Firewall, part: Box, entry: _Behind, leave: _Behind) -> Crossing | Unplaced:
    trouble = entry.trouble or leave.trouble
    if trouble:
        return Unplaced(part, trouble)
    if entry.interface == leave.interface:
        return Unplaced(part, f"both ends lie behind interface {entry.interface}, so these packets do not "
                              "cross the firewall as its routes stand; take them out of the role, or name "
                              "the interfaces in the site file")
    passage = Passage(part.family, entry.interface, leave.interface)
    stages = parsers.stages(firewall, passage)
    return Crossing(part, stages, f"{entry.interface} -> {leave.interface}", passage)


def _behind(firewall: Firewall, place: FirewallPlace, role: str, family: Family,
            addresses: IntervalSet) -> list[_Behind]:
    """Cut addresses by interface: the longest prefix wins, as in the firewall's own table."""
    named = place.interfaces.get(role)
    if named is not None:
        return [_Behind(named, addresses)]
    if not firewall.interfaces:
        lists = sorted(firewall.lists)
        return [_Behind("", addresses, "the file binds its lists to no interface; say which list filters the "
                                       f"traffic: 'acl: {{{role}: {lists[0] if lists else 'NAME'}}}'")]
    found: list[_Behind] = []
    rest = addresses
    for interface, network, trouble in _table(firewall, family):
        part = rest & network
        if part:
            found.append(_Behind(interface, part, trouble))
            rest = rest - part
        if not rest:
            break
    if rest:
        found.append(_Behind("", rest, f"no interface or route of {firewall.name} leads to "
                                       f"{_some(family, rest)}; name the interface: "
                                       f"'interfaces: {{{role}: NAME}}'"))
    return _joined(found)


def _table(firewall: Firewall, family: Family) -> Iterator[tuple[str, IntervalSet, str]]:
    """Routes by falling prefix length as (interface, addresses, doubt); the lower metric wins."""
    same: dict[tuple[int, int], list[Route]] = {}
    for route in firewall.routes:
        if route.family is family:
            same.setdefault((route.length, route.network), []).append(route)
    for (length, network), routes in sorted(same.items(), key=lambda item: -item[0][0]):
        best = min(route.metric for route in routes)
        used = [route for route in routes if route.metric == best]
        size = 1 << family.last.bit_length() - length
        yield (used[0].interface, IntervalSet.of((network, network + size - 1)),
               _route_trouble(firewall, used))


def _route_trouble(firewall: Firewall, used: list[Route]) -> str:
    """Why the interface of equally good routes is not certain, or nothing."""
    names = list(dict.fromkeys(route.interface for route in used))
    policy, learned, unread = (firewall.options.get(key)
                               for key in ("policy-routing", "dynamic-routing", "unread-route"))
    connected = used[0].metric == 0
    if len(names) > 1:
        return f"routes of equal length lead to {' and '.join(names)}"
    if firewall.interface(names[0]) is None:
        return f"the route in line {used[0].line} leads to {names[0]}, which is not in use"
    if policy is not None:
        return f"line {policy} routes by policy; name the interfaces"
    if learned is not None and not connected:
        return f"line {learned} learns routes that are not in the file; name the interfaces"
    if unread is not None and not connected:
        return f"the route in line {unread} could not be read; name the interfaces"
    return ""


def _joined(parts: list[_Behind]) -> list[_Behind]:
    """One entry for each interface and trouble: fewer, larger parts to prove."""
    joined: dict[tuple[str, str], IntervalSet] = {}
    for part in parts:
        key = (part.interface, part.trouble)
        joined[key] = joined.get(key, IntervalSet()) | part.addresses
    return [_Behind(interface, addresses, trouble) for (interface, trouble), addresses in joined.items()]


def _some(family: Family, addresses: IntervalSet) -> str:
    words = spell(family, addresses.ranges[:3])
    return ", ".join(words) + (", ..." if len(addresses.ranges) > 3 else "")
