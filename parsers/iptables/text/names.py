"""Protocols, ports and ICMP types as iptables reads them: numbers, names, ranges.

Nothing here depends on the machine it runs on: the configuration comes from another one.
"""

from __future__ import annotations

import re

from aclproof.parsers.iptables.text.port_names import PORTS
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import Range
from aclproof.reason import Reason


class ReversedError(RuleError):
    """A range whose end is below its beginning: old versions of iptables took it, and no packet matches."""


_PROTOCOLS = {
    1: "icmp", 2: "igmp", 3: "ggp", 4: "ipencap ipv4", 5: "st st2", 6: "tcp", 7: "cbt", 8: "egp", 9: "igp",
    12: "pup", 16: "chaos", 17: "udp", 20: "hmp", 22: "xns-idp", 27: "rdp", 28: "irtp", 29: "iso-tp4",
    33: "dccp", 36: "xtp", 37: "ddp", 38: "idpr-cmtp", 41: "ipv6", 42: "sdrp", 43: "ipv6-route",
    44: "ipv6-frag", 45: "idrp", 46: "rsvp", 47: "gre", 48: "dsr", 50: "esp ipv6-crypt", 51: "ah ipv6-auth",
    54: "narp", 55: "mobile", 57: "skip", 58: "ipv6-icmp icmpv6", 59: "ipv6-nonxt", 60: "ipv6-opts",
    73: "rspf cphb", 80: "iso-ip", 81: "vmtp", 88: "eigrp", 89: "ospf ospfigp", 93: "ax.25", 94: "ipip",
    97: "etherip", 98: "encap", 103: "pim", 108: "ipcomp", 111: "ipx-in-ip", 112: "vrrp carp", 115: "l2tp",
    121: "smp", 124: "isis", 132: "sctp", 133: "fc", 135: "mobility-header ipv6-mh mh", 136: "udplite",
    137: "mpls-in-ip", 138: "manet", 139: "hip", 140: "shim6", 141: "wesp", 142: "rohc", 143: "ethernet",
}
"""The name that iptables-save prints, then others."""

NUMBERS = {name: number for number, known in _PROTOCOLS.items() for name in known.split()}
"""Protocols by all of their names."""
_EVERY = frozenset(("all", "ip", "hopopt"))
"""The names of protocol 0, which is no test at all."""

_ICMP4 = """echo-reply 0, pong 0, destination-unreachable 3, network-unreachable 3/0, host-unreachable 3/1,
protocol-unreachable 3/2, port-unreachable 3/3, fragmentation-needed 3/4, source-route-failed 3/5,
network-unknown 3/6, host-unknown 3/7, network-prohibited 3/9, host-prohibited 3/10,
TOS-network-unreachable 3/11, TOS-host-unreachable 3/12, communication-prohibited 3/13,
host-precedence-violation 3/14, precedence-cutoff 3/15, source-quench 4, redirect 5, network-redirect 5/0,
host-redirect 5/1, TOS-network-redirect 5/2, TOS-host-redirect 5/3, echo-request 8, ping 8,
router-advertisement 9, router-solicitation 10, time-exceeded 11, ttl-exceeded 11,
ttl-zero-during-transit 11/0, ttl-zero-during-reassembly 11/1, parameter-problem 12, ip-header-bad 12/0,
required-option-missing 12/1, timestamp-request 13, timestamp-reply 14, address-mask-request 17,
address-mask-reply 18, any 255"""

_ICMP6 = """destination-unreachable 1, no-route 1/0, communication-prohibited 1/1, beyond-scope 1/2,
address-unreachable 1/3, port-unreachable 1/4, failed-policy 1/5, reject-route 1/6, packet-too-big 2,
time-exceeded 3, ttl-exceeded 3, ttl-zero-during-transit 3/0, ttl-zero-during-reassembly 3/1,
parameter-problem 4, bad-header 4/0, unknown-header-type 4/1, unknown-option 4/2, echo-request 128, ping 128,
echo-reply 129, pong 129, router-solicitation 133, router-advertisement 134, neighbour-solicitation 135,
neighbor-solicitation 135, neighbour-advertisement 136, neighbor-advertisement 136, redirect 137"""

_ICMP = {family: dict(each.split() for each in text.split(","))
         for family, text in ((Family.V4, _ICMP4), (Family.V6, _ICMP6))}
_OCTET = (0, 255)

_NUMBER = re.compile("0[xX](?P<hex>[0-9a-fA-F]{1,16})|0(?P<octal>[0-7]{0,16})|[1-9][0-9]{0,16}")
_ICMP_NUMBERS = re.compile("([^/:]+)(?:/([^/:]+)(?::([^/:]+))?)?")


def number(text: str, most: int) -> int | None:
    """Read a number up to `most` as C does, so 010 is 8 and 0x10 is 16; None for anything else."""
    if text.isdecimal() and text.isascii() and text[0] != "0":
        return int(text) if len(text) <= 17 and int(text) <= most else None
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    base = 16 if found["hex"] else 8 if found["octal"] else 10
    value = int(found["hex"] or found["octal"] or text, base)
    return value if value <= most else None


def protocol(text: str) -> int | None:
    """Read a protocol's name or number; None for `all` and 0, which every packet passes."""
    value = number(text, 255)
    if value is None:
        name = text.lower()
        if name in _EVERY:
            return None
        value = NUMBERS.get(name)
    if value is None:
        raise RuleError(Reason("'{text}' is not a protocol", text=text))
    return value or None


def protocol_name(value: int) -> str:
    """Write a protocol as iptables-save does: its first name, or the number where it has none."""
    return _PROTOCOLS.get(value, str(value)).partition(" ")[0]


def port(text: str) -> int:
    """Read one port, by number or by name (names keep their case, as on the host)."""
    value = number(text, 65535)
    if value is None:
        value = PORTS.get(text)
    if value is None:
        raise RuleError(Reason("port {text} is above 65535", text=text) if text.isdecimal()
                    else Reason("'{text}' is no known port name", text=text))
    return value


def ports(text: str) -> Range:
    """Read `22`, `ssh`, `1000:2000`, `1024:` or `:1023`."""
    first, colon, last = text.partition(":")
    if not colon:
        return (port(text),) * 2
    low = port(first) if first else 0
    high = port(last) if last else 65535
    if low > high:
        raise ReversedError(Reason("the port range {text} is reversed, so no port is in it", text=text))
    return low, high


def icmp(text: str, family: Family) -> tuple[Range, Range]:
    """Read an ICMP type as ranges of types and codes: `8`, `3/4`, `3/1:4`, a name or the unique start of one.

    Type 255 is every type for IPv4; for IPv6 the kernel takes it literally, and `any` is no name.
    """
    found = _ICMP_NUMBERS.fullmatch(text)
    value = number(found[1], 255) if found else None
    if found is None or value is None:
        return icmp(_ICMP[family][_icmp_name(text, family)], family)
    codes = _OCTET
    if found[2]:
        low, high = number(found[2], 255), number(found[3] or found[2], 255)
        if low is None or high is None or low > high:
            raise RuleError(Reason("'{text}' is not an ICMP code", text=text))
        codes = low, high
    if value == 255 and family is Family.V4:
        return _OCTET, _OCTET
    return (value, value), codes


def _icmp_name(text: str, family: Family) -> str:
    start = text.lower()
    known = [name for name in _ICMP[family] if start and name.lower().startswith(start)]
    exact = [name for name in known if name.lower() == start]
    if len(exact or known) > 1:
        raise RuleError(Reason("'{text}' can mean the ICMP types {one} and {other}", text=text,
                               one=known[0], other=known[1]))
    if not known:
        raise RuleError(Reason("'{text}' is not an ICMP type of IPv{family}", text=text, family=family))
    return (exact or known)[0]
