"""What the address words of a rule mean: addresses, masks, ranges, keywords that the network fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family, single
from aclproof.parsers.model.conditions import Condition, Membership, Opaque, Side
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.windows.records import spelling
from aclproof.reason import Reason

Addresses = tuple[AddressSet, tuple[Condition, ...]]
"""Addresses, and what else must hold."""

_KEYWORDS: Mapping[tuple[str, Side], Reason] = {
    ("LocalSubnet", "source"): Reason("whether the source is among the subnets of the host (LocalSubnet)"),
    ("LocalSubnet", "destination"):
        Reason("whether the destination is among the subnets of the host (LocalSubnet)"),
    ("DNS", "source"): Reason("whether the source is among its DNS servers (DNS)"),
    ("DNS", "destination"): Reason("whether the destination is among its DNS servers (DNS)"),
    ("DHCP", "source"): Reason("whether the source is among its DHCP servers (DHCP)"),
    ("DHCP", "destination"): Reason("whether the destination is among its DHCP servers (DHCP)"),
    ("WINS", "source"): Reason("whether the source is among its WINS servers (WINS)"),
    ("WINS", "destination"): Reason("whether the destination is among its WINS servers (WINS)"),
    ("DefaultGateway", "source"):
        Reason("whether the source is among its default gateways (DefaultGateway)"),
    ("DefaultGateway", "destination"):
        Reason("whether the destination is among its default gateways (DefaultGateway)")}


@lru_cache(maxsize=4096)
def alternatives(words: tuple[str, ...], side: Side, host: str) -> Sequence[Addresses]:
    """Return the addresses that are surely meant, and each keyword's; no words mean any address."""
    if not words:
        return [(ANY, ())]
    known: list[AddressSet] = []
    found: list[Addresses] = []
    for word in words:
        try:
            known.append(_read(word))
        except ValueError:
            found.append(_keyword(word, side, host))
    return [(addresses.join(known), ()), *found] if known else found


@lru_cache(maxsize=4096)
def _read(word: str) -> AddressSet:
    """Read an address, a range, `net/24` or `net/255.255.255.0`; Windows cuts off the bits of the host."""
    base, slash, mask = word.partition("/")
    found = addresses.parse(base)
    if not slash:
        return found
    family = Family.V4 if found.v4 else Family.V6
    low, high = found.of(family).ranges[0]
    length = _length(mask, family)
    if low != high:
        raise ValueError(Reason("{word!r} is a range with a mask", word=word))
    size = 1 << (family.last.bit_length() - length)
    first = low - low % size
    return single(family, IntervalSet.of((first, first + size - 1)))


def _length(mask: str, family: Family) -> int:
    """Read a prefix length, or a mask whose ones all come before its zeros."""
    bits = family.last.bit_length()
    if mask.isascii() and mask.isdecimal() and int(mask) <= bits:
        return int(mask)
    ones = addresses.parse(mask).of(family)
    if not ones or (zeros := family.last - ones.lowest) & (zeros + 1):
        raise ValueError(Reason("{mask!r} is no mask", mask=mask))
    return bits - zeros.bit_length()


def _keyword(word: str, side: Side, host: str) -> Addresses:
    """What a keyword may be; a word that is none is a damaged address, and no fact says which it was."""
    if not spelling.is_address_word(word):
        return ANY, (Opaque("", Reason("which addresses '{word}' are", word=word)),)
    name = word.rstrip("46")
    universe = {"4": ANY4, "6": ANY6}.get(word[len(name):], ANY)
    reason = _KEYWORDS.get((name, side)) or _unknown(name, side)
    return universe, (Membership(side, f"{name} of {host}", reason),)


def _unknown(name: str, side: Side) -> Reason:
    if side == "source":
        return Reason("whether the source is among what Windows takes for '{name}' ({name})", name=name)
    return Reason("whether the destination is among what Windows takes for '{name}' ({name})", name=name)
