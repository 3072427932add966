"""Objects and object-groups: one namespace, read line by line, resolved when an ACE names them.

A name may be used before it is defined and a group may hold itself in a file edited by hand, so nothing is
resolved before the whole file is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from parsers.cisco_asa import literals
from parsers.cisco_asa.services import TCP_UDP, arity, icmp_service, port_set, service_words
from parsers.cisco_asa.words import Addresses, Open, Services, Wrong
from parsers.model import addresses
from parsers.model.addresses import ANY, ANY4, ANY6, NOWHERE
from parsers.model.intervals import IntervalSet
from parsers.model.services import ICMP, ICMP6, Service

Kind = Literal["network", "service", "ports", "protocol", "icmp-type", "user", "security"]

_MAX_DEPTH = 64
"""Deeper nesting of groups is left unresolved."""

_GROUP_KINDS: dict[str, Kind] = {
    "network": "network", "service": "service", "protocol": "protocol", "icmp-type": "icmp-type",
    "icmp-object": "icmp-type", "user": "user", "security": "security"}
_OBJECT_KINDS = frozenset({"network", "service"})


@dataclass(frozen=True, slots=True)
class Ref:
    """A member that is another object or group."""

    name: str
    word: str = ""
    """`object` or `object-group`, when the line says which."""


Member = Addresses | Services | IntervalSet | str | Ref
"""By kind: network, service, ports or protocols, the word of an ICMP type; or a reference in any of them."""


IcmpTypes = tuple[IntervalSet, IntervalSet]
"""Types and their codes."""


@dataclass(slots=True)
class Definition:
    """An object or a group as the file has it, so far."""

    name: str
    kind: Kind
    word: str
    """`object` or `object-group`, as the file says."""
    line: int
    protocols: tuple[int, ...] = ()
    """For port groups: what the ports belong to."""
    members: list[Member] = field(default_factory=list)


class Objects:
    """Everything that a name can stand for."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        """The `names` table: alias to address."""
        self.interfaces: dict[str, Addresses] = {}
        """The firewall's own addresses, for `interface NAMEIF` in an ACE."""
        self.definitions: dict[str, Definition] = {}
        self._addresses: dict[str, Addresses] = {}
        self._services: dict[str, Services] = {}
        self._ports: dict[tuple[str, tuple[int, ...]], IntervalSet] = {}
        self._protocols: dict[str, IntervalSet] = {}
        self._icmp_types: dict[tuple[str, int], tuple[IcmpTypes, ...]] = {}

    def open(self, words: list[str], line: int) -> Definition:
        """Read a header: `object network N`, `object-group service N tcp`; a known name is re-opened."""
        if len(words) < 3:
            raise Wrong("an object needs a kind and a name")
        word, kind_word, name = words[0], words[1], words[2]
        kind = _GROUP_KINDS.get(kind_word)
        if kind is None or (word == "object" and kind not in _OBJECT_KINDS):
            raise Wrong(f"'{kind_word}' is not a kind of {word}")
        protocols: tuple[int, ...] = ()
        if word == "object-group" and kind == "service" and len(words) > 3:
            kind = "ports"
            protocols = TCP_UDP if words[3] == "tcp-udp" else (literals.protocol(words[3]),)
        known = self.definitions.get(name)
        if known is not None and (known.kind, known.word, known.protocols) == (kind, word, protocols):
            return known
        if known is not None:
            because = f"which {name} is meant: the file defines it twice, as different things"
            known.members.append(_open_member(known, because))
            raise Wrong(f"{name} is a {known.kind} {known.word} already")
        fresh = self.definitions[name] = Definition(name, kind, word, line, protocols)
        return fresh

    def add(self, definition: Definition, words: list[str]) -> None:
        """Read one line of a body; Wrong leaves the definition with an open member."""
        try:
            member = self._member(definition, words)
        except (Wrong, IndexError) as error:
            because = f"a line of {definition.word} {definition.name} could not be read"
            definition.members.append(_open_member(definition, because))
            raise error if isinstance(error, Wrong) else Wrong("the line is cut short") from None
        if member is None:
            return
        if definition.word == "object":
            unread = [each for each in definition.members if _is_open_member(definition, each)]
            definition.members[:] = [*unread, member]  # an object has one value; a second line replaces it
        else:
            definition.members.append(member)

    def kind(self, name: str) -> Kind | None:
        """Tell what a name is, None when the file does not define it."""
        known = self.definitions.get(name)
        return known.kind if known else None

    def network(self, name: str, word: str = "") -> Addresses:
        """Resolve a network object or group; `word` says which of the two it must be."""
        return self._network(Ref(name, word), ())

    def service(self, name: str, word: str = "") -> Services:
        """Resolve a service object or a service group without a protocol."""
        return self._service(Ref(name, word), ())

    def port_group(self, name: str, protocols: tuple[int, ...], depth: int = 0) -> IntervalSet:
        """Resolve a group of ports for one of `protocols`; Wrong when it is none."""
        found = self._ports.get((name, protocols))
        if found is None:
            definition = self._defined(name, "ports", depth)
            if not set(protocols) & set(definition.protocols):
                raise Wrong(f"object-group {name} is for another protocol")
            found = self._ports[name, protocols] = IntervalSet.union(
                self.port_group(each.name, protocols, depth + 1) if isinstance(each, Ref) else each
                for each in definition.members if isinstance(each, Ref | IntervalSet))
        return found

    def protocol_group(self, name: str, depth: int = 0) -> IntervalSet:
        """Resolve a group of protocols."""
        found = self._protocols.get(name)
        if found is None:
            members = self._defined(name, "protocol", depth).members
            found = self._protocols[name] = IntervalSet.union(
                self.protocol_group(each.name, depth + 1) if isinstance(each, Ref) else each
                for each in members if isinstance(each, Ref | IntervalSet))
        return found

    def icmp_group(self, name: str, protocol: int, depth: int = 0) -> tuple[IcmpTypes, ...]:
        """Resolve a group of ICMP types for ICMP or ICMPv6."""
        found = self._icmp_types.get((name, protocol))
        if found is None:
            pairs: dict[IcmpTypes, None] = {}
            for each in self._defined(name, "icmp-type", depth).members:
                if isinstance(each, Ref):
                    pairs |= dict.fromkeys(self.icmp_group(each.name, protocol, depth + 1))
                elif isinstance(each, str):
                    pairs[literals.icmp_type(each, protocol)] = None
            found = self._icmp_types[name, protocol] = tuple(pairs)
        return found

    def _defined(self, name: str, kind: Kind, depth: int) -> Definition:
        definition = self.definitions.get(name)
        if definition is None or definition.kind != kind or definition.word != "object-group":
            raise Wrong(f"object-group {name} is not a group of {kind}" if definition
                        else f"object-group {name} is not defined in this file")
        if depth > _MAX_DEPTH:
            raise Wrong(f"object-group {name} contains itself or is nested too deep")
        if any(isinstance(each, Addresses | Services) for each in definition.members):
            raise Wrong(f"a line of object-group {name} could not be read")
        return definition

    def _network(self, ref: Ref, above: tuple[str, ...]) -> Addresses:
        name = ref.name
        definition = self.definitions.get(name)
        trouble = _trouble(ref, definition, "network", above)
        if trouble or definition is None:
            return Addresses(NOWHERE, (Open(f"object {name}", trouble),))
        known = self._addresses.get(name)
        if known is not None:
            return known
        parts = []
        for member in definition.members:
            if isinstance(member, Ref):
                parts.append(self._network(member, (*above, name)))
            elif isinstance(member, Addresses):
                parts.append(member)
        whole = Addresses(addresses.join(part.known for part in parts),
                          tuple(dict.fromkeys(one for part in parts for one in part.opens)))
        self._addresses[name] = whole  # inside a circle it is open, so what is kept errs to that side
        return whole

    def _service(self, ref: Ref, above: tuple[str, ...]) -> Services:
        name = ref.name
        definition = self.definitions.get(name)
        if definition is None and ref.word == "object":
            built_in = _built_in(name)
            if built_in:
                return built_in
        trouble = _trouble(ref, definition, "service", above)
        if trouble or definition is None:
            return Services((), (Open(f"object {name}", trouble),))
        known = self._services.get(name)
        if known is not None:
            return known
        parts = []
        for member in definition.members:
            if isinstance(member, Ref):
                parts.append(self._service(member, (*above, name)))
            elif isinstance(member, Services):
                parts.append(member)
        whole = Services(tuple(dict.fromkeys(one for part in parts for one in part.known)),
                         tuple(dict.fromkeys(one for part in parts for one in part.opens)))
        self._services[name] = whole
        return whole

    def _member(self, definition: Definition, words: list[str]) -> Member | None:
        word = words[0]
        if word.rstrip(":") == "description":
            return None
        if word == "group-object" and definition.word == "object-group":
            return Ref(_only(words, 2)[1], "object-group")
        match definition.kind:
            case "network":
                return self._network_member(definition, words)
            case "service":
                return _service_member(definition, words)
            case "ports":
                _expect(word, "port-object")
                values = _only(words, 2 + arity(words[1]))[2:]
                return port_set(words[1], tuple(values), definition.protocols)
            case "protocol":
                _expect(word, "protocol-object")
                if _only(words, 2)[1] == "ip":
                    return IntervalSet.of((0, 255))
                number = literals.protocol(words[1])
                return IntervalSet.of((number, number))
            case "icmp-type":
                _expect(word, "icmp-object")
                _known_icmp_type(_only(words, 2)[1])
                return words[1]
            case "user" | "security":
                return None

    def _network_member(self, definition: Definition, words: list[str]) -> Member:
        if definition.word == "object":
            return self._network_value(words)
        _expect(words[0], "network-object")
        match words[1:]:
            case ["object", name]:
                return Ref(name, "object")
            case ["host", address]:
                return Addresses(literals.host(address, self.names))
            case [network]:
                return literals.prefix(network)
            case [address, mask]:
                return literals.masked(address, mask, self.names)
            case _:
                raise Wrong("expected 'network-object host|object NAME', or an address and its mask")

    def _network_value(self, words: list[str]) -> Addresses:
        match words:
            case ["host", address]:
                return Addresses(literals.host(address, self.names))
            case ["range", first, last]:
                return Addresses(literals.between(first, last, self.names))
            case ["fqdn", *names]:
                return Addresses(NOWHERE, (_fqdn(names),))
            case ["subnet", network]:
                return literals.prefix(network)
            case ["subnet", address, mask]:
                return literals.masked(address, mask, self.names)
            case _:
                raise Wrong("expected host, subnet, range or fqdn")


def _service_member(definition: Definition, words: list[str]) -> Member:
    _expect(words[0], "service" if definition.word == "object" else "service-object")
    if words[1] == "object" and definition.word == "object-group":
        return Ref(_only(words, 3)[2], "object")
    return Services(service_words(words[1:]))


def _only(words: list[str], count: int) -> list[str]:
    """Refuse what stands behind the words that are read: the device would have refused the line."""
    if len(words) > count:
        raise Wrong(f"'{words[count]}' does not belong here")
    return words


def _expect(word: str, expected: str) -> None:
    if word != expected:
        raise Wrong(f"expected {expected}, found '{word}'")


def _known_icmp_type(text: str) -> None:
    try:
        literals.icmp_type(text, ICMP)
    except Wrong:
        literals.icmp_type(text, ICMP6)


def _fqdn(words: list[str]) -> Open:
    family = words[0].lower()
    universe = {"v4": ANY4, "v6": ANY6}.get(family, ANY)
    name = _only(words, 2)[1] if family in ("v4", "v6") else _only(words, 1)[0]
    return Open(f"fqdn {name}", f"which addresses {name} has", universe)


def _is_open_member(definition: Definition, member: Member) -> bool:
    """Whether a member stands for a line that could not be read."""
    key = f"{definition.word} {definition.name}"
    return isinstance(member, Addresses | Services) and any(each.key == key for each in member.opens)


def _open_member(definition: Definition, because: str) -> Member:
    one = Open(f"{definition.word} {definition.name}", because)
    return Addresses(NOWHERE, (one,)) if definition.kind == "network" else Services((), (one,))


def _trouble(ref: Ref, definition: Definition | None, kind: Kind, above: tuple[str, ...]) -> str:
    name = ref.name
    if definition is None:
        return f"what {name} stands for: it is not defined in this file"
    if definition.kind != kind or ref.word not in ("", definition.word):
        wanted = f"a {kind} {ref.word}".rstrip()
        return f"what {name} stands for: it is a {definition.kind} {definition.word}, not {wanted}"
    if definition.word == "object" and not definition.members:
        return f"what {name} stands for: the object has no value in this file"
    if name in above or len(above) > _MAX_DEPTH:
        return f"what {name} stands for: it contains itself or is nested too deep"
    return ""


def _built_in(name: str) -> Services | None:
    """ASA knows some service objects without a definition: protocols, and `icmp-` with a type."""
    try:
        if name.startswith("icmp-"):
            return Services((icmp_service(ICMP, [name.removeprefix("icmp-")]),))
        number = literals.protocol(name)
        return None if name.isdecimal() else Services((Service(IntervalSet.of((number, number))),))
    except Wrong:
        return None
