"""What can be asked of a packet by name, and the data type of each."""

from __future__ import annotations

from collections.abc import Mapping

_INTEGERS = "integer"


def _fields(integers: str = "", **typed: str) -> dict[str, str]:
    found = dict.fromkeys(integers.split(), _INTEGERS)
    for kind, names in typed.items():
        found |= dict.fromkeys(names.split(), kind)
    return found


_PORTS = {"sport": "inet_service", "dport": "inet_service"}

HEADERS: Mapping[str, Mapping[str, str]] = {
    "ether": _fields(ether_addr="saddr daddr", ether_type="type"),
    "vlan": _fields("id cfi dei pcp", ether_type="type"),
    "arp": _fields("htype hlen plen", ether_type="ptype", arp_op="operation")
    | {"saddr ether": "ether_addr", "daddr ether": "ether_addr", "saddr ip": "ipv4_addr",
       "daddr ip": "ipv4_addr"},
    "ip": _fields("version hdrlength length id frag-off ttl checksum", ipv4_addr="saddr daddr",
                  inet_proto="protocol", dscp="dscp", ecn="ecn"),
    "ip6": _fields("version flowlabel length hoplimit", ipv6_addr="saddr daddr", inet_proto="nexthdr",
                   dscp="dscp", ecn="ecn"),
    "icmp": _fields("checksum id sequence mtu", icmp_type="type", icmp_code="code", ipv4_addr="gateway"),
    "icmpv6": _fields("checksum parameter-problem mtu id sequence max-delay", icmpv6_type="type",
                      icmpv6_code="code", ipv6_addr="taddr daddr"),
    "igmp": _fields("mrt checksum", igmp_type="type", ipv4_addr="group"),
    "tcp": _PORTS | _fields("sequence ackseq doff reserved window checksum urgptr", tcp_flag="flags"),
    "udp": _PORTS | _fields("length checksum"),
    "udplite": _PORTS | _fields("csumcov checksum"),
    "sctp": _PORTS | _fields("vtag checksum"),
    "dccp": _PORTS | _fields(dccp_pkttype="type"),
    "th": _PORTS,
    "ah": _fields("hdrlength reserved spi sequence", inet_proto="nexthdr"),
    "esp": _fields("spi sequence"),
    "comp": _fields("cpi", inet_proto="nexthdr", bitmask="flags"),
    "vxlan": _fields("vni", bitmask="flags"),
    "geneve": _fields("vni", ether_type="type"),
    "gre": _fields("flags version", ether_type="protocol"),
    "gretap": {},
}
"""Fields of headers, by protocol."""

TUNNELS = ("vxlan", "geneve", "gre", "gretap")
"""Protocols with another packet inside."""

EXTENSION_HEADERS: Mapping[str, Mapping[str, str]] = {
    "hbh": _fields("hdrlength", inet_proto="nexthdr"),
    "rt": _fields("hdrlength type seg-left", inet_proto="nexthdr"),
    "rt0": _fields("reserved", ipv6_addr="addr"),
    "rt2": _fields("reserved", ipv6_addr="addr"),
    "srh": _fields("last-entry flags tag", ipv6_addr="sid"),
    "frag": _fields("reserved frag-off reserved2 more-fragments id", inet_proto="nexthdr"),
    "dst": _fields("hdrlength", inet_proto="nexthdr"),
    "mh": _fields("hdrlength reserved checksum", inet_proto="nexthdr", mh_type="type"),
}

TCP_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "eol": ("kind",), "nop": ("kind",), "maxseg": ("kind", "length", "size"),
    "window": ("kind", "length", "count"), "sack-perm": ("kind", "length"),
    "sack": ("kind", "length", "left", "right"),
    "sack1": ("kind", "length", "left", "right"), "sack2": ("kind", "length", "left", "right"),
    "sack3": ("kind", "length", "left", "right"), "timestamp": ("kind", "length", "tsval", "tsecr"),
    "fastopen": ("kind", "length"), "md5sig": ("kind", "length"), "mptcp": ("kind", "length", "subtype"),
    "echo": ("kind", "length"),
}
TCP_OPTION_ALIASES = {"mss": "maxseg", "noop": "nop", "sack-permitted": "sack-perm", "sack0": "sack"}
TCP_OPTION_NUMBERS = {0: "eol", 1: "nop", 2: "maxseg", 3: "window", 4: "sack-perm", 5: "sack", 8: "timestamp",
                      19: "md5sig", 30: "mptcp", 34: "fastopen"}
IP_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "lsrr": ("type", "length", "ptr", "addr"), "rr": ("type", "length", "ptr", "addr"),
    "ssrr": ("type", "length", "ptr", "addr"), "ra": ("type", "length", "value"),
}
CHUNKS = frozenset("""data init init-ack sack heartbeat heartbeat-ack abort shutdown shutdown-ack error
cookie-echo cookie-ack ecne cwr shutdown-complete asconf-ack forward-tsn asconf""".split())
CHUNK_FIELDS = frozenset("""type flags length tsn stream ssn ppid init-tag a-rwnd num-outbound-streams
num-inbound-streams initial-tsn cum-tsn-ack num-gap-ack-blocks num-dup-tsns lowest-tsn seqno
new-cum-tsn""".split())
"""Of SCTP."""

META: Mapping[str, str] = _fields(
    "length nftrace cpu cgroup random ibrpvid secmark broute", ether_type="protocol ibrvproto",
    nf_proto="nfproto", inet_proto="l4proto", classid="priority", mark="mark", iface_index="iif oif sdif",
    ifname="iifname oifname ibrname obrname iifkind oifkind sdifname", iface_type="iiftype oiftype",
    uid="skuid", gid="skgid", realm="rtclassid", pkt_type="pkttype", devgroup="iifgroup oifgroup",
    boolean="ipsec", time="time", day="day", hour="hour", ether_addr="ibrhwaddr")
META_ALIASES = {"ibriport": "ibrname", "obriport": "obrname", "secpath": "ipsec"}
BARE_META = frozenset("""mark iif iifname iiftype oif oifname oiftype skuid skgid nftrace rtclassid ibrname
ibriport obrname obriport pkttype cpu iifgroup oifgroup cgroup time day hour""".split())
"""Keys that may stand without the word `meta`."""

CT: Mapping[str, str] = _fields(
    "bytes packets avgpkt zone secmark id count", ct_state="state", ct_dir="direction", ct_status="status",
    mark="mark", ct_time="expiration", string="helper", nf_proto="l3proto", inet_proto="protocol",
    inet_service="proto-src proto-dst", ct_label="label", ct_event="event", address="saddr daddr") \
    | {"ip saddr": "ipv4_addr", "ip daddr": "ipv4_addr", "ip6 saddr": "ipv6_addr", "ip6 daddr": "ipv6_addr"}
CT_ALIASES = {"l3protocol": "l3proto", "label": "label"}

SOCKET: Mapping[str, str] = _fields("transparent wildcard", mark="mark", string="cgroupv2")
ROUTE: Mapping[str, str] = _fields("mtu", realm="classid", address="nexthop", boolean="ipsec")
FIB: Mapping[str, str] = {"oif": "iface_index", "oifname": "ifname", "type": "fib_addrtype",
                          "check": "boolean"}
