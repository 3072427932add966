"""Pairs of routers by hand, and what becomes of each ask: derived from the rules, not from a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.oracle.road import BETWEEN
from tests.oracle.router_rules import ESTABLISHED, written


class Case(NamedTuple):
    """Two routers; the first one is next to the client."""

    r1: str
    r2: str
    ends: Mapping[str, str]
    """For each ask `passes`, or which packet is lost where; `or` joins what differs by address or port."""
    may_stay_open: frozenset[str] = frozenset()


_R1, _R2 = BETWEEN.values()
_NEW = "-m conntrack --ctstate NEW -j ACCEPT"
_OPEN = written("ACCEPT", [])
_STATEFUL = written("DROP", [ESTABLISHED, _NEW])
_FROM_CLIENT_ONLY = written("DROP", ["-i eth0 -j ACCEPT"])
_FROM_SERVER_ONLY = written("DROP", ["-i eth1 -j ACCEPT"])
_NO_FOLLOW_UPS = written("DROP", [_NEW, "-i eth1 -m state --state ESTABLISHED -j ACCEPT"])
_BY_PORT = written("DROP", [
    "-p tcp --dport 80 -j ACCEPT", "-p tcp --sport 80 ! --syn -j ACCEPT", "-p udp --dport 53 -j ACCEPT",
    "-p udp --sport 53 -j ACCEPT", "-p icmp --icmp-type echo-request -j ACCEPT",
    "-p icmp --icmp-type echo-reply -j ACCEPT"])
_BEHIND_TRANSLATION = written("DROP", [
    ESTABLISHED, f"-s {_R1}/32 -p tcp --dport 80 -j ACCEPT", "-s 10.1.0.0/24 -p tcp --dport 445 -j ACCEPT",
    f"-s {_R1}/32 -p icmp -j ACCEPT", f"-i eth1 {_NEW}"])
_TRANSLATED = {"client tcp 80": "passes", "client tcp 445": "request at r2", "client ping": "passes",
               "server tcp 135": "passes"}

CASES = {
    "both open": Case(_OPEN, _OPEN, dict.fromkeys(
        ("client tcp 80", "client udp 53", "client ping", "server tcp 135-139", "server udp 135",
         "server ping"), "passes")),
    "both keep state": Case(_STATEFUL, _STATEFUL, dict.fromkeys(
        ("client tcp 5000-5003", "client udp 53", "client ping", "server tcp 135", "server udp 135",
         "server ping"), "passes")),
    "r1 drops the SYN": Case(
        written("ACCEPT", ["-i eth0 -p tcp --syn --dport 80 -j DROP"]), _STATEFUL,
        {"client tcp 80": "request at r1", "client tcp 445": "passes", "server tcp 80": "passes"}),
    "r2 drops the SYN": Case(
        _STATEFUL, written("ACCEPT", ["-i eth0 -p tcp --syn --dport 80 -j DROP"]),
        {"client tcp 80": "request at r2", "client tcp 445": "passes", "server tcp 80": "passes"}),
    "both drop it, and whoever is met first has it": Case(
        written("ACCEPT", ["-p tcp --dport 445 -j DROP"]), written("ACCEPT", ["-p tcp --dport 445 -j DROP"]),
        {"client tcp 445": "request at r1", "server tcp 445": "request at r2",
         "server tcp 135": "passes or reply at r1"}),  # from port 445 the answers go to port 445
    "r1 has no rule for replies": Case(
        _FROM_CLIENT_ONLY, _STATEFUL,
        {"client tcp 80": "reply at r1", "client udp 53": "reply at r1", "client ping": "reply at r1",
         "server tcp 135": "request at r1", "server ping": "request at r1"}),
    "r2 has no rule for replies": Case(
        _STATEFUL, _FROM_CLIENT_ONLY,
        {"client tcp 80": "reply at r2", "client udp 53": "reply at r2", "client ping": "reply at r2",
         "server tcp 135": "request at r2", "server ping": "request at r2"}),
    "client push: neither has a rule for replies": Case(
        _FROM_SERVER_ONLY, _FROM_SERVER_ONLY,
        {"server tcp 135": "reply at r1", "server udp 135": "reply at r1", "server ping": "reply at r1",
         "client tcp 80": "request at r1"}),
    "r1 drops what follows, by its state": Case(
        _NO_FOLLOW_UPS, _STATEFUL,
        {"client tcp 80": "follow-up at r1", "client udp 53": "follow-up at r1", "client ping": "passes",
         "server tcp 135": "reply at r1"}),
    "r2 drops what follows, by its state": Case(
        _STATEFUL, _NO_FOLLOW_UPS,
        {"client tcp 80": "follow-up at r2", "client udp 53": "follow-up at r2", "client ping": "passes",
         "server tcp 135": "reply at r2"}),
    "r1 does not track the request, and asks for its state": Case(
        written("DROP", [ESTABLISHED, _NEW], raw=["PREROUTING -p udp --dport 53 -j NOTRACK"]), _STATEFUL,
        {"client udp 53": "request at r1", "client tcp 80": "passes"}),
    "r2 does not track the reply, and asks for its state": Case(
        _STATEFUL, written("DROP", [ESTABLISHED, _NEW], raw=["PREROUTING -p udp --sport 53 -j CT --notrack"]),
        {"client udp 53": "reply at r2", "client tcp 80": "passes"}),
    "r2 tracks neither, and has rules without states": Case(
        _STATEFUL, written("DROP", ["-p udp --dport 53 -j ACCEPT", "-p udp --sport 53 -j ACCEPT"],
                           raw=["PREROUTING -p udp --dport 53 -j NOTRACK",
                                "PREROUTING -p udp --sport 53 -j NOTRACK"]),
        {"client udp 53": "passes", "client tcp 80": "request at r2"}),
    "r1 tracks only the replies of TCP, which are invalid": Case(
        written("DROP", ["-m conntrack --ctstate INVALID -j DROP", "-p tcp --dport 80 -j ACCEPT",
                         "-i eth1 -j ACCEPT"], raw=["PREROUTING -p tcp --dport 80 -j NOTRACK"]), _STATEFUL,
        {"client tcp 80": "reply at r1", "server tcp 135": "reply at r1"},
        frozenset({"client tcp 80"})),
    "r1 tracks only the requests, so nothing is ever established": Case(
        written("DROP", [ESTABLISHED, "-i eth0 -p tcp --syn -j ACCEPT", f"-i eth0 -p udp {_NEW}",
                         "-i eth1 -j ACCEPT"], raw=["PREROUTING -i eth1 -j NOTRACK"]), _STATEFUL,
        {"client tcp 80": "follow-up at r1", "client udp 53": "passes"}),
    "an echo reply is dropped on its way": Case(
        _STATEFUL, written("ACCEPT", ["-p icmp --icmp-type echo-reply -j DROP"]),
        {"client ping": "reply at r2", "server ping": "reply at r2", "client tcp 80": "passes"}),
    "an echo reply is dropped by the first, by its interface": Case(
        written("ACCEPT", ["-i eth1 -p icmp --icmp-type echo-reply -j DROP"]), _STATEFUL,
        {"client ping": "reply at r1", "server ping": "passes"}),
    "requests are refused": Case(
        written("ACCEPT", ["-p tcp --syn --dport 80 -j REJECT --reject-with tcp-reset"]),
        written("ACCEPT", ["-p udp --dport 53 -j REJECT", "-p icmp --icmp-type echo-request -j REJECT"]),
        {"client tcp 80": "request at r1", "client udp 53": "request at r2", "client ping": "request at r2",
         "server tcp 80": "request at r1", "server tcp 135": "passes"}),
    "replies are refused": Case(
        _STATEFUL, written("ACCEPT", ["-i eth1 -p tcp --sport 80 -j REJECT --reject-with tcp-reset",
                                      "-p udp --sport 53 -j REJECT --reject-with icmp-admin-prohibited"]),
        {"client tcp 80": "reply at r2", "client udp 53": "reply at r2", "client tcp 445": "passes"}),
    "replies of UDP alone are lost": Case(
        written("DROP", [f"-p tcp {ESTABLISHED}", _NEW]), _STATEFUL,
        {"client udp 53": "reply at r1", "server udp 135": "reply at r1", "client tcp 80": "passes",
         "server tcp 135": "passes", "client ping": "reply at r1"}),
    "rules for interfaces": Case(
        written("DROP", [ESTABLISHED, "-i eth0 -o eth1 -p tcp -m multiport --dports 80,445 -j ACCEPT",
                         "-i eth0 -p udp -j ACCEPT"]),
        written("DROP", [ESTABLISHED, "-i eth0 -o eth1 -p tcp -j ACCEPT", "-i eth1 -o eth0 -p tcp -j ACCEPT",
                         "-i eth1 -p udp -j ACCEPT"]),
        {"client tcp 445": "passes", "server tcp 445": "request at r1", "client udp 53": "request at r2",
         "server udp 135": "request at r1"}),
    "replies by source port, without states": Case(
        _BY_PORT, _BY_PORT,
        {"client tcp 80": "passes", "client udp 53": "passes", "client ping": "passes",
         "server ping": "passes", "server tcp 135": "request at r2", "server tcp 80": "passes"}),
    "replies to high ports only": Case(
        written("DROP", ["-i eth0 -p tcp --dport 80 -j ACCEPT",
                         "-i eth1 -p tcp --sport 80 --dport 1024:65535 ! --syn -j ACCEPT"]), _STATEFUL,
        {"client tcp 80": "passes or reply at r1"}),
    "one client of two": Case(
        _STATEFUL, written("DROP", [ESTABLISHED, "-s 10.1.0.10/32 -p tcp -j ACCEPT",
                                    "-d 10.1.0.11/32 -p tcp -j ACCEPT"]),
        {"client tcp 80": "passes or request at r2", "server tcp 135": "passes or request at r2"}),
    "drops in other tables": Case(
        written("ACCEPT", [], mangle=["FORWARD -p tcp --syn --dport 445 -j DROP"]),
        written("ACCEPT", [], raw=["PREROUTING -p udp --sport 53 -j DROP"],
                mangle=["POSTROUTING -o eth0 -p icmp -j DROP"]),
        {"client tcp 445": "request at r1", "server tcp 445": "request at r1", "client udp 53": "reply at r2",
         "client ping": "reply at r2", "server ping": "request at r2", "client tcp 80": "passes"}),
    "a connection by its mark": Case(
        written("DROP", ["-m connmark --mark 0x1 -j ACCEPT"],
                mangle=["PREROUTING -p tcp --dport 80 -j CONNMARK --set-mark 0x1"]), _STATEFUL,
        {"client tcp 80": "passes", "client tcp 445": "request at r1"}),
    "chains of one's own": Case(
        written("DROP", ["-j STATES", "-p tcp -g TCP", _NEW],
                own=["STATES -m conntrack --ctstate INVALID -j DROP", f"STATES {ESTABLISHED}",
                     "TCP -p tcp --syn --dport 80 -j RETURN", "TCP -i eth1 -j RETURN", "TCP -j ACCEPT"]),
        _STATEFUL,
        {"client tcp 80": "request at r1", "client tcp 445": "passes", "server tcp 135": "request at r1",
         "client udp 53": "passes"}),
    "SNAT before a filter": Case(
        written("DROP", [ESTABLISHED, _NEW], nat=[f"POSTROUTING -o eth1 -j SNAT --to-source {_R1}"]),
        _BEHIND_TRANSLATION, _TRANSLATED),
    "MASQUERADE before a filter": Case(
        written("DROP", [ESTABLISHED, _NEW], nat=["POSTROUTING -o eth1 -j MASQUERADE"]),
        _BEHIND_TRANSLATION, _TRANSLATED, frozenset({"client tcp 80", "client tcp 445", "client ping"})),
    "SNAT of some before a filter": Case(
        written("DROP", [ESTABLISHED, _NEW],
                nat=[f"POSTROUTING -s 10.1.0.11/32 -o eth1 -j SNAT --to-source {_R1}"]),
        _BEHIND_TRANSLATION,
        {"client tcp 80": "request at r2 or passes", "client tcp 445": "request at r2 or passes"}),
    "SNAT of what the server pushes": Case(
        written("DROP", [ESTABLISHED, f"-s {_R2}/32 -p tcp --dport 135 -j ACCEPT",
                         "-s 10.2.0.10/32 -p tcp --dport 445 -j ACCEPT", f"-i eth0 {_NEW}"]),
        written("DROP", [ESTABLISHED, _NEW], nat=[f"POSTROUTING -o eth0 -j SNAT --to-source {_R2}"]),
        {"server tcp 135": "passes", "server tcp 445": "request at r1", "client tcp 80": "passes"}),
    "MASQUERADE before a filter of ports": Case(
        written("DROP", [ESTABLISHED, _NEW], nat=["POSTROUTING -o eth1 -j MASQUERADE"]),
        written("DROP", [ESTABLISHED, "-p tcp --dport 80 -j ACCEPT"]),
        {"client tcp 80": "passes", "client tcp 445": "request at r2"}),
    "one kind of packet is lost in every connection": Case(
        _STATEFUL, written("ACCEPT", ["-i eth1 -p tcp --sport 80 --tcp-flags FIN FIN -j DROP",
                                      "-i eth1 -p tcp --sport 445 --tcp-flags SYN,ACK SYN,ACK -j DROP"]),
        {"client tcp 80": "reply at r2", "client tcp 445": "reply at r2", "client tcp 5000": "passes"},
        frozenset({"client tcp 80", "client tcp 445"})),
}
