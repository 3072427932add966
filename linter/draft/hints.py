"""What lines of a configuration suggest: which addresses may play which role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aclproof.linter.draft.vocabulary import client_side, roles_in
from aclproof.parsers.model.addresses import AddressSet, Family, single
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.names import Named
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE, TCP

CLIENT, SITE_SERVER, MANAGEMENT = "client", "site-server", "management-point"
UPDATES, DISTRIBUTION = "software-update-point", "distribution-point"
_MOST_SERVERS = 16
"""More addresses than this on one side of a line are no servers."""
_MOST_PORTS = 32
"""A line for more ports suggests nothing about any of them."""
NAME = 8
"""What a name weighs; other hints weigh less."""
_WEIGHT = {"interface": 4, "side": 2, "epm": 3, "wsus": 3, "smb": 2, "web": 1, "all": 1}
_PORTS = {135: "epm", 445: "smb", 80: "web", 443: "web", 8530: "wsus", 8531: "wsus"}
_SERVER = {"smb": DISTRIBUTION, "web": MANAGEMENT, "wsus": UPDATES}
"""Who listens there; the endpoint mapper of the push is the client's."""


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """A configuration, read."""

    name: str
    config: str
    """As the site file names it."""
    firewall: Firewall
    names: Sequence[Named]

    def place(self, line: int) -> str:
        """Name a line: `fw.cfg:12`."""
        span = self.firewall.quote(line)
        return f"{self.config}:{span.first_line}"


@dataclass(frozen=True, slots=True)
class Hint:
    """A line that suggests a role for one range of addresses."""

    role: str
    family: Family
    addresses: Range
    kind: str
    """`name`, or which of the weaker ones."""
    place: str
    basis: str

    @property
    def weight(self) -> int:
        """How much it counts."""
        return _WEIGHT.get(self.kind, NAME)


def hints(known: ReadConfig) -> Iterator[Hint]:
    """Yield everything that a configuration suggests, in the order of the file."""
    yield from _objects(known)
    yield from _interfaces(known)
    about = {each.line: each.about for each in known.names if each.kind == "rule"}
    for rule in rules_of(known.firewall):
        yield from _rule(known, rule)
        if any(each == ANY_SERVICE for each in rule.services):
            yield from _everything(known, rule)
        if rule.line in about:
            yield from _comment(known, rule, about[rule.line])


def rules_of(firewall: Firewall) -> Iterator[Rule]:
    """Yield the permits of a file, each line once."""
    seen: set[int] = set()
    for chain in firewall.lists.values():
        for rule in chain.rules:
            if rule.action is Action.PERMIT and rule.enabled and rule.in_file and rule.line not in seen:
                seen.add(rule.line)
                yield rule


def ports_in(rule: Rule) -> dict[int, str]:
    """Return the known ports that a line is expressly for, with what they are for."""
    return {port: kind for service in rule.services for port, kind in _PORTS.items()
            if service.protocols.size <= 2 and TCP in service.protocols
            and service.destination_ports.size <= _MOST_PORTS and port in service.destination_ports}


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


def _objects(known: ReadConfig) -> Iterator[Hint]:
    for named in known.names:
        if named.kind != "object":
            continue
        place, object_ = known.place(named.line), f"object {named.name}"
        by_name = {role for role, _ in roles_in(named.name)}
        for role, word in roles_in(f"{named.name} {named.about}"):
            source = "" if role in by_name else f", whose description speaks of '{word}'"
            yield from _of(role, named.addresses, "name", place, f"{object_}{source}")
        if client_side(named.name) and not by_name:
            yield from _of(CLIENT, named.addresses, "side", place, object_)


def _interfaces(known: ReadConfig) -> Iterator[Hint]:
    for named in known.names:
        if named.kind != "interface":
            continue
        text = f"{named.name} {named.about}"
        word = next((word for role, word in roles_in(text) if role == CLIENT), "")
        kind = "interface" if word else "side"
        word = word or client_side(text)
        source = "" if word in named.name.lower() else f", whose description speaks of '{word}'"
        for family, network, line in networks_at(known, named.name) if word else ():
            yield Hint(CLIENT, family, network, kind, known.place(line),
                       f"behind interface {named.name}{source}")


def _of(role: str, addresses: AddressSet, kind: str, place: str, basis: str) -> Iterator[Hint]:
    """Clients are networks, range by range; servers are single addresses, and few."""
    for family in Family:
        numbers = addresses.of(family)
        if role == CLIENT:
            yield from (Hint(role, family, each, kind, place, basis) for each in numbers.ranges
                        if each[0] != each[1] and each[1] - each[0] <= family.last // 2)
        elif may_be_servers(numbers):
            yield from (Hint(role, family, (number, number), kind, place, basis)
                        for low, high in numbers.ranges for number in range(low, high + 1))


def _rule(known: ReadConfig, rule: Rule) -> Iterator[Hint]:
    for port, kind in ports_in(rule).items():
        for family in Family:
            ends = rule.sources.of(family), rule.destinations.of(family)
            for role, numbers, way in _roles_of_ends(kind, family, *ends):
                yield from _of(role, single(family, numbers), kind, known.place(rule.line),
                               f"TCP {port} is permitted {way}")


def _roles_of_ends(kind: str, family: Family, source: IntervalSet,
                   destination: IntervalSet) -> Iterator[tuple[str, IntervalSet, str]]:
    """The roles that the two ends of a permit suggest, for a port of this kind."""
    from_clients, to_clients = may_be_clients(family, source), may_be_clients(family, destination)
    from_servers, to_servers = may_be_servers(source), may_be_servers(destination)
    if kind in _SERVER and from_clients and not to_clients:
        yield CLIENT, source, "from there"
    if kind in _SERVER and to_servers and not from_servers:
        if kind == "wsus" or (from_clients and _inside(family, destination)):
            yield _SERVER[kind], destination, "to it"
    elif kind in ("epm", "smb") and from_servers and not to_servers:
        yield SITE_SERVER, source, "from it"
        if to_clients:
            yield CLIENT, destination, "to there"


def _everything(known: ReadConfig, rule: Rule) -> Iterator[Hint]:
    """A server that may do everything with a whole network of clients is perhaps the one that pushes."""
    for family in Family:
        source, destination = rule.sources.of(family), rule.destinations.of(family)
        if may_be_servers(source) and may_be_clients(family, destination) and _inside(family, source):
            yield from _of(SITE_SERVER, single(family, source), "all", known.place(rule.line),
                           "everything is permitted from it to a network")


def _comment(known: ReadConfig, rule: Rule, about: str) -> Iterator[Hint]:
    place = known.place(rule.line)
    for role, word in roles_in(about):
        for family in Family:
            for end in (rule.destinations.of(family), rule.sources.of(family)):
                if may_be_clients(family, end) if role == CLIENT else may_be_servers(end):
                    yield from _of(role, single(family, end), "name", place,
                                   f"a rule whose name or comment speaks of '{word}'")
                    break
