"""Addresses as iptables writes them: CIDR, dotted and non-contiguous masks, ranges, comma lists."""

from __future__ import annotations

import ipaddress
import re
import socket

from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet, Family, single
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.reason import Reason

_MOST_HOLES = 16
"""A mask with more scattered zero bits stands for more ranges than are worth writing out."""

_SHORT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}")


class OpaqueAddressError(RuleError):
    """An address that is legal, but whose members cannot be written out here."""


def parse(text: str, family: Family) -> AddressSet:
    """Read one address with or without a mask: host bits are dropped, as in the kernel.

    OpaqueAddressError for a host name and for a mask that is too scattered, RuleError for what is no address.
    """
    address, slash, mask = text.partition("/")
    low = _address(address, family)
    if not slash:
        return single(family, IntervalSet(((low, low),)))
    if mask.isascii() and mask.isdecimal():
        last = family.last
        if int(mask) > last.bit_length():
            raise RuleError(Reason("/{mask} is longer than an address", mask=mask))
        wild = last >> int(mask)
        return single(family, IntervalSet(((low & ~wild, low | wild),)))
    wild = family.last ^ _address(mask, family)
    return single(family, _spread(low & ~wild, wild))


def every(text: str, family: Family) -> AddressSet:
    """Read a comma list: iptables makes one rule of each."""
    if "," not in text:
        return parse(text, family)
    return addresses.join(parse(each, family) for each in text.split(","))


def between(text: str, family: Family) -> Range:
    """Read `10.0.0.1-10.0.0.9`, or one address."""
    first, dash, last = text.partition("-")
    low = _address(first, family)
    high = _address(last, family) if dash else low
    if low > high:
        raise RuleError(Reason("the range {text} is reversed", text=text))
    return low, high


def _address(text: str, family: Family) -> int:
    """Read one address; `10/8` is short for 10.0.0.0/8, while `10.1` alone is the host 10.1.0.0."""
    kind = socket.AF_INET if family is Family.V4 else socket.AF_INET6
    try:
        return int.from_bytes(socket.inet_pton(kind, text), "big")
    except (OSError, ValueError):
        return _unusual(text, family)


def _unusual(text: str, family: Family) -> int:
    """Read an address that is not written the usual way."""
    if family is Family.V4 and _SHORT.fullmatch(text):
        text = ".".join([*text.split("."), "0", "0", "0"][:4])
    try:
        return int(ipaddress.IPv4Address(text) if family is Family.V4 else ipaddress.IPv6Address(text))
    except ValueError:
        if re.fullmatch(r"[\d.:]+", text) or ":" in text:
            raise RuleError(Reason("'{text}' is no IPv{family} address", text=text,
                                   family=family.value)) from None
        raise OpaqueAddressError(Reason("which address '{text}' is", text=text)) from None


def _spread(low: int, wild: int) -> IntervalSet:
    """All numbers that agree with `low` outside of the wild bits."""
    tail = (~wild & (wild + 1)).bit_length() - 1  # contiguous wild bits at the end make one range
    holes = [1 << bit for bit in range(tail, wild.bit_length()) if wild >> bit & 1]
    if len(holes) > _MOST_HOLES:
        raise OpaqueAddressError(Reason("which addresses the scattered mask selects"))
    starts = [low]
    for hole in holes:
        starts += [start | hole for start in starts]
    size = (1 << tail) - 1
    return IntervalSet(tuple(sorted((start, start + size) for start in starts)))
