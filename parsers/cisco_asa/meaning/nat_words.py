"""What the words of translation lines name: addresses, pools of them, and ports."""

from __future__ import annotations

from msgspec import Struct

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet, join
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_PORT, TCP, UDP
from aclproof.reason import Reason

ALL = Addresses(ANY)
NONE = Addresses(NOWHERE)
INTERFACE6 = "interface ipv6"
"""Two words of a line as one: the other address of an interface."""


class Ports(Struct, frozen=True):
    """One port of a translated service, before and after the translation."""

    protocol: int
    real: int
    mapped: int


def pool(objects: Objects, words: list[str], interface: str | None) -> Addresses:
    """What a dynamic translation may choose from; NOWHERE where the line does not show them."""
    words = words[1:] if words[:1] == ["pat-pool"] else words
    try:
        if "-" in words[0] and objects.kind(words[0]) is None:
            first, last = words[0].split("-")
            found = Addresses(literals.between(first, last, objects.names))
        else:
            found = mapped_addresses(objects, words[0], interface, NONE)
        spare = join(mapped_addresses(objects, word, interface, NONE).known for word in words[1:]
                     if word in ("interface", INTERFACE6))
    except (LineError, ValueError, IndexError):
        return NONE
    return Addresses(found.known | spare, found.opens)


def mapped_addresses(objects: Objects, word: str, interface: str | None, real: Addresses, *,
                     masked: bool = True) -> Addresses:
    """The addresses of a mapped word; one address for several real ones stands for as many.

    The mask of a real network holds for it as well; where they are not `masked`, it is the first one.
    """
    if word == "interface":
        return own_address(objects, interface)
    if word == INTERFACE6:
        return Addresses(AddressSet(v6=_own_addresses(objects, interface).known.v6))
    if word == "any":
        return ALL
    if objects.kind(word) == "network":
        return objects.network(word)
    if ":" in word:
        return Addresses(literals.network6(word if "/" in word else word + "/128"))
    first = literals.ipv4(word, objects.names)
    count = max(real.known.v4.size, 1)
    if masked and count.bit_count() == 1 and real.known.v4 and real.known.v4.lowest % count == 0:
        first -= first % count
    return Addresses(AddressSet(v4=IntervalSet.of((first, min(first + count - 1, 2**32 - 1)))))


def own_address(objects: Objects, name: str | None) -> Addresses:
    """The firewall's address of IPv4 at an interface; LineError where the file has none of any family."""
    return Addresses(AddressSet(v4=_own_addresses(objects, name).known.v4))


def _own_addresses(objects: Objects, name: str | None) -> Addresses:
    known = objects.interfaces.get(name or "")
    if known is None:
        raise LineError(Reason("the address of interface {name} is not in the file", name=name))
    return known


def services(objects: Objects, names: list[str], *, static: bool) -> tuple[Ports | None, Ports | None]:
    """The ports of the hosts and of the other side, one of them, where two objects name them.

    Guide, "Configuring Twice NAT": the first object has the real source port or the mapped destination port.
    A dynamic line does not look at source ports.
    """
    try:
        (first, protocol), (second, other) = (_one_service(objects, name) for name in names)
    except (LineError, ValueError):
        return None, None
    if protocol != other:
        return None, None
    source, destination = ((one, two) for one, two in zip(first, second, strict=True))
    if None not in source and destination == (None, None) and static:
        return Ports(protocol, source[0] or 0, source[1] or 0), None
    if None not in destination and (source == (None, None) or not static):
        return None, Ports(protocol, destination[1] or 0, destination[0] or 0)
    return None, None


def _one_service(objects: Objects, name: str) -> tuple[tuple[int | None, int | None], int]:
    """The source and the destination port of an object, None for any, and its protocol.

    ValueError where it names more than one.
    """
    found = objects.service(name)
    (only,) = found.known
    axes = only.source_ports, only.destination_ports
    one_each = all(axis == ANY_PORT or axis.size == 1 for axis in axes)
    if found.opens or not one_each or only.protocols.size != 1 or only.protocols.lowest not in (TCP, UDP):
        raise ValueError(name)
    source, destination = (None if axis == ANY_PORT else axis.lowest for axis in axes)
    return (source, destination), only.protocols.lowest
