"""Sets of IPv4 and IPv6 addresses, and how people write them (the only importer of netaddr)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from socket import AF_INET, inet_ntop, inet_pton
from typing import TYPE_CHECKING

from msgspec import Struct

from aclproof.parsers.model.intervals import EMPTY, IntervalSet, Range
from aclproof.reason import Reason

if TYPE_CHECKING:
    import netaddr


class Family(IntEnum):
    """An address family; the value is the IP version."""

    V4 = 4
    V6 = 6

    __hash__ = int.__hash__
    """Of an Enum it is worked out anew each time, and a family is in most keys."""

    @property
    def last(self) -> int:
        """The family's highest address as a number."""
        return _LAST4 if self is Family.V4 else _LAST6


_LAST4, _LAST6 = 2**32 - 1, 2**128 - 1


class AddressSet(Struct, frozen=True):
    """Addresses of both families, each kept apart: `any` may mean one or both."""

    v4: IntervalSet = EMPTY
    v6: IntervalSet = EMPTY

    def of(self, family: Family) -> IntervalSet:
        """Return the part of one family."""
        return self.v4 if family is Family.V4 else self.v6

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def __or__(self, other: AddressSet) -> AddressSet:
        return AddressSet(self.v4 | other.v4, self.v6 | other.v6)

    def __and__(self, other: AddressSet) -> AddressSet:
        return AddressSet(self.v4 & other.v4, self.v6 & other.v6)

    def __sub__(self, other: AddressSet) -> AddressSet:
        return AddressSet(self.v4 - other.v4, self.v6 - other.v6)

    def __le__(self, other: AddressSet) -> bool:
        return self.v4 <= other.v4 and self.v6 <= other.v6


ANY4 = AddressSet(v4=IntervalSet.of((0, Family.V4.last)))
ANY6 = AddressSet(v6=IntervalSet.of((0, Family.V6.last)))
ANY = AddressSet(ANY4.v4, ANY6.v6)
LINK_LOCAL = AddressSet(v6=IntervalSet.of((0xFE80 << 112, (0xFEC0 << 112) - 1)))
"""Every interface has some, and no router passes them on (RFC 4291, 2.5.6)."""
NOWHERE = AddressSet()


def single(family: Family, ranges: IntervalSet) -> AddressSet:
    """Make an AddressSet of one family."""
    return AddressSet(v4=ranges) if family is Family.V4 else AddressSet(v6=ranges)


def join(sets: Iterable[AddressSet]) -> AddressSet:
    """Join any number of address sets at once."""
    parts = list(sets)
    return AddressSet(IntervalSet.union(s.v4 for s in parts), IntervalSet.union(s.v6 for s in parts))


_PREFIX_LENGTH = re.compile("[0-9]{1,3}")
"""Not `isdecimal`: that knows the digits of every script."""
_IPV4_LENGTH = re.compile("[12]?[0-9]|3[0-2]")


def parse(text: str) -> AddressSet:
    """Read `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9` or the IPv6 forms.

    Host bits under a prefix, netmasks, reversed ranges and mixed families are ValueErrors that say so:
    netaddr would keep or guess them.
    """
    plain = _plain(text)
    return plain if plain is not None else _any_form(text)


def _plain(text: str) -> AddressSet | None:
    """Read an IPv4 address or network, the common case; None for all that has to be looked at closer."""
    address, slash, length = text.partition("/")
    if slash and not _IPV4_LENGTH.fullmatch(length):
        return None
    try:
        low = int.from_bytes(inet_pton(AF_INET, address), "big")
    except (OSError, ValueError):
        return None
    size = 1 << (32 - int(length)) if slash else 1
    return None if low % size else AddressSet(IntervalSet.of((low, low + size - 1)))


def _any_form(text: str) -> AddressSet:
    import netaddr  # takes a fifth of the time in which a small check starts, and most need it for nothing

    first, dash, last = (part.strip() for part in text.partition("-"))
    try:
        low, high = (netaddr.IPAddress(first), netaddr.IPAddress(last)) if dash else _network(text)
    except _AddressError:
        raise
    except (netaddr.AddrFormatError, ValueError):
        raise ValueError(Reason("{text!r} is not an address, a network (10.0.0.0/8) or a range "
                                "(10.0.0.1-10.0.0.9)", text=text)) from None
    if low.version != high.version:
        raise ValueError(Reason("{text!r} mixes IPv4 and IPv6", text=text))
    if low > high:
        raise ValueError(Reason("{text!r} is a reversed range: write {high}-{low}", text=text, high=high,
                                low=low))
    return single(Family(low.version), IntervalSet.of((int(low), int(high))))


class _AddressError(ValueError):
    """What is wrong, in words for the user."""


def _network(text: str) -> tuple[netaddr.IPAddress, netaddr.IPAddress]:
    import netaddr

    bare = text.strip()
    _, slash, length = bare.partition("/")
    if slash and not _PREFIX_LENGTH.fullmatch(length):
        raise _AddressError(Reason("{text!r} needs a prefix length after the slash, such as /24", text=text))
    network = netaddr.IPNetwork(bare)
    low, high = (netaddr.IPAddress(end, network.version) for end in (network.first, network.last))
    if network.ip != low:
        raise _AddressError(Reason("{text!r} has host bits set: write {cidr} or {ip}", text=text,
                                   cidr=network.cidr, ip=network.ip))
    return low, high


def network_of(text: str) -> AddressSet:
    """The addresses of a network that may be written by one of its hosts; none for what is no address."""
    address, slash, length = text.partition("/")
    try:
        host = parse(address)
    except ValueError:
        return NOWHERE
    family = Family.V4 if host.v4 else Family.V6
    bits = family.last.bit_length()
    size = int(length) if slash and int(length) <= bits else bits
    first = host.of(family).lowest >> bits - size << bits - size
    return single(family, IntervalSet.of((first, first + (1 << bits - size) - 1)))


def write(family: Family, number: int) -> str:
    """Write one address the usual way."""
    if family is Family.V4:
        return inet_ntop(AF_INET, number.to_bytes(4, "big"))
    import netaddr

    return str(netaddr.IPAddress(number, 6))


def networks(family: Family, ranges: Iterable[Range]) -> list[tuple[str, int]]:
    """Cut ranges into the fewest networks: the address, and the length of its prefix."""
    return [(write(family, low), length) for low, length in pieces(family, ranges)]


def pieces(family: Family, ranges: Iterable[Range]) -> Iterator[tuple[int, int]]:
    """Cut ranges into the fewest networks: the lowest address as a number, and the length of its prefix."""
    bits = family.last.bit_length()
    for low, high in ranges:
        while low <= high:
            size = 1 << min((low & -low).bit_length() - 1 if low else bits, (high - low + 1).bit_length() - 1)
            yield low, bits - size.bit_length() + 1
            low += size


def spell(family: Family, ranges: Iterable[Range]) -> list[str]:
    """Write ranges for people: a network where the range is one, else `first-last`."""
    return [_spell_one(family, low, high) for low, high in ranges]


def spell_few(family: Family, numbers: IntervalSet, most: int = 3) -> str:
    """Write the first ranges for people, with `...` for the rest."""
    more = ", ..." if len(numbers.ranges) > most else ""
    return ", ".join(spell(family, numbers.ranges[:most])) + more


def spell_all(addresses: AddressSet) -> list[str]:
    """Write both families for people, IPv4 first."""
    return [text for family in Family for text in spell(family, addresses.of(family).ranges)]


def _spell_one(family: Family, low: int, high: int) -> str:
    size = high - low + 1
    if size == 1:
        return write(family, low)
    if size & (size - 1) == 0 and low % size == 0:
        return f"{write(family, low)}/{family.last.bit_length() - size.bit_length() + 1}"
    return f"{write(family, low)}-{write(family, high)}"
