"""Names that nft has for numbers of ICMP, of header fields and of connections."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, RELATED, UNTRACKED
from aclproof.parsers.model.packet_conditions import Status

ICMP_TYPES: Mapping[str, int] = {
    "echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5, "echo-request": 8,
    "router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12,
    "timestamp-request": 13, "timestamp-reply": 14, "info-request": 15, "info-reply": 16,
    "address-mask-request": 17, "address-mask-reply": 18}
ICMP_CODES: Mapping[str, int] = {
    "net-unreachable": 0, "host-unreachable": 1, "prot-unreachable": 2, "port-unreachable": 3,
    "frag-needed": 4, "net-prohibited": 9, "host-prohibited": 10, "admin-prohibited": 13}
ICMP6_TYPES: Mapping[str, int] = {
    "destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4,
    "echo-request": 128, "echo-reply": 129, "mld-listener-query": 130, "mld-listener-report": 131,
    "mld-listener-done": 132, "mld-listener-reduction": 132, "nd-router-solicit": 133,
    "nd-router-advert": 134, "nd-neighbor-solicit": 135, "nd-neighbor-advert": 136, "nd-redirect": 137,
    "router-renumbering": 138, "ind-neighbor-solicit": 141, "ind-neighbor-advert": 142,
    "mld2-listener-report": 143}
ICMP6_CODES: Mapping[str, int] = {
    "no-route": 0, "admin-prohibited": 1, "addr-unreachable": 3, "port-unreachable": 4, "policy-fail": 5,
    "reject-route": 6}

FLAGS: Mapping[str, int] = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64,
                            "cwr": 128}
"""Of TCP."""

ETHERTYPES: Mapping[str, int] = {"ip": 0x0800, "ip6": 0x86DD, "arp": 0x0806, "vlan": 0x8100, "8021q": 0x8100,
                                 "8021ad": 0x88A8}
NETWORKS: Mapping[str, int] = {"ipv4": 2, "ipv6": 10}

STATES: Mapping[str, str] = {"new": NEW, "established": ESTABLISHED, "related": RELATED, "invalid": INVALID,
                             "untracked": UNTRACKED}
STATE_BITS: Mapping[int, str] = {1: "invalid", 2: "established", 4: "related", 8: "new", 64: "untracked"}
"""linux/netfilter/nf_conntrack_common.h, as nft prints what has no name alone."""

STATUS_BITS: Mapping[str, int] = {"expected": 1, "seen-reply": 2, "assured": 4, "confirmed": 8, "snat": 16,
                                  "dnat": 32}
STATUSES: Mapping[int, Status] = {1: "EXPECTED", 2: "SEEN_REPLY", 4: "ASSURED", 8: "CONFIRMED"}
TRANSLATED: Mapping[int, str] = {16: "SNAT", 32: "DNAT"}
"""Statuses that the model keeps with the states of a connection."""
