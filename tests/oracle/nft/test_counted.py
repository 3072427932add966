"""What each rule matches, many with one packet: said beforehand, counted by kernel and product alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from tests.oracle.judge import Judge, Way
from tests.oracle.kernel import Kernel
from tests.oracle.nft.counters import counted
from tests.oracle.nft.test_rows import chain, table
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import ICMP, ICMP6, SYN, TCP, UDP, Probe

_TRACKS = "ct state new counter"


def _ends(family: int) -> tuple[int, int]:
    return PLANS[family].clients.address(5), PLANS[family].servers.address(9)


class _Case(NamedTuple):
    probe: Probe
    counts: str
    """Rules, one a line."""
    counts_not: str
    before: Sequence[str] = ()
    more: str = ""
    """Another chain."""


_SYN = Probe(4, TCP, *_ends(4), 40_000, 80, SYN)
CASES = {
    "ports": _Case(_SYN, """
counter
tcp dport 80-90
tcp dport >= 80
tcp dport <= 80
tcp dport > 79
tcp dport < 81
tcp dport != 81
tcp dport http
tcp dport { http, https }
tcp dport != { 1-79 }
tcp dport & 0xff == 80
tcp dport & 0xff00 != 1
tcp dport and 0xfff0 0x50
tcp dport & 0x7f50 == 0x50
tcp dport . tcp sport { 80 . 40000 }
tcp dport . tcp sport { 79 . 40000, 80 . 1-65535 }
tcp dport . tcp sport != { 80 . 1, 81 . 40000 }
th dport < 81
th dport & 0xff == 80
th sport 40000
@th,16,16 80
meta l4proto . th dport { tcp . 80 }
ip protocol . th dport { 6 . 79-81 }
tcp sport 40000 tcp dport 80
tcp dport vmap { 81 : accept, 80 : continue }
""", """
tcp dport 81-90
tcp dport > 80
tcp dport < 80
tcp dport <= 79
tcp dport >= 81
tcp dport != 80
tcp dport > 65535
tcp dport { 1-79, 81-65535 }
tcp dport & 0xff != 80
tcp dport & 0xff == 0x150
tcp dport & 0x7f50 == 0x51
tcp dport . tcp sport { 80 . 1, 81 . 40000 }
tcp dport . tcp sport != { 80 . 40000 }
udp dport 80
udp dport != 81
sctp dport 80
udplite dport 80
dccp dport 80
@th,16,16 != 80
tcp sport 40000 tcp dport 81
"""),
    "addresses": _Case(_SYN, """
ip saddr 10.1.0.0-10.1.0.5
ip saddr 10.1.0.4/31
ip saddr > 10.1.0.4
ip saddr >= 10.1.0.5
ip saddr < 10.1.0.6
ip saddr <= 10.1.0.5
ip saddr != 10.1.0.6
ip saddr & 255.0.0.0 == 10.0.0.0
ip saddr & 255.255.0.0 { 10.1.0.0, 10.2.0.0 }
ip saddr & 255.255.0.255 == 10.1.0.5
ip saddr . tcp dport { 10.1.0.0/24 . 80 }
ip saddr . tcp dport != { 10.1.0.0/24 . 81 }
ip daddr . ip saddr { 10.2.0.0/24 . 10.1.0.0/24 }
ct original ip saddr 10.1.0.5
ct original ip daddr 10.2.0.0/24
ct reply ip saddr 10.2.0.9
ct reply ip daddr 10.1.0.5
ct original ip saddr != 10.1.0.6
ct original protocol tcp
ct protocol tcp
meta l4proto tcp ct original proto-src 40000
meta l4proto tcp ct original proto-dst 80-90
meta l4proto tcp ct reply proto-src 80
meta l4proto tcp ct reply proto-dst 40000
meta l4proto tcp ct original proto-dst != 81
fib daddr type unicast
fib daddr type != local
fib daddr type { unicast, local }
fib daddr type != { multicast, broadcast }
fib saddr . iif type != local
""", """
ip saddr 10.1.0.6-10.1.0.9
ip saddr > 10.1.0.5
ip saddr >= 10.1.0.6
ip saddr < 10.1.0.5
ip saddr <= 10.1.0.4
ip saddr != 10.1.0.4/31
ip saddr & 255.255.0.255 == 10.1.0.4
ip saddr . tcp dport { 10.1.0.0-10.1.0.4 . 80, 10.1.0.6 . 80 }
ip saddr . udp dport { 10.1.0.5 . 80 }
ip saddr . udp dport != { 10.1.0.5 . 80 }
ip6 saddr . tcp dport != { ::1 . 80 }
ip6 saddr != ::1
ct original ip saddr 10.2.0.9
ct original ip saddr != 10.1.0.5
ct reply ip daddr 10.2.0.9
ct original ip6 saddr != ::1
ct protocol != tcp
meta l4proto tcp ct original proto-src 80
meta l4proto tcp ct reply proto-src 40000
meta l4proto tcp ct original proto-dst != 80
fib saddr type local
fib daddr type multicast
fib daddr type broadcast
fib daddr type anycast
fib daddr type != { unicast, local }
fib daddr . iif type local
"""),
    "the network's header": _Case(_SYN, """
ip protocol tcp
ip protocol { tcp, udp }
ip protocol != udp
ip protocol 0-6
ip protocol & 2 == 2
ip version 4
ip version != 6
ip version < 5
ip version > 3
ip frag-off & 0x1fff 0
ip frag-off & 0x3fff == 0
ip frag-off & 0x2000 != 0x2000
meta l4proto 6
meta l4proto != { udp, icmp }
meta l4proto & 6 == 6
meta l4proto >= tcp
meta l4proto <= 6
meta nfproto 2
meta nfproto ipv4
meta nfproto != ipv6
meta protocol 0x0800
meta protocol ip
meta protocol != ip6
meta pkttype host
meta pkttype unicast
meta pkttype != broadcast
meta pkttype < broadcast
""", """
ip protocol udp
ip protocol != tcp
ip protocol 7-255
ip protocol & 1 == 1
ip version 6
ip version != 4
ip version > 4
ip6 version 6
ip6 nexthdr tcp
ip frag-off & 0x1fff != 0
ip frag-off & 0x2000 != 0
meta l4proto udp
meta l4proto > tcp
meta l4proto < 6
meta nfproto ipv6
meta nfproto != ipv4
meta protocol ip6
meta protocol vlan
meta protocol 8
meta pkttype broadcast
meta pkttype != host
meta pkttype { broadcast, multicast }
meta pkttype > host
exthdr hbh exists
exthdr hbh missing
frag frag-off 0
rt type 0
dst nexthdr tcp
ah spi 5
esp spi 5
comp cpi 5
igmp type 5
icmp type 8
icmpv6 type 8
"""),
    "flags": _Case(_SYN, """
tcp flags syn
tcp flags 0x2
tcp flags 0x3
tcp flags syn,ack
tcp flags { syn, fin }
tcp flags == syn
tcp flags != ack
tcp flags ! fin,rst
tcp flags & (fin | syn | rst | ack) == syn
tcp flags & (syn | ack) { syn, ack }
tcp flags & (syn | ack) != { ack, fin }
tcp flags & 0x3f == 2
tcp flags & ack == 0
tcp flags & ack != ack
tcp flags and 0x12 == 0x2
tcp flags & syn != 0
tcp flags syn / syn,ack
tcp flags . tcp dport { syn . 80 }
tcp flags < rst
tcp flags <= syn
tcp flags & (syn | ack) < ack
tcp flags & ack < ack
""", """
tcp flags ack
tcp flags 0
tcp flags == 0
tcp flags == syn | ack
tcp flags != syn
tcp flags ! syn,rst
tcp flags != { syn, fin }
tcp flags & (syn | ack) != { syn, ack }
tcp flags & (syn | ack) == ack | syn
tcp flags & 0x12 != 0x2
tcp flags & syn == 0
tcp flags & syn == ack
tcp flags != syn / syn,ack
tcp flags syn,fin / syn,ack
tcp flags < syn
tcp flags <= fin
tcp flags & ack > 0xf
"""),
    "interfaces and connections": _Case(_SYN, """
iif "eth0"
iifname "eth0"
iifname "e*"
iifname "eth0*"
iifname != "eth1"
iifname != { "eth1", "x" }
iifname { "eth0", "x" }
iifname . ip saddr { "eth0" . 10.1.0.5 }
iifname . ip saddr { "eth*" . 10.1.0.5 }
oif "eth1"
oifname "eth1"
oifname != "eth0*"
ct state new
ct state 8
ct state 0x8
ct state new,8
ct state { new }
ct state established,new
ct state != established,related
ct state != { established, related }
ct state ! established
ct state & new != 0
ct state . tcp dport { new . 80 }
ct status ! dnat
ct status ! snat,dnat
ct status ! confirmed,seen-reply
ct status & (snat | dnat) == 0
ct status & (snat | dnat) != snat
ct status & 8 == 0
ct status & (confirmed | dnat) == 0
ct status & confirmed == 0
ct direction original
ct direction 0
ct direction != reply
ct direction { original, reply }
""", """
iif != "eth0"
iifname != "eth0"
iifname ".*"
iifname "eth\\*"
iifname "eth0."
iifname != { "eth0", "x" }
oifname "eth0"
oifname != "eth1"
ct state established
ct state untracked,invalid
ct state != new
ct state != 8
ct state ! new
ct state != { new }
ct state { established, related }
ct state . tcp dport { established . 80 }
ct status 0
ct status confirmed
ct status expected
ct status seen-reply
ct status snat,dnat
ct status assured,confirmed
ct status & (snat | dnat) != 0
ct status & (snat | dnat) == snat
ct status & 8 == 8
ct direction reply
ct direction 1
ct direction != original
ct helper "ftp"
"""),
    "marks": _Case(_SYN, """
meta mark 0x15
meta mark != 0x14
meta mark > 0x14
meta mark >= 0x15
meta mark < 0x16
meta mark <= 0x15
meta mark >= 0
meta mark <= 0xffffffff
meta mark 0x10-0x1f
meta mark 0x15-0x2e
meta mark 0-0x1f
meta mark 1-0x15
meta mark != 0x16-0xff
meta mark { 0x1, 0x15 }
meta mark != { 0x1, 0x16-0x20 }
meta mark & 0xf0 == 0x10
meta mark & 0x6 { 0x4, 0x2 }
meta mark & 0x1 != 0x2
meta mark & 0xf 0x4-0x6
meta mark & 0xff & 0xf == 0x5
ip saddr . meta mark { 10.1.0.5 . 0x15 }
ct mark 0x2a
ct mark & 0xf == 0xa
ct mark < 0x2b
ct mark >= 0x2a
ct mark != 0x15
""", """
meta mark 0x14
meta mark != 0x15
meta mark < 0x15
meta mark > 0x15
meta mark <= 0x14
meta mark >= 0x16
meta mark 0x16-0x2e
meta mark 1-0x14
meta mark != 0x10-0x1f
meta mark != 0x15-0xff
meta mark > 0xffffffff
meta mark < 0
meta mark { 0x1, 0x14 }
meta mark != { 0x1, 0x14-0x20 }
meta mark & 0xf0 == 0x11
meta mark & 0xf == 0x4
meta mark & 0xf0 { 0x20, 0x11 }
meta mark & 0xf 0x6-0x8
ct mark 0x15
ct mark != 0x2a
ct mark & 0xf0 != 0x20
ct mark < 0x2a
""", ("meta mark set 0x15", "ct mark set 0x2a")),
    "marks at their ends": _Case(_SYN, """
meta mark 0
meta mark <= 0
meta mark < 1
meta mark 0-5
meta mark != 1-5
meta mark & 0xff == 0
ct mark >= 0xffffffff
ct mark > 0xfffffffe
ct mark 0xffffffff
ct mark & 0x80000000 != 0
ct mark != 0-0xfffffffe
""", """
meta mark > 0
meta mark >= 1
meta mark >= 5
meta mark != 0-5
ct mark < 0xffffffff
ct mark <= 0xfffffffe
ct mark 0-0xfffffffe
""", ("ct mark set 0xffffffff",)),
    "a translated connection": _Case(_SYN, """
tcp dport 81
ct status dnat
ct status ! snat
ct status dnat,confirmed
ct status snat,dnat
ct status & dnat == dnat
ct status & (dnat | snat) == dnat
ct status & (dnat | snat) != snat
ct status & (dnat | confirmed) == dnat
ct status & (dnat | seen-reply) != dnat | seen-reply
ct status & 0x30 == 0x20
ct state new
meta l4proto tcp ct original proto-dst 80
""", """
tcp dport 80
ct status snat
ct status ! dnat
ct status ! snat,dnat
ct status & (dnat | snat) == dnat | snat
ct status & (dnat | snat) == 0
ct status & (dnat | confirmed) == dnat | confirmed
ct status & snat != 0
ct status & dnat == 0
meta l4proto tcp ct original proto-dst 81
""", more=chain("n", "nat hook prerouting priority dstnat;", "tcp dport 80 dnat to :81")),
    "echo": _Case(Probe(4, ICMP, *_ends(4), 8, 0), """
icmp type echo-request
icmp type 8
icmp type != 0
icmp type { 8, 0 }
icmp type 0-8
icmp type >= 8
icmp code 0
icmp code net-unreachable
icmp code < 1
icmp type . icmp code { 8 . 0 }
icmp type != { 0, 3 }
ip protocol icmp
meta l4proto icmp
""", """
icmp type echo-reply
icmp type != 8
icmp type > 8
icmp code != 0
icmp code 1-255
icmp type . icmp code { 8 . 1 }
icmpv6 type 8
icmpv6 type != 8
tcp dport != 81
tcp flags ! syn
"""),
    "UDP": _Case(Probe(4, UDP, *_ends(4), 40_000, 80), """
udp dport 80
udp sport > 1023
th dport 80
meta l4proto { tcp, udp } th dport 80
meta l4proto . th dport { tcp . 81, udp . 80 }
meta l4proto != tcp
""", """
tcp dport 80
tcp dport != 81
tcp flags ! syn
tcp flags & syn == 0
meta l4proto . th dport { tcp . 80, udp . 81 }
"""),
    "IPv6": _Case(Probe(6, TCP, *_ends(6), 40_000, 80, SYN), """
ip6 nexthdr tcp
ip6 nexthdr != udp
ip6 version 6
ip6 saddr fd00:1::5
ip6 saddr fd00:1::/64
ip6 saddr fd00:1::-fd00:1::5
ip6 daddr != ::1
ip6 saddr & ffff:: == fd00::
meta nfproto ipv6
meta protocol ip6
tcp dport 80
ct original ip6 saddr fd00:1::5
ct reply ip6 daddr fd00:1::5
fib daddr type unicast
fib daddr type != { multicast, local }
""", """
ip6 nexthdr udp
ip6 version 4
ip6 saddr fd00:1::6-fd00:1::9
ip6 daddr ::1
ip saddr 10.1.0.5
ip saddr != 10.1.0.5
ip version 4
ip ttl != 0
meta nfproto ipv4
ct original ip saddr != 10.1.0.5
fib daddr type multicast
fib daddr type local
icmpv6 type != 1
"""),
    "echo of IPv6": _Case(Probe(6, ICMP6, *_ends(6), 128, 0), """
icmpv6 type echo-request
icmpv6 type 128
icmpv6 type != 129
icmpv6 code 0
icmpv6 code no-route
ip6 nexthdr icmpv6
meta l4proto ipv6-icmp
""", """
icmpv6 type echo-reply
icmpv6 type < 128
icmpv6 code != 0
icmp type 128
tcp dport != 80
""")}


@pytest.fixture(scope="module")
def module_kernel(ready: None) -> Iterator[Kernel]:
    with Kernel() as made:
        yield made


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_what_counts(module_kernel: Kernel, name: str, listed: bool) -> None:
    case = CASES[name]
    module_kernel.load_native(_text(case))
    assert module_kernel.send("forward", [(INGRESS[0], case.probe)]) == [True]
    counts = list(counted(module_kernel.native("-j")).values())
    kernel = [found > 0 for found in counts[-len(_rules(case)):]]
    assert dict(zip(_rules(case), kernel, strict=True)) == _expected(case)
    assert _said(case, module_kernel.native("") if listed else _text(case)) == _expected(case)


@pytest.mark.parametrize("name", CASES)
def test_without_a_kernel(name: str) -> None:
    assert _said(CASES[name], _text(CASES[name])) == _expected(CASES[name])


def _rules(case: _Case) -> list[str]:
    return [*case.counts.strip().split("\n"), *case.counts_not.strip().split("\n")]


def _expected(case: _Case) -> dict[str, bool]:
    counts = case.counts.strip().split("\n")
    return {rule: rule in counts for rule in _rules(case)}


def _text(case: _Case) -> str:
    rules = (*case.before, _TRACKS, *(f"{rule} counter" for rule in _rules(case)))
    return table(*filter(None, [case.more]), chain("f", "filter hook forward priority filter;", *rules))


def _said(case: _Case, text: str) -> dict[str, bool]:
    found = Judge({"rules.nft": text}, case.probe.family).judge(
        Way.by("forward", INGRESS[0]), case.probe, "NEW")
    assert found.verdict == "permit"
    _, *lines = (line for line, words in enumerate(text.split("\n"), 1) if "counter" in words)
    return {rule: line in found.lines for rule, line in zip(_rules(case), lines, strict=True)}
