"""Matches and targets one by one: what a packet meets is said beforehand, the kernel does it, and so says the
product.

Where the product cannot know it (what a program does, what is in a set by then) it says so, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from tests.oracle.judge import Judge, Way, of_iptables
from tests.oracle.kernel import Kernel
from tests.oracle.plan import EGRESS, INGRESS, PLANS
from tests.oracle.probes import ACK, SYN, TCP, Probe
from tests.oracle.rulesets import BUILT_IN

CLIENT, SERVER = 5, 9
"""Who sends, and who is asked, by their distance from the start of their networks."""

DROPPED, PASSES = "deny", "permit"
_UNTRACKED = {"raw PREROUTING": ["-j CT --notrack"]}


@dataclass(frozen=True, slots=True)
class Row:
    """Rules by table and chain, what becomes of a SYN to port 80, and whether the product cannot know it."""

    rules: Mapping[str, list[str]]
    fate: str
    unknown: bool = False
    family: int = 4
    sets: str = ""


def forward(test: str, fate: str, *, untracked: bool = False, family: int = 4, sets: str = "",
            unknown: bool = False) -> Row:
    """A rule of FORWARD that drops what passes its test."""
    rules = {**(_UNTRACKED if untracked else {}), "filter FORWARD": [f"{test} -j DROP"]}
    return Row(rules, fate, unknown, family, sets)


def mangled(before: str, test: str, fate: str, *, family: int = 4) -> Row:
    """Rules of mangle PREROUTING, then one of FORWARD that drops what passes its test."""
    return Row({"mangle PREROUTING": before.split("; "), "filter FORWARD": [f"{test} -j DROP"]}, fate,
               family=family)


_NETS = "create {0} hash:net family inet\nadd {0} 10.1.0.0/16\nadd {0} 10.1.0.5 nomatch\n"
_HOSTS = "create {0} hash:ip family inet\nadd {0} 10.1.0.5\n"
_MARKS = "create {0} hash:ip family inet skbinfo\nadd {0} 10.1.0.5 skbmark 0x7\n"
_SHIFT = "-j CONNMARK --set-xmark 0x1/0xffffffff --left-shift-mark 8"
_RESTORED = "-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --right-shift-mark 16"

ROWS = {
    "ctproto of an untracked packet": forward("-m conntrack --ctproto 6", PASSES, untracked=True),
    "ctproto, negated, of an untracked packet": forward("-m conntrack ! --ctproto 17", PASSES,
                                                        untracked=True),
    "ctdir of an untracked packet": forward("-m conntrack --ctdir ORIGINAL", PASSES, untracked=True),
    "ctorigsrc of an untracked packet": forward("-m conntrack ! --ctorigsrc 10.9.9.9", PASSES,
                                                untracked=True),
    "ctstatus of an untracked packet": forward("-m conntrack ! --ctstatus ASSURED", PASSES, untracked=True),
    "the state of an untracked packet decides alone": forward(
        "-m conntrack --ctstate UNTRACKED --ctproto 17", DROPPED, untracked=True),
    "the state of an untracked packet, negated": forward(
        "-m conntrack ! --ctstate NEW --ctproto 17", DROPPED, untracked=True),
    "ctproto in raw": Row({"raw PREROUTING": ["-m conntrack --ctproto 6 -j DROP"]}, PASSES),
    **{f"an end of the first packet: {test}": forward(f"-m conntrack {test}", fate) for test, fate in {
        "--ctorigsrc 10.1.0.5": DROPPED, "--ctorigsrc 10.2.0.9": PASSES, "! --ctorigsrc 10.1.0.5": PASSES,
        "--ctorigdst 10.2.0.9": DROPPED, "--ctorigdst 10.1.0.5": PASSES, "--ctrepldst 10.1.0.5": DROPPED,
        "--ctorigsrcport 50000": DROPPED, "--ctorigsrcport 80": PASSES, "--ctorigdstport 80": DROPPED,
        "! --ctorigdstport 80": PASSES, "--ctorigdstport 81:90": PASSES, "--ctreplsrcport 80": DROPPED,
        "--ctreplsrcport 50000": PASSES, "--ctrepldstport 50000": DROPPED, "--ctdir ORIGINAL": DROPPED,
        "--ctdir REPLY": PASSES}.items()},
    "connmark of an untracked packet, negated": forward("-m connmark ! --mark 1", PASSES, untracked=True),
    "helper, negated, of an untracked packet": forward("-m helper ! --helper ftp", DROPPED, untracked=True),
    "helper, negated, of a new connection": forward("-m helper ! --helper ftp", DROPPED),
    "helper of a new connection": forward("-m helper --helper ftp", PASSES),
    "ctstatus NONE": forward("-m conntrack --ctstatus NONE", PASSES),
    "ctstatus NONE, negated": forward("-m conntrack ! --ctstatus NONE", DROPPED),
    "ctstatus of a first packet": forward("-m conntrack --ctstatus CONFIRMED,SEEN_REPLY,ASSURED", PASSES),
    "ctstatus of a first packet, negated": forward("-m conntrack ! --ctstatus ASSURED", DROPPED),
    "ctreplsrc of what is not translated": forward("-m conntrack --ctreplsrc 10.2.0.9", DROPPED),
    "the first CT counts: tracked": Row({
        "raw PREROUTING": ["-j CT --ctevents new", "-j CT --notrack"],
        "filter FORWARD": ["-m conntrack --ctstate UNTRACKED -j DROP"]}, PASSES),
    "the first CT counts: untracked": Row({
        "raw PREROUTING": ["-j CT --notrack", "-j CT --ctevents new"],
        "filter FORWARD": ["-m conntrack --ctstate UNTRACKED -j DROP"]}, DROPPED),
    "a template is new before tracking": Row({
        "raw PREROUTING": ["-j CT --zone 1", "-m state --state NEW -j DROP"]}, DROPPED),
    "a template is confirmed": Row({
        "raw PREROUTING": ["-j CT --zone 1", "-m conntrack --ctstatus CONFIRMED -j DROP"]}, DROPPED,
        unknown=True),
    "a template was not answered": Row({
        "raw PREROUTING": ["-j CT --zone 1", "-m conntrack ! --ctstatus ASSURED -j DROP"]}, DROPPED,
        unknown=True),
    "a template has no protocol": Row({
        "raw PREROUTING": ["-j CT --zone 1", "-m conntrack --ctproto 6 -j DROP"]}, PASSES, unknown=True),
    "TTL 1 before routing": Row({"mangle PREROUTING": ["-j TTL --ttl-set 1"]}, DROPPED),
    "TTL 0 before routing": Row({"mangle PREROUTING": ["-j TTL --ttl-set 0"]}, DROPPED),
    "TTL 2 before routing": Row({"mangle PREROUTING": ["-j TTL --ttl-set 2"]}, PASSES),
    "TTL 1 after routing": Row({"mangle FORWARD": ["-j TTL --ttl-set 1"]}, PASSES),
    "TTL made larger": mangled("-j TTL --ttl-set 1; -j TTL --ttl-inc 1", "-m ttl --ttl-eq 1", DROPPED),
    "TTL made smaller": mangled("-j TTL --ttl-set 9; -j TTL --ttl-dec 8", "", DROPPED),
    "TTL after routing": mangled("-j TTL --ttl-set 5", "-m ttl --ttl-eq 4", DROPPED),
    "TTL less than": mangled("-j TTL --ttl-set 5", "-m ttl --ttl-lt 4", PASSES),
    "HL 1 before routing": Row({"mangle PREROUTING": ["-j HL --hl-set 1"]}, DROPPED, family=6),
    "HL after routing": mangled("-j HL --hl-set 5", "-m hl --hl-gt 3", DROPPED, family=6),
    "a routing header": forward("-m rt --rt-type 0", PASSES, family=6),
    "a routing header, negated": forward("-m rt ! --rt-type 0", PASSES, family=6),
    "a hop-by-hop header, negated": forward("-m hbh ! --hbh-len 8", PASSES, family=6),
    "a destination options header": forward("-m dst --dst-len 8", PASSES, family=6),
    "a fragment header": forward("-m frag --fragfirst", PASSES, family=6),
    "an authentication header": forward("-m ah --ahspi 1:9", PASSES, family=6),
    "no routing header among others": forward("-m ipv6header ! --header route --soft", DROPPED, family=6),
    "a routing header among others": forward("-m ipv6header --header route --soft", PASSES, family=6),
    "nothing but the upper layer": forward("-m ipv6header --header prot", DROPPED, family=6),
    "ANYCAST": forward("-m addrtype --dst-type ANYCAST", PASSES),
    "UNSPEC": forward("-m addrtype --src-type UNSPEC", PASSES),
    "not UNICAST": forward("-m addrtype ! --dst-type UNICAST", PASSES),
    "LOCAL or BROADCAST": forward("-m addrtype --dst-type LOCAL,BROADCAST", PASSES),
    "neither LOCAL nor BROADCAST": forward("-m addrtype ! --dst-type LOCAL,BROADCAST", DROPPED),
    "UNICAST or LOCAL": forward("-m addrtype --src-type UNICAST,LOCAL", DROPPED),
    "UNICAST and MULTICAST of IPv6 must both hold": forward("-m addrtype --dst-type UNICAST,MULTICAST",
                                                            PASSES,
                                                            family=6),
    "UNICAST of IPv6": forward("-m addrtype --dst-type UNICAST", DROPPED, family=6),
    "CONNMARK moved up": mangled(_SHIFT, "-m connmark --mark 0x100", DROPPED),
    "CONNMARK moved up is not what it was": mangled(_SHIFT, "-m connmark --mark 0x1", PASSES),
    "CONNMARK restored and moved down": mangled(f"-j CONNMARK --set-xmark 0x10000/0xffffffff; {_RESTORED}",
                                                "-m mark --mark 0x1", DROPPED),
    "CONNMARK saved under masks": mangled(
        "-j MARK --set-mark 0xff; -j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xffffffff",
        "-m connmark --mark 0xf0", DROPPED),
    "CONNMARK restores nothing without a connection": Row({
        **_UNTRACKED, "mangle PREROUTING": ["-j MARK --set-mark 5", "-j CONNMARK --restore-mark"],
        "filter FORWARD": ["-m mark --mark 5 -j DROP"]}, DROPPED),
    "a quota of nothing": forward("-m quota --quota 0", PASSES),
    "a quota of nothing, negated": forward("-m quota ! --quota 0", DROPPED),
    "every length": forward("-m length --length 0:65535", DROPPED),
    "recent records": forward("-m recent --set --name rows", DROPPED),
    "recent records, negated": forward("-m recent ! --set --name rows", PASSES),
    "no IPsec": forward("-m policy --dir in --pol none", DROPPED),
    "IPsec": forward("-m policy --dir in --pol ipsec", PASSES),
    "unicast": forward("-m pkttype --pkt-type unicast", DROPPED),
    "not bridged": forward("-m physdev ! --physdev-is-bridged", DROPPED),
    "bridged": forward("-m physdev --physdev-is-bridged", PASSES),
    **{f"ports of both sides: {test}": forward(f"-p tcp -m multiport {test}", fate) for test, fate in {
        "--ports 80,443": DROPPED, "--ports 50000": DROPPED, "--ports 81:90": PASSES, "! --ports 80": PASSES,
        "! --ports 50000:50009": PASSES, "! --ports 81,443": DROPPED, "--sports 80": PASSES,
        "! --dports 81": DROPPED}.items()},
    **{f"a header of another protocol: {test}": forward(test, PASSES) for test in (
        "-p ah -m ah", "-p ah -m ah --ahspi 1:9", "-p ah -m ah ! --ahspi 1:9", "-p esp -m esp --espspi 1")},
    "an abbreviation of multiport": forward("-p tcp -m multiport --dport 80", DROPPED),
    "an exception of a set": forward("-m set --match-set rows-a src --return-nomatch", DROPPED,
                                     sets=_NETS.format("rows-a")),
    "an exception of a set, negated": forward("-m set ! --match-set rows-b src --return-nomatch", PASSES,
                                              sets=_NETS.format("rows-b")),
    "no exceptions in a set of hosts": forward("-m set --match-set rows-c src --return-nomatch", DROPPED,
                                               sets=_HOSTS.format("rows-c")),
    "a set that a rule adds to": Row({
        "raw PREROUTING": ["-j SET --add-set rows-d dst"],
        "filter FORWARD": ["-m set --match-set rows-d dst -j DROP"]}, DROPPED, unknown=True,
        sets=_HOSTS.format("rows-d")),
    "a mark out of a set": Row({
        "mangle PREROUTING": ["-j SET --map-set rows-e src --map-mark"],
        "filter FORWARD": ["-m mark --mark 7 -j DROP"]}, DROPPED, unknown=True, sets=_MARKS.format("rows-e")),
    "a queue that nobody reads": Row({"filter FORWARD": ["-j NFQUEUE --queue-num 9"]}, DROPPED, unknown=True),
    "a queue that nobody reads, passed by": Row({
        "filter FORWARD": ["-j NFQUEUE --queue-num 9 --queue-bypass", "-j DROP"]}, PASSES, unknown=True),
    "NETMAP on leaving": Row({"nat POSTROUTING": ["-s 10.1.0.0/24 -j NETMAP --to 10.3.7.0/24"]}, PASSES),
    "NETMAP on arrival": Row({"nat PREROUTING": ["-d 10.2.0.0/24 -j NETMAP --to 10.2.7.0/24"],
                              "filter FORWARD": ["-d 10.2.7.9 -j DROP"]}, DROPPED),
}


def written(rules: Mapping[str, list[str]], family: int, policy: str = "ACCEPT") -> str:
    """Write a ruleset of all tables; the policy is that of FORWARD."""
    lines = [f"# Generated by {'iptables' if family == 4 else 'ip6tables'}-save v1.8.9"]
    for table, chains in BUILT_IN.items():
        lines.append(f"*{table}")
        lines += [f":{chain} {policy if chain == 'FORWARD' and table == 'filter' else 'ACCEPT'} [0:0]"
                  for chain in chains]
        lines += [f"-A {chain} {rule}" for chain in chains for rule in rules.get(f"{table} {chain}", ())]
        lines.append("COMMIT")
    return "\n".join(lines) + "\n"


def probe(family: int) -> Probe:
    plan = PLANS[family]
    return Probe(family, TCP, plan.clients.address(CLIENT), plan.servers.address(SERVER), 50000, 80, SYN)


@pytest.fixture(scope="module")
def module_kernel(ready: None) -> Iterator[Kernel]:
    with Kernel() as made:
        yield made


@pytest.mark.parametrize("name", ROWS)
def test_the_kernel_does_it_and_the_product_says_so(module_kernel: Kernel, name: str) -> None:
    row = ROWS[name]
    text, sent = written(row.rules, row.family), probe(row.family)
    if row.sets:
        module_kernel.add_sets(row.sets)
    module_kernel.load("legacy", row.family, text)
    (passed,) = module_kernel.send("forward", [(INGRESS[0], sent)])
    assert passed is (row.fate == PASSES)
    judge = Judge(of_iptables(row.family, text, row.sets), row.family)
    said = judge.judge(Way.by("forward", INGRESS[0]), sent, "NEW").verdict
    assert said == ("undecided" if row.unknown else row.fate)


ZONES = {
    "of the requests alone": (["-i eth0 -j CT --zone 1"], DROPPED),
    "of both directions": (["-j CT --zone 1"], PASSES),
    "of each direction another one": (["-i eth0 -j CT --zone 1", "-i eth1 -j CT --zone 2"], DROPPED),
    "for the original direction": (["-j CT --zone-orig 1"], PASSES),
    "for the original direction, of the requests alone": (["-i eth0 -j CT --zone-orig 1"], PASSES),
    "for replies": (["-j CT --zone-reply 1"], PASSES),
}


@pytest.mark.parametrize("name", ZONES)
def test_zones(module_kernel: Kernel, name: str) -> None:
    """A reply is established only where it is looked up in the zone of its connection."""
    raw, fate = ZONES[name]
    text = written({"raw PREROUTING": raw, "filter FORWARD": [
        "-m conntrack --ctstate ESTABLISHED -j ACCEPT", "-i eth0 -j ACCEPT"]}, 4, "DROP")
    asked = probe(4)
    answer = asked._replace(source=asked.destination, destination=asked.source, source_port=80,
                            destination_port=asked.source_port, flags=SYN | ACK)
    module_kernel.load("legacy", 4, text)
    assert module_kernel.send("forward", [(INGRESS[0], asked), (EGRESS, answer)]) == [True, fate == PASSES]
    there, back = Way.by("forward", INGRESS[0]), Way.by("forward", EGRESS)
    said = Judge(of_iptables(4, text), 4).reply(there, asked, "NEW", back, answer)
    assert said
    assert said.verdict == fate
