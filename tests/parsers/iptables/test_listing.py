"""`iptables -L`: rows, texts, chains and tables, in all the shapes that versions and options give them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.iptables.text import listing_row
from aclproof.parsers.iptables.text.remarks import Says
from aclproof.parsers.iptables.text.words import AS_LISTED, Jump, RuleError, Unread
from aclproof.parsers.iptables.text.words import Test as Check  # pytest takes a class Test for its own
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.notes import State
from tests.language.english import english_in
from tests.parsers.iptables.listings import only, reader, row, spec


def behind(text: str, target: str = "ACCEPT") -> tuple[Check, ...]:
    """The tests that the text after the addresses stands for."""
    return spec(f"{target:10} all  --  anywhere             anywhere             {text}").tests


def test_a_row_is_read_into_the_words_of_a_save_file() -> None:
    line = "   12  3456 ACCEPT     6    --  eth0   !br+    10.0.0.0/8          !192.0.2.1       tcp dpt:22"
    found = spec(line, verbose=True)
    assert found.line == 3
    assert found.tests == (
        Check("", "source", ("10.0.0.0/8",)), Check("", "destination", ("192.0.2.1/32",), True),
        Check("", "in-interface", ("eth0",)), Check("", "out-interface", ("br+",), True),
        Check("", "protocol", ("tcp",)), Check("tcp", "dport", ("22",)))
    assert found.jump == Jump("ACCEPT")


@pytest.mark.parametrize(("line", "target", "written"), [
    ("           tcp  --  anywhere   anywhere", "", [("protocol", "tcp")]),
    ("tcp  --  anywhere   anywhere", "", [("protocol", "tcp")]),
    ("           6    --  anywhere   anywhere", "", [("protocol", "tcp")]),
    ("tcp        udp  --  anywhere   anywhere", "tcp", [("protocol", "udp")]),
    ("A-VERY-LONG-CHAIN-NAME-28ch  0    --  10.0.0.5/255.0.0.255  0.0.0.0/0", "A-VERY-LONG-CHAIN-NAME-28ch",
     [("source", "10.0.0.5/255.0.0.255")]),
    ("ACCEPT     udplite--  anywhere             anywhere", "ACCEPT", [("protocol", "udplite")]),
    ("ACCEPT     ipv6-frag --  anywhere             anywhere", "ACCEPT", [("protocol", "ipv6-frag")]),
    ("ACCEPT    !17   -- !198.51.100.0/24     !10.0.0.0/8", "ACCEPT",
     [("!source", "198.51.100.0/24"), ("!destination", "10.0.0.0/8"), ("!protocol", "udp")]),
    ("ACCEPT     all  -f  anywhere             anywhere", "ACCEPT", [("fragment", "")]),
    ("ACCEPT     gre  !f  anywhere             anywhere", "ACCEPT", [("protocol", "gre"), ("!fragment", "")]),
    ("ACCEPT     all  --  localnet/24          www.example.org", "ACCEPT",
     [("source", "localnet/24"), ("destination", "www.example.org")]),
    ("ACCEPT     200  --  default              anywhere", "ACCEPT",
     [("source", "default"), ("protocol", "200")]),
    ("ACCEPT     all      ::/0                 fe80::/10", "ACCEPT", [("destination", "fe80::/10")]),
    ("           tcp      2001:db8::1          ::/0      tcp spt:5", "",
     [("source", "2001:db8::1/128"), ("protocol", "tcp"), ("sport", "5")]),
    ("ACCEPT     ipv6-icmp    anywhere   anywhere", "ACCEPT", [("protocol", "ipv6-icmp")]),
])
def test_columns(line: str, target: str, written: list[tuple[str, str]]) -> None:
    found = spec(line)
    assert found.target == target
    assert [("!" * test.negated + test.name, " ".join(test.values)) for test in found.tests] == written


@pytest.mark.parametrize("line", [
    "ACCEPT     tcp  --  0.0.0.0/0", "ACCEPT     tcp  --  10.0.0             0.0.0.0/0", "ACCEPT     tcp",
    "ACCEPT     tcp  -x  0.0.0.0/0            0.0.0.0/0", "ACCEPT     tcp  0.0.0.0/0            0.0.0.0/0",
    "ACCEPT     tcp  --  0.0.0.0/0            ::/0", "ACCEPT     tcp  --  10.0.0.0/33   0.0.0.0/0",
    "ACCEPT     tcp  --  10.0.0.0/ffff::   0.0.0.0/0", "ACCEPT     tcp  --  -   0.0.0.0/0",
    "ACCEPT tcp -- . .",
])
def test_what_is_no_row_stays_unread_in_its_chain(line: str) -> None:
    assert isinstance(row(line), Unread)


# --- texts of matches and targets -------------------------------------------------------------------------

TEXTS = {
    "tcp dpt:!22": [Check("tcp", "dport", ("22",), True)],
    "tcp spts:1:2 dpts:!3:4": [Check("tcp", "sport", ("1:2",)), Check("tcp", "dport", ("3:4",), True)],
    "tcp dpt:22flags: 0x17/0x02": [Check("tcp", "dport", ("22",)),
                                   Check("tcp", "tcp-flags", ("FIN,SYN,RST,ACK", "SYN"))],
    "tcpflags:! 0x3F/0x00 multiport dports  !25,110": [
        Check("tcp", "tcp-flags", ("FIN,SYN,RST,PSH,ACK,URG", "NONE"), True),
        Check("multiport", "dports", ("25,110",), True)],
    "tcp flags:!FIN,SYN,RST,ACK/SYN option=!7": [
        Check("tcp", "tcp-flags", ("FIN,SYN,RST,ACK", "SYN"), True), Check("unknown", "option=!7")],
    "tcp option=7": [Check("tcp", "tcp-option", ("7",))],
    "tcp flags:0x1FF/0x02": [Check("unknown", "tcp flags:0x1FF/0x02")],
    "udp": [],
    "icmptype 255": [Check("icmp", "icmp-type", ("any",))],
    "icmptype 3 code 4": [Check("icmp", "icmp-type", ("3/4",))],
    "icmptype 3 codes 1-4": [Check("icmp", "icmp-type", ("3/1:4",))],
    "icmp !type 8": [Check("icmp", "icmp-type", ("8",), True)],
    "icmp !echo-request": [Check("icmp", "icmp-type", ("echo-request",), True)],
    "icmp foo": [Check("unknown", "icmp foo")],
    "ipv6-icmptype 255": [Check("icmp6", "icmpv6-type", ("255",))],
    "! state NEW": [Check("state", "state", ("NEW",), True)],
    "ctproto 6 ! ctorigsrc 10.0.0.0/8 ctdir REPLY": [
        Check("conntrack", "ctproto", ("6",)), Check("conntrack", "ctorigsrc", ("10.0.0.0/8",), True),
        Check("conntrack", "ctdir", ("REPLY",))],
    "MAC ! 00:11:22:33:44:55 MAC00:11:22:33:44:56": [
        Check("mac", "mac-source", ("00:11:22:33:44:55",), True),
        Check("mac", "mac-source", ("00:11:22:33:44:56",))],
    "connmark match  0x3 MARK match !0x5/0xf": [Check("connmark", "mark", ("0x3",)),
                                                Check("mark", "mark", ("0x5/0xf",), True)],
    "! match-set a src,dst match-set b src return-nomatch": [
        Check("set", "match-set", ("a", "src,dst"), True), Check("set", "match-set", ("b", "src")),
        Check("set", "return-nomatch")],
    "ADDRTYPE match src-type !LOCAL dst-type LOCAL limit-in": [
        Check("addrtype", "src-type", ("LOCAL",), True), Check("addrtype", "dst-type", ("LOCAL",)),
        Check("addrtype", "limit-iface-in")],
    "ADDRTYPE match": [Check("unknown", "ADDRTYPE match")],
    "PHYSDEV match --physdev-is-in ! --physdev-in eth0": [
        Check("physdev", "physdev-is-in"), Check("physdev", "physdev-in", ("eth0",), True)],
    "limit: avg 3/min burst 10": [Check("limit", "limit", ("3/min",)),
                                  Check("limit", "limit-burst", ("10",))],
    "limit: avg 3/min burst 5 mode srcip tcp dpt:22": [
        Check("hashlimit", AS_LISTED, ("limit: avg 3/min burst 5 mode srcip",)),
        Check("tcp", "dport", ("22",))],
    "! recent: CHECK seconds: 5 reap hit_count: 4 TTL-Match name: reap side: dest mask: 255.255.255.255": [
        Check("recent", "rcheck", (), True), Check("recent", "seconds", ("5",)), Check("recent", "reap"),
        Check("recent", "hitcount", ("4",)), Check("recent", "rttl"), Check("recent", "name", ("reap",)),
        Check("recent", "rdest"), Check("recent", "mask", ("255.255.255.255",))],
    "foo tcp dpt:22": [Check("unknown", "foo tcp dpt:22")],
    "tcp dpt:22 foo bar": [Check("tcp", "dport", ("22",)), Check("unknown", "foo bar")],
    "/* a */": [Check("comment", "comment", ("a",))],
    "/* a */ tcp dpt:5 /* b c */": [Check("comment", "comment", ("a",)), Check("tcp", "dport", ("5",)),
                                    Check("comment", "comment", ("b c",))],
    "/* tcp dpt:22 */ foo": [Check("comment", "comment", ("tcp dpt:22",)), Check("unknown", "foo")],
    '/* it\'s "quoted" -j DROP /* x */ */ udp dpt:53': [
        Check("comment", "comment", ('it\'s "quoted" -j DROP /* x */',)), Check("udp", "dport", ("53",))],
    "/* a */ foo */ bar": [Check("unknown", "/* a */ foo */ bar")],
    "/* cut off": [Check("unknown", "/* cut off")],
    "/* x */ " * 9 + "tcp dpt:22": [Check("unknown", "/* x */ " * 9 + "tcp dpt:22")],
    "[unsupported revision]": [Check("unknown", "[unsupported revision]")],
}


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_matches(text: str) -> None:
    assert list(behind(text)) == TEXTS[text]


ARGUMENTS = [
    ("REJECT", "reject-with tcp-reset", [("reject-with", "tcp-reset")]),
    ("DNAT", "to:10.0.0.2-10.0.0.9:3000-3010 random persistent",
     [("to-destination", "10.0.0.2-10.0.0.9:3000-3010"), ("random", ""), ("persistent", "")]),
    ("DNAT", "to::80", [("to-destination", ":80")]),
    ("SNAT", "to:203.0.113.9 random-fully", [("to-source", "203.0.113.9"), ("random-fully", "")]),
    ("REDIRECT", "redir ports 8081", [("to-ports", "8081")]),
    ("MASQUERADE", "", []),
    ("MASQUERADE", "masq ports: 5-7 random", [("to-ports", "5-7"), ("random", "")]),
    ("MARK", "MARK and 0xff", [("set-xmark", "0x0/0xffffff00")]),
    ("MARK", "MARK or 0xf", [("set-xmark", "0xf/0xf")]),
    ("MARK", "MARK xor 0xf", [("set-xmark", "0xf/0x0")]),
    ("MARK", "MARK xset 0x1/0x3", [("set-xmark", "0x1/0x3")]),
    ("CONNMARK", "CONNMARK save", [("save-mark", ""), ("nfmask", "0xffffffff"), ("ctmask", "0xffffffff")]),
    ("CONNMARK", "CONNMARK restore mask 0xff",
     [("restore-mark", ""), ("nfmask", "0xff"), ("ctmask", "0xff")]),
    ("CONNMARK", "CONNMARK restore ctmask 0xf nfmask ~0xff",
     [("restore-mark", ""), ("nfmask", "0xff"), ("ctmask", "0xf")]),
    ("CONNMARK", "CONNMARK set 0x5", [("set-xmark", "0x5/0xffffffff")]),
    ("CT", "CT notrack", [("notrack", "")]),
    ("CT", "NOTRACK", [("notrack", "")]),
    ("CT", "CT helper ftp", [(AS_LISTED, "helper ftp")]),
    ("NFQUEUE", "NFQUEUE balance 0:3 bypass cpu-fanout",
     [("queue-balance", "0:3"), ("queue-bypass", ""), ("queue-cpu-fanout", "")]),
    ("SET", "add-set x src exist timeout 5", [("add-set", "x src exist timeout 5")]),
    ("TPROXY", "TPROXY redirect 0.0.0.0:3128 mark 0x1/0x1",
     [("on-port", "3128"), ("on-ip", "0.0.0.0"), ("tproxy-mark", "0x1/0x1")]),
    ("LOG", 'LOG flags 0 level 4 prefix "tcp dpt:22 */ "',
     [(AS_LISTED, 'LOG flags 0 level 4 prefix "tcp dpt:22 */ "')]),
]


@pytest.mark.parametrize(("target", "text", "arguments"), ARGUMENTS, ids=[text for _, text, _ in ARGUMENTS])
def test_texts_of_targets(target: str, text: str, arguments: list[tuple[str, str]]) -> None:
    found = spec(f"{target:10} tcp  --  anywhere             anywhere             tcp dpt:22 {text}")
    assert list(found.jump.arguments) == arguments
    assert found.tests[1:] == (Check("tcp", "dport", ("22",)),)


@pytest.mark.parametrize(("target", "text"), [
    ("ACCEPT", "reject-with tcp-reset"), ("DNAT", "to:"), ("MARK", "MARK xset 0x1"), ("user", "LOG level 4"),
    ("LOG", "psd weight 5 LOG level 4"), ("REJECT", "reject-with tcp-reset foo"),
])
def test_a_text_that_is_not_the_targets_is_an_unknown_test(target: str, text: str) -> None:
    found = spec(f"{target:10} all  --  anywhere             anywhere             {text}")
    assert found.tests == (Check("unknown", text),)
    assert found.jump.arguments == ()


def test_goto_stands_behind_the_addresses() -> None:
    found = spec("TOWER      all  --  anywhere             anywhere            [goto]  tcp dpt:22")
    assert found.jump.goto
    assert found.tests == (Check("tcp", "dport", ("22",)),)
    assert not spec("TOWER      all  --  anywhere             anywhere            /* [goto] */").jump.goto


# --- chains, tables, families -----------------------------------------------------------------------------

MARKS = {State.UNDERSTOOD: "+", State.IGNORED: ".", State.APPROXIMATED: "~", State.UNREAD: "?"}

TITLE = "target     prot opt source               destination\n"
VERBOSE = "num   pkts bytes target     prot opt in     out     source               destination\n"
ANY_ROW = "ACCEPT     all  --  0.0.0.0/0            0.0.0.0/0\n"


def chains(*built_in: str, user: str = "", rows: str = "") -> str:
    text = "".join(f"Chain {name} (policy ACCEPT)\n{TITLE}{rows}\n" for name in built_in)
    return text + (f"Chain {user} (1 references)\n{TITLE}{rows}\n" if user else "")


@pytest.mark.parametrize(("built_in", "rows", "table", "sure"), [
    ("INPUT FORWARD OUTPUT", "", "filter", True),
    ("INPUT FORWARD OUTPUT", "SECMARK    all  --  anywhere anywhere SECMARK selctx x\n", "security", True),
    ("PREROUTING INPUT OUTPUT POSTROUTING", "", "nat", True),
    ("PREROUTING POSTROUTING OUTPUT", "", "nat", True),
    ("PREROUTING INPUT FORWARD OUTPUT POSTROUTING", "", "mangle", True),
    ("PREROUTING OUTPUT", "", "raw", True),
    ("OUTPUT", "", "filter", False),
    ("PREROUTING", "", "nat", False),
    ("PREROUTING", "CT         all  --  anywhere anywhere CT notrack\n", "raw", False),
    ("POSTROUTING", "MARK       all  --  anywhere anywhere MARK set 0x1\n", "mangle", False),
    ("", "ACCEPT     all  --  anywhere anywhere\n", "filter", False),
])
def test_the_chains_tell_the_table(built_in: str, rows: str, table: str, sure: bool) -> None:
    found = reader(chains(*built_in.split(), user="own", rows=rows))
    assert list(found.rulesets[0].tables) == [table]
    assert any("no table has just these chains" in each for each in found.reasons.values()) is not sure


def test_several_tables_in_one_input() -> None:
    text = (chains("INPUT", "FORWARD", "OUTPUT", user="DOCKER", rows=ANY_ROW)
            + chains("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", user="DOCKER")
            + chains("PREROUTING", "OUTPUT")
            + chains("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"))
    found = only(text)
    assert {name: list(table.chains) for name, table in found.tables.items()} == {
        "filter": ["INPUT", "FORWARD", "OUTPUT", "DOCKER"],
        "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "DOCKER"], "raw": ["PREROUTING", "OUTPUT"],
        "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]}
    assert found.tables["filter"].policies == {"INPUT": ("ACCEPT", 1), "FORWARD": ("ACCEPT", 5),
                                               "OUTPUT": ("ACCEPT", 9)}
    assert found.form == "short listing"


def test_the_command_in_front_tells_table_and_family() -> None:
    text = ("root@fw:~# ip6tables -t security -L\n" + chains("INPUT", "FORWARD", "OUTPUT")
            + "[root@fw ~]# sudo iptables -L -n --line-numbers\n" + chains("INPUT", "FORWARD", "OUTPUT")
            + "$ iptables -A INPUT -j DROP\nHope that helps\n")
    found = reader(text)
    assert [(each.family, list(each.tables)) for each in found.rulesets] == [
        (Family.V6, ["security"]), (Family.V4, ["filter"])]
    assert list(found.reasons.values()) == ["a command, not what it did", "stands outside of the chains"]


def test_chains_listed_one_by_one_belong_together() -> None:
    found = only(chains("OUTPUT") + chains("INPUT", rows=ANY_ROW) + chains("FORWARD"))
    assert list(found.tables["filter"].chains) == ["OUTPUT", "INPUT", "FORWARD"]


def test_the_same_table_twice_is_not_mixed() -> None:
    once = chains("INPUT", "FORWARD", "OUTPUT", rows=ANY_ROW)
    same = only(once * 2).tables["filter"]
    assert ([len(rules) for rules in same.chains.values()], same.odd) == ([1, 1, 1], [])
    other = only(once + chains("INPUT", "FORWARD", "OUTPUT")).tables["filter"]
    assert ([len(rules) for rules in other.chains.values()], len(other.odd)) == ([1, 1, 1], 1)


def test_families_are_told_apart() -> None:
    six = chains("INPUT", "FORWARD", "OUTPUT", rows="ACCEPT     all  --  ::/0                 ::/0\n")
    found = reader(chains("INPUT", "FORWARD", "OUTPUT", rows=ANY_ROW) + six).rulesets
    assert [each.family for each in found] == [Family.V4, Family.V6]
    refused = "REJECT     all  --  anywhere anywhere reject-with icmp6-port-unreachable\n"
    assert only(chains("INPUT", rows=refused)).family is Family.V6
    mixed = only(chains("INPUT", rows=ANY_ROW + "ACCEPT     all  --  ::/0                 ::/0\n"))
    assert isinstance(mixed.tables["filter"].chains["INPUT"][1], Unread)


def test_a_family_that_nothing_tells_is_said() -> None:
    found = reader(chains("INPUT", "FORWARD", "OUTPUT", rows="ACCEPT     all  --  anywhere anywhere\n"))
    assert found.states[0] is State.APPROXIMATED
    assert found.reasons == {1: "nothing here tells IPv4 from IPv6: taken for IPv4"}


def test_what_is_said_of_a_line_can_be_translated() -> None:
    found = reader("Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n")
    assert found.reasons == {1: "nothing here tells IPv4 from IPv6: taken for IPv4; "
                                "no table has just these chains: taken for filter"}
    assert list(english_in(found.reasons[1])) == []


def test_every_line_is_accounted_for() -> None:
    text = ("What I see:\n# Warning: iptables-legacy tables present, use iptables-legacy to see them\n"
            f"Chain INPUT (policy DROP 13 packets, 4264K bytes)\r\n{VERBOSE}"
            "1     634  170K ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0\r\n"
            "2    2514K 878M            all  --  eth0   *       0.0.0.0/0            0.0.0.0/0\n"
            "3    what is this\n\nthanks for reading\n\nChain own (0 references)\n" + VERBOSE + VERBOSE)
    found = reader(text)
    assert "".join(MARKS[each] for each in found.states) == "?.~.+??.?...."
    assert list(found.reasons) == [1, 7, 6, 9, 3]  # "what is this" may be the end of the row above
    (ruleset,) = found.rulesets
    assert ruleset.form == "listing"
    assert found.remarks == {2: Says.OTHER_BACK_END}
    assert found.strays == [1, 9]
    assert ruleset.tables["filter"].policies == {"INPUT": ("DROP", 3)}
    shown = ruleset.tables["filter"].chains
    assert [type(each).__name__ for each in shown["INPUT"]] == ["Spec", "Unread", "Unread"]
    assert shown["own"] == []


def test_a_lost_heading_is_noticed() -> None:
    text = chains("INPUT", rows=ANY_ROW).rstrip() + "\n\n" + TITLE + ANY_ROW
    found = only(text).tables["filter"].chains["INPUT"]
    assert [type(each).__name__ for each in found] == ["Spec", "Unread", "Spec"]
    for heading in ("Chan FORWARD (policy DROP)", "Chain FORWARD", "hain own (1 references)"):
        damaged = chains("INPUT", rows=ANY_ROW) + heading + "\n"
        assert isinstance(only(damaged).tables["filter"].chains["INPUT"][-1], Unread)
    refused = reader("Chain INPUT (polcy DROP)\nChain own (ERROR obtaining refs)\n")
    assert refused.states == [State.UNREAD, State.IGNORED]
    assert list(refused.rulesets[0].tables["filter"].chains) == ["INPUT", "own"]


def test_rows_without_titles_stay_unread() -> None:
    found = only("Chain INPUT (policy DROP)\n" + ANY_ROW).tables["filter"].chains["INPUT"]
    assert found == [Unread(2, "no titles of columns stand above the line")]


# --- damaged input ----------------------------------------------------------------------------------------

SOUND = ("# iptables -L -n -v\nChain INPUT (policy DROP 0 packets, 0 bytes)\n"
         " pkts bytes target     prot opt in     out     source               destination\n"
         "    0     0 ACCEPT     6    --  eth0   *       10.0.0.0/8     0.0.0.0/0       tcp dpt:22 /* a */\n"
         "    0     0 own        17   --  *      *       0.0.0.0/0     !192.0.2.1      [goto]  ! state NEW\n"
         "    0     0            0    --  *      *       0.0.0.0/0            0.0.0.0/0\n\n"
         "Chain own (1 references)\n"
         " pkts bytes target     prot opt in     out     source               destination\n"
         "    0     0 REJECT     0    --  *      *       0.0.0.0/0            0.0.0.0/0       icmptype 8 "
         "limit: avg 3/min burst 10 reject-with icmp-host-prohibited\n")


@given(st.integers(0, len(SOUND)), st.integers(0, len(SOUND)),
       st.text("ACEPTtcpudp -!:/.*0129\n\r\"[]()#abcChain", max_size=30) | st.text(max_size=5))
def test_damaged_listings_are_read_and_counted(first: int, last: int, noise: str) -> None:
    text = SOUND[:min(first, last)] + noise.replace("\0", "") + SOUND[max(first, last):]
    if not text.strip() or re.search("[\0-\6]", text):
        return
    found = reader(text)
    shown = [each for ruleset in found.rulesets for table in ruleset.tables.values()
             for rules in table.chains.values() for each in rules]
    assert [each.line for each in shown] == sorted({each.line for each in shown})
    assert {each.line for each in shown if isinstance(each, Unread)} <= {
        at for at, state in enumerate(found.states, 1) if state is State.UNREAD}


@given(st.text("tcp dpt:!/*0129", max_size=40))
def test_noise_behind_a_rule_never_makes_it_wider(noise: str) -> None:
    line = "ACCEPT     tcp  --  10.0.0.0/8           0.0.0.0/0            tcp dpt:22"
    plain = spec(line)
    found = spec(line + " x" + noise)
    assert found.tests[:len(plain.tests)] == plain.tests
    assert found.asking(()) == plain.asking(())
    assert found.tests[len(plain.tests):] == (Check("unknown", ("x" + noise).rstrip()),)


def test_a_very_long_line_takes_no_long_time() -> None:
    for text in ("/* " * 20_000, "*/ " * 20_000, " " * 60_000 + "x", "a" * 60_000, "! " * 30_000):
        found = spec(f"ACCEPT     tcp  --  10.0.0.0/8           0.0.0.0/0            {text}")
        assert found.tests[-1].module == "unknown"


@pytest.mark.parametrize("between", ["", "  "])
@pytest.mark.parametrize("ways", ["", "*      *       "])
def test_two_rows_in_one_line_may_be_about_any_packet(ways: str, between: str) -> None:
    row = f"{{}}     tcp  --  {ways}0.0.0.0/0            10.1.1.12            tcp dpt:{{}}"
    columns = listing_row.Columns(numbers=False, counters=False, interfaces=bool(ways))
    assert listing_row.row(row.format("ACCEPT", 81), 1, columns)
    with pytest.raises(RuleError, match="two rows stand in one line"):
        listing_row.row(row.format("ACCEPT", 81) + between + row.format("DROP", 80), 1, columns)
