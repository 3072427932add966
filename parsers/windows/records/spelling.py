"""One spelling for every keyword, as MS-GPFAS has it, whatever tool wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aclproof.reason import Reason

PROTOCOLS = {"tcp": 6, "udp": 17, "icmpv4": 1, "icmpv6": 58}
"""The protocols that every tool names."""

_PORT_WORDS = (
    "RPC", "RPC-EPMap", "Teredo", "IPTLSIn", "IPTLSOut", "IPHTTPSIn", "IPHTTPSOut", "DHCP", "Ply2Disc",
    "mDNS", "TcpCDPSvc", "CortanaOut")
_ADDRESS_WORDS = (
    "LocalSubnet", "DNS", "DHCP", "WINS", "DefaultGateway", "IntrAnet", "IntErnet", "RmtIntrAnet",
    "Ply2Renders", "CaptivePortal")

_PORTS = {word.lower(): word for word in _PORT_WORDS} | {
    "rpcepmap": "RPC-EPMap", "rpc endpoint mapper": "RPC-EPMap", "rpc dynamic ports": "RPC",
    "playtodiscovery": "Ply2Disc"}
_ADDRESSES = {word.lower(): word for word in _ADDRESS_WORDS} | {
    "local subnet": "LocalSubnet", "local subnets": "LocalSubnet", "default gateway": "DefaultGateway",
    "dns servers": "DNS", "dhcp servers": "DHCP", "wins servers": "WINS", "intranet": "IntrAnet",
    "internet": "IntErnet", "intranetremoteaccess": "RmtIntrAnet", "playtodevice": "Ply2Renders"}
_FAMILIES = ("4", "6")


_SECRET = re.compile(r"psk|pass|pwd|secret|shkey|cred|token", re.IGNORECASE)


def test(key: str, value: str) -> str:
    """Write a test that is not known here; ValueError for one whose value may not be shown."""
    if _SECRET.search(key):
        raise ValueError(Reason("'{key}' is no field of a rule", key=key.strip()))
    return f"{key}={value}"


def items(text: str) -> tuple[str, ...]:
    """Cut a list at its commas; ValueError for an item that is lost: `80,,8000` is a damaged list."""
    found = tuple(each.strip() for each in text.split(",")) if text.strip() else ()
    if "" in found:
        raise ValueError(Reason("an item is missing in the list '{text}'", text=text.strip()))
    return found


def port(word: str) -> str:
    """Spell a port word; numbers, ranges and what is not known stay as they are."""
    return _PORTS.get(word.strip().lower(), word.strip())


def is_port_word(word: str) -> bool:
    """Return whether Windows knows such a word for ports."""
    return word in _PORT_WORDS


def is_address_word(word: str) -> bool:
    """Return whether Windows knows such a word for addresses, with the digit of a family or without."""
    return word in _ADDRESS_WORDS or (word[-1:] in _FAMILIES and word[:-1] in _ADDRESS_WORDS)


def one_way(word: str, *, local: bool) -> str:
    """Spell a port word of a tool that writes IPHTTPS for either end: local ports are the inbound kind."""
    known = port(word)
    way = "In" if local else "Out"
    return {"iphttps": f"IPHTTPS{way}", "iptls": f"IPTLS{way}"}.get(known.lower(), known)


def address(word: str, family: str = "") -> str:
    """Spell a keyword, with the digit of the only family that it means; addresses stay as they are."""
    plain = word.strip()
    known = _ADDRESSES.get(plain.lower())
    if known is None and plain[-1:] in _FAMILIES:
        known, family = _ADDRESSES.get(plain[:-1].lower()), plain[-1]
    return known + family if known else plain


def addresses(words: Iterable[str]) -> tuple[str, ...]:
    """Order a list for good: no doubles, and a keyword of both families occurs once, without a digit."""
    kept = dict.fromkeys(words)
    for word in list(kept):
        if word[:-1] in _ADDRESS_WORDS and all(word[:-1] + digit in kept for digit in _FAMILIES):
            kept = dict.fromkeys(word[:-1] if each[:-1] == word[:-1] else each for each in kept)
    return tuple(kept)
