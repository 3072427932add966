"""Statements that end their rule for packets which lack what they read or write, as the kernel does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.oracle.judge import Judge, Way
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import ICMP, ICMP6, SYN, TCP, UDP, Probe

_OBJECTS = """	counter c { packets 0 bytes 0; }
	ct helper h { type "ftp" protocol tcp; }
	ct expectation e { protocol tcp; dport 9876; timeout 2m; size 12; l3proto ip; }
	flowtable ft { hook ingress priority 0; devices = { eth0, eth1 }; }
	map known { type inet_service : mark; elements = { 80 : 1 }; }
"""
_KINDS = ("tcp", "udp", "echo", "tcp6")


def _ends(family: int) -> tuple[int, int]:
    return PLANS[family].clients.address(5), PLANS[family].servers.address(9)


_PROBES = {"tcp": Probe(4, TCP, *_ends(4), 40_000, 80, SYN), "udp": Probe(4, UDP, *_ends(4), 40_000, 80),
           "echo": Probe(4, ICMP, *_ends(4), 8, 0), "tcp6": Probe(6, TCP, *_ends(6), 40_000, 80, SYN),
           "echo6": Probe(6, ICMP6, *_ends(6), 128, 0)}


def _said(kind: str, *rules: str, policy: str = "drop", hook: str = "forward") -> str:
    text = "\n".join(["table inet t {", _OBJECTS, f"chain f {{ type filter hook {hook} priority 0; "
                      f"policy {policy};", *rules, "}", "}"]) + "\n"
    asked = _PROBES[kind]
    return Judge({"rules.nft": text}, asked.family).judge(Way.by("forward", INGRESS[0]), asked, "NEW").verdict


def _fates(passing: str) -> Mapping[str, str]:
    return {kind: "permit" if kind in passing.split() else "deny" for kind in _KINDS}


_ACCEPTED = {
    "counter": "tcp udp echo tcp6", 'counter log prefix "x" level info': "tcp udp echo tcp6",
    "meta priority set 1:1": "tcp udp echo tcp6", 'ct helper set "h"': "tcp udp echo tcp6",
    "meta nftrace set 1": "tcp udp echo tcp6", "dup to 10.9.9.9": "tcp udp echo tcp6",
    "meta mark set meta mark | 1": "tcp udp echo tcp6", "meta mark set numgen inc mod 2": "tcp udp echo tcp6",
    'counter name tcp dport map { 80 : "c" }': "tcp tcp6", 'counter name udp dport map { 81 : "c" }': "",
    'ct helper set tcp dport map { 8443 : "h" }': "",
    "meta priority set tcp dport map { 80 : 1:1 }": "tcp tcp6",
    "ct zone set tcp dport map { 81 : 5 }": "",
    "ct label set tcp dport map { 81 : 5 }": "",
    "dup to ip saddr map { 10.9.9.9 : 10.2.0.5 }": "", "meta priority set udp dport map { * : 1:1 }": "udp",
    "meta priority set tcp dport map @known": "tcp tcp6",
    "ip dscp set cs1": "tcp udp echo", "ip6 dscp set cs1": "tcp6", "ip ecn set ce": "tcp udp echo",
    "ip frag-off set 0x4000": "tcp udp echo",
    "ip ttl set 64": "tcp udp echo", "ip6 hoplimit set 64": "tcp6", "ip id set 5": "tcp udp echo",
    "ip6 flowlabel set 5": "tcp6", "tcp window set 5": "tcp tcp6", "udp checksum set 0": "udp",
    "tcp option maxseg size set 1400": "tcp tcp6", "tcp option maxseg size set rt mtu": "tcp tcp6",
    "reset tcp option sack-perm": "tcp tcp6", "meta mark set jhash ip6 saddr mod 4": "tcp6",
    "meta mark set ct mark": "tcp udp echo tcp6", "ct mark set meta mark": "tcp udp echo tcp6",
    "meta mark set jhash ip saddr . tcp dport mod 4": "tcp", "meta mark set jhash icmp type mod 4": "echo",
    "meta mark set jhash udp sport mod 4": "udp", "ct mark set jhash tcp sport mod 4": "tcp tcp6"}
"""A statement before `accept`, and what goes on to it where the policy is to drop."""


@pytest.mark.parametrize("statement", _ACCEPTED)
def test_what_a_statement_asks(statement: str) -> None:
    assert {kind: _said(kind, f"{statement} accept") for kind in _KINDS} == _fates(_ACCEPTED[statement])


@pytest.mark.parametrize("statement", [
    "flow add @ft", 'ct expectation set "e"', "meta mark set meta cgroup", "meta mark set @th,800,32",
    "meta mark set ct id", "meta mark set jhash meta skuid mod 4", "meta mark set jhash ct id mod 4",
    "meta mark set jhash vxlan ip saddr mod 4",
    "meta mark set jhash tcp option maxseg size mod 4", "meta mark set jhash icmp id mod 4 ip saddr 10.1.0.5",
    "meta mark set tcp dport", "meta mark set rt classid",
    "meta priority set numgen inc mod 2 map { 0 : 1:1 }", "meta priority set tcp dport map @gone",
    "meta mark set tcp dport map @gone", "ct label set tcp dport", "icmp id set 5 ip saddr 10.1.0.5",
    "tcp flags set 0", "tcp doff set 5", "ip version set 6", "icmp type set 13", "icmp code set 3",
    "ip frag-off set 0x2000"])
def test_what_cannot_be_told(statement: str) -> None:
    """Neither what is accepted after it nor what is denied after it."""
    kind = "echo" if "icmp" in statement else "tcp"
    assert _said(kind, f"{statement} accept") == "undecided"
    assert _said(kind, f"{statement} drop", policy="accept") == "undecided"


@pytest.mark.parametrize("statement", ["meta mark set jhash tcp option maxseg size mod 4",
                                       "meta mark set jhash icmp id mod 4"])
def test_what_other_protocols_lack_ends_the_rule(statement: str) -> None:
    assert _said("udp", f"{statement} accept") == "deny"


@pytest.mark.parametrize("statement", ["flow add @ft", 'ct expectation set "e"', "meta mark set meta cgroup",
                                       "icmp id set 5", "ip dscp set cs1 counter log"])
def test_what_nothing_comes_after_hinders_nothing(statement: str) -> None:
    assert _said("tcp", statement, "accept") == "permit"


_REJECTED = {"reject": "", "reject with icmpx admin-prohibited": "",
             "reject with icmp port-unreachable": "tcp6",
             "reject with icmpv6 admin-prohibited": "tcp udp echo", "reject with tcp reset": "udp echo",
             "ip dscp set cs1 drop": "tcp6",
             "ip ttl set 64": "tcp udp echo tcp6"}


@pytest.mark.parametrize("statement", _REJECTED)
def test_what_is_denied(statement: str) -> None:
    found = {kind: _said(kind, statement, policy="accept") for kind in _KINDS}
    assert found == _fates(_REJECTED[statement])


def test_what_ends_a_rule_leaves_undone_what_comes_after() -> None:
    rules = ("ip ttl set 64 meta mark set 1", "meta mark 0 drop")
    found = {kind: _said(kind, *rules, policy="accept") for kind in _KINDS}
    assert found == _fates("tcp udp echo")


def test_a_hop_limit_that_ends_on_the_way_is_of_one_family() -> None:
    found = {kind: _said(kind, "ip ttl set 1", policy="accept", hook="prerouting") for kind in _KINDS}
    assert found == _fates("tcp6")


@pytest.mark.parametrize("kind", ["echo", "echo6"])
@pytest.mark.parametrize(("test", "expected"), [
    ("meta l4proto . th dport != { tcp . 1-65535, udp . 1-65535 } drop", "deny"),
    ("meta l4proto . th dport vmap { tcp . 80 : accept, * : drop }", "deny"),
    ("th dport vmap { 80 : drop, * : drop }", "deny"), ("th dport 80 drop", "undecided"),
    ("th dport 0-65535 drop", "deny"), ("th sport . th dport != { 1 . 2 } drop", "undecided")])
def test_th_is_read_of_any_protocol(kind: str, test: str, expected: str) -> None:
    assert _said(kind, test, policy="accept") == expected
