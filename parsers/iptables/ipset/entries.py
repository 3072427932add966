"""Types of ipsets, and the words of one member: `10.0.0.0/8,tcp:80`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from socket import AF_INET, AF_INET6, AddressFamily, inet_pton
from typing import NamedTuple

from aclproof.parsers.iptables.text import names
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import Range
from aclproof.parsers.model.services import ICMP, ICMP6, SCTP, TCP, UDP
from aclproof.reason import Reason

_UDPLITE = 136
WITH_PORTS = frozenset((TCP, UDP, SCTP, _UDPLITE))
"""The protocols whose ports a set can hold."""

IP, NET, PORT, SET = "ip", "net", "port", "set"

TYPES = {kind: tuple(kind.partition(":")[2].split(",")) for kind in (
    "hash:ip hash:net hash:ip,port hash:net,port hash:net,net hash:ip,port,ip hash:ip,port,net "
    "hash:net,port,net hash:ip,mark hash:mac hash:ip,mac hash:net,iface bitmap:ip bitmap:port bitmap:ip,mac "
    "list:set").split()}
"""Each type with its dimensions."""

DECIDABLE = frozenset((IP, NET, PORT, SET))
"""The dimensions that a packet's addresses, protocol and ports answer."""

OLD_TYPES = {
    "iphash": "hash:ip", "nethash": "hash:net", "ipporthash": "hash:ip,port",
    "ipportiphash": "hash:ip,port,ip", "ipportnethash": "hash:ip,port,net", "iptree": "hash:ip",
    "iptreemap": "hash:ip", "ipmap": "bitmap:ip", "portmap": "bitmap:port", "macipmap": "bitmap:ip,mac",
    "setlist": "list:set",
}
"""ipset 4's types, and the ones that took their place."""


class Ports(NamedTuple):
    """Ports of one protocol; for ICMP the numbers are type * 256 + code."""

    protocol: int
    low: int = 0
    high: int = 65535


class Entry(NamedTuple):
    """A member: for each dimension a range of addresses or ports."""

    parts: tuple[Range | Ports, ...]
    excluded: bool = False
    """An exception (nomatch)."""


def entries(kind: str, family: Family, text: str, *, netmask: int | None = None,
            excluded: bool = False) -> list[Entry]:
    """Read a member; a range that is stored as several networks gives several. RuleError says what is not
    known.

    `netmask` is the prefix length to which a set of the type `ip` widens all addresses.
    """
    words, dimensions = text.split(","), TYPES[kind]
    if len(words) != len(dimensions):
        raise RuleError(Reason("a member of {kind} has {count} parts", kind=kind, count=len(dimensions)))
    choices: list[list[Range | Ports]] = []
    for word, dimension in zip(words, dimensions, strict=True):
        if dimension == PORT and len(dimensions) == 1:
            choices.append([*_both(word)])
        elif dimension == PORT:
            choices.append([ports(word, family)])
        elif dimension == NET:
            choices.append([*networks(_addresses(word, family), family)])
        else:
            choices.append([_widened(_addresses(word, family), family, netmask)])
    return [Entry(parts, excluded) for parts in product(*choices)]


class PlainReader:
    """Reads members that are one address or network, as ipset prints them."""

    def __init__(self, family: Family) -> None:
        self._kind = _kind(family)
        self._free = {f"/{length}": family.last >> length for length in range(family.last.bit_length() + 1)}
        """Length of a prefix to the bits after it."""

    def read(self, text: str) -> Range | None:
        """Read a member; None for one that needs a closer look."""
        at = text.find("/")
        try:
            if at < 0:
                number = int.from_bytes(inet_pton(self._kind, text), "big")
                return number, number
            free = self._free[text[at:]]
            low = int.from_bytes(inet_pton(self._kind, text[:at]), "big") & ~free
        except (OSError, ValueError, KeyError):
            return None
        return low, low | free


@cache
def plain_reader(family: Family) -> PlainReader:
    """Return the one of a family."""
    return PlainReader(family)


def _kind(family: Family) -> AddressFamily:
    return AF_INET if family is Family.V4 else AF_INET6


def networks(addresses: Range, family: Family) -> Iterator[Range]:
    """Cut a range into the networks that a set of networks stores for it."""
    low, last = addresses
    while low <= last:
        size = low & -low or family.last + 1
        while low + size - 1 > last:
            size >>= 1
        yield low, low + size - 1
        low += size


def _addresses(text: str, family: Family) -> Range:
    """Read `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9`; host bits under a prefix do not count."""
    first, slash, length = text.partition("/")
    if slash:
        prefix = names.number(length, family.last.bit_length())
        if prefix is None:
            raise RuleError(Reason("'{text}' needs a prefix length after the slash", text=text))
        free = family.last >> prefix
        low = _address(first, family)
        return low & ~free, low | free
    first, dash, last = text.partition("-")
    low, high = _address(first, family), _address(last if dash else first, family)
    if low > high:
        raise RuleError(Reason("the range {text} is reversed", text=text))
    return low, high


def _address(text: str, family: Family) -> int:
    try:
        return int.from_bytes(inet_pton(_kind(family), text), "big")
    except (OSError, ValueError):
        raise RuleError(Reason("'{text}' is not an IPv{family} address", text=text, family=family)) from None


def _widened(addresses: Range, family: Family, netmask: int | None) -> Range:
    if netmask is None:
        return addresses
    free = family.last >> netmask
    return addresses[0] & ~free, addresses[1] | free


def _both(text: str) -> tuple[Ports, Ports]:
    """Read a member of bitmap:port, which holds for TCP and UDP alike, whatever protocol it names."""
    low, high = _range(text.rpartition(":")[2])
    return Ports(TCP, low, high), Ports(UDP, low, high)


def ports(text: str, family: Family) -> Ports:
    """Read `tcp:80`, `udp:53-60`, `80` (TCP), `icmp:8/0`, `icmp:echo-request`, `gre:0`."""
    name, colon, rest = text.partition(":")
    if not colon:
        name, rest = "tcp", text
    protocol = names.protocol(name)
    if protocol is None:
        raise RuleError(Reason("'{text}' does not name one protocol", text=text))
    if protocol in WITH_PORTS:
        return Ports(protocol, *_range(rest))
    if protocol == (ICMP if family is Family.V4 else ICMP6):
        kind, code = _icmp(rest, family)
        return Ports(protocol, kind << 8 | code, kind << 8 | code)
    if protocol in (ICMP, ICMP6) or rest != "0":
        raise RuleError(Reason("'{text}' cannot be in a set of IPv{family}", text=text, family=family))
    return Ports(protocol)


def _range(text: str) -> Range:
    """Read a port or two; a dash may also be part of a name."""
    try:
        return names.port(text), names.port(text)
    except RuleError:
        first, dash, last = text.partition("-")
        low, high = names.port(first), names.port(last if dash else first)
        if low > high:
            raise RuleError(Reason("the port range {text} is reversed", text=text)) from None
        return low, high


def _icmp(text: str, family: Family) -> tuple[int, int]:
    """Read one type and code; a name that stands for a type alone means its code 0."""
    kinds, codes = names.icmp(text, family)
    if kinds[0] != kinds[1] or (codes[0] != codes[1] and text[:1].isdigit()):
        raise RuleError(Reason("'{text}' is not one ICMP type and code", text=text))
    return kinds[0], codes[0]
