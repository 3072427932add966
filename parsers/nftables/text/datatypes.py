"""Values by their data type, written as libnftables writes them in JSON, however the input spelled them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from aclproof.parsers.iptables.text.port_names import PORTS
from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text import fields
from aclproof.parsers.nftables.text.symbols import (
    BITS,
    PRINTED,
    PROTOCOL_NAMES,
    PROTOCOL_NUMBERS,
    SYMBOLS,
)

Types = tuple[str, ...]
"""The types of the fields of a key; one for a plain value, `""` where it is not known."""

UNKNOWN: Types = ("",)

UNTYPED = " [invalid type]"
"""What nft 1.0 prints after a value whose type it has lost."""

_LARGEST = 2**64 - 1


def of(left: Tree) -> Types:
    """Return the types of an expression's value."""
    if not isinstance(left, dict) or len(left) != 1:
        return UNKNOWN
    key, inner = next(iter(left.items()))
    reader = _OF.get(key)
    if reader is not None and isinstance(inner, dict):
        return (reader(inner),)
    if key == "concat" and isinstance(inner, list):
        return tuple(kind for each in inner for kind in of(each))
    if key in ("&", "|", "^") and isinstance(inner, list):
        return next((kinds for kinds in map(of, inner) if kinds != UNKNOWN), UNKNOWN)
    if key in ("<<", ">>"):
        return ("integer",)
    return UNKNOWN


def _payload(inner: Mapping[str, Tree]) -> str:
    if "base" in inner:
        return "raw"
    header = fields.HEADERS.get(str(inner.get("protocol")))
    return header.get(str(inner.get("field")), "integer") if header else "integer"


def _extension(inner: Mapping[str, Tree]) -> str:
    if "field" not in inner:
        return "boolean"
    header = fields.EXTENSION_HEADERS.get(str(inner.get("name")), {})
    return header.get(str(inner["field"]).partition("[")[0], "integer")


def _option(inner: Mapping[str, Tree]) -> str:
    if "base" in inner:
        return "integer"
    if "field" not in inner:
        return "boolean"
    return {"subtype": "mptcp", "addr": "ipv4_addr"}.get(str(inner["field"]), "integer")


def _ct(inner: Mapping[str, Tree]) -> str:
    return fields.CT.get(str(inner.get("key")), "")


def _route(inner: Mapping[str, Tree]) -> str:
    key = str(inner.get("key"))
    if key == "nexthop" and "family" in inner:
        return "ipv6_addr" if inner["family"] == "ip6" else "ipv4_addr"
    return fields.ROUTE.get(key, "")


def _ipsec(inner: Mapping[str, Tree]) -> str:
    return {"ip": "ipv4_addr", "ip6": "ipv6_addr"}.get(str(inner.get("family")), "integer")


_OF: Mapping[str, Callable[[Mapping[str, Tree]], str]] = {
    "payload": _payload,
    "meta": lambda inner: fields.META.get(str(inner.get("key")), ""),
    "ct": _ct,
    "exthdr": _extension,
    "tcp option": _option,
    "ip option": _option,
    "sctp chunk": lambda inner: "integer" if "field" in inner else "boolean",
    "dccp option": lambda inner: "boolean",
    "fib": lambda inner: fields.FIB.get(str(inner.get("result")), ""),
    "rt": _route,
    "socket": lambda inner: fields.SOCKET.get(str(inner.get("key")), ""),
    "osf": lambda inner: "string",
    "ipsec": _ipsec,
    "numgen": lambda inner: "integer",
    "jhash": lambda inner: "integer",
    "symhash": lambda inner: "integer",
    "tunnel": lambda inner: "boolean" if inner.get("key") == "path" else "integer",
}


@lru_cache(2**14, typed=True)  # True is no 1
def scalar(kind: str, value: str | int | bool) -> Tree:
    """Write one value as libnftables does for its type; unknown words stay as they are."""
    if value is True or value is False:
        return value
    if isinstance(value, str):
        value = value.removesuffix(UNTYPED)
    writer = _SCALARS.get(kind)
    if writer:
        return writer(value)
    if kind in SYMBOLS:
        return _symbol(kind, value)
    return _plain(value)


def number(text: str) -> int | None:
    """Read a number as nft does: `0x` for base 16, a leading 0 for base 8; None for anything else."""
    try:
        if text[:2].lower() == "0x":
            return int(text, 16)
        if not text.isdecimal() or not text.isascii():
            return None
        return int(text, 8) if text[0] == "0" else int(text)
    except ValueError:
        return None


def _plain(value: str | int) -> Tree:
    found = number(value) if isinstance(value, str) else value
    if found is None:
        return {"exists": True, "missing": False}.get(str(value), value)
    return found if found <= _LARGEST else hex(found)


_SWAPPED = {number >> 8 | (number & 0xFF) << 8: number for number in SYMBOLS["ether_type"].values()}
"""Types of Ethernet that nft knows by name as `nft -j -n` prints them: 8 for 0x0800, in the order of bytes
that the machine has."""


def _symbol(kind: str, value: str | int) -> Tree:
    found = number(value) if isinstance(value, str) else value
    if found is None:
        found = SYMBOLS[kind].get(str(value))
        if found is None:
            return value
    elif kind == "ether_type" and isinstance(value, int):
        found = _SWAPPED.get(value, value)
    printed = PRINTED[kind].get(found)
    if printed is not None:
        return printed
    if kind in BITS:
        return _bits(kind, found)
    return found


def _bits(kind: str, value: int) -> Tree:
    names = [name for name, bit in SYMBOLS[kind].items() if value & bit]
    return names if value and sum(SYMBOLS[kind][name] for name in names) == value else value


def _code(kind: str) -> Callable[[str | int], Tree]:
    def code(value: str | int) -> Tree:
        found = SYMBOLS[kind].get(str(value))
        return _plain(value) if found is None else found
    return code


def _port(value: str | int) -> Tree:
    found = number(value) if isinstance(value, str) else value
    return PORTS.get(str(value), value) if found is None else found


def _protocol(value: str | int) -> Tree:
    found = number(value) if isinstance(value, str) else value
    if found is None:
        found = PROTOCOL_NUMBERS.get(str(value).lower())
    return value if found is None else PROTOCOL_NAMES.get(found, found)


def protocol_number(value: Tree) -> Tree:
    """Return the number of a protocol, as ranges have them."""
    return PROTOCOL_NUMBERS.get(value, value) if isinstance(value, str) else value


def _address(value: str | int) -> Tree:
    text = str(value)
    try:
        family = AF_INET6 if ":" in text else AF_INET
        return inet_ntop(family, inet_pton(family, text))
    except (OSError, ValueError):
        return _plain(value)


def address_prefix(address: str, length: int) -> tuple[str, bool]:
    """Return the address without its host bits, and whether the prefix is all of it."""
    try:
        family = AF_INET6 if ":" in address else AF_INET
        packed = inet_pton(family, address)
    except (OSError, ValueError):
        return address, False
    bits = 8 * len(packed)
    if not 0 <= length < bits:
        return address, length == bits
    network = int.from_bytes(packed, "big") >> (bits - length) << (bits - length)
    return inet_ntop(family, network.to_bytes(len(packed), "big")), False


def _text(value: str | int) -> Tree:
    return str(value)


def _ethernet(value: str | int) -> Tree:
    parts = str(value).lower().split(":")
    return ":".join(part.rjust(2, "0") for part in parts) if len(parts) == 6 else value


def _boolean(value: str | int) -> Tree:
    found = _plain(value)
    return found if isinstance(found, bool) else bool(found) if isinstance(found, int) else value


def _seconds(value: str | int) -> Tree:
    found = seconds(str(value))
    return value if found is None else found


_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


def milliseconds(text: str) -> int | None:
    """Read a time such as `1h30m`; None for anything else."""
    total, digits, at = 0, "", 0
    while at < len(text):
        if text[at].isdecimal():
            digits += text[at]
            at += 1
            continue
        unit = "ms" if text.startswith("ms", at) else text[at]
        if unit not in _UNITS or not digits or len(digits) > 18:
            return None
        total += int(digits) * _UNITS[unit]
        digits, at = "", at + len(unit)
    return total if not digits else (int(digits) * 1000 if total == 0 and len(digits) < 18 else None)


def seconds(text: str) -> int | None:
    """Read a time in whole seconds, as JSON has it; a bare number is one."""
    found = milliseconds(text)
    return None if found is None else found // 1000


def _class(value: str | int) -> Tree:
    """A class of traffic control: its two halves."""
    found = number(value) if isinstance(value, str) else value
    if found is None:
        return str(value).lower()
    special = {0: "none", 2**32 - 1: "root"}.get(found)
    return special or f"{found >> 16:x}:{found & 0xffff:x}"


def _hour(value: str | int) -> Tree:
    return str(value).removesuffix(":00") if str(value).count(":") == 2 else value


_SCALARS: Mapping[str, Callable[[str | int], Tree]] = {
    "inet_service": _port,
    "inet_proto": _protocol,
    "ipv4_addr": _address,
    "ipv6_addr": _address,
    "address": _address,
    "ether_addr": _ethernet,
    "ifname": _text,
    "iface_index": _text,
    "string": _text,
    "classid": _class,
    "boolean": _boolean,
    "ct_time": _seconds,
    "icmp_code": _code("icmp_code"),
    "icmpv6_code": _code("icmpv6_code"),
    "icmpx_code": _code("icmpx_code"),
    "time": _text,
    "hour": _hour,
}
