"""Traps of nftables one by one: what a packet meets is said beforehand, the kernel does it, and so says the
product.

Where the product cannot know it (what is in a set by then) it says so, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle.judge import Judge, Way
from tests.oracle.kernel import Kernel
from tests.oracle.plan import INGRESS, PLANS, write
from tests.oracle.probes import SYN, TCP, Probe

DROPPED, PASSES = "deny", "permit"
CLIENT, SERVER = PLANS[4].clients.address(5), PLANS[4].servers.address(9)
_ASKED = Probe(4, TCP, CLIENT, SERVER, 40_000, 80, SYN)
_SOURCE = write(4, CLIENT)


def chain(name: str, bound: str, *rules: str) -> str:
    """Write a chain; `bound` is empty for one that others call."""
    base = [f"\t\ttype {bound}"] if bound else []
    return "\n".join([f"\tchain {name} {{", *base, *(f"\t\t{rule}" for rule in rules), "\t}"])


def table(*parts: str) -> str:
    """Write a table."""
    return "\n".join(["table inet t {", *parts, "}"]) + "\n"


def forward(*rules: str, before: str = "", policy: str = "accept") -> str:
    """Rules of one chain, with whatever else the table has before it."""
    return table(*filter(None, [before]), chain("f", f"filter hook forward priority filter; policy {policy};",
                                                *rules))




def _raw(*rules: str) -> str:
    return chain("raw", "filter hook prerouting priority raw;", *rules)


_UNTRACKED = _raw("notrack")
_CALLED = chain("c", "", "counter")
_ANOTHER_BIT = chain("c", "", "meta mark set meta mark xor 1")
_NONE = ("\tset none {\n\t\ttype inet_service\n\t}\n\tset some {\n\t\ttype inet_service\n"
         "\t\telements = { 9 }\n\t}")  # so it shows that elements are shown
_OTHERS = "\tset others {\n\t\ttype inet_service\n\t\telements = { 22, * }\n\t}"
_OVERLAPPING = "10.1.1.0/24 . 80 : {0}, 10.0.0.0/15 . 79-81 : {1}, 0.0.0.0/2 . 1-90 : {0}"
_SEEN = "\tset seen {\n\t\ttype ipv4_addr\n\t\tflags dynamic\n\t}"
_OBJECTS = '\tcounter c {\n\t}\n\tct helper h {\n\t\ttype "ftp" protocol tcp\n\t}'
_TRACKS = "ct state new counter"


def nat(first: str, second: str) -> str:
    """Two chains that translate, at priorities in this order, and something that tracks connections."""
    return table(chain("one", "nat hook prerouting priority -150;", first),
                 chain("two", "nat hook prerouting priority 5;", second),
                 chain("f", "filter hook forward priority filter;", _TRACKS))


ROWS = {
    "what is in no map leaves the rule": (forward("tcp dport vmap { 22 : accept } drop"), PASSES),
    "a map of what the packet has not": (forward("udp dport vmap { 80 : accept } drop"), PASSES),
    "what a map continues goes on in the rule": (forward("tcp dport vmap { 80 : continue } drop"), DROPPED),
    "a map that jumps comes back to the next rule": (forward(
        "tcp dport vmap { 80 : jump c } accept", before=_CALLED, policy="drop"), DROPPED),
    "a map's element for all others": (forward("tcp dport vmap { 22 : accept, * : drop }"), DROPPED),
    **{f"a set with an element for all others: {rule}": (forward(f"{rule} drop", before=_OTHERS), fate)
       for rule, fate in {"tcp dport @others": DROPPED, "tcp dport != @others": PASSES,
                          "udp dport @others": PASSES, "udp dport != @others": PASSES}.items()},
    "what comes back from a map is none of all others": (forward(
        "tcp dport vmap { 80 : jump c, * : drop }", before=_CALLED), PASSES),
    "what a map lets go on is none of all others": (forward(
        "tcp dport vmap { 80 : continue, * : accept } drop"), DROPPED),
    "all others that have no port": (forward("udp dport vmap { 22 : accept, * : drop }"), PASSES),
    "what stands before the test that fails is done": (forward(
        "meta mark set 1 udp dport 9 accept", "meta mark 1 drop"), DROPPED),
    "a rule that changes the mark that it tested": (forward("meta mark 0 meta mark set 1 drop"), DROPPED),
    "a test after a rule has changed what it tested": (forward(
        "meta mark 0 meta mark set 1 tcp dport 80 drop"), DROPPED),
    "a mark by a map of marks": (forward(
        "meta mark set meta mark map { 0 : 1, 1 : 2 }", "meta mark 1 drop"), DROPPED),
    **{f"a mark that is set: {'; '.join(rules)}": (forward(*rules), DROPPED) for rules in (
        ("meta mark set 1", "ct mark set meta mark or 2", "ct mark 3 drop"),
        ("meta mark set 1", "ct mark set meta mark xor 3", "ct mark 2 drop"),
        ("ct mark set 0x1f", "meta mark set ct mark and 0xf0 or 1", "meta mark 0x11 drop"),
        ("meta mark set 7", "meta mark set meta mark and 5 xor 1", "meta mark 4 drop"))},
    "what a chain changes calls it once": (forward(
        "meta mark { 0, 1 } jump c", "meta mark 1 drop", before=_ANOTHER_BIT), DROPPED),
    "what a map's chain changes meets no other element": (forward(
        "meta mark vmap { 0 : jump c, 1 : drop }", before=_ANOTHER_BIT), PASSES),
    **{f"of elements that overlap the first one counts: {first}": (forward(
        f"ip saddr . tcp dport vmap {{ {_OVERLAPPING.format(first, second)} }}", policy=policy), fate)
       for first, second, policy, fate in (("accept", "drop", "accept", DROPPED),
                                           ("drop", "accept", "drop", PASSES))},
    **{f"of elements that overlap the first one counts: {verdict}, {second}": (forward(
        f"ip saddr . tcp dport vmap {{ 10.1.0.0/24 . 80 : {verdict}, 10.0.0.0/8 . 1-90 : {second} }} {rest}",
        before=_CALLED), fate) for verdict, second, rest, fate in (
            ("jump c", "drop", "", PASSES), ("goto c", "drop", "", PASSES), ("return", "drop", "", PASSES),
            ("continue", "drop", "", PASSES), ("continue", "accept", "drop", DROPPED))},
    "of marks of elements that overlap the first one counts": (forward(
        f"meta mark set ip saddr . tcp dport map {{ {_OVERLAPPING.format(1, 2)} }}", "meta mark 2 drop"),
        DROPPED),
    "of marks of elements that overlap the first one counts where the mark is asked": (forward(
        f"meta mark 0 meta mark set ip saddr . tcp dport map {{ {_OVERLAPPING.format(1, 2)} }}",
        "meta mark 2 drop"), DROPPED),
    **{f"not next to each other: {rule}": (forward(f"{rule} drop"), PASSES) for rule in (
        f"ip saddr != {_SOURCE} ip daddr != 192.0.2.1", "tcp dport != 80 tcp sequence != 9",
        "tcp dport != 80 tcp dport != 9", "tcp dport != 80 tcp sport != { 1, 2 }",
        "tcp dport != 80 tcp sport 40000", f"ip saddr != {_SOURCE} ip checksum != 9")},
    **{f"next to each other, and all differ: {rule}": (forward(f"{rule} drop"), DROPPED) for rule in (
        "tcp dport != 81 tcp sport != 2", "th dport != 81 tcp sport != 2",
        "tcp sport != 9 tcp dport != { 9 }", "tcp flags != ack tcp sport != 9 tcp dport != 9")},
    "what would be changed back by another alternative": (forward(
        f'iifname {{ "{INGRESS[0]}", "{INGRESS[0][:2]}*" }} meta mark set meta mark xor 1',
        "meta mark 1 drop"), DROPPED),
    "a mark that is tested and set, of one interface": (forward(
        f'iifname "{INGRESS[0]}" meta mark 0 meta mark set 1 tcp dport 80 drop'), DROPPED),
    "a mark of the connection that is tested, set and tested": (forward(
        "ct mark set 2", "ct mark 2 ct mark set 4 ct mark 4 drop"), DROPPED),
    "a mark that is copied with bits of its own": (forward(
        "ct mark set 8", "meta mark 0 meta mark set ct mark or 1 tcp dport 80 meta mark 9 drop"), DROPPED),
    "a hop limit that is tested and set": (forward("ip ttl set 9", "ip ttl 9 ip ttl set 5 drop"), DROPPED),
    "what comes after a rule that changes its test": (forward(
        "meta mark 0 meta mark set 1", "tcp dport 80 accept", "drop"), PASSES),
    "what a map's chain changes of a key of two": (forward(
        f'iifname . meta mark vmap {{ "{INGRESS[0]}" . 0 : jump c, "{INGRESS[0]}" . 1 : drop }}',
        before=_ANOTHER_BIT), PASSES),
    "a statement between changes that ends the rule": (forward(
        'meta mark set 1 counter name udp dport map { 81 : "c" } accept', before=_OBJECTS, policy="drop"),
        DROPPED),
    **{f"what a map lets go on: {rule}": (forward(rule), fate) for rule, fate in {
        "tcp dport vmap { 80 : continue, 81 : accept } drop": DROPPED,
        "tcp dport vmap { 79 : continue, 81 : accept } drop": PASSES, "continue drop": DROPPED}.items()},
    **{f"before tracking: {'; '.join(rules)}": (table(_raw(*rules)), fate) for rules, fate in {
        ("ct state invalid notrack drop",): DROPPED, ("ct state invalid notrack accept", "drop"): PASSES,
        ("ct state invalid ct zone set 5 drop",): DROPPED,
        ("ct zone set 5", "ct state new notrack", "ct state untracked drop"): PASSES,
        ("notrack", "ct zone set 5", "ct state new drop"): DROPPED,
        ("notrack", "ct state untracked ct zone set 5 drop"): DROPPED,
        ("notrack", "ct zone set 5", "ct state untracked drop"): PASSES}.items()},
    "what was kept out of tracking and got a zone is tracked": (table(_raw("notrack", "ct zone set 5"), chain(
        "f", "filter hook forward priority filter; policy drop;", "ct state untracked accept")), DROPPED),
    "a mark of the connection under xor": (forward(
        "ct mark set 3", "ct mark set ct mark xor 1", "ct mark 2 drop"), DROPPED),
    "what has a connection keeps it, and goes on": (forward("ct state new notrack drop"), DROPPED),
    **{f"in a table of IPv4: {rule}": (forward(f"{rule} drop").replace("table inet", "table ip"), fate)
       for rule, fate in {
           f"ct original saddr {_SOURCE}": DROPPED, f"ct original saddr != {_SOURCE}": PASSES,
           f"ct reply daddr {_SOURCE}": DROPPED, "fib daddr type unicast": DROPPED,
           "fib daddr type local": PASSES, "meta mark 0": DROPPED}.items()},
    "what a map's chain changes has changed": (forward(
        "meta mark vmap { 0 : jump c, 1 : accept }", "meta mark 1 drop", before=_ANOTHER_BIT), DROPPED),
    "what one of several alternatives calls": (forward(
        "meta mark { 0, 5 } jump c", "meta mark 1 drop", before=_ANOTHER_BIT), DROPPED),
    "a rule that changes two of its tests": (forward(
        "meta mark 0 meta mark set 1 ct mark 0 ct mark set 2 tcp dport 80 drop"), DROPPED),
    "a rule that changes one of its tests, and fails another": (forward(
        "meta mark 0 meta mark set 1 ct mark 5 ct mark set 2 tcp dport 80 drop"), PASSES),
    "what stands after a map that goes on nowhere": (forward(
        "numgen inc mod 2 vmap { 0 : accept, 1 : jump c } drop", before=_CALLED), PASSES),
    "one of several flags": (forward("tcp flags syn,ack drop"), DROPPED),
    "exactly these flags": (forward("tcp flags == syn | ack drop"), PASSES),
    "not exactly this flag": (forward("tcp flags != syn drop"), PASSES),
    "a flag under a mask": (forward("tcp flags syn / syn,ack drop"), DROPPED),
    "a flag that is not set": (forward("tcp flags ! syn drop"), PASSES),
    **{f"flags in order: {rule}": (forward(f"tcp flags {rule} drop"), fate) for rule, fate in {
        "< fin": PASSES, "< rst": DROPPED, "<= syn": DROPPED, "& (syn | ack) < ack": DROPPED,
        "& (syn | ack) > 0x12": PASSES, "& ack < ack": DROPPED, "& ack == 0": DROPPED,
        "& (fin | ack) != 0": PASSES, "& syn != 0": DROPPED}.items()},
    **{f"a way of a connection: {rule}": (forward(f"ct direction {rule} drop"), fate) for rule, fate in {
        "0": DROPPED, "1": PASSES, "!= 1": DROPPED, "original": DROPPED, "!= original": PASSES}.items()},
    **{f"of a packet that is not tracked: {rule}": (table(_UNTRACKED, chain(
        "f", "filter hook forward priority filter;", f"{rule} drop")), fate) for rule, fate in {
            "ct mark 0": PASSES, "ct mark != 1": PASSES, "ct mark < 5": PASSES, "meta mark 0": DROPPED,
            "meta mark != 1": DROPPED}.items()},
    **{f"of a translated packet: {rule}": (nat("tcp dport 80 dnat to :81", f"{rule} drop"), fate)
       for rule, fate in {
           "ct status & (dnat | snat) == dnat": PASSES, "ct status & snat != 0": PASSES}.items()},
    "an inverted test of another protocol": (forward("udp dport != 445 drop"), PASSES),
    "an inverted test of the other family": (forward("ip6 saddr != fd00:1::1 drop"), PASSES),
    "th has the ports of any protocol": (forward("th dport 80 drop"), DROPPED),
    "an address under a mask with a hole": (forward("ip saddr & 255.255.0.255 == 10.1.0.5 drop"), DROPPED),
    "an empty set": (forward("tcp dport @none drop", before=_NONE), PASSES),
    "what is not in an empty set": (forward("tcp dport != @none drop", before=_NONE), DROPPED),
    "several states in a list": (forward("ct state established,new drop"), DROPPED),
    "several states in a set": (forward("ct state { established, new } drop"), DROPPED),
    "before tracking all is invalid": (table(chain(
        "raw", "filter hook prerouting priority raw;", "ct state invalid drop")), DROPPED),
    "what is invalid before tracking is kept out of it": (table(
        chain("raw", "filter hook prerouting priority raw;", "ct state invalid notrack"),
        chain("f", "filter hook forward priority filter;", "ct state untracked drop")), DROPPED),
    "the state of what is untracked": (forward("ct state untracked drop", before=_UNTRACKED), DROPPED),
    "the mark of no connection, inverted": (forward("ct mark != 5 drop", before=_UNTRACKED), PASSES),
    "the direction of no connection": (forward("ct direction original drop", before=_UNTRACKED), PASSES),
    "the mark of no connection, copied": (forward("meta mark set ct mark drop", before=_UNTRACKED), PASSES),
    "notrack after tracking": (forward("notrack", "ct state new drop"), DROPPED),
    "goto does not come back": (forward("goto c", "accept", before=_CALLED, policy="drop"), DROPPED),
    "jump comes back": (forward("jump c", "accept", before=_CALLED, policy="drop"), PASSES),
    "return in a base chain is the policy": (forward("return", "accept", policy="drop"), DROPPED),
    "accept ends one chain": (table(
        chain("a", "filter hook forward priority -5;", "accept"),
        chain("b", "filter hook forward priority filter;", "drop")), DROPPED),
    "the lower priority is first": (table(
        chain("a", "filter hook forward priority filter + 10;", "meta mark set 1"),
        chain("b", "filter hook forward priority -5;", "meta mark 1 drop")), PASSES),
    "a table that sleeps": (forward("drop").replace("{\n", "{\n\tflags dormant\n", 1), PASSES),
    "reject before routing": (table(chain(
        "p", "filter hook prerouting priority filter;", "reject")), DROPPED),
    "the way out before routing, inverted": (table(chain(
        "p", "filter hook prerouting priority filter;", 'oifname != "eth9" drop')), DROPPED),
    "the beginning of a name": (forward('iifname "eth*" drop'), DROPPED),
    "an address of the firewall": (forward("fib daddr type local drop"), PASSES),
    "chains of nat are asked at one place": (table(
        chain("n", "nat hook prerouting priority 5;", "tcp dport 80 dnat to :81"),
        chain("p", "filter hook prerouting priority -37;", "tcp dport 81 drop")), DROPPED),
    "after one translation no other": (nat("tcp dport 80 dnat to :81", "drop"), PASSES),
    "accept in nat is no translation": (nat("accept", "drop"), DROPPED),
    "the status of what was translated": (table(
        chain("n", "nat hook prerouting priority dstnat;", "tcp dport 80 dnat to :81"),
        chain("f", "filter hook forward priority filter;", "ct status dnat drop")), DROPPED),
    **{f"what a statement asks: {rule}": (forward(rule, before=_OBJECTS, policy="drop"), fate)
       for rule, fate in {
           'counter name tcp dport map { 80 : "c" } accept': PASSES,
           'counter name tcp dport map { 81 : "c" } accept': DROPPED,
           'ct helper set tcp dport map { 81 : "h" } accept': DROPPED, 'ct helper set "h" accept': PASSES,
           "meta priority set tcp dport map { 81 : 1:1 } accept": DROPPED,
           "meta priority set 1:1 log counter accept": PASSES,
           "ip dscp set cs1 accept": PASSES, "ip6 dscp set cs1 accept": DROPPED,
           "ip ttl set 64 accept": PASSES, "ip6 hoplimit set 64 accept": DROPPED,
           "tcp window set 5 accept": PASSES, "udp length set 8 accept": DROPPED,
           "tcp option maxseg size set 1400 accept": PASSES,
           "meta mark set jhash ip saddr mod 4 accept": PASSES,
           "meta mark set jhash ip6 saddr mod 4 accept": DROPPED,
           "meta mark set jhash udp sport mod 4 accept": DROPPED,
           "meta mark set numgen inc mod 2 accept": PASSES, "meta mark set symhash mod 4 accept": PASSES,
           "meta mark set tcp dport map { 81 : 5 } accept": DROPPED,
           "meta mark set jhash ip saddr . tcp dport mod 4 accept": PASSES,
           "meta mark set jhash icmp type mod 4 accept": DROPPED,
           "ct mark set meta mark accept": PASSES}.items()},
    "what of no connection a statement asks": (table(_UNTRACKED, chain(
        "f", "filter hook forward priority filter; policy drop;", "meta mark set jhash ct id mod 4 accept")),
        DROPPED),
    **{f"what a rejection asks: {rule}": (forward(rule), fate) for rule, fate in {
        "reject with icmp port-unreachable": DROPPED, "reject with icmpv6 admin-prohibited": PASSES,
        "reject with tcp reset": DROPPED, "meta l4proto tcp reject": DROPPED}.items()},
    "a protocol of the network layer": (forward("meta protocol ip drop"), DROPPED),
    "another protocol of the network layer": (forward("meta protocol != { ip, arp } drop"), PASSES),
    "what is no fragment": (forward("ip frag-off & 0x1fff != 0 drop"), PASSES),
    "what is whole": (forward("ip frag-off & 0x3fff == 0 drop"), DROPPED),
    "no address of the interface": (forward("fib daddr . iif type != { local, broadcast, multicast } drop"),
                                    DROPPED),
    "an address of the interface": (forward("fib daddr . iif type local drop"), PASSES),
    "a map of which each verdict lets on": (forward(
        "numgen inc mod 2 vmap { 0 : accept, 1 : jump c }", "accept", before=_CALLED, policy="drop"), PASSES),
    "th is read of any protocol": (forward("meta l4proto . th dport != { tcp . 1-65535 } drop"), PASSES),
}
"""A ruleset, and what becomes of a SYN to port 80 that is forwarded."""

UNKNOWN = {
    "a set that rules change": (forward("update @seen { ip saddr }", "ip saddr @seen drop", before=_SEEN),
                                DROPPED),
    **{f"what is not followed: {rule}": (forward(f"{rule} drop"), fate) for rule, fate in {
        "meta mark & 2 < 1": DROPPED, "tcp flags { syn | ack }": DROPPED, "ct state 0x80": PASSES,
        "ct status dying": PASSES,
        "ct status == dnat": PASSES, "ct status != dnat": DROPPED, "ct status & dnat == dnat | snat": PASSES,
        "ct direction < 1": DROPPED, 'ct helper != "ftp"': PASSES, "ip saddr & 0.0.0.5 == 0.0.0.5": DROPPED,
        "tcp dport & 0xff < 90": DROPPED, "fib daddr type unreachable": PASSES,
        "fib daddr . oif type local": PASSES, "fib daddr oif exists": PASSES, "tcp flags >= syn": DROPPED,
        "fib saddr . iif oif exists": DROPPED, "fib saddr . iif oif missing": PASSES,
        "fib saddr . iif oif != missing": DROPPED, "ip frag-off 0": PASSES, "ip frag-off < 1": PASSES,
        "meta ipsec missing": DROPPED, 'iifname "eth+"': PASSES}.items()},
    "a limit": (forward("limit rate 1/hour burst 1 packets drop"), DROPPED),
    "a map by chance that leads to a translation": (table(
        chain("c", "", "meta l4proto tcp dnat ip to 10.2.0.50"),
        chain("n", "nat hook prerouting priority dstnat;",
              "numgen inc mod 2 vmap { 0 : goto c, 1 : goto c }"),
        chain("f", "filter hook forward priority filter; policy drop;", "ct status dnat accept")), PASSES),
    "a map by chance that leads to a mark": (forward(
        "numgen inc mod 2 vmap { 0 : jump c, 1 : jump c }", "meta mark 1 accept", policy="drop",
        before=chain("c", "", "meta mark set 1")), PASSES),
    **{f"next to each other, and one differs: {rule}": (forward(f"{rule} drop"), DROPPED) for rule in (
        "tcp dport != 80 tcp sport != 2", "th dport != 80 tcp sport != 2", "@th,16,16 != 80 tcp sport != 2",
        "tcp sport != 1 tcp sport != 40000 tcp dport != 2", "tcp flags != syn tcp window != 3",
        "tcp flags != fin | syn tcp window != 3",
        "ip protocol != tcp ip checksum != 3", "ip checksum != 3 ip protocol != tcp ip ttl != 9",
        "tcp dport != 80 counter tcp sport != { 2 }")},
    "what was kept out of tracking and got a zone is new": (table(_raw("notrack", "ct zone set 5"), chain(
        "f", "filter hook forward priority filter;", "ct state new drop")), DROPPED),
    "what stands after a map by chance that goes on": (forward(
        "numgen inc mod 2 vmap { 0 : continue, 1 : continue } drop"), DROPPED),
    "a type of packet that a rule has set": (table(
        chain("p", "filter hook prerouting priority mangle;", "meta pkttype set broadcast"),
        chain("f", "filter hook forward priority filter;", "meta pkttype broadcast drop")), DROPPED),
    "a filter that asks for a source after its translation": (table(
        chain("n", "nat hook postrouting priority srcnat;", "meta l4proto tcp masquerade"),
        chain("p", "filter hook postrouting priority 301;", f"ip saddr {_SOURCE} drop")), PASSES),
    "a mark from what no packet on its way has": (forward("meta mark set meta cgroup accept", policy="drop"),
                                                  DROPPED),
    "a mark from who sent it": (forward(
        "meta mark set jhash meta skuid mod 4 accept", policy="drop"), DROPPED),
    **{f"an interface by its number: {rule}": (table(chain(
        "p", "filter hook prerouting priority filter;", f"{rule} drop")), fate) for rule, fate in {
            "oif 0": DROPPED, "oif != 0": PASSES, "oif { 0 }": DROPPED, "iif 999": PASSES}.items()},
    "a mark from beyond the packet": (forward("meta mark set @th,800,32 accept", policy="drop"), DROPPED),
    "a value that may be the key of a map": (forward("meta mark set tcp sequence accept", policy="drop"),
                                             PASSES),
    "a map by what is not followed": (forward("meta priority set numgen inc mod 2 map { 0 : 1:1 } accept",
                                              policy="drop"), PASSES),
}
"""The same where the product cannot tell."""


@pytest.fixture(scope="module")
def module_kernel(ready: None) -> Iterator[Kernel]:
    with Kernel() as made:
        yield made


@pytest.mark.parametrize("options", [None, "", "-j", "-j -n"], ids=["written", "text", "json", "numbers"])
@pytest.mark.parametrize("name", ROWS)
def test_by_hand(module_kernel: Kernel, name: str, options: str | None) -> None:
    text, fate = ROWS[name]
    if options and "dormant" in text:
        pytest.skip("nft -j before 1.1.0 prints a random word there")
    assert _judged(module_kernel, text, options) == (fate, fate)


@pytest.mark.parametrize("name", [*ROWS, *UNKNOWN])
def test_without_a_kernel(name: str) -> None:
    """What was said beforehand, where no kernel can be asked."""
    text, fate = ROWS[name] if name in ROWS else (UNKNOWN[name][0], "undecided")
    assert _said(text) == fate


@pytest.mark.parametrize("name", UNKNOWN)
def test_not_known(module_kernel: Kernel, name: str) -> None:
    text, fate = UNKNOWN[name]
    assert _judged(module_kernel, text, None) == (fate, "undecided")


def test_the_order_at_one_priority_is_the_last_one_first(ready: None) -> None:
    """The kernel looks connections up at -200: before a chain there or after it, as they were loaded."""
    rules = table(chain("p", "filter hook prerouting priority -200;", "ct state new drop"))
    tracks = table(chain("f", "filter hook forward priority filter;", _TRACKS)).replace(" t {", " a {")
    with Kernel() as fresh:
        said = _judged(fresh, rules, None), _judged(fresh, tracks + rules, None)
    assert said == ((DROPPED, "undecided"), (PASSES, "undecided"))


def _judged(kernel: Kernel, text: str, options: str | None) -> tuple[str, str]:
    """What the kernel does, and what the product says."""
    kernel.load_native(text)
    (passed,) = kernel.send("forward", [(INGRESS[0], _ASKED)])
    return PASSES if passed else DROPPED, _said(text if options is None else kernel.native(options))


def _said(text: str) -> str:
    return Judge({"rules.nft": text}, 4).judge(Way.by("forward", INGRESS[0]), _ASKED, "NEW").verdict
