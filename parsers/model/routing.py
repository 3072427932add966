"""The firewall's own table of routes: which interface leads to which addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall, Route
from aclproof.parsers.model.intervals import EMPTY, IntervalSet, Range
from aclproof.parsers.model.routed_to import Leading, RoutedTo
from aclproof.reason import AND, Reason, joined

_HALF = 1
"""The length of the prefix of half of all addresses: two such routes are a default route by another name."""


def interfaces_towards(firewall: Firewall, family: Family,
                       addresses: IntervalSet) -> tuple[list[RoutedTo], IntervalSet]:
    """Cut addresses by interface, and return those to which none leads; the longest prefix wins."""
    table = _table(firewall, family)
    parts: dict[int, list[Range]] = {}
    for low, high in addresses.ranges:
        for first, last, route in table.between(low, high):
            parts.setdefault(route, []).append((first, last))
    found = [replace(table.routes[route], addresses=IntervalSet.of(*part))
             for route, part in sorted(parts.items())]
    return found, addresses - IntervalSet.union(each.addresses for each in found)


def by_interface(parts: list[RoutedTo]) -> list[RoutedTo]:
    """One entry for each interface and reason: fewer, larger parts to prove."""
    known: dict[tuple[str, str], list[RoutedTo]] = {}
    for part in parts:
        known.setdefault((part.interface, part.reason), []).append(part)
    return [replace(same[-1], addresses=IntervalSet.union(each.addresses for each in same),
                    certain=all(each.certain for each in same)) for same in known.values()]


def in_tunnels(firewall: Firewall, family: Family, interface: str) -> IntervalSet:
    """Return the addresses at the far ends of tunnels that end at an interface of the firewall.

    Their packets cross it, whatever lies behind the interface.
    """
    return _table(firewall, family).in_tunnels.get(interface, EMPTY)


def turning(firewall: Firewall, interface: str, family: Family, sources: IntervalSet,
            destinations: IntervalSet) -> Iterator[tuple[IntervalSet, IntervalSet]]:
    """Yield the sources and destinations of packets that one tunnel at an interface takes, and another one
    their answers (hub and spokes): they cross the firewall, too. These products may overlap.
    """
    here = [each for each in firewall.selected if each.interface == interface]
    going = [(each.tunnel, near, far) for each in here
             if (near := each.sources.of(family) & sources)
             and (far := each.destinations.of(family) & destinations)]
    coming = [(each.tunnel, far, near) for each in here if going
              and (far := each.destinations.of(family) & sources)
              and (near := each.sources.of(family) & destinations)]
    for tunnel, near, far in going:
        for other, come, to in coming:
            if other != tunnel and near.overlaps(come) and far.overlaps(to):
                yield near & come, far & to


def led_to(firewall: Firewall, family: Family, interface: str) -> IntervalSet:
    """Return all addresses to which routes by an interface lead, even where better ones lead elsewhere."""
    return _table(firewall, family).by_interface.get(interface, EMPTY)


def _table(firewall: Firewall, family: Family) -> Leading:
    """Where the routes lead: none where a longer one does."""
    known = firewall.leading.get(family)
    if known is None:
        pieces: list[tuple[int, int, int]] = []
        routes, covered = _longest_first(firewall, family), EMPTY
        for _, same in groupby(enumerate(routes), lambda each: each[1][0].length):
            found = [(number, used[0].addresses - covered) for number, used in same]
            covered = IntervalSet.union([covered, *(left for _, left in found)])
            pieces += [(low, high, number) for number, left in found for low, high in left.ranges]
        known = firewall.leading[family] = Leading(
            [RoutedTo(used[0].interface, used[0].addresses, why_uncertain(firewall, used),
                      used[0].length > _HALF, down=bool(why_down(firewall, used)),
                      gateways=tuple(each.gateway for each in used if each.gateway is not None))
             for used in routes],
            sorted(pieces), _led_to(each for each in firewall.routes if each.family is family),
            _led_to(each for used in routes for each in used if each.tunnel))
    return known


def _led_to(routes: Iterable[Route]) -> dict[str, IntervalSet]:
    found: dict[str, list[IntervalSet]] = {}
    for route in routes:
        found.setdefault(route.interface, []).append(route.addresses)
    return {name: IntervalSet.union(far) for name, far in found.items()}


def _longest_first(firewall: Firewall, family: Family) -> Sequence[Sequence[Route]]:
    return firewall.best_routes[family]


def why_down(firewall: Firewall, used: Sequence[Route]) -> str:
    """Why packets of equally good routes may get nowhere, or nothing."""
    return next((Reason("the route in line {line} leads to {name}, whose link is shown to be down; give new "
                        "output of 'ip address' and 'ip route' that shows it up",
                        line=firewall.number(route.line), name=route.interface)
                 for route in used if route.down), "")


def at_link_down(who: str, interface: str) -> Reason:
    """Why it is not known whether packets of a role or of addresses pass the interface that they are at."""
    return Reason("{who} is at {name}, whose link is shown to be down; give new output of 'ip address' and "
                  "'ip route' that shows it up", who=who, name=interface)


def why_uncertain(firewall: Firewall, used: Sequence[Route]) -> str:
    """Why the interface of equally good routes is not certain, or nothing."""
    names = list(dict.fromkeys(route.interface for route in used))
    policy, learned, unread = (firewall.options.get(key)
                               for key in ("policy-routing", "dynamic-routing", "unread-route"))
    connected = used[0].metric == 0
    if because := why_down(firewall, used):
        return because
    if len(names) > 1:
        return Reason("routes of equal length lead to {names}", names=joined(AND, names))
    if firewall.interface(names[0]) is None:
        return Reason("the route in line {line} leads to {name}, which is not in use",
                      line=firewall.number(used[0].line), name=names[0])
    if policy is not None and not firewall.policy_routes:
        return Reason("line {line} routes by policy; say which interface leads there: 'interfaces: "
                      "{{ROLE: {name}}}'", line=firewall.number(policy), name=names[0])
    if learned is not None and not connected:
        return Reason("line {line} learns routes that are not in the file; say which interface leads there: "
                      "'interfaces: {{ROLE: {name}}}'", line=firewall.number(learned), name=names[0])
    if unread is not None and not connected:
        return Reason("line {line} could not be read, which gives a route; say which interface leads there: "
                      "'interfaces: {{ROLE: {name}}}'", line=firewall.number(unread), name=names[0])
    return ""
