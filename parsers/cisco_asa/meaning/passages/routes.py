"""Doubts about routes: those that DHCP gives, those that hold while a probe answers, those to a next hop that
the firewall cannot ask for; and black holes.

Packets are placed as if the route were in use. Where it is not, others decide, and what these are is asked no
further.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.features.rows.ways import DEFAULT_ROUTE, GATEWAY, REVERSE_PATH, TRACKED
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.hardware import hardware, name_of
from aclproof.parsers.cisco_asa.meaning.network import BLACK_HOLE, Doubtful, Network
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, single, write
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Interface, Route
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.reason import Reason

Line = tuple[list[str], int]


def passages(doubtful: Iterable[Doubtful], routes: Sequence[Route]) -> Iterator[Passage]:
    """What doubtful routes and black holes do to the packets that take them, in either direction."""
    for each in doubtful:
        if not _best(each.route, routes):
            continue
        addresses = _of_route(each.route, routes)
        others = any(route.network == each.route.network and route.length == each.route.length
                     and route.interface != each.route.interface and route.family is each.route.family
                     for route in routes)
        yield Passage(_rules(each, ANY, addresses, elsewhere=others), leave=each.route.interface)
        yield Passage(_rules(each, addresses, ANY, elsewhere=others), entry=each.route.interface)
    for name, line in {route.interface: route.line for route in routes}.items():
        if name.lower() == BLACK_HOLE:
            deny = (Rule(Action.DENY, ANY, ANY, ANY_SERVICES, line),)
            yield Passage(deny, leave=name)
            yield Passage(deny, entry=name)


def _rules(each: Doubtful, sources: AddressSet, destinations: AddressSet, *,
           elsewhere: bool) -> list[Rule]:
    line = each.route.line
    doubts = [doubt for doubt, holds in ((DEFAULT_ROUTE, each.learned), (TRACKED, each.track)) if holds]
    asked = tuple(doubt.opaque(number=each.track, line=line, interface=each.route.interface)
                  for doubt in doubts)
    passes = Rule(Action.RETURN, sources, destinations, ANY_SERVICES, line, asked)
    if not elsewhere and not each.track:
        return [passes, Rule(Action.DENY, sources, destinations, ANY_SERVICES, line)]
    where = Opaque("", Reason("which way the packets go without the route of line {line}; name the "
                              "interfaces", line=line))
    return [passes, *(Rule(action, sources, destinations, ANY_SERVICES, line, (where,))
                      for action in (Action.DENY, Action.PERMIT))]


def _best(route: Route, routes: Iterable[Route]) -> bool:
    return all(other.metric >= route.metric for other in routes
               if (other.family, other.network, other.length) == (route.family, route.network, route.length))


def _of_route(route: Route, routes: Iterable[Route]) -> AddressSet:
    """The addresses that take a route: those for which no longer one is there."""
    longer = IntervalSet.union(other.addresses for other in routes
                               if other.family is route.family and other.length > route.length)
    return single(route.family, route.addresses - longer)


def reverse_path(lines: Iterable[Line], routes: Sequence[Route]) -> Iterator[Passage]:
    """`ip verify reverse-path interface IF`: the source has to be routed to where the packet came in.

    Packets that are placed by the routes of the file pass; for others these are not all.
    """
    for words, line in lines:
        if words[1:3] != ["verify", "reverse-path"] or len(words) < 5:
            continue
        name = words[4]
        back = AddressSet(*(_routed_to(name, routes, family) for family in Family))
        yield Passage(stopped(REVERSE_PATH, line, ANY - back, interface=name), entry=name)


def _routed_to(name: str, routes: Sequence[Route], family: Family) -> IntervalSet:
    """The addresses that an interface leads to: the longest prefix wins, then the lower metric."""
    found, rest = IntervalSet(), ANY.of(family)
    same: dict[tuple[int, int], list[Route]] = {}
    for route in routes:
        if route.family is family:
            same.setdefault((-route.length, route.network), []).append(route)
    for _, equal in sorted(same.items()):
        best = min(route.metric for route in equal)
        part = equal[0].addresses & rest
        if any(route.interface == name and route.metric == best for route in equal):
            found |= part
        rest -= part
    return found


def gateways(network: Network, sections: Iterable[Section], flat: Mapping[str, Sequence[Line]]
             ) -> Iterator[Passage]:
    """Ask of each next hop in no network of its interface whether packets reach it.

    Not with `arp permit-nonconnected` (CR, since 8.4(5)) or an ARP entry of its own, nor of a tunnel, which
    asks for no neighbour. A route to the firewall's own address has it ask for each destination (CR, route).
    """
    said = [words for words, _ in flat.get("arp", ())]
    if ["arp", "permit-nonconnected"] in said:
        return
    entries = {word for words in said for word in words}
    tunnels = {name_of(each) for each in sections if hardware(each).startswith("tunnel")}
    for route in network.routes:
        place = network.found.get(route.interface)
        if (place is None or route.interface in tunnels or _reaches(route, place, network)
                or not _best(route, network.routes)):
            continue
        gateway = write(Family.V4, route.gateway or 0)
        if gateway in entries:
            continue
        addresses = _of_route(route, network.routes)
        yield Passage(_lost(route, gateway, ANY, addresses), leave=route.interface)
        yield Passage(_lost(route, gateway, addresses, ANY), entry=route.interface)


def _lost(route: Route, gateway: str, sources: AddressSet, destinations: AddressSet) -> tuple[Rule, ...]:
    return stopped(GATEWAY, route.line, sources, destinations, gateway=gateway, interface=route.interface,
                   line=route.line)


def _reaches(route: Route, place: Interface, network: Network) -> bool:
    if not route.gateway or route.family is not Family.V4:
        return True
    near = {place.name, place.bridge} - {""}
    own = [network.found[name] for name in near if name in network.found]
    if any(each.dynamic for each in own) or not any(each.addresses.v4 for each in own):
        return True  # its networks are not in the file
    return bool(IntervalSet.of((route.gateway, route.gateway)) & _networks(near, network))


def _networks(names: Collection[str], network: Network) -> IntervalSet:
    return IntervalSet.union(each.addresses for each in network.routes if each.interface in names
                             and each.family is Family.V4 and each.gateway is None and not each.metric)
