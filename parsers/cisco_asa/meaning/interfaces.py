"""Interfaces, routes, time ranges and inspection: from sections and single lines to the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning import hardware
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family
from aclproof.parsers.model.firewall import Interface, Route
from aclproof.reason import Reason

Names = Mapping[str, str]

_DEFAULT_LEVEL = {"inside": 100}
"""An interface without `security-level` gets 0, the one called inside 100."""



def interface(section: Section, names: Names, bridges: Names = MappingProxyType({})
              ) -> tuple[Interface, list[Route]] | None:
    """Read an `interface` section; None when it takes no part: nameless, shut down or management only.

    `bridges` are the names of bridge groups that have one, by number.
    """
    body = _Body()
    for child in section.children:
        if child.words[0] == "no":
            body.take_away(child.words[1:])
        else:
            body.take(child.words, child.line, names)
    if not body.name or body.unused:
        return None
    level = _DEFAULT_LEVEL.get(body.name, 0) if body.level is None else body.level
    known = Interface(body.name, level, body.own, section.line, body.dynamic, bridges.get(body.bridge, ""))
    return known, [replace(route, interface=body.name) for route in body.connected]


class _Body(Struct):
    """What the lines of a section say so far; a later one of a kind replaces an earlier one."""

    name: str = ""
    level: int | None = None
    own: AddressSet = NOWHERE
    connected: list[Route] = field(default_factory=list)
    dynamic: bool = False
    bridge: str = ""
    unused: set[str] = field(default_factory=set)

    def take(self, words: list[str], line: int, names: Names) -> None:
        match words:
            case ["shutdown" | "management-only" as why, *_]:
                self.unused.add(why)
            case ["nameif", name]:
                self.name = name
            case ["security-level", number]:
                self.level = _level(number)
            case ["ip", "address", "dhcp" | "pppoe", *_] | ["ip", "unnumbered", *_]:
                self._forget_ipv4()
                self.dynamic = True
            case ["ipv6", "address", "autoconfig" | "dhcp", *_]:
                self.dynamic = True
            case ["ip" | "ipv6", *_]:
                if words[:2] == ["ip", "address"]:  # there is one; of IPv6 there may be several
                    self._forget_ipv4()
                for host, network in _addresses(words, names):
                    self.own |= host
                    self.connected.append(_route(network, "", line))
            case ["bridge-group", number, *_]:
                self.bridge = number
            case _:
                pass

    def _forget_ipv4(self) -> None:
        self.own = AddressSet(v6=self.own.v6)
        self.connected = [route for route in self.connected if route.family is Family.V6]
        self.dynamic = False

    def take_away(self, words: list[str]) -> None:
        match words:
            case ["shutdown" | "management-only" as why, *_]:
                self.unused.discard(why)
            case ["nameif", *_]:
                self.name = ""
            case ["security-level", *_]:
                self.level = None
            case ["ip" | "ipv6", "address", *_]:
                self.own, self.connected, self.dynamic = NOWHERE, [], False
            case ["bridge-group", *_]:
                self.bridge = ""
            case _:
                pass


def _level(word: str) -> int:
    level = literals.number(word, 100)
    if level is None:
        raise LineError(Reason("'{number}' is not a security level", number=word))
    return level


def _addresses(words: list[str], names: Names) -> Iterator[tuple[AddressSet, AddressSet]]:
    """Yield the interface's own address and its network; other lines of IPv6 give none."""
    match words:
        case ["ip", "address", address, mask, *_]:
            yield literals.host(address, names), literals.network(address, mask, names)
        case ["ipv6", "address", prefix, *_] if "/" in prefix:
            yield literals.host(prefix.partition("/")[0], {}), literals.network6(prefix)
        case ["ip", *_]:
            raise LineError(Reason("expected 'ip address ADDRESS MASK'"))
        case _:
            pass


def merged(sections: Iterable[Section]) -> list[Section]:
    """All sections in order; one that is entered again goes on where it was left, as on a device."""
    found: list[Section] = []
    interfaces: dict[str, list[tuple[str, int]]] = {}
    """By its number, each kind with its place in `found`."""
    others: dict[tuple[str, str], int] = {}
    for section in sections:
        more = section.children
        if section.words[0] == "interface":
            kind, number = _hardware(hardware.hardware(section))
            known = interfaces.setdefault(number, [])
            same = [at for other, at in known if _same_kind(kind, other, number)]
            if len(same) != 1:
                known.append((kind, len(found)))
            more = (*hardware.said_by_header(section), *more)
        else:
            place = others.setdefault(_other_section(section), len(found))
            same = [place] if place < len(found) else []
        if len(same) == 1:
            first = found[same[0]]
            found[same[0]] = Section(first.line, first.text, (*first.children, *more))
        else:
            found.append(section)
    return found


def _other_section(section: Section) -> tuple[str, str]:
    """What makes two headers one; `class-map match-all C` may be entered again as `class-map C`."""
    words = section.words
    return words[0], words[-1] if words[0] in ("class-map", "policy-map") else section.text


def _same_kind(one: str, other: str, number: str) -> bool:
    """Whether one is the other, cut short; a name without a number is a context's own."""
    return one == other if not number else one.startswith(other) or other.startswith(one)


def _hardware(name: str) -> tuple[str, str]:
    """Take an interface's name apart: a device takes `gi0/1` and `GigabitEthernet 0/1` for one."""
    kind = name.rstrip("0123456789/.")
    return kind, name[len(kind):]


def nameless_address(section: Section) -> tuple[Interface, list[Route]] | None:
    """Read what is left of a section whose address or level cannot be read: both stay unknown."""
    words = {"nameif", "shutdown", "management-only"}
    kept = tuple(each for each in section.children if words.intersection(each.words[:2]))
    known = interface(Section(section.line, section.text, kept), {})
    return (Interface(known[0].name, None, NOWHERE, section.line, True), []) if known else None


def route(words: list[str], line: int, names: Names) -> Route:
    """Read `route IF NET MASK GATEWAY [METRIC]` or `ipv6 route IF PREFIX GATEWAY [METRIC]`."""
    if words[0] == "ipv6":
        found = _route(literals.network6(words[3]), words[2], line, _metric(words[5:]))
        return replace(found, gateway=_gateway(words[4:5], {}))
    found = _route(literals.network(words[2], words[3], names), words[1], line, _metric(words[5:]))
    return replace(found, gateway=_gateway(words[4:5], names))


def _gateway(words: list[str], names: Names) -> int | None:
    try:
        found = literals.host("".join(words), names)
    except LineError:
        return None
    return (found.v4 or found.v6).lowest


class Learned(Struct, frozen=True):
    """A default route that something outside of the firewall gives it."""

    route: Route
    sure: bool
    """Whether it comes with the address: a session of PPPoE has its other end for a gateway, while what a
    server of DHCP sends may name none."""
    track: str
    """The number of the probe that it depends on; empty where there is none."""


def learned(section: Section, name: str) -> Iterator[Learned]:
    """The default routes that DHCP, PPPoE or router advertisements give by an interface."""
    said = {(child.words[0], child.words[3]): child.words[4:] for child in section.children
            if " ".join(child.words[1:3]) == "client route" and len(child.words) > 3}
    for child in section.children:
        match child.words:
            case ["ip", "address", *rest] if "setroute" in rest:
                by = "pppoe" if "pppoe" in rest else "dhcp"
                family = Family.V4
            case ["ipv6", "address", "autoconfig" | "dhcp", *rest] if "default" in rest:
                by, family = "dhcp", Family.V6
            case _:
                continue
        route = Route(family, 0, 0, name, child.line, _metric(said.get((by, "distance"), [])))
        yield Learned(route, by == "pppoe", " ".join(said.get((by, "track"), [])))


def _metric(words: list[str]) -> int:
    return (literals.number(words[0], 255) if words else None) or 1


def _route(network: AddressSet, interface: str, line: int, metric: int = 0) -> Route:
    family = Family.V4 if network.v4 else Family.V6
    ranges = network.of(family).ranges
    if len(ranges) != 1:
        raise LineError(Reason("a route needs a network with a plain mask"))
    low, high = ranges[0]
    return Route(family, low, (family.last ^ (high - low)).bit_count(), interface, line, metric)
