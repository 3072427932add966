"""One line of an object's or a group's body, in the words of its kind.

Strict: what a device would have refused is LineError, and leaves the definition with an open member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.services import arity, port_set, service_words
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError, Open, Services
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, NOWHERE
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_PROTOCOL, ICMP, ICMP6
from aclproof.reason import Reason

Kind = Literal["network", "service", "ports", "protocol", "icmp-type", "user", "security"]
"""What a definition holds; `ports` is a service group of one protocol."""


class Ref(Struct, frozen=True):
    """A member that is another object or group."""

    name: str
    word: str = ""
    """`object` or `object-group`, when the line says which."""


Member = Addresses | Services | IntervalSet | str | Ref
"""By kind: network, service, ports or protocols, the word of an ICMP type, the line of a user or a security
tag; or a reference in any of them."""


IcmpTypes = tuple[IntervalSet, IntervalSet]
"""Types and their codes."""


class Definition(Struct):
    """An object or a group as the file has it, so far."""

    name: str
    kind: Kind
    word: str
    """`object` or `object-group`, as the file says."""
    line: int
    protocols: tuple[int, ...] = ()
    """For port groups: what the ports belong to."""
    members: list[Member] = field(default_factory=list)
    doubtful: str = ""
    """Why what is read of it may not be in it; empty where it surely is."""
    valued: bool = False
    """An object has got its value since it was opened last."""
    translated: bool = False
    """And its translation."""
    ranged: bool = False
    """The value of an object is written by its two ends, and not as a host or a network."""


def read(definition: Definition, words: list[str], names: Mapping[str, str]) -> Member | None:
    """Read one line of a body: None for what means nothing, LineError or IndexError when it cannot be
    read."""
    word = words[0]
    if word.rstrip(":") == "description":
        return None
    if word == "group-object" and definition.word == "object-group":
        return Ref(_only(words, 2)[1], "object-group")
    match definition.kind:
        case "network":
            return _network_member(definition, words, names)
        case "service":
            return _service_member(definition, words)
        case "ports":
            _expect(word, "port-object")
            values = _only(words, 2 + arity(words[1]))[2:]
            return port_set(words[1], tuple(values), definition.protocols)
        case "protocol":
            _expect(word, "protocol-object")
            if _only(words, 2)[1] in literals.ANY_PROTOCOL_WORDS:
                return ANY_PROTOCOL
            number = literals.protocol(words[1])
            return IntervalSet.of((number, number))
        case "icmp-type":
            _expect(word, "icmp-object")
            _known_icmp_type(_only(words, 2)[1])
            return words[1]
        case "user" | "security":
            return " ".join(words)


def _network_member(definition: Definition, words: list[str], names: Mapping[str, str]) -> Member:
    if definition.word == "object":
        return _network_value(words, names)
    _expect(words[0], "network-object")
    match words[1:]:
        case ["object", name]:
            return Ref(name, "object")
        case ["host", address]:
            return Addresses(literals.host(address, names))
        case [network]:
            return literals.prefix(network)
        case [address, mask]:
            return literals.masked(address, mask, names)
        case _:
            raise LineError(Reason("expected 'network-object host|object NAME', or an address and its mask"))


def _network_value(words: list[str], names: Mapping[str, str]) -> Addresses:
    match words:
        case ["host", address]:
            return Addresses(literals.host(address, names))
        case ["range", first, last]:
            return Addresses(literals.between(first, last, names))
        case ["fqdn", *domain]:
            return Addresses(NOWHERE, (_fqdn(domain),))
        case ["subnet", network]:
            return literals.prefix(network)
        case ["subnet", address, mask]:
            return literals.masked(address, mask, names)
        case _:
            raise LineError(Reason("expected host, subnet, range or fqdn"))


def _service_member(definition: Definition, words: list[str]) -> Member:
    _expect(words[0], "service" if definition.word == "object" else "service-object")
    if words[1] == "object" and definition.word == "object-group":
        return Ref(_only(words, 3)[2], "object")
    return Services(service_words(words[1:], terse=definition.word == "object-group"))


def _only(words: list[str], count: int) -> list[str]:
    """Refuse what follows the words that are read: the device would have refused the line."""
    if len(words) > count:
        raise LineError(Reason("'{word}' does not belong here", word=words[count]))
    return words


def _expect(word: str, expected: str) -> None:
    if word != expected:
        raise LineError(Reason("expected {expected}", expected=expected))


def _known_icmp_type(text: str) -> None:
    try:
        literals.icmp_type(text, ICMP)
    except LineError:
        literals.icmp_type(text, ICMP6)


def _fqdn(words: list[str]) -> Open:
    family = words[0].lower()
    universe = {"v4": ANY4, "v6": ANY6}.get(family, ANY)
    name = _only(words, 2)[1] if family in ("v4", "v6") else _only(words, 1)[0]
    return Open(f"fqdn {name}", Reason("which addresses {name} has", name=name), universe)


def is_open(definition: Definition, member: Member) -> bool:
    """Whether a member replaces a line that could not be read."""
    key = f"{definition.word} {definition.name}"
    return isinstance(member, Addresses | Services) and any(each.key == key for each in member.opens)


def one_of(definition: Definition, readings: Sequence[Addresses]) -> Addresses:
    """Make the member that is one of these: what all of them hold is sure."""
    common, spread = readings[0].known, readings[0].known
    for each in readings[1:]:
        common, spread = common & each.known, spread | each.known
    reason = Reason("a line of {word} {name} may go on in the next one", word=definition.word,
                    name=definition.name)
    opens = tuple(one for each in readings for one in each.opens)
    return Addresses(common, (Open(f"{definition.word} {definition.name}", reason, spread), *opens))


def open_member(definition: Definition, reason: str) -> Member:
    """Make the member that replaces a line that could not be read."""
    one = Open(f"{definition.word} {definition.name}", reason)
    return Addresses(NOWHERE, (one,)) if definition.kind == "network" else Services((), (one,))
