"""Which inputs are nftables', and what stands around the rules."""

from __future__ import annotations

import json

import pytest

from aclproof.parsers.model.notes import HIDDEN, State
from aclproof.parsers.nftables.ruleset import UNKNOWN, Base
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.nftables.comparing import not_understood, read, rules

RULESET = """table inet fw {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		tcp dport 22 accept
	}
}
"""


@pytest.mark.parametrize(("text", "form"), [
    (RULESET, "text"),
    ("table filter {\n}\n", "text"),
    (f"root@gw:~# nft list ruleset\n{RULESET}", "text"),
    ("root@gw:~# nft list ruleset\nroot@gw:~# ", "text"),
    ("#!/usr/sbin/nft -f\n\nflush ruleset\n", "text"),
    ("#!/usr/bin/env -S nft -f\ninclude \"x\"\n", "text"),
    ("flush ruleset\nadd table inet x\n", "text"),
    ("add rule inet fw input tcp dport 22 accept\n", "text"),
    ("# Warning: table ip filter is managed by iptables-nft, do not touch!\ntable ip filter {\n}\n", "text"),
    (json.dumps({"nftables": []}), "json"),
    (json.dumps({"nftables": []}, indent=2), "json"),
    ("$ nft -j list ruleset\n" + json.dumps({"nftables": []}), "json"),
    ("table ip filter\ntable inet firewalld\n", ""),
    ("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", ""),
    ("#!/bin/sh\nnft flush ruleset\nnft add table inet x\n", ""),
    ("{\"rules\": []}", ""),
    ("access-list out extended permit ip any any\n", ""),
    ("firewall {\n    table x {\n", "text"),
])
def test_a_form_is_known_by_its_head(text: str, form: str) -> None:
    assert kind(text) == form


def test_other_inputs_are_refused() -> None:
    with pytest.raises(UnsupportedInputError, match="no rules of nftables"):
        read("*filter\nCOMMIT\n")


def test_a_chain_is_bound() -> None:
    form = read(RULESET)
    chain = form.ruleset.tables["inet", "fw"].chains["input"]
    assert chain.base == Base("filter", "input", 0, "drop")
    assert (chain.line, chain.policy_line) == (2, 3)
    assert [rule.line for rule in chain.rules] == [4, 5]
    assert not form.ruleset.is_file
    assert not form.listed


@pytest.mark.parametrize(("written", "number"), [
    ("0", 0), ("-150", -150), ("filter", 0), ("filter + 5", 5), ("filter - 5", -5), ("mangle", -150),
    ("dstnat - 10", -110), ("srcnat", 100), ("security + 1", 51), ("raw", -300), ("unheard", None),
])
def test_priorities_have_names(written: str, number: int | None) -> None:
    text = f"table ip t {{\n chain c {{\n  type filter hook prerouting priority {written};\n }}\n}}\n"
    base = read(text).ruleset.tables["ip", "t"].chains["c"].base
    assert base
    assert base.priority == number


def test_names_of_priorities_are_others_for_bridges() -> None:
    text = "table bridge t {\n chain c {\n  type filter hook input priority filter\n }\n}\n"
    base = read(text).ruleset.tables["bridge", "t"].chains["c"].base
    assert base
    assert base.priority == -200


def test_what_a_terminal_wrote_around_is_no_rule() -> None:
    form = read(f"Last login\nroot@gw:~# uname -a\n[root@gw ~]# nft -a list ruleset\n{RULESET}"
                "root@gw:~# exit\n")
    assert form.listed
    assert set(form.reasons) == {1}
    assert form.source.span(1).text == HIDDEN
    assert [rule.line for _, rule in rules(form)] == [7, 8]
    assert form.states[1:3] == [State.IGNORED] * 2


@pytest.mark.parametrize("line", ["password hunter2", "psk: hunter2", "user admin hunter2 {", "hunter2"])
def test_a_line_of_somebody_else_is_not_quoted(line: str) -> None:
    form = read(f"{RULESET}{line}\n")
    number = RULESET.count("\n") + 1
    assert number in form.deciding
    assert not any("hunter2" in reason for reason in form.reasons.values())
    assert form.source.span(number).text == HIDDEN


def test_a_command_for_one_table_does_not_show_all() -> None:
    assert not read(f"gw# nft list table inet fw\n{RULESET}").listed


@pytest.mark.parametrize(("warning", "open_"), [
    ("# Warning: table ip filter is managed by iptables-nft, do not touch!", False),
    ("# Warning: table ip x was created by a newer version of nftables? Content may be incomplete!", True),
    ("# Warning: XT match string not found", True),
])
def test_warnings_say_whether_something_is_lost(warning: str, open_: bool) -> None:
    form = read(f"{warning}\n{RULESET}")
    assert form.deciding == ({1} if open_ else set())
    assert not form.ruleset.is_file


@pytest.mark.parametrize("cut", [RULESET[:-2], RULESET[:-5], RULESET[:60], "table inet fw {\n"])
def test_a_cut_input_is_open(cut: str) -> None:
    form = read(cut)
    last = cut.rstrip("\n").count("\n") + 1
    assert last in form.deciding
    assert "end is missing" in form.reasons[last]


def test_a_statement_that_is_not_understood_keeps_its_text() -> None:
    text = RULESET.replace("tcp dport 22 accept", "tcp dport 22 frobnicate { 1, 2 } accept")
    form = read(text)
    assert not_understood(form) == [{UNKNOWN: "frobnicate { 1 , 2 } accept"}]
    _, rule = list(rules(form))[-1]
    assert len(rule.statements) == 2
    assert not form.reasons


def test_what_is_not_understood_over_lines_ends_with_its_brace() -> None:
    text = RULESET.replace("tcp dport 22 accept", "tcp dport & { 22,\n 23 } frob\n\t\tudp dport 53 accept")
    form = read(text)
    assert len(list(rules(form))) == 3
    assert [rule.line for _, rule in rules(form)] == [4, 5, 7]


def test_an_old_listing_hides_a_test_in_a_comment() -> None:
    form = read(RULESET.replace(
        "dport 22 accept", "dport 22 # match-set blocked src counter accept # handle 7"))
    assert not_understood(form) == [{UNKNOWN: "# match-set blocked src counter accept"}]
    _, rule = list(rules(form))[-1]
    assert rule.handle == 7


def test_an_old_listing_hides_a_whole_rule_in_a_comment() -> None:
    hidden = "# match-set blocked src counter packets 0 bytes 0 drop"
    form = read(RULESET.replace("tcp dport 22 accept", f"{hidden}\n\t\ttcp dport 22 accept"))
    assert not form.ruleset.is_file
    assert not_understood(form) == [{UNKNOWN: f"xt match {hidden}"}]
    assert [rule.line for _, rule in rules(form)] == [4, 5, 6]


@pytest.mark.parametrize("line", [
    "add rule inet fw input tcp dport 445 drop #", "add rule inet fw input drop # nft list ruleset",
    "add rule inet fw input drop # root@gw:~# exit"])
def test_a_command_with_a_comment_is_no_prompt(line: str) -> None:
    form = read(f"{RULESET}{line}\n")
    assert [rule.line for _, rule in rules(form)] == [4, 5, 8]


def test_a_chain_that_is_listed_twice_is_open() -> None:
    form = read(RULESET + RULESET)
    assert form.deciding == {9}
    assert len(list(rules(form))) == 2


def test_a_comment_of_a_file_is_a_comment() -> None:
    form = read("#!/usr/sbin/nft -f\n" + RULESET.replace("22 accept", "22 accept # the administrators"))
    assert form.ruleset.is_file
    assert not not_understood(form)


def test_a_piece_of_a_table_that_is_not_known_is_open() -> None:
    form = read("table inet fw {\n\tgadget x {\n\t\tsize 5\n\t}\n\tchain c {\n\t\tdrop\n\t}\n}\n")
    assert form.deciding == {2}
    assert len(list(rules(form))) == 1


def test_deep_brackets_end() -> None:
    deep = "(" * 5000
    form = read(RULESET.replace("tcp dport 22 accept", f"meta mark {deep}1 accept"))
    assert len(not_understood(form)) == 1
    blocks = "jump { " * 500
    assert read(RULESET.replace("tcp dport 22 accept", blocks)).deciding


def test_chains_without_a_name_are_chains() -> None:
    form = read(RULESET.replace("tcp dport 22 accept",
                                "jump {\n ip saddr 10.0.0.1 drop\n goto { accept; }\n}"))
    chains = form.ruleset.tables["inet", "fw"].chains
    assert chains["input"].rules[-1].statements == ({"jump": {"target": "__chain0"}},)
    assert chains["__chain0"].rules[-1].statements == ({"goto": {"target": "__chain1"}},)
    assert chains["__chain1"].rules[0].statements == ({"accept": None},)


def test_a_table_may_be_dormant() -> None:
    assert read("table ip t {\n\tflags dormant\n}\n").ruleset.tables["ip", "t"].flags == {"dormant"}


def test_old_names_of_ports_are_numbers() -> None:
    form = read(RULESET.replace("22 accept", "{ ssh, domain, microsoft-ds } accept"))
    _, rule = list(rules(form))[-1]
    assert rule.statements[0] == {"match": {
        "op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}},
        "right": {"set": [22, 53, 445]}}}


@pytest.mark.parametrize(("old", "new"), [
    ("iif \"lo\"", "meta iif lo"), ("mark 0x1", "meta mark 1"),
    ("ct original saddr 10.0.0.1", "ct original ip saddr 10.0.0.1"), ("ip protocol 6", "ip protocol tcp"),
    ("reject with icmp type host-unreachable", "reject with icmp host-unreachable"),
    ("queue num 1-3 bypass", "queue flags bypass to 1-3"), ("meta iifname eth0", "iifname \"eth0\""),
    ("ct state new,established", "ct state established,new"), ("ct state 0x8", "ct state new"),
    ("tcp flags & (syn|ack) == syn", "tcp flags syn / syn,ack"), ("tcp dport eq 22", "tcp dport == 22"),
    ("tcp flags & syn != 0", "tcp flags syn"), ("flow offload @f", "flow add @f"),
    ("limit rate 1024 kbytes/second", "limit rate 1 mbytes/second"),
    ("ip saddr 10.0.0.1/32", "ip saddr 10.0.0.1"),
    ("@th,16,16 53", "th dport 53"), ("log level warn", "log"),
    ("set add ip saddr @s", "add @s { ip saddr }"),
    ("tcp dport 22-22", "tcp dport 22"), ("udp dport != domain", "udp dport != 53"),
    ("meta mark and 0xf == 1", "meta mark & 0xf == 0x1"),
    ("ip6 saddr 2001:DB8:0::1", "ip6 saddr 2001:db8::1"),
    ("tcp option mss size 5", "tcp option maxseg size 5"), ("ip dscp 0x38", "ip dscp cs7"),
    ("fib saddr . iif oif 0", "fib saddr . iif oif missing"),
    ("fib saddr check missing", "fib saddr oif missing"),
    ("icmp code port-unreachable", "icmp code 3"), ("meta l4proto icmpv6", "meta l4proto ipv6-icmp"),
])
def test_two_spellings_are_one_structure(old: str, new: str) -> None:
    found = []
    for written in (old, new):
        form = read(f"table ip t {{\n chain c {{\n  {written}\n }}\n}}\n")
        assert not not_understood(form), written
        found.append([rule.statements for _, rule in rules(form)])
    assert found[0] == found[1]
