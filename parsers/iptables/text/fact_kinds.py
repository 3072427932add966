"""What may be asked about a host with iptables."""

from __future__ import annotations

from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.parsers.model.packet_conditions import BRIDGED_SHOWN_BY
from aclproof.reason import Reason

KINDS = (
    FactKind("native nft tables", Reason("whether tables of nftables (of firewalld, docker, libvirt, "
                                         "fail2ban...) drop packets"), False, "nft list tables"),
    FactKind("table {name} drops", Reason("whether the table NAME of nftables drops packets"), None,
             "nft list ruleset"),
    FactKind("native rules in tables of iptables", Reason(
        "whether another program has put rules of nftables into the tables of iptables"), False,
        "nft list ruleset"),
    FactKind("other tables of {file}", Reason("whether tables that are not in FILE are loaded and stop or "
                                              "redirect packets"), False, "iptables-save"),
    FactKind("{file} is loaded with --noflush", Reason("whether FILE is loaded so that older rules stay "
                                                       "before its own"), False,
             "systemctl cat netfilter-persistent iptables"),
    FactKind("{file} is of the other family", Reason("whether FILE is of IPv6, where nothing in it says of "
                                                     "which family it is"), False, "ip6tables-save"),
    FactKind("{table} {chain} drops the rest", Reason("whether the policy of CHAIN in TABLE is DROP"), False,
             "iptables -t TABLE -S CHAIN"),
    FactKind("other back end drops", Reason("whether the tables of the other back end of iptables drop "
                                            "packets"), False, "iptables-legacy-save"),
    FactKind("tables that are not shown drop", Reason("whether what a line says is not shown drops packets"),
             False, "nft list ruleset"),
    *(FactKind(f"policy routing of {family}", Reason(
        "whether rules of routing send packets of {family} by another table", family=family), False, shown)
      for family, shown in (("IPv4", "ip rule"), ("IPv6", "ip -6 rule"))),
    FactKind("routing table {table} drops", Reason(
        "whether routing table TABLE, which a rule of routing asks, drops packets or sends them another way"),
        False, "ip route show table TABLE"),
    FactKind("ipset {name}", Reason("which addresses are in the set NAME"), None, "ipset list", "either"),
    FactKind("not in ipset {name}", Reason("whether the packets are outside of the set NAME"), None,
             "ipset list"),
    FactKind("members with a timeout changed", Reason("whether members of sets that time out have changed "
                                                      "since they were saved"), False, "ipset list"),
    FactKind("own addresses", Reason("which addresses the host itself has"), None, "ip addr", "addresses"),
    FactKind("every interface", Reason("whether a rule holds for every interface: a listing without -v does "
                                       "not show it"), None, "iptables -S"),
    FactKind("{whose} mark {bits}", Reason("whether packets or connections have the mark BITS"), None,
             "iptables -t mangle -S"),
    FactKind("{module} drops packets", Reason("whether MODULE itself drops packets"), False, "dmesg"),
    FactKind("bridged packets", Reason("whether bridged packets are given to iptables"), False,
             BRIDGED_SHOWN_BY),
    FactKind("hop limit", Reason("whether the hop limit (TTL) that a rule leaves is too small"), False,
             "traceroute"),
    FactKind("program of {rule}", Reason("whether the program that gets the packets drops or changes them")),
    FactKind("{target} of {rule}", Reason("whether TARGET drops the packets")),
    *(FactKind(f"{module} {{options}}", Reason("whether the test of a rule holds: '{module} OPTIONS'",
                                                module=module), None, shown,
                "active-inactive" if module == "time" else "yes-no")
      for module, shown in (
          ("limit", "iptables -L -v"), ("hashlimit", "cat /proc/net/ipt_hashlimit/*"),
          ("recent", "cat /proc/net/xt_recent/*"), ("statistic", ""), ("time", "date"), ("mac", "ip neigh"),
          ("policy", "ip xfrm policy"), ("physdev", BRIDGED_SHOWN_BY), ("connlimit", "conntrack -L"),
          ("hl", ""), ("ttl", ""), ("rpfilter", "ip route get SOURCE"), ("addrtype", "ip addr"),
          ("set", "ipset list"))),
)
