"""`nft -j`: broken inputs, lines, quotations, and the JSON of other versions and programs."""

from __future__ import annotations

import json

import pytest

from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.ruleset import UNKNOWN, Tree
from aclproof.parsers.nftables.text import spell
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.nftables.comparing import not_understood, plain, read, rules

DPORT: Tree = {"payload": {"protocol": "tcp", "field": "dport"}}
ACCEPT: Tree = {"accept": None}


def rule(*statements: Tree, **more: Tree) -> Tree:
    return {"rule": {"family": "inet", "table": "fw", "chain": "input", "expr": list(statements), **more}}


def ruleset(*objects: Tree) -> list[Tree]:
    return [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
            {"table": {"family": "inet", "name": "fw", "handle": 1}},
            {"chain": {"family": "inet", "table": "fw", "name": "input", "handle": 1, "type": "filter",
                       "hook": "input", "prio": 0, "policy": "drop"}}, *objects]


def written(*objects: Tree, indent: int | None = None) -> str:
    return json.dumps({"nftables": ruleset(*objects)}, indent=indent)


SSH = rule({"match": {"op": "==", "left": DPORT, "right": 22}}, ACCEPT, comment="administrators")


@pytest.mark.parametrize("indent", [None, 2])
def test_each_rule_has_a_line_that_reads_as_nft_writes_it(indent: int | None) -> None:
    form = read(written(SSH, rule({"drop": None}), indent=indent))
    assert form.ruleset.version == "1.0.6"
    lines = [found.line for _, found in rules(form)]
    assert len(set(lines)) == 2
    assert [form.source.span(line).text for line in lines] == [
        'tcp dport 22 accept comment "administrators"  (inet fw input)', "drop  (inet fw input)"]
    assert not form.source.span(lines[0]).literal


def test_a_quotation_names_the_line_of_the_file() -> None:
    text = written(SSH, indent=1)
    form = read(text)
    (_, found), = rules(form)
    span = form.source.span(found.line)
    assert text.split("\n")[span.first_line - 1].strip() == "{"
    assert '"rule"' in text.split("\n")[span.first_line]
    one = read(written(SSH))
    (_, found), = rules(one)
    assert one.source.span(found.line).first_line == 1


def test_a_quotation_holds_no_control_characters() -> None:
    form = read(written(rule(ACCEPT, comment="a\x1b[31mb\nc")))
    (_, found), = rules(form)
    assert form.source.span(found.line).text == 'accept comment "a?[31mb?c"  (inet fw input)'


@pytest.mark.parametrize("text", [
    written(SSH)[:-20], written(SSH)[:-1], written(SSH)[:-2], '{"nftables": [{"a": 1, "a": 2}]}',
    '{"nftables": {}}', '{"nftables": [', '{"nftables": [{}, ]}', '{"nftables": [{"rule": tru}]}',
    '{"nftables": [' + '{"rule":' * 5000, '{"nftables": [' + '[' * 100_000 + ']' * 100_000 + "]}",
])
def test_broken_json_is_one_sentence(text: str) -> None:
    with pytest.raises(UnsupportedInputError) as error:
        read(text)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("rules")


def test_the_line_of_a_fault_is_named() -> None:
    with pytest.raises(UnsupportedInputError, match=r"rules:4: broken or cut JSON .*nft -j list ruleset"):
        read('{"nftables": [\n {"metainfo": {}},\n {"table": {"family": "ip", "name": "x"}},\n {"chain": \n')


def test_deep_json_is_refused_in_one_sentence() -> None:
    deep: Tree = 1
    for _ in range(400):
        deep = {"|": [deep, 1]}
    try:
        form = read(written(rule({"mangle": {"key": {"meta": {"key": "mark"}}, "value": deep}})))
    except UnsupportedInputError as error:
        assert "brackets" in str(error)  # noqa: PT017
    else:
        assert len(list(rules(form))) == 1


@pytest.mark.parametrize(("object_", "reason"), [
    ({"gadget": {"family": "ip"}}, "not known"), ({"rule": {"family": "inet"}}, "libnftables-json"),
    ({"rule": 5}, "libnftables-json"), ({}, "not known"), (["rule"], "not known"),
    ({"rule": {"family": "ip", "table": "gone", "chain": "c", "expr": []}}, "no table"),
    ({"rule": {"family": "inet", "table": "fw", "chain": "gone", "expr": []}}, "no chain"),
])
def test_an_object_that_is_not_known_is_open(object_: Tree, reason: str) -> None:
    form = read(written(object_, SSH))
    (line, why), = form.reasons.items()
    assert form.deciding == {line}
    assert reason in why
    assert len(list(rules(form))) == 1


def test_a_statement_that_is_not_known_is_kept() -> None:
    (_, found), = rules(read(written(rule({"gadget": {"size": 5}}, ACCEPT))))
    assert found.statements == ({"gadget": {"size": 5}}, ACCEPT)


@pytest.mark.parametrize("broken", [{"match": 5}, {"match": {"left": DPORT}}, {"vmap": {}}, {"mangle": []},
                                    {"match": {"left": DPORT, "right": {"range": [1]}}}, {"dnat": 7}])
def test_a_broken_statement_is_not_understood(broken: Tree) -> None:
    form = read(written(rule(broken, ACCEPT)))
    assert not_understood(form) == [{UNKNOWN: json.dumps(broken)}]


@pytest.mark.parametrize("flags", ["Lester Gooch #5", ["dormant"], "dormant"])
def test_flags_of_tables_are_kept_as_they_are(flags: Tree) -> None:
    text = json.dumps({"nftables": [{"table": {"family": "ip", "name": "x", "handle": 1, "flags": flags}}]})
    expected = set(flags) if isinstance(flags, list) else {flags}
    assert read(text).ruleset.tables["ip", "x"].flags == expected


def test_commands_are_carried_out() -> None:
    objects: list[Tree] = [
        {"flush": {"ruleset": None}}, *({"add": each} for each in ruleset()[1:]), {"add": SSH},
        {"insert": rule({"drop": None})}, {"add": rule({"continue": None}, index=0)},
        {"add": {"set": {"family": "inet", "table": "fw", "name": "s", "type": "inet_service"}}},
        {"add": {"element": {"family": "inet", "table": "fw", "name": "s", "elem": [1, 2]}}},
        {"delete": {"element": {"family": "inet", "table": "fw", "name": "s", "elem": [1]}}},
        {"delete": {"table": {"family": "ip", "name": "old"}}}]
    form = read(json.dumps({"nftables": objects}))
    found = form.ruleset
    assert not form.reasons
    assert found.is_file
    assert found.flushed
    table = found.tables["inet", "fw"]
    assert [spell.rule(each.statements) for each in table.chains["input"].rules] == [
        "drop", "continue", "tcp dport 22 accept"]
    assert [each.key for each in table.sets["s"].elements] == [2]


@pytest.mark.parametrize(("old", "new"), [
    ({"match": {"left": DPORT, "right": "ssh"}}, {"match": {"op": "==", "left": DPORT, "right": 22}}),
    ({"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["related", "established"]}},
     {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}}),
    ({"match": {"op": "in", "left": DPORT, "right": {"set": [1, 2]}}},
     {"match": {"op": "==", "left": DPORT, "right": {"set": [1, 2]}}}),
    ({"match": {"op": "in", "left": {"ct": {"key": "status"}}, "right": ["dnat"]}},
     {"match": {"op": "in", "left": {"ct": {"key": "status"}}, "right": "dnat"}}),
    ({"masquerade": {"flags": "random"}}, {"masquerade": {"flags": ["random"]}}),
    ({"log": {"level": "warn"}}, {"log": None}), ({"queue": None}, {"queue": {"num": 0}}),
    ({"match": {"op": "==", "left": {"fib": {"result": "oif", "flags": "saddr"}}, "right": False}},
     {"match": {"op": "==", "left": {"fib": {"result": "check", "flags": ["saddr"]}}, "right": False}}),
    ({"limit": {"rate": 5, "per": "second", "inv": False}},
     {"limit": {"rate": 5, "burst": 5, "per": "second"}}),
    ({"reject": None}, {"reject": {"type": "icmpx", "expr": "port-unreachable"}}),
    ({"mangle": {"key": {"meta": {"key": "mark"}},
                 "value": {"|": [{"|": [{"meta": {"key": "mark"}}, 1]}, 2]}}},
     {"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"|": [{"meta": {"key": "mark"}}, 1, 2]}}}),
])
def test_versions_give_one_structure(old: Tree, new: Tree) -> None:
    assert plain(read(written(rule(old)))) == plain(read(written(rule(new))))


@pytest.mark.parametrize(("type_", "words"), [
    ("ipv4_addr", ("ipv4_addr",)), (["ipv4_addr", "inet_service"], ("ipv4_addr", "inet_service")),
    ({"typeof": {"payload": {"protocol": "ip", "field": "saddr"}}}, ("ipv4_addr",)),
    ({"typeof": {"concat": [{"meta": {"key": "iifname"}}, DPORT]}}, ("ifname", "inet_service")),
])
def test_types_of_sets_are_words(type_: Tree, words: tuple[str, ...]) -> None:
    text = written({"set": {"family": "inet", "table": "fw", "name": "s", "type": type_, "elem": []}})
    assert read(text).ruleset.tables["inet", "fw"].sets["s"].types == words


def test_elements_may_have_more_than_a_key() -> None:
    elements: Tree = [
        [{"elem": {"val": "10.0.0.1", "timeout": 60, "expires": 5}}, {"accept": None}],
        [{"prefix": {"addr": "192.0.2.0", "len": 24}}, {"jump": {"target": "x"}}],
        [{"elem": {"val": "*", "comment": "others"}}, {"drop": None}]]
    text = written({"map": {"family": "inet", "table": "fw", "name": "m", "type": "ipv4_addr",
                            "map": "verdict",
                            "flags": ["interval", "timeout"], "elem": elements}})
    found = read(text).ruleset.tables["inet", "fw"].sets["m"]
    assert [(each.key, each.value, each.timeout) for each in found.elements] == [
        ("10.0.0.1", {"accept": None}, True),
        ({"prefix": {"addr": "192.0.2.0", "len": 24}}, {"jump": {"target": "x"}}, False),
        ("*", {"drop": None}, False)]


def test_chains_without_a_name_are_text_in_json() -> None:
    form = read(written(rule("jump {\n\t\t\tip saddr 10.0.0.1 drop\n\t\t\taccept\n\t\t}"), SSH))
    chains = form.ruleset.tables["inet", "fw"].chains
    assert chains["input"].rules[0].statements == ({"jump": {"target": "__chain0"}},)
    assert [spell.rule(each.statements) for each in chains["__chain0"].rules] == [
        "ip saddr 10.0.0.1 drop", "accept"]


def test_what_stands_around_json_is_accounted_for() -> None:
    form = read(f"Last login\nroot@gw:~# nft -j list ruleset\n{written(SSH)}\nroot@gw:~# \nrubbish\n")
    assert form.listed
    assert {form.source.span(line).first_line for line in form.deciding} == {1, 5}


@pytest.mark.parametrize("indent", [None, 1])
def test_a_set_of_thousands_is_one_line_of_nft(indent: int | None) -> None:
    addresses: Tree = [f"10.0.{number >> 8}.{number & 255}" for number in range(9000)]
    many: Tree = {"set": {"family": "inet", "table": "fw", "name": "many", "type": "ipv4_addr",
                          "elem": addresses}}
    form = read(written(many, SSH, indent=indent))
    found = form.ruleset.tables["inet", "fw"]
    assert len(found.sets["many"].elements) == 9000
    assert form.source.span(found.sets["many"].line).text == "set inet fw many"
    (_, last), = rules(form)
    assert form.source.span(last.line).text.startswith("tcp dport 22 accept")
    (_, again), = rules(forms.read(form.source))
    assert again.line == last.line


def test_a_line_of_thousands_is_a_rule() -> None:
    addresses = ", ".join(f"10.0.{number >> 8}.{number & 255}" for number in range(9000))
    form = read(f"table ip t {{\n chain c {{\n  ip saddr {{ {addresses} }} drop\n  accept\n }}\n}}\n")
    assert not form.reasons
    assert [form.source.span(rule.line).first_line for _, rule in rules(form)] == [3, 4]
