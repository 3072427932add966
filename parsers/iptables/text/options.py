"""Which option belongs to which match: people abbreviate what `iptables-save` spells out.

Names are those of iptables-extensions(8). A match that is not listed takes every option after its `-m`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.reason import OR, Reason, joined

BUILT_IN = {
    "-s": "source", "--source": "source", "--src": "source",
    "-d": "destination", "--destination": "destination", "--dst": "destination",
    "-p": "protocol", "--protocol": "protocol", "--proto": "protocol",
    "-i": "in-interface", "--in-interface": "in-interface",
    "-o": "out-interface", "--out-interface": "out-interface",
    "-f": "fragment", "--fragment": "fragment", "--fragments": "fragment",
}
"""Tests that every rule knows, by every spelling that is no abbreviation."""

_PORTS = {"sport": "sport", "source-port": "sport", "dport": "dport", "destination-port": "dport"}
_RANGES = {"sports": "sports", "source-ports": "sports", "dports": "dports", "destination-ports": "dports",
           "ports": "ports"}


def _same(words: str) -> dict[str, str]:
    return {word: word for word in words.split()}


MATCHES: Mapping[str, Mapping[str, str]] = {
    "tcp": {**_PORTS, **_same("tcp-flags syn tcp-option")},
    "udp": _PORTS,
    "udplite": _PORTS,
    "sctp": {**_PORTS, **_same("chunk-types")},
    "dccp": {**_PORTS, **_same("dccp-types dccp-option")},
    "icmp": _same("icmp-type"),
    "icmp6": _same("icmpv6-type"),
    "multiport": _RANGES,
    "state": _same("state"),
    "conntrack": _same("ctstate ctproto ctorigsrc ctorigdst ctreplsrc ctrepldst ctorigsrcport ctorigdstport "
                       "ctreplsrcport ctrepldstport ctstatus ctexpire ctdir"),
    "iprange": _same("src-range dst-range"),
    "addrtype": _same("src-type dst-type limit-iface-in limit-iface-out"),
    "mark": _same("mark"),
    "connmark": _same("mark"),
    "set": {**_same("match-set return-nomatch"), "set": "match-set"},
    "comment": _same("comment"),
    "pkttype": _same("pkt-type"),
    "mac": _same("mac-source"),
}
"""Match to its options: every spelling, and the one that is kept."""

BY_PROTOCOL = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp", "udplite": "udplite", "136": "udplite",
               "sctp": "sctp", "132": "sctp", "dccp": "dccp", "33": "dccp", "icmp": "icmp", "1": "icmp",
               "icmpv6": "icmp6", "ipv6-icmp": "icmp6", "58": "icmp6"}
"""The match that a protocol brings along, without a `-m`."""

ALIASES = {"icmpv6": "icmp6", "ipv6-icmp": "icmp6"}


def owner(option: str, loaded: Iterable[str]) -> tuple[str, str] | None:
    """Find the match that knows an option, and its name there; an unambiguous beginning is enough."""
    found: dict[tuple[str, str], None] = {}
    for module in loaded:
        known = MATCHES.get(module, {})
        if option in known:
            return module, known[option]
        found.update({(module, name): None for spelling, name in known.items()
                      if spelling.startswith(option)})
    if len(found) > 1:
        raise RuleError(Reason("--{option} may mean {found}", option=option,
                               found=joined(OR, (f'--{name}' for _, name in found))))
    return next(iter(found), None)
