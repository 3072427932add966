"""Addresses, masks, ports, protocols and ICMP types as they are in a line."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from aclproof.parsers.cisco_asa.words.keywords import ICMP_CODES, ICMP_TYPES, PORTS, PROTOCOLS
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError, Open
from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_PORT, ICMP
from aclproof.reason import Reason

_FULL = 2**32 - 1
_MAX_PIECES = 2**16
"""A scattered mask stands for at most this many separate ranges."""

_DIGITS = 18
"""No number in a configuration is longer."""

ANY_PROTOCOL_WORDS = frozenset({"ip", "0"})
"""Every protocol: Cisco's table gives `ip` the number 0."""

OPERATORS = {"eq": 1, "neq": 1, "lt": 1, "gt": 1, "range": 2}
"""Port operators and how many values follow them."""


def number(text: str, most: int) -> int | None:
    """Read a plain decimal number up to `most`; None for anything else.

    Not `int` alone: it knows the digits of every script, and refuses very long ones with an error of its own.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    value = int(text)
    return value if value <= most else None


def ipv4(text: str, names: Mapping[str, str]) -> int:
    """Read an IPv4 address or an alias of the `names` table; LineError when it is neither."""
    try:
        return int.from_bytes(socket.inet_pton(socket.AF_INET, text), "big")
    except (OSError, ValueError):
        if text == "0":
            return 0
        alias = names.get(text)
        if alias is None or alias == text:
            raise LineError(_no_address(text)) from None
        return ipv4(alias, {})


def _no_address(text: str) -> Reason:
    """Say what a word is that should be an address, or a mask."""
    if text in OPERATORS:
        return Reason("'{text}' stands where a mask should: a single address needs 'host' before it",
                      text=text)
    if "/" in text:
        return Reason("'{text}' is not an IPv4 address: an ASA takes a netmask, not a prefix length",
                      text=text)
    if text[:1].isalpha():
        return Reason("'{text}' is no IPv4 address, and no 'name' line of the file defines it", text=text)
    return Reason("'{text}' is not an IPv4 address", text=text)


def host(text: str, names: Mapping[str, str]) -> AddressSet:
    """Read one address of either family, or an alias."""
    text = names.get(text, text)
    if ":" in text:
        return network6(text + "/128")
    address = ipv4(text, {})
    return AddressSet(v4=IntervalSet(((address, address),)))


def between(first: str, last: str, names: Mapping[str, str]) -> AddressSet:
    """Read the two ends of a range of one family."""
    ends = host(first, names), host(last, names)
    for low, high in ((ends[0].v4, ends[1].v4), (ends[0].v6, ends[1].v6)):
        if low and high:
            if low.lowest > high.lowest:
                raise LineError(Reason("the range {first} {last} is reversed", first=first, last=last))
            both = IntervalSet.of((low.lowest, high.lowest))
            return AddressSet(v4=both) if ends[0].v4 else AddressSet(v6=both)
    raise LineError(Reason("a range needs two addresses of one family"))


def network(address: str, mask: str, names: Mapping[str, str]) -> AddressSet:
    """Read `10.0.0.0 255.255.255.0`: a netmask; a wildcard mask, as routers write it, is LineError."""
    base = ipv4(address, names)
    bits = ipv4(mask, {})
    free = bits ^ _FULL
    if free & (free + 1) == 0:
        low = base & bits
        return AddressSet(v4=IntervalSet(((low, low | free),)))
    if bits >> 24 == 0:
        raise LineError(Reason("{mask} looks like a router's wildcard mask; an ASA takes netmasks "
                               "(255.255.255.0)", mask=mask))
    return AddressSet(v4=_scattered(base & bits, free))


def is_dotted(text: str) -> bool:
    """Return whether a word is an IPv4 address, or a mask, in numbers."""
    try:
        ipv4(text, {})
    except LineError:
        return False
    return True


def is_mask(text: str) -> bool:
    """Return whether a word can be a netmask: a dotted number with its highest bit set, or all zero."""
    try:
        bits = ipv4(text, {})
    except LineError:
        return False
    return bits == 0 or bits >> 31 == 1


def masked(address: str, mask: str, names: Mapping[str, str]) -> Addresses:
    """Read the address and netmask of a rule or an object.

    A device refuses bits set under the mask, so such a line was never on one: it stays open.
    """
    known = network(address, mask, names)
    if ipv4(address, names) != known.v4.lowest:
        return _doubtful(f"{address} {mask}", known)
    return Addresses(known)


def prefix(text: str) -> Addresses:
    """Read the `2001:db8::/32` of a rule or an object; host bits leave it open, as with `masked`."""
    known = network6(text)
    if int.from_bytes(socket.inet_pton(socket.AF_INET6, text.partition("/")[0]), "big") != known.v6.lowest:
        return _doubtful(text, known)
    return Addresses(known)


def _doubtful(text: str, known: AddressSet) -> Addresses:
    reason = Reason("whether the device took {text}: it refuses bits set under the mask", text=text)
    return Addresses(NOWHERE, (Open(f"address {text}", reason, known),))


def _scattered(base: int, free: int) -> IntervalSet:
    tail = (free ^ (free + 1)) >> 1  # the run of free bits at the low end is one range
    loose = [1 << k for k in range(32) if free & ~tail & 1 << k]
    if 2 ** len(loose) > _MAX_PIECES:
        raise LineError(Reason("a mask with so many separate free bits cannot be read exactly"))
    starts = [base]
    for bit in loose:
        starts += [start | bit for start in starts]
    return IntervalSet.of(*((start, start | tail) for start in starts))


def network6(text: str) -> AddressSet:
    """Read `2001:db8::/32`."""
    address, _, length = text.partition("/")
    try:
        base = int.from_bytes(socket.inet_pton(socket.AF_INET6, address), "big")
    except (OSError, ValueError):
        raise LineError(Reason("'{text}' is not an IPv6 prefix", text=text)) from None
    bits = number(length, 128)
    if bits is None:
        raise LineError(Reason("'{text}' needs a prefix length from 0 to 128", text=text))
    free = (1 << 128 - bits) - 1
    return AddressSet(v6=IntervalSet(((base & ~free, base | free),)))


def protocol(text: str) -> int:
    """Read a protocol name or number, 0 to 255 (`ip` is none: it means every protocol)."""
    if text in PROTOCOLS:
        return PROTOCOLS[text]
    value = number(text, 255)
    if value is None:
        raise LineError(Reason("'{text}' is not a protocol", text=text))
    return value


def port(text: str, protocol: int) -> int:
    """Read a port number or a name that this protocol knows."""
    value = number(text, 65535)
    if value is None:
        value = PORTS.get(protocol, {}).get(text)
    if value is None:
        if text.isdecimal():
            raise LineError(Reason("port {text} is above 65535", text=text))
        other = next((name for name, table in (("tcp", PORTS[6]), ("udp", PORTS[17])) if text in table), None)
        if other:
            raise LineError(Reason("'{text}' is not a port name of this protocol (a {other} name)",
                                   text=text, other=other))
        raise LineError(Reason("'{text}' is not a port name of this protocol", text=text))
    return value


def ports(operator: str, values: tuple[str, ...], protocol: int) -> IntervalSet:
    """Read `eq www`, `range 20 25`, `neq 80`, `gt 1023`, `lt 1024`."""
    numbers = [port(value, protocol) for value in values]
    match operator:
        case "eq":
            return IntervalSet.of((numbers[0], numbers[0]))
        case "neq":
            return ANY_PORT - IntervalSet.of((numbers[0], numbers[0]))
        case "gt":
            return ANY_PORT - IntervalSet.of((0, numbers[0]))
        case "lt":
            return ANY_PORT - IntervalSet.of((numbers[0], 65535))
        case _:
            if numbers[0] > numbers[1]:
                raise LineError(Reason("range {first} {last} is reversed", first=values[0],
                                       last=values[1]))
            return IntervalSet.of((numbers[0], numbers[1]))


def icmp_type(text: str, protocol: int) -> tuple[IntervalSet, IntervalSet]:
    """Read an ICMP type, by number or by a name of this protocol: the sets of types and of codes."""
    value = number(text, 255)
    if value is not None:
        return IntervalSet.of((value, value)), ANY_PORT
    if protocol == ICMP and text in ICMP_CODES:
        kind, code = ICMP_CODES[text]
        return IntervalSet.of((kind, kind)), IntervalSet.of((code, code))
    value = ICMP_TYPES.get(protocol, {}).get(text)
    if value is None:
        raise LineError(Reason("'{text}' is not an ICMP type of this protocol", text=text))
    return IntervalSet.of((value, value)), ANY_PORT
