"""The names that values have in nft, by data type, as libnftables prints them."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.iptables.text.names import NUMBERS, protocol_name


def _named(text: str, base: int = 0) -> dict[str, int]:
    pairs = (each.split("=") for each in text.split())
    return {name: int(number, base) for name, number in pairs}


SYMBOLS: Mapping[str, Mapping[str, int]] = {
    "nf_proto": {"ipv4": 2, "ipv6": 10},
    "ct_state": _named("invalid=1 established=2 related=4 new=8 untracked=64"),
    "ct_dir": {"original": 0, "reply": 1},
    "ct_status": _named("""expected=1 seen-reply=2 assured=4 confirmed=8 snat=16 dnat=32 seq-adjust=64
        snat-done=128 dnat-done=256 dying=512 fixed-timeout=1024 helper=8192 offload=16384
        hw-offload=32768"""),
    "ct_event": _named("""new=1 related=2 destroy=4 reply=8 assured=16 protoinfo=32 helper=64 mark=128
        seqadj=256 secmark=512 label=1024"""),
    "tcp_flag": _named("fin=1 syn=2 rst=4 psh=8 ack=16 urg=32 ecn=64 cwr=128"),
    "dccp_pkttype": _named("""request=0 response=1 data=2 ack=3 dataack=4 closereq=5 close=6 reset=7 sync=8
        syncack=9"""),
    "icmp_type": _named("""echo-reply=0 destination-unreachable=3 source-quench=4 redirect=5 echo-request=8
        router-advertisement=9 router-solicitation=10 time-exceeded=11 parameter-problem=12
        timestamp-request=13 timestamp-reply=14 info-request=15 info-reply=16 address-mask-request=17
        address-mask-reply=18"""),
    "icmpv6_type": _named("""destination-unreachable=1 packet-too-big=2 time-exceeded=3 parameter-problem=4
        echo-request=128 echo-reply=129 mld-listener-query=130 mld-listener-report=131 mld-listener-done=132
        mld-listener-reduction=132 nd-router-solicit=133 nd-router-advert=134 nd-neighbor-solicit=135
        nd-neighbor-advert=136 nd-redirect=137 router-renumbering=138 ind-neighbor-solicit=141
        ind-neighbor-advert=142 mld2-listener-report=143"""),
    "igmp_type": _named("""membership-query=0x11 membership-report-v1=0x12 membership-report-v2=0x16
        membership-report-v3=0x22 leave-group=0x17"""),
    "dscp": _named("""cs0=0x00 cs1=0x08 cs2=0x10 cs3=0x18 cs4=0x20 cs5=0x28 cs6=0x30 cs7=0x38 df=0x00 be=0x00
        lephb=0x01 af11=0x0a af12=0x0c af13=0x0e af21=0x12 af22=0x14 af23=0x16 af31=0x1a af32=0x1c af33=0x1e
        af41=0x22 af42=0x24 af43=0x26 va=0x2c ef=0x2e"""),
    "ecn": _named("not-ect=0 ect1=1 ect0=2 ce=3"),
    "arp_op": _named("request=1 reply=2 rrequest=3 rreply=4 inrequest=8 inreply=9 nak=10"),
    "ether_type": _named("ip=0x0800 arp=0x0806 ip6=0x86dd 8021q=0x8100 8021ad=0x88a8 vlan=0x8100"),
    "iface_type": _named("ether=1 ppp=512 ipip=768 ipip6=769 loopback=772 sit=776 ipgre=778"),
    "pkt_type": _named("host=0 unicast=0 broadcast=1 multicast=2 other=3"),
    "fib_addrtype": _named("""unspec=0 unicast=1 local=2 broadcast=3 anycast=4 multicast=5 blackhole=6
        unreachable=7 prohibit=8"""),
    "day": _named("Sunday=0 Monday=1 Tuesday=2 Wednesday=3 Thursday=4 Friday=5 Saturday=6"),
    "mh_type": _named("""binding-refresh-request=0 home-test-init=1 careof-test-init=2 home-test=3
        careof-test=4 binding-update=5 binding-acknowledgement=6 binding-error=7 fast-binding-update=8
        fast-binding-acknowledgement=9 fast-binding-advertisement=10 experimental-mobility-header=11
        home-agent-switch-message=12"""),
    "devgroup": {"default": 0},
    "realm": {"cosmos": 0},
    "boolean": {"exists": 1, "missing": 0},
    "mptcp": _named("""mp-capable=0 mp-join=1 dss=2 add-addr=3 remove-addr=4 mp-prio=5 mp-fail=6
        mp-fastclose=7 mp-tcprst=8"""),
    "icmp_code": _named("""net-unreachable=0 host-unreachable=1 prot-unreachable=2 port-unreachable=3
        frag-needed=4 net-prohibited=9 host-prohibited=10 admin-prohibited=13"""),
    "icmpv6_code": _named("""no-route=0 admin-prohibited=1 addr-unreachable=3 port-unreachable=4 policy-fail=5
        reject-route=6"""),
    "icmpx_code": _named("no-route=0 port-unreachable=1 host-unreachable=2 admin-prohibited=3"),
}
"""Numbers by name; of several names of a number the first is printed."""

BITS = frozenset(("ct_state", "ct_status", "ct_event", "ct_label", "tcp_flag"))
"""Types whose values are sets of bits: a bare value asks whether one of them is set."""

PRINTED: Mapping[str, Mapping[int, str]] = {
    kind: {number: name for name, number in reversed(list(names.items()))} for kind, names in SYMBOLS.items()}
"""The name that is printed, by number."""

PROTOCOL_NUMBERS = NUMBERS | {"ip": 0, "hopopt": 0, "comp": 108}
PROTOCOL_NAMES = {number: protocol_name(number) for number in NUMBERS.values()} | {0: "ip"}
"""The name that is printed, by number."""

PRIORITIES = {
    "raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100, "out": 100}
BRIDGE_PRIORITIES = {"dstnat": -300, "filter": -200, "out": 100, "srcnat": 300}
"""The numbers of the names of priorities; the family bridge has its own."""
