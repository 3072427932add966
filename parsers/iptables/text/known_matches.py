"""Every match that is known, with its options and how far a configuration shows what it does.

Names and options are those of iptables-extensions(8) and of the addons in use. A match or an option that is
not here is unread: it may hold, fail, drop by itself or change what later rules test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Kind = Literal["exact", "by context", "open", "harmless"]
"""Decided by the rule; by the place and the connection too; not from a configuration; by nothing."""


class Match(Struct, frozen=True):
    """A row: what becomes of the match, and its options by every spelling."""

    kind: Kind
    options: Mapping[str, str]
    """Spelling to the name that is kept."""
    why: str
    """Harmless: why it decides nothing. Else: what decides."""
    drops: bool = False
    """Whether it may drop what it looks at by itself, whatever the target (hotdrop)."""
    sets_mark: str = ""
    """The option with which it changes the packet's mark."""
    any_option: bool = False
    """Whether it takes options that are not listed: addons whose versions differ."""


def _row(kind: Kind, options: str, why: str, *, drops: bool = False, sets_mark: str = "",
         any_option: bool = False, aliases: Mapping[str, str] | None = None) -> Match:
    named = {word: word for word in options.split()}
    named |= aliases or {}
    return Match(kind, named, why, drops, sets_mark, any_option)


_PORTS = {"source-port": "sport", "destination-port": "dport"}
_HEADER = "a header that only other packets carry"
_ADDON = "a module that is not part of the kernel"

MATCHES: Mapping[str, Match] = {
    "tcp": _row("by context", "sport dport tcp-flags syn tcp-option",
                "ports; each packet's own flags", aliases=_PORTS),
    "udp": _row("exact", "sport dport", "ports", aliases=_PORTS),
    "udplite": _row("exact", "sport dport", "ports", aliases=_PORTS),
    "sctp": _row("exact", "sport dport chunk-types", "ports", aliases=_PORTS),
    "dccp": _row("exact", "sport dport dccp-types dccp-option", "ports", aliases=_PORTS),
    "icmp": _row("exact", "icmp-type", "type and code"),
    "icmp6": _row("exact", "icmpv6-type", "type and code"),
    "multiport": _row("exact", "sports dports ports",
                      "ports", aliases={"source-ports": "sports", "destination-ports": "dports"}),
    "iprange": _row("exact", "src-range dst-range", "addresses"),
    "comment": _row("harmless", "comment", "words for people: xt_comment.c answers yes to every packet"),
    "addrtype": _row("by context", "src-type dst-type limit-iface-in limit-iface-out",
                     "what the routing table says of an address"),
    "pkttype": _row("exact", "pkt-type", "what hosts send to each other is unicast"),
    "state": _row("by context", "state", "the state of the connection"),
    "conntrack": _row("by context", "ctstate ctproto ctorigsrc ctorigdst ctreplsrc ctrepldst ctorigsrcport "
                                    "ctorigdstport ctreplsrcport ctrepldstport ctstatus ctexpire ctdir",
                      "the connection"),
    "mark": _row("by context", "mark", "the lines that mark"),
    "connmark": _row("by context", "mark", "the lines that mark"),
    "connlabel": _row("by context", "label set", "labels of the connection"),
    "connbytes": _row("by context", "connbytes connbytes-dir connbytes-mode", "counters of the connection"),
    "connlimit": _row("open", "connlimit-upto connlimit-above connlimit-mask connlimit-saddr "
                              "connlimit-daddr", "how many connections there are", drops=True),
    "helper": _row("by context", "helper", "connections that a helper waits for"),
    "set": _row("exact", "match-set return-nomatch update-counters update-subcounters packets-eq packets-lt "
                         "packets-gt bytes-eq bytes-lt bytes-gt", "members", aliases={"set": "match-set"}),
    "ah": _row("exact", "ahspi ahlen ahres", _HEADER),
    "esp": _row("exact", "espspi", _HEADER),
    "ipcomp": _row("exact", "ipcompspi compres", _HEADER),
    "l2tp": _row("exact", "tid sid pversion type", _HEADER),
    "mh": _row("exact", "mh-type", _HEADER),
    "rt": _row("exact", "rt-type rt-segsleft rt-len rt-0-res rt-0-addrs rt-0-not-strict", _HEADER),
    "hbh": _row("exact", "hbh-len hbh-opts hbh-not-strict", _HEADER),
    "dst": _row("exact", "dst-len dst-opts dst-not-strict", _HEADER),
    "frag": _row("exact", "fragid fraglen fragres fragfirst fragmore fraglast", _HEADER),
    "srh": _row("exact", "srh-next-hdr srh-hdr-len-eq srh-hdr-len-gt srh-hdr-len-lt srh-segs-left-eq "
                         "srh-segs-left-gt srh-segs-left-lt srh-last-entry-eq srh-last-entry-gt "
                         "srh-last-entry-lt srh-tag srh-psid srh-nsid srh-lsid", _HEADER),
    "ipv6header": _row("exact", "header soft", "which headers a packet has"),
    "ttl": _row("by context", "ttl-eq ttl-lt ttl-gt",
                "what the sender gave, or a line of these rules", aliases={"ttl": "ttl-eq"}),
    "hl": _row("by context", "hl-eq hl-lt hl-gt",
               "what the sender gave, or a line of these rules", aliases={"hl": "hl-eq"}),
    "length": _row("by context", "length", "how much is sent"),
    "quota": _row("by context", "quota", "how much was sent before"),
    "recent": _row("by context", "set rcheck update remove seconds reap hitcount rttl name rsource rdest "
                                 "mask", "who came before", drops=True),
    "physdev": _row("by context", "physdev-in physdev-out physdev-is-in physdev-is-out physdev-is-bridged",
                    "whether a bridge has the packet"),
    "policy": _row("by context", "dir pol strict reqid spi proto mode tunnel-src tunnel-dst next",
                   "whether IPsec handles the packet"),
    "rpfilter": _row("by context", "loose validmark accept-local invert", "the way back to the source"),
    "socket": _row("open", "nowildcard transparent restore-skmark",
                   "whether a program has a socket for it", sets_mark="restore-skmark"),
    "limit": _row("open", "limit limit-burst", "how much came before"),
    "hashlimit": _row("open", "hashlimit-upto hashlimit-above hashlimit-mode hashlimit-srcmask "
                              "hashlimit-dstmask hashlimit-name hashlimit-burst hashlimit-htable-size "
                              "hashlimit-htable-max hashlimit-htable-gcinterval hashlimit-htable-expire "
                              "hashlimit-rate-match hashlimit-rate-interval",
                      "how much came before", drops=True, aliases={"hashlimit": "hashlimit-upto"}),
    "statistic": _row("open", "mode probability every packet", "chance, or how much came before"),
    "nfacct": _row("open", "nfacct-name", "a counter, and whether it has a quota"),
    "rateest": _row("open", "rateest1 rateest2 rateest-delta rateest-bps rateest-pps rateest-bps1 "
                            "rateest-pps1 rateest-bps2 rateest-pps2 rateest-lt rateest-gt rateest-eq "
                            "rateest", "how much is sent"),
    "time": _row("by context", "datestart datestop timestart timestop monthdays weekdays kerneltz contiguous "
                               "utc localtz days", "when it comes"),
    "string": _row("open", "from to algo icase string hex-string", "what is in it"),
    "u32": _row("open", "u32", "what is in it"),
    "bpf": _row("open", "bytecode object-pinned", "what is in it"),
    "osf": _row("open", "genre ttl log", "what sends it"),
    "tcpmss": _row("open", "mss", "an option that the sender gives"),
    "ecn": _row("open", "ecn-tcp-cwr ecn-tcp-ece ecn-ip-ect", "what the sender gave"),
    "dscp": _row("open", "dscp dscp-class", "what the sender gave"),
    "tos": _row("open", "tos", "what the sender gave"),
    "mac": _row("open", "mac-source", "who sends it on the link"),
    "owner": _row("open", "uid-owner gid-owner socket-exists suppl-groups pid-owner sid-owner cmd-owner",
                  "who sends it"),
    "cgroup": _row("open", "path cgroup", "who sends it"),
    "realm": _row("open", "realm", "the routes"),
    "devgroup": _row("open", "src-group dst-group", "how interfaces are grouped"),
    "cpu": _row("open", "cpu", "which processor has it"),
    "cluster": _row("open", "cluster-total-nodes cluster-local-node cluster-local-nodemask "
                            "cluster-hash-seed", "which node of a cluster serves it"),
    "ipvs": _row("open", "ipvs vproto vaddr vport vdir vmethod vportctl", "whether a load balancer has it"),
    "eui64": _row("open", "", "who sends it on the link"),
    "unclean": _row("open", "", "what is in it"),
    "unknown": _row("open", "", "a listing's words that are not known", any_option=True),
    **{name: _row("open", "", _ADDON, any_option=True) for name in (
        "account asn childlevel condition connrate dnetmap dstlimit fuzzy geoip gradm iface ipp2p "
        "ipv4options layer7 lscan ndpi nth pknock psd quota2 random webmon weburl").split()},
}
"""Match to its row."""

ONLY_ASK = frozenset(
    "tcp udp udplite sctp dccp icmp icmp6 multiport iprange comment addrtype pkttype state conntrack mark "
    "connmark connlabel connbytes helper set ah esp ipcomp l2tp mh rt hbh dst frag srh ipv6header ttl hl "
    "length physdev policy rpfilter socket time string u32 bpf osf tcpmss ecn dscp tos mac owner cgroup "
    "realm devgroup cpu cluster ipvs eui64".split())
"""Matches that answer the same packet alike when they are asked again: none counts, draws or remembers."""

NOTHING_ALONE = frozenset("tcp udp udplite sctp dccp icmp icmp6 multiport state conntrack iprange addrtype "
                          "mark "
                          "connmark set comment pkttype mac".split())
"""Matches that test nothing without an option."""
