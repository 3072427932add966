"""Interfaces, routes, time ranges and inspection: from sections and single lines to the model."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.model.firewall import Inspection, Interface, Route
from aclproof.parsers.model.reason import Reason

Names = Mapping[str, str]

_DEFAULT_LEVEL = {"inside": 100}
"""An interface without `security-level` gets 0, the one called inside 100."""

_EVERYTHING = (["match any"], ["match default-inspection-traffic"])
"""The class-maps that leave nothing out: the second holds the default ports of all inspections."""
_WHOLE_CLASS = {"dcerpc": (["match port tcp eq 135"], ["match port tcp eq msrpc"])}
"""Class-maps that hold all that a protocol's inspection looks at."""

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}


def interface(section: Section, names: Names) -> tuple[Interface, list[Route]] | None:
    """Read an `interface` section; None when it takes no part: nameless, shut down or management only."""
    body = _Body()
    for child in section.children:
        if child.words[0] == "no":
            body.take_away(child.words[1:])
        else:
            body.take(child.words, child.line, names)
    if not body.name or body.unused:
        return None
    level = _DEFAULT_LEVEL.get(body.name, 0) if body.level is None else body.level
    return (Interface(body.name, level, body.own, section.line, body.dynamic),
            [replace(route, interface=body.name) for route in body.connected])


@dataclass(slots=True)
class _Body:
    """What the lines of a section say so far; a later one of a kind replaces an earlier one."""

    name: str = ""
    level: int | None = None
    own: AddressSet = NOWHERE
    connected: list[Route] = field(default_factory=list)
    dynamic: bool = False
    unused: set[str] = field(default_factory=set)

    def take(self, words: list[str], line: int, names: Names) -> None:
        match words:
            case ["shutdown" | "management-only" as why, *_]:
                self.unused.add(why)
            case ["nameif", name]:
                self.name = name
            case ["security-level", number]:
                self.level = _level(number)
            case ["ip", "address", "dhcp" | "pppoe", *_] | ["ipv6", "address", "autoconfig" | "dhcp", *_]:
                self.dynamic = True
            case ["ip" | "ipv6", *_]:
                for host, network in _addresses(words, names):
                    self.own |= host
                    self.connected.append(_route(network, "", line))
            case _:
                pass

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
    """The `interface` sections; one that is entered twice goes on where it was left."""
    found: dict[str, Section] = {}
    for section in sections:
        if section.words[0] == "interface":
            first = found.get(section.text, section)
            children = first.children + section.children if first is not section else section.children
            found[section.text] = Section(first.line, section.text, children)
    return list(found.values())


def names(section: Section) -> list[str]:
    """Return the names that a section gives its interface, in use or not; one that it loses is none."""
    found: list[str] = []
    for child in section.children:
        match child.words:
            case ["nameif", name]:
                found.append(name)
            case ["no", "nameif", *_]:
                found.clear()
            case _:
                pass
    return list(dict.fromkeys(found))


def nameless_address(section: Section) -> tuple[Interface, list[Route]] | None:
    """Read what is left of a section whose address or level cannot be read: both stay unknown."""
    words = ("nameif", "shutdown", "management-only")
    kept = tuple(each for each in section.children
                 if each.words[0] in words or (each.words[0] == "no" and each.words[1] in words))
    known = interface(Section(section.line, section.text, kept), {})
    return (Interface(known[0].name, None, NOWHERE, section.line, True), []) if known else None


def route(words: list[str], line: int, names: Names) -> Route:
    """Read `route IF NET MASK GATEWAY [METRIC]` or `ipv6 route IF PREFIX GATEWAY [METRIC]`."""
    if words[0] == "ipv6":
        return _route(literals.network6(words[3]), words[2], line, _metric(words[5:]))
    return _route(literals.network(words[2], words[3], names), words[1], line, _metric(words[5:]))


def _metric(words: list[str]) -> int:
    return (literals.number(words[0], 255) if words else None) or 1


def _route(network: AddressSet, interface: str, line: int, metric: int = 0) -> Route:
    family = Family.V4 if network.v4 else Family.V6
    ranges = network.of(family).ranges
    if len(ranges) != 1:
        raise LineError(Reason("a route needs a network with a plain mask"))
    low, high = ranges[0]
    return Route(family, low, (family.last ^ (high - low)).bit_count(), interface, line, metric)


def time_range(section: Section) -> TimeRange:
    """Read a `time-range` section; only the end of an absolute one can decide anything."""
    ended: date | None = None
    for child in section.children:
        words = child.words
        if words[0] == "absolute" and "end" in words:
            ended = _day(words[words.index("end") + 1:])
    return TimeRange(section.words[1], ended)


def _day(words: list[str]) -> date | None:
    """Read `23:59 31 December 2012`; None when it says something else."""
    try:
        year, day = literals.number(words[3], 9999), literals.number(words[1], 31)
        return date(year or 0, _MONTHS[words[2].lower()], day or 0)
    except (IndexError, KeyError, ValueError):
        return None


def inspections(sections: Iterable[Section], services: Iterable[tuple[list[str], int]]) -> list[Inspection]:
    """Which protocols are followed where: class-map, policy-map and `service-policy` lines together.

    A class that looks at part of the traffic gives an inspection that is not `certain`.
    """
    matches: dict[str, list[str]] = {"class-default": ["match any"]}
    policies: dict[str, list[tuple[str, str, int]]] = {}  # policy: (class, protocol, line)
    for section in sections:
        words = section.words
        if words[0] == "class-map" and "type" not in words:
            matches[words[-1]] = [child.text for child in section.children]
        elif words[0] == "policy-map" and "type" not in words:
            policies[words[-1]] = _inspected(section)
    found = []
    for words, line in services:
        place = None if words[2:3] == ["global"] else (words[3] if words[2:3] == ["interface"] else "")
        for class_name, protocol, where in policies.get(words[1] if len(words) > 1 else "", []):
            # Besides `match default-inspection-traffic`, an access list may narrow the class.
            all_of_it = matches.get(class_name, []) in (*_EVERYTHING, *_WHOLE_CLASS.get(protocol, ()))
            found.append(Inspection(protocol, place, where or line, certain=all_of_it))
    return found


def _inspected(section: Section) -> list[tuple[str, str, int]]:
    """The `inspect` lines of a policy with their class, whether they are under it or next to it."""
    class_name = ""
    found: list[tuple[str, str, int]] = []
    for child in section.children:
        if child.words[0] == "class":
            class_name = child.words[-1]
        elif child.words[:2] == ["no", "class"]:
            found = [each for each in found if each[0] != child.words[-1]]
        for line in (child, *child.children):
            match line.words:
                case ["inspect", protocol, *_]:
                    found.append((class_name, protocol, line.line))
                case ["no", "inspect", protocol, *_]:
                    found = [each for each in found if each[:2] != (class_name, protocol)]
                case _:
                    pass
    return found
