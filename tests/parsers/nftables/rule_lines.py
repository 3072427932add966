"""Rules as people write them, by the family of their table and the chain that takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Chain(NamedTuple):
    """A chain for tests."""

    family: str
    name: str
    binding: str


CHAINS = (
    Chain("ip", "input", "type filter hook input priority 0; policy drop;"),
    Chain("ip6", "input", "type filter hook input priority filter + 5;"),
    Chain("inet", "input", "type filter hook input priority -10; policy accept;"),
    Chain("inet", "raw", "type filter hook prerouting priority raw;"),
    Chain("inet", "mangle", "type filter hook prerouting priority mangle;"),
    Chain("inet", "prerouting", "type nat hook prerouting priority dstnat;"),
    Chain("inet", "postrouting", "type nat hook postrouting priority srcnat;"),
    Chain("inet", "output", "type route hook output priority mangle;"),
    Chain("ip", "prerouting", "type nat hook prerouting priority dstnat;"),
    Chain("ip", "postrouting", "type nat hook postrouting priority srcnat + 1;"),
    Chain("ip6", "prerouting", "type nat hook prerouting priority dstnat;"),
    Chain("bridge", "forward", "type filter hook forward priority filter;"),
    Chain("arp", "input", "type filter hook input priority filter;"),
    Chain("netdev", "ingress", "type filter hook ingress device \"lo\" priority 0;"),
)

SETS = """
    set hosts { type ipv4_addr; flags interval; elements = { 192.0.2.0/25, 198.51.100.1-198.51.100.9 }; }
    set seen { type ipv4_addr; size 1000; flags dynamic,timeout; timeout 1h; }
    set marked { type mark; elements = { 0x1, 0x20 }; }
    set places { type ifname; elements = { "eth0", "ppp0" }; }
    set pairs { type ipv4_addr . inet_service; flags interval;
                elements = { 192.0.2.1 . 80-90, 10.0.0.0/8 . 22 }; }
    set temporary { type inet_service; flags timeout;
                    elements = { 22 timeout 1h, 80 timeout 1d2h comment "web" }; }
    set six { type ipv6_addr; elements = { 2001:db8::1, ::ffff:192.0.2.1 }; }
    map verdicts { type inet_service : verdict;
                   elements = { 22 : accept, 23 : drop, 24 : jump side, 25 : goto side }; }
    map targets { type inet_service : ipv4_addr; elements = { 80 : 192.0.2.80, 443 : 192.0.2.43 }; }
    map ends { type ipv4_addr : ipv4_addr . inet_service; elements = { 10.0.0.1 : 192.0.2.1 . 8080 }; }
    map marks { type ipv4_addr : mark; elements = { 10.0.0.1 : 0x10, 10.0.0.2 : 0x20 }; }
    map wide { type ipv4_addr : verdict; flags interval; elements = { 10.0.0.0/8 : accept, * : drop }; }
    counter hits { packets 0 bytes 0 }
    quota daily { 10 mbytes }
    limit slow { rate 5/minute burst 10 packets }
    ct helper ftp-standard { type "ftp" protocol tcp; }
"""
"""What the tables of the families ip and inet have besides chains."""

_COMPARED: Mapping[str, tuple[str, ...]] = {
    "ip saddr": ("192.0.2.1", "10.0.0.0/8", "10.0.0.1-10.0.0.9", "{ 10.0.0.1, 192.0.2.0/24 }", "@hosts",
                 "{ 10.0.0.1-10.0.0.5, 172.16.0.0/12 }", "0.0.0.0/0"),
    "ip daddr": ("255.255.255.255", "224.0.0.0/4"),
    "ip protocol": ("tcp", "47", "{ tcp, udp, 89 }", "6-17"),
    "ip ttl": ("1", "{ 1, 64 }", "5-10"), "ip length": ("40", "100-1500"), "ip id": ("22",),
    "ip dscp": ("cs1", "ef", "{ af11, af21, 0x3f }"), "ip ecn": ("ect0",), "ip hdrlength": ("5",),
    "ip version": ("4",), "ip checksum": ("22",),
    "tcp sport": ("1024-65535",),
    "tcp dport": ("22", "ssh", "80-90", "{ 22, 80, 443 }", "{ 135, 445, 49152-65535 }"),
    "tcp sequence": ("22",), "tcp ackseq": ("1-100",), "tcp window": ("1500",), "tcp doff": ("8",),
    "tcp urgptr": ("1",), "tcp checksum": ("22",),
    "udp dport": ("53", "{ 67, 68 }", "5000-5100"), "udp length": ("6000",), "udp sport": ("53",),
    "udplite dport": ("80",), "sctp dport": ("2905-2907",), "sctp vtag": ("22",), "dccp sport": ("21-35",),
    "dccp type": ("request", "{ request, data }"), "th dport": ("53", "{ 53, 853 }"),
    "ah spi": ("111-222",), "ah hdrlength": ("11",), "esp spi": ("100",), "esp sequence": ("22",),
    "comp cpi": ("4",),
    "icmp type": ("echo-request", "3", "{ echo-reply, echo-request }", "13"),
    "igmp type": ("membership-query", "{ membership-report-v1, leave-group }"),
    "meta length": ("1000", "{ 33, 55 }"), "meta protocol": ("ip", "{ ip, ip6, arp }"),
    "meta l4proto": ("tcp", "{ tcp, udp, icmp, esp }", "50", "1-6"), "meta priority": ("none", "1:2"),
    "meta mark": ("0x4", "{ 0x1, 0x2 }", "0x20-0x30", "@marked", "22"),
    "iif": ("lo", "{ lo }"), "oif": ("lo",), "iifname": ("eth0", "\"eth*\"", "{ eth0, wlan0 }", "@places"),
    "oifname": ("docker0",), "meta iiftype": ("ether", "loopback"), "meta skuid": ("1000", "1001-1005"),
    "meta skgid": ("100",), "iifgroup": ("default", "5"), "oifgroup": ("7",), "meta cgroup": ("1048577",),
    "meta rtclassid": ("5",), "meta pkttype": ("broadcast", "{ host, multicast }"), "meta cpu": ("1-3",),
    "meta day": ("\"Saturday\"",), "meta hour": ("\"17:00\"",), "meta time": ("\"2024-07-10 12:00:00\"",),
    "ct state": ("established,related", "new", "{ new, established }", "invalid", "untracked"),
    "ct status": ("dnat", "snat,assured", "expected"), "ct direction": ("original", "reply"),
    "ct mark": ("0x32", "{ 0x1-0x5, 0x10 }"), "ct expiration": ("30s", "1m-1h"), "ct helper": ("\"ftp\"",),
    "ct l3proto": ("ipv4",), "ct protocol": ("tcp",), "ct original ip saddr": ("192.0.2.1", "10.0.0.0/8"),
    "ct reply ip daddr": ("192.0.2.1",), "ct reply protocol": ("tcp",), "ct zone": ("7",),
        "ct original zone": ("1",), "ct bytes": ("100000",),
    "ct original packets": ("10-20",), "ct avgpkt": ("200",), "ct label": ("1",), "ct id": ("12345",),
    "socket transparent": ("1",), "socket mark": ("0x10",), "socket wildcard": ("0",),
    "rt classid": ("6",), "fib daddr type": ("local", "{ local, broadcast }"),
    "fib daddr . iif type": ("unicast",), "@th,16,16": ("53",), "@nh,8,8": ("0x10",),
    "tcp option maxseg size": ("1400", "500-1460"), "tcp option window count": ("5",),
    "tcp option timestamp tsval": ("1",), "tcp option sack left": ("1",), "ip option lsrr type": ("1",),
    "ip saddr . tcp dport": ("{ 10.0.0.1 . 22, 10.0.0.2 . 80 }", "@pairs"),
    "iifname . ip saddr": ("{ eth0 . 10.0.0.1, eth1 . 10.0.0.2 }",),
}
"""What is compared in a table ip, equal and not."""

_SIX: Mapping[str, tuple[str, ...]] = {
    "ip6 saddr": ("2001:db8::1", "fe80::/10", "2001:db8::1-2001:db8::9", "{ ::1, 2001:db8::/32 }"),
    "ip6 daddr": ("ff02::/16",), "ip6 nexthdr": ("tcp", "{ tcp, ipv6-icmp }"), "ip6 hoplimit": ("255",),
    "ip6 dscp": ("cs5",), "ip6 flowlabel": ("22",), "ip6 length": ("1280",), "ip6 version": ("6",),
    "icmpv6 type": ("echo-request", "{ nd-neighbor-solicit, nd-router-advert }", "mld-listener-query", "200"),
    "icmpv6 mtu": ("1280",), "frag id": ("1",), "frag more-fragments": ("1",), "frag frag-off": ("22",),
    "hbh hdrlength": ("22",), "dst nexthdr": ("tcp",), "mh type": ("binding-update",), "rt type": ("0",),
    "rt seg-left": ("22",), "rt0 addr[1]": ("2001:db8::1",), "srh last-entry": ("0",),
    "ct original ip6 saddr": ("2001:db8::1",), "rt ip6 nexthop": ("2001:db8::1",),
}

_ONCE = (
    "accept", "drop", "return", "continue", "jump side", "goto side", "counter",
    "counter packets 5 bytes 300",
    "counter name hits", "quota name daily", "limit name slow", "counter drop", "notrack accept",
    "ip saddr 10.0.0.1 counter drop comment \"with words: 'a' # b\"",
    "tcp flags syn", "tcp flags == syn", "tcp flags != syn", "tcp flags syn,ack", "tcp flags { syn, ack }",
    "tcp flags & (fin | syn | rst | ack) == syn", "tcp flags & (syn | ack) != syn | ack",
    "tcp flags syn / fin,syn,rst,ack", "tcp flags ! fin,rst", "tcp flags & (fin | syn) == 0",
    "meta mark & 0xff == 0x10", "meta mark and 0x3 != 0x1", "meta mark & 0xff00 == 0x100 accept",
    "ct mark & 0xf0 == 0x10", "ct mark xor 0x3 == 0x1", "ip saddr & 0.0.0.255 == 0.0.0.7",
    "tcp dport > 1023", "tcp dport >= 1024", "tcp dport < 1024", "tcp dport <= 1023",
    "tcp dport vmap { 22 : accept, 80 : jump side, 443 : drop }", "tcp dport vmap @verdicts",
    "ip saddr vmap { 10.0.0.0/8 : accept, 192.0.2.1 : drop }", "ip saddr vmap @wide",
    "ct state vmap { established : accept, related : accept, invalid : drop }",
    "ip saddr . tcp dport vmap { 10.0.0.1 . 22 : accept }",
    "meta l4proto . th dport vmap { tcp . 53 : accept, udp . 53 : accept }",
    "iifname vmap { \"lo\" : accept, \"eth0\" : jump side }",
    "limit rate 10/second", "limit rate over 5/minute burst 20 packets drop", "limit rate 400/hour",
    "limit rate 1 mbytes/second burst 512 kbytes", "limit rate over 1023 bytes/second", "limit rate 2/day",
    "quota 100 mbytes", "quota over 1000 bytes drop", "quota until 7 kbytes used 5 bytes",
    "ct count 10", "ct count over 20 reject", "log", "log prefix \"in: \"", "log level debug flags all",
    "log prefix \"x\" group 2 snaplen 100 queue-threshold 5", "log flags tcp sequence,options flags skuid",
    "log flags ip options", "log flags ether", "log level audit", "reject",
    "reject with icmp host-unreachable", "reject with icmp type admin-prohibited", "reject with tcp reset",
    "meta mark set 0x5", "meta mark set meta mark or 0x10", "meta mark set meta mark & 0xff | 0x100",
    "meta mark set ct mark", "ct mark set meta mark", "ct mark set 0x7", "meta mark set ip saddr map @marks",
    "meta priority set 1:20", "meta nftrace set 1", "ip ttl set 64",
    "ip dscp set ef", "tcp dport set 8080", "ip saddr set 192.0.2.9", "tcp option maxseg size set 1400",
    "ct zone set 5", "ct event set new,destroy", "ct label set 1",
    "ct helper set \"ftp-standard\"", "add @seen { ip saddr }", "update @seen { ip saddr timeout 5m }",
    "add @seen { ip saddr limit rate over 10/minute } drop", "update @seen { ip saddr counter } accept",
    "delete @seen { ip saddr }", "meta mark set numgen inc mod 2",
    "meta mark set numgen random mod 10 offset 5",
    "meta mark set jhash ip saddr . tcp dport mod 2 seed 0xdead offset 3", "meta mark set symhash mod 4",
    "dup to 192.0.2.1", "dup to 192.0.2.1 device lo", "tcp option maxseg exists",
    "tcp option sack-perm missing",
    "fib saddr . iif oif missing drop", "fib daddr . iif oif exists", "rt ipsec exists",
    "ip option rr exists",
    "meta ipsec exists", "jump { ip saddr 10.0.0.1 drop; tcp dport 22 accept; }",
    "synproxy mss 1460 wscale 7 timestamp sack-perm", "reset tcp option fastopen", "osf name \"Linux\"",
    "meta l4proto tcp th sport 22 accept",
    "ip protocol tcp tcp dport 22 ct state new log prefix \"new \" accept",
    "meta random < 2147483648", "sctp chunk data exists", "ct original protocol tcp ct original proto-dst 22",
    "ct original protocol tcp ct reply proto-src { 80, 443 } accept",
    "ip saddr 10.0.0.0/8 ip daddr 192.0.2.0/24 udp dport 53 accept",
)
"""Statements in a table ip; the chain side is there."""

_OTHERS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("inet", "input"): (
        "meta nfproto ipv4 accept", "meta nfproto { ipv4, ipv6 }", "ip saddr 10.0.0.1 tcp dport 22 accept",
        "ip6 saddr fe80::/10 accept", "icmp type echo-request accept",
        "icmpv6 type nd-neighbor-solicit accept",
        "reject", "reject with icmpx admin-prohibited", "reject with icmp host-unreachable",
        "reject with icmpv6 no-route", "reject with icmpx type no-route", "reject with tcp reset",
        "ether saddr 00:11:22:33:44:55", "ct original ip6 saddr 2001:db8::/32", "ip6 saddr @six drop",
        "iif \"lo\" ip saddr != 127.0.0.0/8 drop", "ip version 4", "vlan id 100", "exthdr hbh exists drop"),
    ("inet", "raw"): ("notrack", "udp dport 53 notrack", "tcp dport 80 tproxy ip to 127.0.0.1:3128"),
    ("inet", "mangle"): (
        "meta l4proto tcp tproxy to :8080", "meta l4proto udp tproxy ip6 to [2001:db8::1]:53",
        "fib saddr . mark . iif oif missing drop", "meta mark set 0x1 accept"),
    ("inet", "output"): ("meta skuid 0 accept", "oifname \"wg*\" drop", "rt mtu 1500",
    "tcp option maxseg size set rt mtu", "socket transparent 1 meta mark set 0x1"),
    ("inet", "prerouting"): (
        "tcp dport 80 dnat ip to 192.0.2.80", "tcp dport 81 dnat ip to 192.0.2.80:8080",
        "tcp dport 82 dnat ip6 to [2001:db8::80]:8080", "tcp dport 83 redirect to :8080", "redirect",
        "tcp dport 84 dnat ip to 192.0.2.80-192.0.2.90 persistent", "dnat ip to tcp dport map @targets"),
    ("inet", "postrouting"): (
        "masquerade", "oifname eth0 masquerade random", "masquerade fully-random,persistent",
        "ip saddr 10.0.0.0/8 snat ip to 192.0.2.1", "ip6 saddr fd00::/8 snat ip6 to 2001:db8::1",
        "tcp sport 1-5 masquerade to :1024-65535"),
    ("ip", "prerouting"): (
        "dnat to 192.0.2.1", "tcp dport 80 dnat to 192.0.2.1:80-90 random",
        "tcp dport 80 dnat to numgen inc mod 2 map { 0 : 192.0.2.1, 1 : 192.0.2.2 }",
        "meta l4proto tcp dnat ip to ip saddr map @ends", "dnat to ip saddr map { 10.0.0.1 : 192.0.2.1 }",
        "tcp dport { 80, 443 } redirect to :3128 fully-random",
        "ip daddr 10.1.0.0/24 dnat ip prefix to 10.2.0.0/24"),
    ("ip", "postrouting"): (
        "snat to 192.0.2.1-192.0.2.9", "snat to 192.0.2.1 persistent",
        "tcp sport 1 snat to 192.0.2.1:1000-2000",
        "udp sport 1 masquerade to :1024"),
    ("ip6", "prerouting"): ("dnat to 2001:db8::1", "tcp dport 80 dnat to [2001:db8::1]:8080"),
    ("bridge", "forward"): (
        "ether type ip ip daddr 192.0.2.1 accept", "ether type vlan vlan id 5 vlan pcp 3 drop",
        "ether daddr ff:ff:ff:ff:ff:ff drop",
        "meta protocol arp accept", "ether type { ip, ip6 }"),
    ("arp", "input"): (
        "arp operation request", "arp htype 1 arp ptype ip arp hlen 6 arp plen 4",
        "arp operation { reply, nak }",
        "arp saddr ip 192.0.2.1 accept", "arp daddr ether 00:11:22:33:44:55 drop"),
    ("netdev", "ingress"): (
        "ip saddr 10.0.0.0/8 drop", "vlan id 1-100 accept", "fwd to \"lo\"",
        "fwd ip to 192.0.2.1 device \"lo\"",
        "dup to \"lo\"", "tcp flags syn limit rate 100/second accept"),
}


def rules() -> Iterator[tuple[str, str, str]]:
    """Yield family, chain and rule."""
    for kind, compared in (("ip", _COMPARED), ("ip6", _SIX)):
        for asked, values in compared.items():
            for value in values:
                yield kind, "input", f"{asked} {value}"
                if asked not in ("ct direction", "meta ipsec") and value != "0.0.0.0/0":
                    yield kind, "input", f"{asked} != {value}"
    for line in _ONCE:
        yield "ip", "input", line
    for (kind, chain), lines in _OTHERS.items():
        for line in lines:
            yield kind, chain, line


def base() -> str:
    """The tables and chains that take the rules."""
    found = []
    for family in dict.fromkeys(chain.family for chain in CHAINS):
        chains = [f"    chain {each.name} {{ {each.binding} }}" for each in CHAINS if each.family == family]
        found.append("\n".join([f"table {family} t {{", SETS if family in ("ip", "inet") else "",
                                "    chain side { }", *chains, "}"]))
    return "\n".join(found) + "\n"
