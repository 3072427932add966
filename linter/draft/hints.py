"""What lines of a configuration suggest: which addresses may play which role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct

from aclproof.linter.draft.comments import end_meant, is_of_another
from aclproof.linter.draft.quotable import quotable
from aclproof.linter.draft.signs import Signs
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family, single
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import EMPTY, IntervalSet, Range
from aclproof.parsers.model.names import Named
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE, TCP, UDP
from aclproof.reason import Reason
from aclproof.rules.init_section import PortHint, Strength

_MOST_SERVERS = 16
"""More addresses than this on one side of a line are no servers."""
_MOST_PORTS = 32
"""A range of more ports, or a line for more besides such ranges, suggests nothing about any of them."""
GROUP, PRODUCT, NAME = 6, 7, 8
"""What names weigh: of a group with servers of several roles, of the product, of a role; other hints weigh
less."""
_WITH_PORTS = IntervalSet.of((TCP, TCP), (UDP, UDP))
_INTERFACE, _PLACE, _EVERYTHING = 4, 2, 1
"""What the word of an interface weighs, the word of a place, and a permit for everything."""
WEIGHT: dict[Strength, int] = {"strong": 3, "fair": 2, "weak": 1}
"""What a port weighs, or a sign of the pack itself."""


class ReadConfig(Struct, frozen=True):
    """A configuration, read."""

    name: str
    configs: Mapping[str, str]
    """Its files: the path that was opened, and how the site file names it."""
    firewall: Firewall
    names: Sequence[Named]
    named_at: str = ""
    """Where its own name was read; empty where it is called after its file."""
    context: str = ""
    """Which configuration of its file is meant, where that holds several."""

    @property
    def config(self) -> str:
        """Its first file, as the site file names it."""
        return next(iter(self.configs.values()))

    def place(self, line: int) -> str:
        """Name a line: `fw.cfg:12`; of a file that one of them includes, by its place beside that one."""
        span = self.firewall.quote(line)
        return f"{self.configs.get(span.file) or self._included(span.file)}:{span.first_line}"

    def _included(self, file: str) -> str:
        for opened, named in self.configs.items():
            folder = PurePath(opened).parent
            if PurePath(file).is_relative_to(folder):
                return (PurePath(named).parent / PurePath(file).relative_to(folder)).as_posix()
        return file


class Hint(Struct, frozen=True):
    """A line that suggests a role for one range of addresses."""

    role: str
    family: Family
    addresses: Range
    kind: str
    """What suggests it: of each kind one hint counts."""
    weight: int
    place: str
    basis: str


def hints(known: ReadConfig, signs: Signs) -> Iterator[Hint]:
    """Yield everything that a configuration suggests, in the order of the file."""
    yield from _objects(known, signs)
    yield from _interfaces(known, signs)
    about = {each.line: each.about for each in known.names if each.kind == "rule"}
    for rule in rules_of(known.firewall):
        yield from _rule(known, rule, signs)
        if any(each == ANY_SERVICE for each in rule.services):
            yield from _everything(known, rule, signs)
        if rule.line in about:
            yield from _comment(known, rule, about[rule.line], signs)


def rules_of(firewall: Firewall) -> Iterator[Rule]:
    """Yield the permits of a file, each line once; so is a line that sends packets to a chain for permits."""
    open_chains = {name for name, chain in firewall.lists.items() if any(map(_permits_all, chain.rules))}
    seen: set[int] = set()
    for chain in firewall.lists.values():
        for rule in chain.rules:
            permits = rule.action is Action.PERMIT or (
                rule.action in (Action.JUMP, Action.GOTO) and rule.target in open_chains)
            if permits and rule.enabled and rule.in_file and rule.line not in seen:
                seen.add(rule.line)
                yield rule


def _permits_all(rule: Rule) -> bool:
    """Whether a chain with such a rule is there to permit what others send to it (fw4: `accept_to_lan`)."""
    return (rule.action is Action.PERMIT and rule.enabled and ANY_SERVICE in rule.services
            and rule.sources == rule.destinations and rule.sources in (ANY, ANY4, ANY6))


def ports_in(rule: Rule, ports: Iterable[int]) -> list[int]:
    """Return those of some TCP ports that a line is expressly for."""
    wanted, found = tuple(ports), dict[int, None]()
    for service in rule.services:
        if service.protocols.size <= 2 and TCP in service.protocols:
            named = _expressly(service.destination_ports)
            found.update((port, None) for port in wanted if port in named)
    return list(found)


def ports_named(rule: Rule) -> IntervalSet:
    """Return the TCP and UDP ports that a line is expressly for."""
    return IntervalSet.union(_expressly(service.destination_ports) for service in rule.services
                             if service.protocols <= _WITH_PORTS)


def _expressly(ports: IntervalSet) -> IntervalSet:
    """Those of a line's ports that are no part of a large range, such as that of dynamic RPC ports."""
    named = IntervalSet.of(*(each for each in ports.ranges if each[1] - each[0] < _MOST_PORTS))
    return named if named.size <= _MOST_PORTS else EMPTY


def networks_at(known: ReadConfig, interface: str) -> list[tuple[Family, Range, int]]:
    """The networks that are connected to an interface or routed to it, with the line."""
    found = [each for each in known.firewall.routes if each.interface == interface and each.length]
    sizes = [1 << each.family.last.bit_length() - each.length for each in found]
    return [(each.family, (each.network, each.network + size - 1), each.line)
            for each, size in zip(found, sizes, strict=True)]


def may_be_servers(numbers: IntervalSet) -> bool:
    """Whether a side of a line may be servers."""
    return 0 < numbers.size <= _MOST_SERVERS


def may_be_clients(family: Family, numbers: IntervalSet) -> bool:
    """Whether a side of a line may be client networks: more than servers, and not everything."""
    return _MOST_SERVERS < numbers.size <= family.last // 2


_INSIDE = {Family.V4: IntervalSet.of((10 << 24, (11 << 24) - 1), (0xAC100000, 0xAC1FFFFF),
                                     (0xC0A80000, 0xC0A8FFFF)),
           Family.V6: IntervalSet.of((0xFC << 120, (0xFE << 120) - 1))}
"""Addresses for use inside (RFC 1918, RFC 4193): other ones are more likely somebody else's."""


def _inside(family: Family, numbers: IntervalSet) -> bool:
    return numbers <= _INSIDE[family]


def _objects(known: ReadConfig, signs: Signs) -> Iterator[Hint]:
    for named in known.names:
        if named.kind != "object":
            continue
        place = known.place(named.line)
        by_name = {role for role, _ in signs.roles_in(named.name)}
        found = [(role, word) for role, word in signs.roles_in(f"{named.name} {named.about}")
                 if role in by_name or not is_of_another(named.about, word)]
        for role, word in found:
            kind, weight = _strength(signs, found, role, named.addresses)
            sign = _Sign(role, kind, weight, place, _object(named, word, by_name=role in by_name))
            yield from _of(sign, named.addresses, signs)
        if signs.near_place(named.name) and not by_name:
            sign = _Sign(signs.near, "place", _PLACE, place, Reason("object {name}", name=named.name))
            yield from _of(sign, named.addresses, signs)


def _strength(signs: Signs, found: Sequence[tuple[str, str]], role: str,
              addresses: AddressSet) -> tuple[str, int]:
    """How much the name of an object says of each of its addresses."""
    product = signs.is_product(role, dict(found)[role])
    several = sum(addresses.of(family).size for family in Family) > 1
    if role != signs.near and several and (product or len(found) > 1):
        return "group", GROUP
    return ("product", PRODUCT) if product else ("name", NAME)


def _object(named: Named, word: str, *, by_name: bool) -> Reason:
    if quotable(named.about) and word in named.about.lower():
        return Reason("object {name}, described as '{about}'", name=named.name, about=named.about)
    if by_name:
        return Reason("object {name}", name=named.name)
    return Reason("object {name}, whose description speaks of '{word}'", name=named.name, word=word)


def _interfaces(known: ReadConfig, signs: Signs) -> Iterator[Hint]:
    """The networks of the near role."""
    for named in known.names:
        if named.kind != "interface":
            continue
        text = f"{named.name} {named.about}"
        word = next((word for role, word in signs.roles_in(text) if role == signs.near), "")
        kind, weight = ("interface", _INTERFACE) if word else ("place", _PLACE)
        word = word or signs.near_place(text)
        basis = Reason("behind interface {name}", name=named.name)
        if word not in named.name.lower():
            basis = Reason("behind interface {name}, whose description speaks of '{word}'", name=named.name,
                           word=word)
        for family, network, line in networks_at(known, named.name) if word else ():
            yield Hint(signs.near, family, network, kind, weight, known.place(line), basis)


class _Sign(Struct, frozen=True):
    """A hint without its addresses."""

    role: str
    kind: str
    weight: int
    place: str
    basis: str


def _of(sign: _Sign, addresses: AddressSet, signs: Signs) -> Iterator[Hint]:
    """The near role is networks, range by range; others are single addresses, and few."""
    for family in Family:
        numbers = addresses.of(family)
        if sign.role == signs.near:
            found = [each for each in numbers.ranges
                     if each[0] != each[1] and each[1] - each[0] <= family.last // 2]
        elif may_be_servers(numbers):
            found = [(number, number) for low, high in numbers.ranges for number in range(low, high + 1)]
        else:
            continue
        for addresses_ in found:
            yield Hint(sign.role, family, addresses_, sign.kind, sign.weight, sign.place, sign.basis)


def _rule(known: ReadConfig, rule: Rule, signs: Signs) -> Iterator[Hint]:
    by_port = {port: hint for hint in signs.ports for port in hint.ports}
    for port in ports_in(rule, by_port):
        hint = by_port[port]
        kind = f"ports {hint.ports}"
        for family in Family:
            ends = rule.sources.of(family), rule.destinations.of(family)
            for role, numbers, way in _roles_of_ends(hint, signs.near, family, *ends):
                sign = _Sign(role, kind, WEIGHT[hint.strength], known.place(rule.line),
                             Reason("TCP {port} is permitted {way}", port=port, way=way))
                yield from _of(sign, single(family, numbers), signs)


def _roles_of_ends(hint: PortHint, near: str, family: Family, source: IntervalSet,
                   destination: IntervalSet) -> Iterator[tuple[str, IntervalSet, str]]:
    """The roles that the two ends of a permit for such a port suggest."""
    from_clients, to_clients = may_be_clients(family, source), may_be_clients(family, destination)
    from_servers, to_servers = may_be_servers(source), may_be_servers(destination)
    if near and hint.destination and from_clients and not to_clients:
        yield near, source, Reason("from there")
    if hint.destination and to_servers and not from_servers:
        if hint.strength == "strong" or (from_clients and _inside(family, destination)):
            yield hint.destination, destination, Reason("to it")
    elif hint.source and from_servers and not to_servers:
        yield hint.source, source, Reason("from it")
        if near and to_clients:
            yield near, destination, Reason("to there")


def _everything(known: ReadConfig, rule: Rule, signs: Signs) -> Iterator[Hint]:
    """A server that may do everything with a whole network of clients is perhaps the one that pushes."""
    for family in Family if signs.pusher else ():
        source, destination = rule.sources.of(family), rule.destinations.of(family)
        if may_be_servers(source) and may_be_clients(family, destination) and _inside(family, source):
            sign = _Sign(signs.pusher, "everything", _EVERYTHING, known.place(rule.line),
                         Reason("everything is permitted from it to a network"))
            yield from _of(sign, single(family, source), signs)


def _comment(known: ReadConfig, rule: Rule, about: str, signs: Signs) -> Iterator[Hint]:
    for role, word in signs.roles_in(about):
        basis = Reason("a rule whose name or comment speaks of '{word}'", word=word)
        kind, weight = ("product", PRODUCT) if signs.is_product(role, word) else ("name", NAME)
        sign = _Sign(role, kind, weight, known.place(rule.line), basis)
        end = end_meant(about, role, word, ports_named(rule), signs)
        for family in Family:
            ends = {"source": rule.sources.of(family), "destination": rule.destinations.of(family)}
            fitting = {name: numbers for name, numbers in ends.items() if (
                may_be_clients(family, numbers) if role == signs.near else may_be_servers(numbers))}
            if end == "either" and len(fitting) == 1:
                fitting[end] = next(iter(fitting.values()))
            if end in fitting:
                yield from _of(sign, single(family, fitting[end]), signs)
