"""Chains, sets, maps and objects that nothing names, or that are named and not there."""

from __future__ import annotations

import json

import pytest

from aclproof import parsers
from aclproof.parsers.model.definitions import Definition
from aclproof.parsers.source import from_bytes
from aclproof.parsers.vendor import door

LISTED = """table inet t {
	set s {
		type ipv4_addr
		elements = { 192.0.2.1 }
	}

	chain spare {
		accept
	}

	chain input {
		type filter hook input priority filter; policy drop;
		tcp dport 22 accept
	}
}
"""
BEGIN = "#!/usr/sbin/nft -f\nflush ruleset\n"


def defined(*texts: str) -> dict[str, Definition]:
    firewall = parsers.parse_all([from_bytes(text.encode(), f"fw{n}") for n, text in enumerate(texts)])
    found = list(door(firewall.vendor).definitions(firewall))
    return {each.name: each for each in found}


def table(lines: str, rule: str = "accept", begin: str = BEGIN) -> str:
    return f"{begin}table inet t {{\n{lines}\nchain c {{ type filter hook input priority 0\n{rule}\n}}\n}}\n"


@pytest.mark.parametrize(("lines", "rule"), [
    ("set n { type ipv4_addr; elements = { 192.0.2.1 }; }", "ip saddr @n drop"),
    ("set n { type ipv4_addr; elements = { 192.0.2.1 }; }", "ip saddr != @n log prefix \"x\" drop"),
    ("set n { type ipv4_addr; elements = { 192.0.2.1 }; }", "add @n { ip saddr }"),
    ("set n { type ipv4_addr; elements = { 192.0.2.1 }; }", "update @n { ip saddr limit rate 1/second }"),
    ("define SET = n\nset n { type ipv4_addr; elements = { 192.0.2.1 }; }", "ip saddr @$SET drop"),
    ("map n { type inet_service : verdict; elements = { 22 : accept }; }", "tcp dport vmap @n"),
    ("map n { type ipv4_addr : mark; elements = { 192.0.2.1 : 1 }; }", "meta mark set ip saddr map @n"),
    ("map n { type inet_service : counter; elements = { 22 : x }; }\ncounter x { }",
     "counter name tcp dport map @n"),
    ("counter n { }", "counter name \"n\" accept"), ("quota n { over 10 mbytes }", "quota name \"n\" drop"),
    ("limit n { rate 5/second }", "limit name \"n\" accept"),
    ("limit n { rate 5/second }", "limit name tcp dport map { 22 : \"n\" } accept"),
    ("ct helper n { type \"ftp\" protocol tcp; }", "tcp dport 21 ct helper set \"n\""),
    ("ct timeout n { protocol tcp; policy = { established: 100 } }", "ct timeout set \"n\""),
    ("synproxy n { mss 1460; wscale 7; }", "tcp dport 80 synproxy name \"n\""),
    ("secmark n { \"a:b:c:d\" }", "meta secmark set \"n\""),
    ("flowtable n { hook ingress priority 0; devices = { eth0 }; }", "ip protocol tcp flow add @n"),
    ("chain n { accept }", "jump n"), ("chain n { accept }", "tcp dport 22 goto n"),
    ("chain n { accept }", "tcp dport vmap { 22 : jump n }"),
])
def test_each_way_to_name_something(lines: str, rule: str) -> None:
    text = table(lines, rule)
    line = text[:text.index(rule)].count("\n") + 1
    assert defined(text)["n"].uses == (line,)
    assert defined(table(lines, "log prefix \"n @n\" accept"))["n"].uses == ()


@pytest.mark.parametrize("lines", [
    "map m { type inet_service : verdict; elements = { 22 : jump n }; }\nchain n { accept }",
    "map m { type inet_service : counter; elements = { 22 : \"n\" }; }\ncounter n { }"])
def test_elements_of_maps_name_chains_and_objects(lines: str) -> None:
    assert defined(table(lines))["n"].uses == (4,)


def test_what_is_not_read_of_a_rule_may_name_anything() -> None:
    lines = "set n { type ipv4_addr; elements = { 192.0.2.1 }; }\nset m { type ipv4_addr; }"
    found = defined(table(lines, "unheard-of @n accept"))
    assert (found["n"].uses, found["m"].uses) == (None, ())


def test_what_a_map_is_filled_with_later_is_not_known() -> None:
    """Its elements may lead to any chain of the table, or give any counter."""
    maps = "map m {{ type inet_service : {}; flags dynamic; }}\n"
    assert defined(table(maps.format("verdict") + "chain n { accept }"))["n"].uses is None
    assert defined(table(maps.format("counter") + "counter n { }"))["n"].uses is None
    assert defined(table(maps.format("mark") + "chain n { accept }"))["n"].uses == ()


@pytest.mark.parametrize(("text", "shown"), [
    (LISTED, True), ("host# nft list ruleset\n" + LISTED, True), (BEGIN + LISTED, True),
    (f"#!/usr/sbin/nft -f\ntable inet t\ndelete table inet t\n{LISTED}", True),
    (f"#!/usr/sbin/nft -f\n{LISTED}", False),  # other files may have more of the table
    (LISTED.replace("\t\ttcp dport 22 accept\n", "").replace("\t\taccept\n", ""), False),  # as of `list sets`
])
def test_only_of_a_whole_table_it_is_told_what_nothing_names(text: str, shown: bool) -> None:
    found = defined(text)
    uses = () if shown else None
    assert all(found[name].uses == uses for name in ("s", "spare") if name in found)
    assert "s" in found


def test_what_was_not_read_may_name_anything() -> None:
    for text, line in ((f"{BEGIN}include \"/nowhere/*.nft\"\n{LISTED}", 3), (f"{LISTED}nonsense\n", 16)):
        assert {(each.uses, each.unread) for each in defined(text).values()} == {((), line)}


def test_pieces_of_a_table_put_together_are_not_all_of_it() -> None:
    """As `nft list chain` prints them."""
    one = "table inet t {\n\tchain a {\n\t\taccept\n\t}\n}\n"
    assert defined(one + one.replace("chain a", "chain b"))["a"].uses is None


@pytest.mark.parametrize(("rule", "kind"), [
    ("ip saddr @gone drop", "set"), ("tcp dport vmap @gone", "set"), ("jump gone", "chain"),
    ("tcp dport vmap { 22 : goto gone }", "chain"), ("counter name \"gone\"", "counter"),
    ("limit name \"gone\" accept", "limit"), ("ct helper set \"gone\"", "ct helper"),
    ("ip protocol tcp flow add @gone", "flowtable")])
def test_what_a_file_names_and_does_not_define(rule: str, kind: str) -> None:
    found = defined(table("set s { type ipv4_addr; }", rule))["gone"]
    assert (found.kind, found.line, found.uses) == (kind, 0, (6,))
    assert "gone" not in defined(table("set s { type ipv4_addr; }", rule, "#!/usr/sbin/nft -f\n"))
    assert "gone" not in defined(table("include \"/nowhere/sets.nft\"", rule))
    assert "gone" not in defined(LISTED.replace("tcp dport 22 accept", rule))  # the kernel has it


def test_sets_without_elements() -> None:
    empty = "\tset e {\n\t\ttype ipv4_addr\n\t}\n"
    both = LISTED.replace("{\n", "{\n" + empty, 1)
    assert defined(both)["e"].empty
    assert not defined(both.replace("elements = { 192.0.2.1 }", ""))["e"].empty  # as by `nft -t`
    for flag in ("dynamic", "timeout"):
        filled = empty.replace("addr\n", f"addr\n\t\tflags {flag}\n")
        assert not defined(LISTED.replace("{\n", "{\n" + filled, 1))["e"].empty
    added = both.replace("tcp dport 22 accept", "add @e { ip saddr }")
    assert not defined(added)["e"].empty
    assert not defined(table("set e { type ipv4_addr; }"))["e"].empty  # for others to fill


@pytest.mark.parametrize(("one", "other", "same"), [
    ("type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 };",
     "type ipv4_addr; elements = { 192.0.2.2, 192.0.2.1 };", True),
    ("type ipv4_addr; flags interval; elements = { 192.0.2.0/25, 192.0.2.128/25 };",
     "typeof ip saddr; flags interval; elements = { 192.0.2.0-192.0.2.255 };", True),
    ("type inet_service; elements = { 22, 80 };", "type inet_service; elements = { http, ssh };", True),
    ("type ipv4_addr . inet_service; elements = { 192.0.2.1 . 80, 192.0.2.2 . 80 };",
     "type ipv4_addr . inet_service; elements = { 192.0.2.2 . http, 192.0.2.1 . 80 };", True),
    ("type ifname; elements = { eth0, eth1 };", "type ifname; elements = { eth1, eth0 };", True),
    ("type ipv4_addr; elements = { 192.0.2.1 };", "type ipv4_addr; elements = { 192.0.2.2 };", False),
    ("type inet_service; elements = { 6 };", "type inet_proto; elements = { 6 };", False),
    ("typeof vlan id; elements = { 2 };", "typeof ip hdrlength; elements = { 2 };", False),
    ("type ipv4_addr; flags timeout; elements = { 192.0.2.1 };",
     "type ipv4_addr; elements = { 192.0.2.1 };", False),
])
def test_sets_with_the_same_elements(one: str, other: str, same: bool) -> None:
    found = defined(table(f"set a {{ {one} }}\nset b {{ {other} }}"))
    assert (found["a"].value is not None and found["a"].value == found["b"].value) is same


def test_maps_that_give_the_same_and_sets_of_other_tables() -> None:
    maps = "map {} {{ type inet_service : verdict; elements = {{ {} }}; }}\n"
    found = defined(table("".join(maps.format(*each) for each in (
        ("a", "22 : accept, 23 : drop"), ("b", "23 : drop, 22 : accept"), ("d", "22 : drop, 23 : drop")))))
    assert found["a"].value == found["b"].value != found["d"].value
    text = table("set a { type ipv4_addr; elements = { 192.0.2.1 }; }")
    found = defined(text + text.replace(BEGIN, "").replace("inet t", "inet u").replace("set a", "set b"))
    assert found["a"].value != found["b"].value  # no rule can name a set of another table


def test_json_is_read_alike() -> None:
    objects = [{"table": {"family": "ip", "name": "t"}},
               {"counter": {"family": "ip", "name": "n", "table": "t"}},
               {"set": {"family": "ip", "name": "s", "table": "t", "type": "ipv4_addr",
                        "elem": ["192.0.2.1"]}},
               {"chain": {"family": "ip", "table": "t", "name": "c"}},
               {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [
                   {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}},
                              "right": "@s"}}, {"drop": None}]}}]
    lines = ",\n".join(map(json.dumps, objects))
    found = defined(f'{{"nftables": [\n{lines}\n]}}\n')
    assert {name: (each.line, each.uses) for name, each in found.items()} == {
        "n": (3, ()), "s": (4, (6,)), "c": (5, ())}


def test_a_dump_of_iptables_shows_its_own_tables() -> None:
    dump = "# Generated by iptables-save v1.8.9 (nf_tables) on Mon\n*filter\n:INPUT ACCEPT [0:0]\n" \
           ":FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:spare - [0:0]\n-A spare -j DROP\nCOMMIT\n"
    kept = "table ip filter {\n\tchain spare {\n\t\tdrop\n\t}\n\n\tchain INPUT {\n" \
           "\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\n"
    firewall = parsers.parse_all([from_bytes(text.encode(), name) for name, text in (
        ("nft", kept + LISTED.replace("spare", "other")), ("v4", dump))])
    found = [(each.name, firewall.quote(each.line).file) for each in door("nftables").definitions(firewall)
             if each.filters]
    assert found == [("other", "nft"), ("spare", "v4")]
