"""The packet that `packet-tracer input` is asked about.

Its grammar is in the ASA's command reference, I to R, "packet-tracer": ICMP has type, code and identifier
between the addresses, `rawip` a protocol; a name, a user or a security group instead of an address is no
packet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import ICMP, ICMP6, SCTP, TCP, UDP

_WITH_PORTS = {"tcp": TCP, "udp": UDP, "sctp": SCTP}
_ALLOWED = frozenset({"detailed", "detail", "xml", "persist", "transmit"})
"""Options under which the answer is about the packet as it would come in, and whole."""
_MAC = re.compile(r"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}", re.IGNORECASE)


class Asked(Struct, frozen=True):
    """What the command names."""

    ingress: str
    packet: Packet


def is_trace(words: Sequence[str]) -> bool:
    """Return whether a command is `packet-tracer`, perhaps abbreviated."""
    return bool(words) and len(words[0]) > 2 and "packet-tracer".startswith(words[0].lower())


def has_options(words: Sequence[str]) -> bool:
    """Return whether a command ends with an option, so that its last value is there to the end."""
    return words[-1].lower() in _ALLOWED


def read(words: Sequence[str]) -> Asked | None:
    """Return the packet of a command, None where its words do not say one, or ask for a special treatment."""
    match list(words):
        case [_, way, ingress, protocol, source, *rest] if way and "input".startswith(way.lower()):
            packet = _packet(protocol.lower(), source, rest)
            return Asked(ingress, packet) if packet else None
        case _:
            return None


def _packet(protocol: str, source: str, rest: list[str]) -> Packet | None:
    while rest and rest[-1].lower() in _ALLOWED:
        rest = rest[:-1]
    rest = [word for word in rest if not _MAC.fullmatch(word)]
    try:
        if protocol in _WITH_PORTS:
            return _with_ports(_WITH_PORTS[protocol], source, rest)
        if protocol == "icmp":
            return _icmp(source, rest)
        return _raw(source, rest) if protocol == "rawip" else None
    except LineError:
        return None


def _with_ports(protocol: int, source: str, rest: list[str]) -> Packet | None:
    if len(rest) != 3:
        return None
    family, start, end = _ends(source, rest[1])
    return Packet(family, protocol, start, end, *(literals.port(word, protocol) for word in rest[::2]))


def _icmp(source: str, rest: list[str]) -> Packet | None:
    """A code that is not said is 0; what comes after it is an identifier, which no rule looks at."""
    if not 2 <= len(rest) <= 4:
        return None
    family, start, end = _ends(source, rest[-1])
    protocol = ICMP if family is Family.V4 else ICMP6
    kinds, codes = literals.icmp_type(rest[0], protocol)
    code: int | None = codes.lowest
    if len(rest) > 2:
        code = literals.number(rest[1], 255)
    if code is None or (len(rest) == 4 and literals.number(rest[2], 65535) is None):
        return None
    return Packet(family, protocol, start, end, kinds.lowest, code)


def _raw(source: str, rest: list[str]) -> Packet | None:
    """Of a protocol whose ports the command does not name nothing is known."""
    if len(rest) != 2:
        return None
    family, start, end = _ends(source, rest[1])
    protocol = literals.protocol(rest[0])
    if protocol in (*_WITH_PORTS.values(), ICMP, ICMP6):
        return None
    return Packet(family, protocol, start, end, 0, 0)


def _ends(source: str, destination: str) -> tuple[Family, int, int]:
    """Both addresses; LineError where one is none, or they are of two families."""
    ends = address(source), address(destination)
    if ends[0][0] is not ends[1][0]:
        raise LineError
    return ends[0][0], ends[0][1], ends[1][1]


def address(text: str) -> tuple[Family, int]:
    """Read one address as a device writes it; LineError for anything else."""
    if text == "0":  # short for the address of nobody
        raise LineError
    found = literals.host(text, {})
    return (Family.V4, found.v4.lowest) if found.v4 else (Family.V6, found.v6.lowest)
