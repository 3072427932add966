"""Rule files are carried out as `nft -f` does."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from aclproof.inputs import noted, was_read
from aclproof.parsers import source
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.ruleset import Ruleset
from aclproof.parsers.nftables.text import spell
from tests.parsers.nftables.comparing import not_understood, read

BEGIN = "add table inet t\nadd chain inet t c { type filter hook input priority 0; policy drop; }\n"


def chain(ruleset: Ruleset, name: str = "c") -> list[str]:
    found = ruleset.tables["inet", "t"].chains[name]
    return [spell.rule(rule.statements, "inet", rule.comment) for rule in found.rules]


def good(text: str) -> Ruleset:
    form = read(text)
    assert not form.reasons
    assert not not_understood(form)
    assert form.ruleset.is_file
    return form.ruleset


def test_commands_add_at_their_place() -> None:
    ruleset = good(BEGIN + "add rule inet t c tcp dport 1\ninsert rule inet t c tcp dport 2\n"
                   "add rule inet t c index 0 tcp dport 3\ninsert rule inet t c index 2 tcp dport 4\n")
    assert chain(ruleset) == ["tcp dport 2", "tcp dport 3", "tcp dport 4", "tcp dport 1"]


def test_rules_that_call_a_renamed_chain_are_otherwise_as_they_were() -> None:
    rules = ("add rule inet t c tcp flags syn,ack ip saddr . tcp dport vmap { 10.0.0.1 . 80 : jump a }\n"
             "add rule inet t c ct state established,related jump a\n")
    ruleset = good(f"{BEGIN}add chain inet t a\n{rules}rename chain inet t a b\n")
    assert chain(ruleset) == [
        "tcp flags syn,ack ip saddr . tcp dport vmap { 10.0.0.1 . 80 : jump b }",
        "ct state established,related jump b"]


def test_handles_are_those_of_the_list_before() -> None:
    text = ("table inet t {\n chain c {\n  tcp dport 1 # handle 5\n  tcp dport 2 # handle 6\n }\n}\n"
            "add rule inet t c handle 5 tcp dport 3\ninsert rule inet t c position 5 tcp dport 4\n"
            "replace rule inet t c handle 6 tcp dport 5\ndelete rule inet t c handle 5\n")
    assert chain(good(text)) == ["tcp dport 4", "tcp dport 3", "tcp dport 5"]


def test_a_handle_that_is_not_there_is_open() -> None:
    form = read(f"{BEGIN}delete rule inet t c handle 9\n")
    assert form.deciding == {3}


def test_blocks_add_to_what_is_there() -> None:
    ruleset = good(BEGIN + "table inet t {\n chain c {\n  drop\n }\n}\n"
                   "table inet t { chain c { accept; }; }\n")
    assert chain(ruleset) == ["drop", "accept"]
    base = ruleset.tables["inet", "t"].chains["c"].base
    assert base
    assert base.policy == "drop"


def test_flush_forgets_what_is_before() -> None:
    ruleset = good(f"{BEGIN}add rule inet t c drop\nadd table ip other\nflush chain inet t c\n"
                   "add rule inet t c accept\n")
    assert chain(ruleset) == ["accept"]
    assert not ruleset.flushed
    ruleset = good(f"add table ip old\nflush ruleset\n{BEGIN}")
    assert ruleset.flushed
    assert list(ruleset.tables) == [("inet", "t")]
    assert chain(good(f"{BEGIN}add rule inet t c drop\nflush table inet t\n")) == []


def test_a_table_is_made_and_deleted_before_it_is_made() -> None:
    ruleset = good(f"table inet t\ndelete table inet t\ndestroy table ip away\n{BEGIN}"
                   "add rule inet t c drop\n")
    assert chain(ruleset) == ["drop"]


def test_variables_stand_for_words() -> None:
    ruleset = good("define LAN = { 10.0.0.0/8, 192.168.0.0/16 }\ndefine WEB = 80\n"
                   "define ALL = { $WEB, 443 }\n"
                   "define WAN = eth0\ndefine prio = -10\n"
                   "table inet t {\n chain c {\n  type filter hook input priority $prio; policy drop;\n"
                   "  iifname $WAN ip saddr { $LAN, 1.1.1.1 } tcp dport $ALL accept\n }\n}\n"
                   "redefine WEB = 8080\nadd rule inet t c tcp dport $WEB drop\n")
    assert chain(ruleset) == [
        "iifname \"eth0\" ip saddr { 10.0.0.0/8, 192.168.0.0/16, 1.1.1.1 } tcp dport { 80, 443 } accept",
        "tcp dport 8080 drop"]
    base = ruleset.tables["inet", "t"].chains["c"].base
    assert base
    assert base.priority == -10


@pytest.mark.parametrize("text", ["add rule inet t c tcp dport $gone accept\n",
                                  "define a = 1\nundefine a\nadd rule inet t c tcp dport $a accept\n"])
def test_an_unknown_variable_leaves_the_rule_open(text: str) -> None:
    assert not_understood(read(BEGIN + text))


def test_variables_do_not_grow_without_end() -> None:
    text = "define a = { 1, 2, 3, 4, 5, 6, 7, 8 }\n"
    for name, before in zip("bcdefgh", "abcdefg", strict=True):
        text += f"define {name} = {{ {', '.join([f'${before}'] * 16)} }}\n"
    form = read(BEGIN + text)
    assert any("stands for more than" in reason for reason in form.reasons.values())


def test_elements_come_and_go() -> None:
    ruleset = good("add table inet t\nadd set inet t s { type inet_service; flags interval, timeout; "
                   "elements = {\n"
                   "  22, # remote\n  80-90,\n } }\nadd element inet t s { 443, 8000-8010 timeout 1h }\n"
                   "delete element inet t s { 22 }\nadd map inet t m { type inet_service : verdict; }\n"
                   "add element inet t m { 5 : drop, 6 : jump c }\n")
    found = ruleset.tables["inet", "t"].sets
    assert [(each.key, each.timeout, each.line) for each in found["s"].elements] == [
        ({"range": [80, 90]}, False, 4), (443, False, 6), ({"range": [8000, 8010]}, True, 6)]
    assert [(each.key, each.value) for each in found["m"].elements] == [
        (5, {"drop": None}), (6, {"jump": {"target": "c"}})]
    assert found["s"].flags == {"interval", "timeout"}
    assert found["s"].whole


def test_an_element_that_is_not_there_cannot_be_taken_out() -> None:
    form = read("add table inet t\nadd set inet t s { type inet_service; }\ndelete element inet t s { 5 }\n")
    assert form.deciding == {3}


@pytest.mark.parametrize("text", ["add rule inet gone c accept\n", "add rule inet t gone accept\n",
                                  "add element inet t gone { 1 }\n", "delete element inet t gone { 1 }\n",
                                  "add chain inet gone c\n", "rename chain inet t gone new\n",
                                  "do something\n",
                                  "delete chain inet t handle 5\n", "import ruleset json\n"])
def test_what_the_file_does_not_hold_is_open(text: str) -> None:
    assert read(BEGIN + text).deciding == {3}


def test_one_line_may_hold_several_commands() -> None:
    ruleset = good("add table inet t; add chain inet t c; add rule inet t c tcp dport { 1, \\\n 2 } accept\n")
    assert chain(ruleset) == ["tcp dport { 1, 2 } accept"]


def test_objects_are_kept() -> None:
    ruleset = good("table inet t {\n counter hits { packets 5 bytes 6; }\n quota q { over 10 mbytes }\n"
                   " limit l { rate 5/second burst 7 packets }\n flowtable f {\n  hook ingress priority 0;\n"
                   "  devices = { eth0, eth1 };\n }\n ct helper ftp { type \"ftp\" protocol tcp; }\n}\n"
                   "add counter inet t more\nadd limit inet t slow rate over 3/minute\n")
    objects = ruleset.tables["inet", "t"].objects
    found = {key: each.body for key, each in objects.items()}
    assert found["counter", "hits"] == {"packets": 5, "bytes": 6}
    assert found["quota", "q"] == {"val": 10, "val_unit": "mbytes", "inv": True}
    assert found["limit", "l"] == {"rate": 5, "burst": 7, "per": "second"}
    assert found["flowtable", "f"] == {"hook": "ingress", "prio": 0, "dev": ["eth0", "eth1"]}
    assert found["counter", "more"] == {}
    assert found["limit", "slow"] == {"rate": 3, "burst": 5, "per": "minute", "inv": True}
    assert ("ct helper", "ftp") in found
    assert [each.line for each in objects.values()] == [2, 3, 4, 5, 9, 11, 12]


def of_file(path: Path) -> Form:
    return forms.read(source.read(str(path)))


def test_included_files_are_read_and_quoted_as_themselves(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "b.nft").write_text("add rule inet t c tcp dport 2\n")
    (tmp_path / "rules" / "a.nft").write_text("# first\nadd rule inet t c tcp dport $PORT\n")
    (tmp_path / "vars.nft").write_text("define PORT = 1\n")
    main = tmp_path / "main.nft"
    main.write_text(f'include "./vars.nft"\n{BEGIN}include "./rules/*.nft"\nadd rule inet t c tcp dport 3\n')
    with noted():
        form = of_file(main)
        assert was_read((tmp_path / "vars.nft").stat())
    assert not form.reasons
    assert chain(form.ruleset) == ["tcp dport 1", "tcp dport 2", "tcp dport 3"]
    spans = [form.source.span(rule.line) for rule in form.ruleset.tables["inet", "t"].chains["c"].rules]
    assert [(Path(each.file).name, each.first_line, each.text) for each in spans] == [
        ("a.nft", 2, "add rule inet t c tcp dport $PORT"), ("b.nft", 1, "add rule inet t c tcp dport 2"),
        ("main.nft", 5, "add rule inet t c tcp dport 3")]
    assert len(form.states) == form.source.size
    assert len(of_file(main).states) == len(form.states)


def test_the_same_source_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "x.nft").write_text("add rule inet t c drop\n")
    (tmp_path / "main.nft").write_text(f'{BEGIN}include "./x.nft"\n')
    given = source.read(str(tmp_path / "main.nft"))
    assert chain(forms.read(given).ruleset) == chain(forms.read(given).ruleset) == ["drop"]


@pytest.mark.parametrize(("line", "why"), [
    ('include "/etc/passwd"', "beside the rule file"), ('include "../x.nft"', "outside of the folder"),
    ('include "./gone.nft"', "no such file"), ('include "./gone/*.nft"', "their folder is not there"),
    ('include "./main.nft"', "included by itself"),
])
def test_what_cannot_be_included_is_open(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "x.nft").write_text("add rule inet t c drop\n")
    main = tmp_path / "in" / "main.nft"
    main.write_text(f"{line}\n{BEGIN}")
    form = of_file(main)
    assert form.deciding
    assert any(why in reason for reason in form.reasons.values())


def test_a_folder_that_cannot_be_looked_into_is_not_taken_for_empty(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.nft").write_text("add rule inet t c drop\n")
    main = tmp_path / "main.nft"
    main.write_text(f'{BEGIN}include "./*/*.nft"\n')
    scandir = os.scandir

    def refused(path: str = ".") -> object:
        if os.path.basename(path) == "rules":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    assert chain(of_file(main).ruleset) == ["drop"]
    monkeypatch.setattr(os, "scandir", refused)
    form = of_file(main)
    assert form.deciding
    assert any("cannot be looked into" in reason for reason in form.reasons.values())


def test_the_name_of_the_files_own_folder_is_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "gw [1]" / "*"
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "a.nft").write_text("add rule inet t c drop\n")
    main = folder / "main.nft"
    for pattern in ("./rules/*.nft", "/etc/nftables/rules/*.nft"):
        main.write_text(f'{BEGIN}include "{pattern}"\n')
        assert chain(of_file(main).ruleset) == ["drop"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("add table ip secret\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.nft").symlink_to(tmp_path / "secret")
    (tmp_path / "in" / "main.nft").write_text(f'{BEGIN}include "./x.nft"\n')
    form = of_file(tmp_path / "in" / "main.nft")
    assert form.deciding == {3}
    assert ("ip", "secret") not in form.ruleset.tables


def test_a_pattern_without_files_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "main.nft").write_text(f'{BEGIN}include "./d/*.nft"\nadd rule inet t c drop\n')
    form = of_file(tmp_path / "main.nft")
    assert not form.reasons
    assert chain(form.ruleset) == ["drop"]
