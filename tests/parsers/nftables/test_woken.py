"""What holds only until it is said anew, or only in its block: flags of tables, and variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.nftables.comparing import not_understood, read
from tests.parsers.nftables.hosts import OPEN, verdict

STOPS = ("table inet late {\n flags dormant\n chain forward {\n"
         "  type filter hook forward priority 5; policy drop;\n  ct state established accept\n }\n}\n")


@pytest.mark.parametrize(("after", "expected"), [
    ("", "met"), ("add table inet late\n", "missing"),
    ("table inet late {\n comment \"awake\"\n}\n", "missing"),
    ("add table inet late { flags dormant; }\n", "met"), ("add table ip late\n", "met"),
    ("add chain inet late more\n", "met")])
def test_a_table_named_again_without_flags_is_awake(tmp_path: Path, after: str, expected: str) -> None:
    assert verdict(tmp_path, {"fw.nft": f"flush ruleset\n{OPEN}{STOPS}{after}"}) == expected


JSON = """{"nftables": [{"flush": {"ruleset": null}},
{"add": {"table": {"family": "inet", "name": "t"FLAGS}}},
{"add": {"chain": {"family": "inet", "table": "t", "name": "f", "type": "filter", "hook": "forward",
  "prio": 0, "policy": "drop"}}}]}
"""


def test_flags_of_tables_in_commands_of_json_are_open(tmp_path: Path) -> None:
    """nft 1.0.6 leaves them out when it loads them."""
    assert read(JSON.replace("FLAGS", ', "flags": "dormant"')).deciding
    assert not read(JSON.replace("FLAGS", "")).deciding


RULES = ("flush ruleset\ndefine p = {port}\ntable inet x {{\n {verb} p = {other}\n{more}}}\n"
         "table inet fw {{\n chain forward {{\n  type filter hook forward priority 0; policy drop;\n"
         "  ct state established,related accept\n  tcp dport $p accept\n }}\n}}\n")


@pytest.mark.parametrize(("port", "other", "expected"), [(8443, 80, "missing"), (80, 8443, "met")])
def test_a_redefinition_in_a_block_ends_with_it(tmp_path: Path, port: int, other: int, expected: str) -> None:
    text = RULES.format(port=port, other=other, verb="redefine", more="")
    assert verdict(tmp_path, {"fw.nft": text}) == expected


def test_a_definition_in_a_block_ends_with_it() -> None:
    block = "table inet x {\n define p = 80\n chain c {\n  tcp dport $p accept\n }\n}\n"
    assert not not_understood(read(f"{block}add table ip y\n"))
    assert not_understood(read(f"{block}add rule inet x c tcp dport $p accept\n"))


@pytest.mark.parametrize("text", [
    "define p = 1\ndefine p = 2\n", "define p = 1\ntable inet x {\n define p = 2\n}\n", "undefine p\n",
    "define p = 1; redefine p = 2; add table inet $p\n",
    "define p = 1\ntable inet x { redefine p = 2; chain c { tcp dport $p accept; }; }\n",
    "table inet x { define p = 2; }; add table inet $p\n"])
def test_definitions_that_nft_refuses_or_that_share_a_line_are_open(text: str) -> None:
    assert read(f"flush ruleset\n{text}").deciding


HIDDEN = "# xt_set counter packets 0 bytes 0 drop"


@pytest.mark.parametrize("hidden", [
    HIDDEN, f"meta l4proto tcp {HIDDEN}", "# match-set evil src counter packets 0 bytes 0 drop # handle 7",
    "# match-set evil src counter drop", "# xt_set drop"])
@pytest.mark.parametrize("head", ["", "# gw1, exported by mueller\n", "flush ruleset\n"])
def test_a_rule_in_a_comment_is_open_whoever_wrote_above(tmp_path: Path, head: str, hidden: str) -> None:
    rule = "\t\ttcp dport 80 accept\n"
    assert OPEN.count(rule) == 1
    assert verdict(tmp_path, {"fw.nft": head + OPEN}) == "met"
    text = head + OPEN.replace(rule, f"\t\t{hidden}\n{rule}")
    assert verdict(tmp_path, {"fw.nft": text}) == "undecided"


@pytest.mark.parametrize("comment", ["# all else: drop", "# a counter for the web", "# accept answers"])
def test_what_people_write_is_no_rule(tmp_path: Path, comment: str) -> None:
    text = f"# gw1\n{OPEN}".replace("\t\ttcp", f"\t\t{comment}\n\t\ttcp")
    assert verdict(tmp_path, {"fw.nft": text}) == "met"


@pytest.mark.parametrize(("pattern", "expected"), [
    ("d/*.nft", "undecided"), ("./d/*.nft", "met"), ("d/x.nft", "undecided"), ("./d/x.nft", "met")])
def test_the_include_path_of_nft_is_not_known(tmp_path: Path, pattern: str, expected: str) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "x.nft").write_text("insert rule inet fw forward tcp dport 80 accept\n")
    text = OPEN.replace("tcp dport 80", "tcp dport 22") + f'include "{pattern}"\n'
    assert verdict(tmp_path, {"fw.nft": "flush ruleset\n" + text}) == expected
