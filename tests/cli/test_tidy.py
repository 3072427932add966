"""`aclproof tidy` on the command line: what is printed, for people and programs, and how it ends."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.cli import run

ROOT = Path(__file__).parents[2]
GROWN = "fixtures/asa/grown.cfg"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "C")


def unwrapped(text: str) -> str:
    """Comments that take several lines as one: where they are cut hangs on the names of files."""
    return re.sub(r"\n[!#] {2,}", " ", text)


def test_what_is_printed_is_a_script_that_changes_nothing(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script, entered = tmp_path / "tidy.txt", tmp_path / "after.cfg"
    assert run(["tidy", GROWN, "--format", f"text={script}", "-qq"]) == 1
    gone = [each[3:] for each in script.read_text().splitlines() if each.startswith("no ")]
    lines = (ROOT / GROWN).read_text().splitlines(keepends=True)
    entered.write_text("".join(each for each in lines if each.strip() not in gone))
    assert run(["tidy", str(entered)]) == 0
    assert "0 lines of 4 rules do nothing" in unwrapped(capsys.readouterr().out)


def test_json_follows_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tidy", GROWN, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schemas.load("tidy")).validate(found)
    lines = [(each["kind"], each["line"], [by["line"] for by in each["taken_by"]]) for each in found["lines"]]
    assert lines == [("redundant", 21, [22]), ("shadowed", 26, [25]), ("covered", 27, [23])]
    assert [each["command"] for each in reversed(found["lines"])] == found["commands"]


def test_csv_has_a_row_for_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tidy", GROWN, "--format", "csv"]) == 1
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert [(each["line"], each["kind"], each["taken_by"]) for each in rows] == [
        ("21", "redundant", f"{GROWN}:22"), ("26", "shadowed", f"{GROWN}:25"),
        ("27", "covered", f"{GROWN}:23")]


@pytest.mark.parametrize(("text", "code", "said"), [
    ("*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp -j ACCEPT\nCOMMIT\n", 0, "0 lines of 1 rules"),
    ("*filter\n:FORWARD DROP [0:0]\n-A FORWARD --no-such-test -j ACCEPT\nCOMMIT\n", 3, "not read whole"),
    ("nothing that a firewall says\n", 2, ""),
])
def test_how_it_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int,
                     said: str) -> None:
    file = tmp_path / "rules"
    file.write_text(text)
    assert run(["tidy", str(file)]) == code
    shown = capsys.readouterr()
    assert said in unwrapped(shown.out)
    assert "Traceback" not in shown.err


def test_an_entry_of_a_listing_goes_as_it_is_configured(capsys: pytest.CaptureFixture[str],
                                                        tmp_path: Path) -> None:
    file = tmp_path / "listing"
    file.write_text("access-list IN; 2 elements; name hash: 0x1\n"
                    "access-list IN line 1 extended permit tcp any any (hitcnt=7) 0x2\n"
                    "access-list IN line 2 extended permit tcp any host 10.0.0.1 eq www (hitcnt=0) 0x3\n")
    assert run(["tidy", str(file)]) == 1
    assert "\nno access-list IN extended permit tcp any host 10.0.0.1 eq www\n" in capsys.readouterr().out


def test_lists_that_are_left_out_for_one_reason_are_told_together(capsys: pytest.CaptureFixture[str],
                                                                  tmp_path: Path) -> None:
    file = tmp_path / "asa.cfg"
    file.write_text("ASA Version 8.0(4)\n" + "".join(
        f"access-list {name} extended permit ip any any\nnat (inside) {number} access-list {name}\n"
        for number, name in enumerate("AB")))
    assert run(["tidy", str(file)]) == 3
    assert "not looked at: A, B: each of its entries" in unwrapped(capsys.readouterr().out)


def test_a_line_without_a_command_has_the_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "rules.nft"
    file.write_text("table inet f {\n chain c {\n  type filter hook forward priority 0;\n"
                    "  tcp dport 1-99 accept\n  tcp dport 80 accept\n }\n}\n")
    assert run(["tidy", str(file)]) == 1
    assert "by hand: line 5: nft takes rules by their handles" in unwrapped(capsys.readouterr().out)
    assert run(["tidy", str(file), "--format", "json"]) == 1
    line, = json.loads(capsys.readouterr().out)["lines"]
    assert line["command"] is None
    assert line["by_hand"].startswith("nft takes rules by their handles")


CONTEXTS = """fw# show run
ASA Version 9.8(2) <system>
context A
: end
fw/A# show run
ASA Version 9.8(2) <context>
access-list IN extended permit tcp any any eq www
access-list IN extended permit tcp any host 10.1.1.1 eq www
: end
fw/B# show run
ASA Version 9.8(2) <context>
access-list IN extended permit tcp any any
: end
"""


@pytest.mark.parametrize(("options", "contexts"), [([], ["A", "B"]), (["--context", "A"], ["A"])])
def test_of_several_contexts_each_is_looked_at_or_the_one_that_is_meant(
        options: list[str], contexts: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fw.cfg").write_text(CONTEXTS)
    assert run(["tidy", "fw.cfg", *options]) == 1
    said = capsys.readouterr().out
    assert [each for each in "AB" if f"! fw.cfg ({each}): " in said] == contexts
    assert ("\nchangeto context A\nno access-list IN extended permit tcp any host 10.1.1.1 eq www\n") in said
    assert run(["tidy", "fw.cfg", *options, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schemas.load("tidy")).validate(found)
    assert [each["context"] for each in found.get("firewalls", [found])] == contexts


SAVED = "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p {0} -j ACCEPT\n-A FORWARD -p {0} -j ACCEPT\nCOMMIT\n"


def test_of_many_files_each_firewall_is_looked_at(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.cfg").write_text((ROOT / GROWN).read_text())
    Path("two.cfg").write_text((ROOT / GROWN).read_text())
    Path("gw.v4").write_text("# Generated by iptables-save v1.8.9\n" + SAVED.format("tcp"))
    Path("gw.v6").write_text("# Generated by ip6tables-save v1.8.9\n" + SAVED.format("udp"))
    assert run(["tidy", "*", "-v"]) == 1
    said = capsys.readouterr().out
    assert [line.split(":")[0] for line in said.split("\n") if " of " in line and " rules do" in line] == [
        "# gw.v4 + gw.v6", "! one.cfg", "! two.cfg"]
    assert "\nip6tables -D FORWARD 2\n" in said
    assert "\niptables -D FORWARD 2\n" in said
    assert run(["tidy", "*", "--format", "csv"]) == 1
    assert [each["file"] for each in csv.DictReader(StringIO(capsys.readouterr().out))] == [
        "gw.v4", "gw.v6", *["one.cfg"] * 3, *["two.cfg"] * 3]


def test_one_of_many_that_is_none_ends_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing that a firewall says\n")
    assert run(["tidy", GROWN, str(tmp_path / "notes.txt")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "notes.txt: no firewall configuration" in shown.err
