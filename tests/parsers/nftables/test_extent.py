"""What a list does not show is never taken for absent: commands that print a part, and names without rules.

The outputs are those of nft 1.0.6.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.rules.strict_yaml import InputError
from tests.parsers.nftables.hosts import OPEN, WAYS, facts_of, relied_on, result, verdict

WITH_A_SET = """table inet fw {
	set bad {
		type ipv4_addr
		elements = { 10.99.0.1 }
	}

	chain forward {
		type filter hook forward priority filter; policy accept;
		ip saddr @bad drop
	}
}
"""
TERSE = WITH_A_SET.replace("\t\telements = { 10.99.0.1 }\n", "")
JSON_TERSE = """{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", \
"json_schema_version": 1}}, {"table": {"family": "inet", "name": "fw", "handle": 2}}, {"set": {"family": \
"inet", "name": "bad", "table": "fw", "type": "ipv4_addr", "handle": 2}}, {"chain": {"family": "inet", \
"table": "fw", "name": "forward", "handle": 1, "type": "filter", "hook": "forward", "prio": 0, "policy": \
"accept"}}, {"rule": {"family": "inet", "table": "fw", "chain": "forward", "handle": 3, "expr": [{"match": \
{"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@bad"}}, {"drop": \
null}]}}]}
"""
JSON_TABLES = """{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", \
"json_schema_version": 1}}, {"table": {"family": "inet", "name": "fw", "handle": 1}}]}
"""
ONLY_CHAINS = """table inet fw {
	chain forward {
		type filter hook forward priority filter; policy accept;
	}
}
"""
ONLY_SETS = """table inet fw {
	set bad {
		type ipv4_addr
		elements = { 10.20.0.7 }
	}
}
"""
FILE = "#!/usr/sbin/nft -f\nflush ruleset\n"


def asked(command: str, text: str = "") -> str:
    return f"root@gw:~# {command}\n{text}"


# How much a command prints


@pytest.mark.parametrize("command", [
    "nft list ruleset", "nft -a list ruleset", "sudo nft -s list ruleset", "/usr/sbin/nft -nn list ruleset",
    "nft -- list ruleset"])
def test_all_is_shown_where_the_command_prints_all(tmp_path: Path, command: str) -> None:
    found = result(tmp_path, {"gw.nft": asked(command, OPEN)})
    assert verdict(tmp_path, {"gw.nft": asked(command, OPEN)}) == "met"
    assert "other rules than in gw.nft" not in relied_on(found)


def test_without_the_command_that_it_is_all_is_relied_on(tmp_path: Path) -> None:
    found = result(tmp_path, {"gw.nft": OPEN})
    assert verdict(tmp_path, {"gw.nft": OPEN}) == "met"
    assert "other rules than in gw.nft" in relied_on(found)


def test_a_command_in_a_comment_printed_nothing(tmp_path: Path) -> None:
    text = OPEN.replace("dport 80 accept", 'dport 80 accept comment "as nft list ruleset has it"')
    assert "other rules than in gw.nft" in relied_on(result(tmp_path, {"gw.nft": text}))


EMPTY = "table ip x {\n}\n"


@pytest.mark.parametrize(("name", "text"), [
    ("gw.nft", asked("nft list ruleset", OPEN + EMPTY)), ("gw.nft", asked("nft list ruleset", EMPTY)),
    ("gw.json", asked("nft -j list ruleset", JSON_TERSE.replace("@bad", "10.9.9.9").replace(
        "{\"set\"", "{\"table\": {\"family\": \"ip\", \"name\": \"x\"}}, {\"set\"")))])
def test_a_table_that_is_shown_without_anything_is_empty(tmp_path: Path, name: str, text: str) -> None:
    assert verdict(tmp_path, {name: text}) == "met"
    assert relied_on(result(tmp_path, {name: text})) == {"tables of iptables-legacy"}


def test_a_table_without_rules_in_a_file_or_in_json_is_empty_too(tmp_path: Path) -> None:
    listed = JSON_TERSE.replace("@bad", "10.9.9.9").replace(
        "{\"set\"", "{\"table\": {\"family\": \"ip\", \"name\": \"x\"}}, {\"set\"")
    assert verdict(tmp_path, {"gw.json": listed}) == "met"
    assert verdict(tmp_path, {"gw.nft": FILE + OPEN + EMPTY}) == "met"
    assert verdict(tmp_path, {"gw.nft": f"{FILE}{OPEN}add table ip x\n"}) == "met"


@pytest.mark.parametrize("inner", ['{"set": {"family": "ip", "name": "s", "table": "old", "type": "mark"}}',
                                   '{"counter": {"family": "ip", "name": "c", "table": "old"}}'])
def test_what_prints_sets_or_objects_names_no_table(tmp_path: Path, inner: str) -> None:
    shown = JSON_TABLES.replace("inet", "ip").replace("fw", "old").replace("]}", f", {inner}]}}")
    found = result(tmp_path, {"gw.nft": OPEN, "some.json": shown})
    assert facts_of(found) == {"other rules than in some.json"}


@pytest.mark.parametrize("text", [OPEN + EMPTY, FILE + EMPTY])
def test_empty_tables_name_no_others(tmp_path: Path, text: str) -> None:
    assert "other rules than in gw.nft" in relied_on(result(tmp_path, {"gw.nft": text}))


def test_no_table_at_all_may_be_a_part(tmp_path: Path) -> None:
    nothing = JSON_TABLES.replace(JSON_TABLES[JSON_TABLES.index(', {"table"'):], "]}\n")
    assert verdict(tmp_path, {"gw.json": nothing}) == "undecided"
    assert verdict(tmp_path, {"gw.json": asked("nft -j list ruleset", nothing)}) == "met"


@pytest.mark.parametrize("command", [
    "nft list table inet fw", "nft list chain inet fw forward", "nft list ruleset inet", "nft list chains"])
def test_a_command_that_prints_a_part_leaves_the_rest_open(tmp_path: Path, command: str) -> None:
    given = {"gw.nft": asked(command, OPEN)}
    assert verdict(tmp_path, given) == "undecided"
    assert facts_of(result(tmp_path, given)) == {"other rules than in gw.nft"}
    assert verdict(tmp_path, given, facts='"other rules than in gw.nft": no') == "met"


@pytest.mark.parametrize("text", [ONLY_CHAINS, ONLY_SETS], ids=["nft list chains", "nft list sets"])
def test_what_has_no_rule_may_be_such_a_part(tmp_path: Path, text: str) -> None:
    assert verdict(tmp_path, {"gw.nft": text}) == "undecided"
    assert verdict(tmp_path, {"gw.nft": asked("nft list ruleset", text)}) == "met"  # nothing stops anything
    assert verdict(tmp_path, {"gw.nft": FILE + text}) == "met"


@pytest.mark.parametrize(("text", "fact"), [
    (FILE, "other rules than in gw.nft"), ("#!/usr/sbin/nft -f\ndefine LAN = 10.20.0.0/16\n",
                                           "gw.nft is loaded beside others")])
def test_a_file_without_a_table_may_be_cut(tmp_path: Path, text: str, fact: str) -> None:
    assert verdict(tmp_path, {"gw.nft": text}) == "undecided"
    assert {question.key for demand in result(tmp_path, {"gw.nft": text}).demands for part in demand.undecided
            for question in part.questions} == {fact}  # and not what another answer would change
    assert verdict(tmp_path, {"gw.nft": text}, facts=f'"{fact}": no') == "met"
    assert verdict(tmp_path, {"gw.nft": text}, facts=f'"{fact}": yes') == "undecided"
    assert verdict(tmp_path, {"gw.nft": FILE, "rules.nft": FILE + OPEN}) == "met"


def test_what_filters_the_other_family_only_may_be_a_part(tmp_path: Path) -> None:
    text = OPEN.replace("inet", "ip6")
    assert facts_of(result(tmp_path, {"gw.nft": text})) == {"other rules than in gw.nft"}
    assert verdict(tmp_path, {"gw.nft": asked("nft list ruleset", text)}) == "met"
    assert verdict(tmp_path, {"gw.nft": FILE + text}) == "met"
    assert verdict(tmp_path, {"gw.nft": text, "tables.txt": "table ip6 fw\n"}) == "met"


def test_names_of_tables_are_no_tables(tmp_path: Path) -> None:
    assert facts_of(result(tmp_path, {"gw.json": JSON_TABLES})) == {"table inet fw drops"}
    session = asked("nft list tables", "table ip old\ntable inet fw\n") \
        + asked("nft list table inet fw", OPEN)
    assert facts_of(result(tmp_path, {"gw.nft": session})) == {"table ip old drops"}
    both = session.replace("table ip old\n", "")
    assert verdict(tmp_path, {"gw.nft": both}) == "met"
    assert relied_on(result(tmp_path, {"gw.nft": both})) == {"tables of iptables-legacy"}
    turned = asked("nft list table inet fw", OPEN) + asked("nft list tables", "table inet fw\n")
    assert relied_on(result(tmp_path, {"gw.nft": turned})) == {"tables of iptables-legacy"}
    assert verdict(tmp_path, {"gw.nft": turned}) == "met"
    beside = JSON_TABLES.replace("inet", "ip").replace("fw", "old")
    assert facts_of(result(tmp_path, {"gw.nft": OPEN, "tables.json": beside})) == {"table ip old drops"}


def test_a_list_of_tables_beside_it_names_what_is_not_shown(tmp_path: Path) -> None:
    given = {"gw.nft": OPEN, "tables.txt": "table inet fw\n"}
    assert verdict(tmp_path, given) == "met"
    assert relied_on(result(tmp_path, given)) == {"tables of iptables-legacy"}
    given["tables.txt"] += "table ip filter\n"
    assert facts_of(result(tmp_path, given)) == {"table ip filter drops"}


# Elements


@pytest.mark.parametrize(("name", "text", "expected"), [
    ("gw.nft", WITH_A_SET, "met"), ("gw.nft", TERSE, "undecided"), ("gw.json", JSON_TERSE, "undecided"),
    ("gw.nft", asked("nft list ruleset", TERSE), "met"),  # the set is empty
    ("gw.nft", asked("nft -st list ruleset", TERSE), "undecided"),
    ("gw.nft", asked("nft -tn list ruleset", TERSE), "undecided"),
    ("gw.nft", asked("nft --terse list ruleset", TERSE), "undecided"),
    ("gw.nft", asked("nft --ter list ruleset", TERSE), "undecided"),
    ("gw.nft", asked("nft --stateless list ruleset", TERSE), "met"),
    ("gw.nft", asked("nft -- list ruleset", TERSE), "met"),
    ("gw.nft", asked("nft -t list ruleset", TERSE) + asked("nft list tables", "table inet fw\n"),
     "undecided"),
    ("gw.nft", FILE + TERSE, "undecided"),  # another program fills it, or nobody would declare it
    ("gw.nft", FILE + WITH_A_SET, "met")])
def test_a_set_without_elements_is_empty_only_where_they_would_be_shown(
        tmp_path: Path, name: str, text: str, expected: str) -> None:
    assert verdict(tmp_path, {name: text}) == expected


def test_one_set_with_elements_shows_that_others_are_empty(tmp_path: Path) -> None:
    text = WITH_A_SET.replace("\tchain", "\tset none {\n\t\ttype ipv4_addr\n\t}\n\n\tchain") \
        .replace("@bad drop", "@bad drop\n\t\tip saddr @none drop")
    assert verdict(tmp_path, {"gw.nft": text}) == "met"
    assert verdict(tmp_path, {"gw.nft": FILE + text}) == "undecided"  # what a file leaves empty others fill


@pytest.mark.parametrize("flags", ["dynamic", "dynamic,timeout"])
def test_a_set_that_packets_fill_is_not_known(tmp_path: Path, flags: str) -> None:
    text = WITH_A_SET.replace("type ipv4_addr", f"type ipv4_addr\n\t\tflags {flags}")
    assert verdict(tmp_path, {"gw.nft": text}) == "undecided"


def test_an_old_program_does_not_print_that_packets_fill_it(tmp_path: Path) -> None:
    """nft before 1.0.9 leaves out `dynamic` in JSON; the rule that adds elements shows it."""
    text = WITH_A_SET.replace("@bad drop", "@bad drop\n\t\ttcp dport 22 add @bad { ip saddr }")
    assert verdict(tmp_path, {"gw.nft": text}) == "undecided"


# What is cut, wrapped, or at hooks that are not followed


def test_no_cut_proves_anything(tmp_path: Path) -> None:
    text = WITH_A_SET.replace("10.99.0.1", "10.20.0.7")
    assert verdict(tmp_path, {"gw.nft": text}) == "missing"
    for end in range(text.index("{") + 1, len(text) - 2, 3):
        assert verdict(tmp_path, {"gw.nft": text[:end]}) != "met", text[:end]


@pytest.mark.parametrize("line", ["ty\"pe filter hook forward priority filter; policy drop;",
                                  "type # hook forward priority filter; policy drop;",
                                  "type filter hook forwrd priority filter; policy drop;"])
def test_a_chain_whose_binding_is_damaged_may_be_called(tmp_path: Path, line: str) -> None:
    text = asked("nft list ruleset", OPEN + OPEN.replace("inet fw", "ip other").replace(
        "type filter hook forward priority filter; policy drop;", line))
    assert verdict(tmp_path, {"gw.nft": text}) == "undecided"


def test_the_rest_of_a_wrapped_line_is_no_rule(tmp_path: Path) -> None:
    wrapped = OPEN.replace("tcp dport 80 accept", "tcp dport 443\naccept")
    assert verdict(tmp_path, {"gw.nft": OPEN.replace("80", "443")}) == "missing"
    assert verdict(tmp_path, {"gw.nft": wrapped}) == "undecided"
    whole = OPEN.replace("tcp dport 80 accept", "tcp dport 443 # handle 3\n\t\taccept # handle 4")
    assert verdict(tmp_path, {"gw.nft": whole}) == "met"  # two rules, by their handles


ELSEWHERE = """table {family} x {{
	chain i {{
		type filter hook {hook} priority filter; policy accept;
		{rule}
	}}
}}
"""


@pytest.mark.parametrize(("family", "hook", "rule", "expected"), [
    ("netdev", 'ingress device "eth0"', "tcp dport 80 drop", "undecided"),
    ("netdev", 'ingress device "eth0"', "tcp dport 80 accept", "met"),
    ("netdev", 'ingress device "eth7"', "tcp dport 80 drop", "met"),
    ("inet", 'ingress device "eth0"', "tcp dport 80 drop", "undecided"),
    ("bridge", "forward", "tcp dport 80 drop", "undecided"), ("arp", "input", "drop", "undecided"),
    ("ip", "forward", "jump nowhere", "undecided"), ("ip", "forward", "tcp dport vmap @none", "undecided"),
    ("ip", "postrouting", "tcp dport 80 drop", "missing"), ("ip6", "forward", "drop", "met")])
def test_other_tables_decide_as_well(tmp_path: Path, family: str, hook: str, rule: str,
                                     expected: str) -> None:
    other = ELSEWHERE.format(family=family, hook=hook, rule=rule)
    assert verdict(tmp_path, {"gw.nft": asked("nft list ruleset", OPEN + other)}) == expected


@pytest.mark.parametrize(("device", "interface", "expected"), [
    ("eth0", "eth0.10", "undecided"), ("eth0", "bond0", "undecided"), ("eth7", "br-lan", "undecided"),
    ("eth*", "eth0", "undecided"), ("eth7", "eth0.10", "met"), ("eth7", "eth70", "met")])
def test_packets_of_an_interface_come_by_the_devices_below_it(tmp_path: Path, device: str, interface: str,
                                                             expected: str) -> None:
    given, more = _with_a_device(device, interface), WAYS.replace("eth0", interface)
    assert verdict(tmp_path, given, more=more) == expected


def test_whether_an_interface_lies_over_a_device_can_be_said(tmp_path: Path) -> None:
    more = WAYS.replace("eth0", "bond0")
    for answer, expected in {"no": "met", "yes": "undecided"}.items():
        facts = f'"device eth0 lies below": {answer}'
        assert verdict(tmp_path, _with_a_device("eth0", "bond0"), more=more, facts=facts) == expected
    with pytest.raises(InputError, match="did you mean 'bond0'"):  # no other name is known by that
        verdict(tmp_path, _with_a_device("eth0", "bond0"), more=more.replace("bond0", "bond"))


def _with_a_device(device: str, interface: str) -> dict[str, str]:
    """Rules that let packets in by an interface, and a chain that drops them at a device."""
    other = ELSEWHERE.format(family="netdev", hook=f'ingress device "{device}"', rule="tcp dport 80 drop")
    return {"gw.nft": asked("nft list ruleset", OPEN.replace("tcp", f'iifname "{interface}" tcp') + other)}


def test_a_table_that_is_dormant_filters_nothing(tmp_path: Path) -> None:
    drops = ELSEWHERE.format(family="ip", hook="forward", rule="drop")
    dormant = drops.replace("{\n", "{\n\tflags dormant\n\n", 1)
    assert verdict(tmp_path, {"gw.nft": OPEN + drops}) == "missing"
    assert verdict(tmp_path, {"gw.nft": OPEN + dormant}) == "met"


@pytest.mark.parametrize(("flags", "expected"), [
    ("", "missing"), (', "flags": "Lester Gooch #5"', "undecided"), (', "flags": "fw"', "undecided"),
    (', "flags": ["dormant"]', "met"), (', "flags": "dormant"', "met")])
def test_what_old_programs_print_as_flags_is_open(tmp_path: Path, flags: str, expected: str) -> None:
    """Before 1.1.0 `nft -j` prints freed memory there, of a dormant table too."""
    drops = JSON_TERSE.replace('"right": "@bad"', '"right": "10.20.0.7"').replace(
        '"handle": 2}}, {"set"', f'"handle": 2{flags}}}}}, {{"set"')
    assert verdict(tmp_path, {"gw.json": asked("nft -j list ruleset", drops)}) == expected


# Files of the host, which this computer may have as well


def test_an_absolute_include_is_the_hosts_and_lies_beside(tmp_path: Path) -> None:
    """/etc/nftables.d of the computer that checks says nothing of the host's."""
    rule = 'include "/etc/nftables.d/*.nft"\n'
    main = FILE + OPEN + rule
    assert verdict(tmp_path, {"nftables.conf": main}) == "undecided"
    (tmp_path / "nftables.d").mkdir()
    assert verdict(tmp_path, {"nftables.conf": main}) == "met"
    (tmp_path / "nftables.d" / "a.nft").write_text(
        "table ip x {\n\tchain y {\n\t\ttype filter hook forward priority 1; policy drop;\n\t}\n}\n")
    assert verdict(tmp_path, {"nftables.conf": main}) == "missing"
