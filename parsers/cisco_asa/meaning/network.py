"""The interfaces of a file and where they lead: what is in use, and what may be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning import hardware, interfaces, tunnels
from aclproof.parsers.cisco_asa.meaning.tunnels import Tunnel
from aclproof.parsers.cisco_asa.text import broken
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError
from aclproof.parsers.model.addresses import ANY4, ANY6, NOWHERE, Family
from aclproof.parsers.model.firewall import Interface, Route
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.routed_to import Selected
from aclproof.parsers.model.rules import Action, Chain
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.reason import Reason

_OWN_TABLE = (9, 5)
"""The release since which management interfaces have a table of routes of their own."""
_NO_NAME = Reason("it has an address and no name, as if a line of it were lost")
_TWO_NAMES = Reason("it has two names, as if a line between them were lost")
_SAME_NAME = Reason("its name is another interface's as well, and a device gives each name once")
_TAKES_WITH_IT = Reason("it takes away what names the interface as well: lists that are bound there, routes, "
                        "translations")
BLACK_HOLE = "null0"
"""The interface of routes that lead nowhere, in small letters."""


class Doubtful(Struct, frozen=True):
    """A route that may not be in use."""

    route: Route
    track: str = ""
    """The number of the probe that it depends on; empty where there is none."""
    learned: bool = False
    """Whether it depends on what DHCP gives."""


class Network(Struct):
    """What was read of interfaces and routes."""

    found: dict[str, Interface] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    """Names of interfaces that are shut down, or made of what is."""
    management: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    """All names that the file gives, whether in use or not."""
    tunnels: list[Tunnel] = field(default_factory=list)

    @property
    def interfaces(self) -> tuple[Interface, ...]:
        """All that take part."""
        return tuple(self.found.values())

    def add(self, interface: Interface, connected: Iterable[Route]) -> None:
        """Take an interface in with the networks at it."""
        self.found[interface.name] = interface
        self.routes += connected


def read(reader: Reader, sections: Sequence[Section]) -> Network:
    """Read interfaces and routes, and give the interfaces' addresses to the reader's objects."""
    known = Network()
    places = [section for section in sections if section.words[0] == "interface"]
    _sections(reader, places, known)
    _static_routes(reader, known)
    known.routes = _without_management(known)
    _pix6(reader, known)
    if not any(words[1:2] == ["transparent"] for words, _ in reader.flat.get("firewall", ())):
        _mark_without_address(known, {hardware.name_of(each) for each in places if hardware.has_ipv6(each)})
    known.tunnels = tunnels.tunnels(sections, reader.flat, reader.objects.names)
    known.routes += _announced(known)
    for interface in known.interfaces:
        if interface.addresses:
            reader.objects.interfaces[interface.name] = Addresses(interface.addresses)
    return known


def _mark_without_address(known: Network, with_ipv6: Collection[str]) -> None:
    """In routed mode nothing passes an interface without an address; of IPv6 it may make one by itself, where
    it says so (GEN, `ipv6 enable`)."""
    bridges = {each.bridge for each in known.found.values()}
    shown = {family for family in Family if any(each.addresses.of(family) for each in known.found.values())}
    for name in known.named & known.found.keys() - bridges:
        interface = known.found[name]
        lacks = {Family.V4: not (interface.addresses.v4 or interface.dynamic),
                 Family.V6: name not in with_ipv6}
        lacking = frozenset(family for family in shown if lacks[family])
        if lacking and not interface.bridge:
            known.found[name] = replace(interface, without=lacking)


def _sections(reader: Reader, sections: Sequence[Section], known: Network) -> None:
    off = hardware.down(sections)
    bridges = {hardware.hardware(section).removeprefix("bvi"): hardware.name_of(section)
               for section in sections if hardware.hardware(section).startswith("bvi")}
    for section in sections:
        name = hardware.name_of(section)
        if name and name in known.named:
            reader.leave_all_open(section.line, _SAME_NAME, counted=True)
        known.named |= set(hardware.names(section))
        for taken, line in hardware.names_taken(section):
            if _names_interface(reader, taken, line):
                reader.leave_all_open(line, _TAKES_WITH_IT, counted=True)
        if len(hardware.names(section)) > 1:
            reader.leave_all_open(section.line, _TWO_NAMES, counted=True)
        elif hardware.name_is_lost(section):
            reader.unread(section.line, _NO_NAME, decides=True, counted=True)
            reader.flat.setdefault("unread route", []).append(([], section.line))
        if hardware.hardware(section) in off:
            known.down.add(name)
            continue
        try:
            one = interfaces.interface(section, reader.objects.names, bridges)
        except LineError as error:
            reader.unread(section.line, str(error), decides=True, counted=True)
            reader.flat.setdefault("unread route", []).append(([], section.line))  # of its own network
            one = interfaces.nameless_address(section)
        if one is None:
            known.management.add(name)
            continue
        learned = list(interfaces.learned(section, name))
        known.doubtful += [Doubtful(each.route, each.track, learned=not each.sure) for each in learned
                           if each.track or not each.sure]
        known.add(one[0], [*one[1], *(each.route for each in learned)])


def _names_interface(reader: Reader, name: str, before: int) -> bool:
    """Whether a line above another one names an interface: to bind, route or translate."""
    lines = (*chain(*reader.flat.values()), *((words, line) for line, words, _ in reader.nat))
    return any(line < before and name in re.split(r"[ (),]", " ".join(words)) for words, line in lines)


def _static_routes(reader: Reader, known: Network) -> None:
    for words, line in (*reader.flat.get("route", []), *reader.flat.get("ipv6", [])):
        if "tunneled" in words or _in_no_table(reader, words, known):
            continue  # for decrypted packets only, or for the box itself
        route = _route(reader, words, line)
        _with_its_rest(reader, words, line, route)
        if route is None:
            continue
        known.routes.append(route)
        if "track" in words[:-1]:
            known.doubtful.append(Doubtful(route, words[words.index("track") + 1]))
        if route.interface.lower() == BLACK_HOLE:
            known.add(Interface(route.interface, 0, NOWHERE, line), ())


def _route(reader: Reader, words: list[str], line: int) -> Route | None:
    try:
        return interfaces.route(words, line, reader.objects.names)
    except (LineError, IndexError):
        return None


def _with_its_rest(reader: Reader, words: list[str], line: int, alone: Route | None) -> None:
    """Say what is open of a route that cannot be read, or that goes on in the next line."""
    rests = reader.rests.pop(line, [])
    texts = list(map(reader.text, rests))
    together = [text.split() for text in broken.put_together(" ".join(words), texts)]
    whole = [_route(reader, each, line) for each in together]
    same = (alone is not None and rests and any(whole) and all(each in (None, alone) for each in whole)
            and not any({"tunneled", "track"}.intersection(each) for each in together))
    for rest in rests:
        if same:
            reader.approximated(rest, broken.READ, counted=False)
        else:
            reader.unread(rest, broken.DOUBT, decides=True)
    if alone is None:
        reader.unread(line, Reason("a route that could not be read"), decides=True, counted=True)
    if alone is None or (rests and not same):
        reader.flat.setdefault("unread route", []).append((words, line))


def _in_no_table(reader: Reader, words: list[str], known: Network) -> bool:
    """A route by an interface that is down is not in use, one for management in a table of its own."""
    at = 2 if words[0] == "ipv6" else 1
    place = words[at] if at < len(words) else ""
    own_table = reader.release is not None and reader.release >= _OWN_TABLE
    return place in known.down or (own_table and place in known.management)


def _without_management(known: Network) -> list[Route]:
    """The routes, without those for management beside another one to the same network that is as good.

    The table is one of its own then, whatever release the file is from.
    """
    best: dict[tuple[Family, int, int], int] = {}
    for route in known.routes:
        key = route.family, route.network, route.length
        if route.interface not in known.management:
            best[key] = min(best.get(key, route.metric), route.metric)
    return [route for route in known.routes if route.interface not in known.management
            or best.get((route.family, route.network, route.length), route.metric + 1) > route.metric]


def _announced(known: Network) -> Iterator[Route]:
    """Routes to the users of a pool, which the firewall sets host by host: they win over its network."""
    for tunnel in known.tunnels:
        if tunnel.announced and not tunnel.selector:
            for low, high in _networks(tunnel.far.v4):
                middle = (low + high) // 2  # two halves have longer prefixes than their whole
                for half in ((low, middle), (middle + 1, high)) if low < high else ((low, high),):
                    yield from _routes(half, tunnel)


def reverse_routes(known: Network, lists: Mapping[str, Chain]) -> Iterator[Route]:
    """Routes to the far side of a crypto map with `set reverse-route`, which no line states."""
    for tunnel in known.tunnels:
        chain = lists.get(tunnel.selector) if tunnel.announced else None
        for rule in chain.rules if chain else ():
            if rule.action is Action.PERMIT and rule.enabled and not rule.conditions:
                for network in _networks(rule.destinations.v4):
                    yield from _routes(network, tunnel)


def selected(known: Network, lists: Mapping[str, Chain]) -> Iterator[Selected]:
    """What crypto maps take for sure: lines of their lists above the first that keeps something out."""
    for number, tunnel in enumerate(known.tunnels):
        chain = lists.get(tunnel.selector)
        sure = takewhile(lambda rule: rule.action is Action.PERMIT, chain.rules if chain else ())
        for rule in sure:
            if rule.enabled and not rule.conditions and rule.services == (ANY_SERVICE,) and not (
                    rule.destinations >= ANY4 or rule.destinations >= ANY6):
                yield from (Selected(interface, number, rule.sources, rule.destinations)
                            for interface in tunnel.interfaces)


def _routes(network: Range, tunnel: Tunnel) -> Iterator[Route]:
    low, high = network
    return (Route(Family.V4, low, 32 - (high - low).bit_length(), interface, tunnel.line, 1, tunnel=True)
            for interface in tunnel.interfaces)


def _networks(addresses: IntervalSet) -> Iterator[Range]:
    """Cut addresses into the fewest networks."""
    for low, high in addresses.ranges:
        while low <= high:
            size = 1 << min((low & -low).bit_length() - 1 if low else 32, (high - low + 1).bit_length() - 1)
            yield low, low + size - 1
            low += size


def _pix6(reader: Reader, known: Network) -> None:
    """PIX 6 writes an interface's address as a line of its own: `ip address NAME ADDRESS MASK`."""
    last = {words[2]: (words, line) for words, line in reader.flat.get("ip", [])
            if words[1] == "address" and len(words) > 4 and not words[2][0].isdecimal()}
    for words, line in last.values():
        if words[2] in known.down:
            continue
        known.named.add(words[2])
        nameif = Section(line, f"nameif {words[2]}", ())
        address = Section(line, f"ip address {' '.join(words[3:])}", ())
        section = Section(line, f"interface {words[2]}", (nameif, address))
        try:
            one = interfaces.interface(section, reader.objects.names)
        except LineError as error:
            reader.flat.setdefault("unread route", []).append((words, line))
            reader.unread(line, str(error), decides=True, counted=True)
            continue
        old = known.found.get(words[2])
        if one:
            known.add(replace(one[0], level=old.level) if old else one[0], one[1])
