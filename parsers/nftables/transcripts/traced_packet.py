"""A packet as `nft monitor trace` prints it."""

from __future__ import annotations

import re

from msgspec import Struct

from aclproof.parsers.model.answer_ends import address
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import ICMP, ICMP6, SCTP, TCP, UDP

_FIELD = re.compile(r"(?P<name>ip6? (?:saddr|daddr|protocol|nexthdr|id|length)|"
                    r"(?:tcp|udp|sctp) (?:sport|dport)|tcp flags(?: ==)?|icmp(?:v6)? (?:type|code)|[io]if) "
                    r"(?P<value>\"[^\"]*\"|\S+)")
_PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "ipv6-icmp": ICMP6, "sctp": SCTP}
_ECHO_REQUEST = {ICMP: 8, ICMP6: 128}
_LAST_PORT = 65535


class Traced(Struct, frozen=True):
    """The packet where one chain got it."""

    packet: Packet
    mark: str
    """What stays the same on the packet's way, of which no other one with the same id has the same."""
    begins: bool
    """Whether it is the first of its connection, as far as it shows."""
    ingress: str
    egress: str


def traced(text: str) -> Traced | None:
    """Read the words after `packet:`; None where an end, the protocol or a port is missing."""
    found = {each["name"].removesuffix(" =="): each["value"].strip('"') for each in _FIELD.finditer(text)}
    six = "ip6 saddr" in found
    ip = "ip6" if six else "ip"
    source, destination = address(found.get(f"{ip} saddr")), address(found.get(f"{ip} daddr"))
    protocol = _protocol(found, six=six)
    if source is None or destination is None or protocol is None:
        return None
    ports = _ports(found, protocol)
    if ports is None or (protocol == TCP and "tcp flags" not in found):
        return None
    begins = found.get("tcp flags") == "syn" if protocol == TCP else True
    return Traced(Packet(source[0], protocol, source[1], destination[1], *ports),
                  " ".join(found.get(name, "") for name in ("ip id", "ip length", "ip6 length", "tcp flags")),
                  begins, found.get("iif", ""), found.get("oif", ""))


def _protocol(found: dict[str, str], *, six: bool) -> int | None:
    """A chain of one family does not print what its match on ports implies."""
    for name in ("tcp", "udp", "sctp"):
        if f"{name} dport" in found:
            return _PROTOCOLS[name]
    named = found.get("ip6 nexthdr" if six else "ip protocol", "icmpv6" if "icmpv6 type" in found else
                      "icmp" if "icmp type" in found else "")
    return _PROTOCOLS.get({"icmpv6": "ipv6-icmp"}.get(named, named))


def _ports(found: dict[str, str], protocol: int) -> tuple[int, int] | None:
    """Type and code of ICMP, where it is an echo request; None where they are not there."""
    if protocol in _ECHO_REQUEST:
        name = "icmp" if protocol == ICMP else "icmpv6"
        asks = found.get(f"{name} type") in ("echo-request", str(_ECHO_REQUEST[protocol]))
        return (_ECHO_REQUEST[protocol], 0) if asks else None
    name = next(each for each, number in _PROTOCOLS.items() if number == protocol)
    try:
        ports = int(found[f"{name} sport"]), int(found[f"{name} dport"])
    except (KeyError, ValueError):
        return None
    return ports if max(ports) <= _LAST_PORT else None
