"""`aclproof tidy` on the command line: what is printed, for people and programs, and how it ends."""

from __future__ import annotations

import csv
import json
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


def test_the_page_shows_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tidy", GROWN]) == 1
    page = (ROOT / "docs" / "commands" / "tidy.md").read_text(encoding="utf-8")
    assert f"$ aclproof tidy {GROWN}\n{capsys.readouterr().out}```" in page


def test_what_is_printed_is_a_script_that_changes_nothing(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script, entered = tmp_path / "tidy.txt", tmp_path / "after.cfg"
    assert run(["tidy", GROWN, "--format", f"text={script}", "-qq"]) == 1
    gone = [each[3:] for each in script.read_text().splitlines() if each.startswith("no ")]
    lines = (ROOT / GROWN).read_text().splitlines(keepends=True)
    entered.write_text("".join(each for each in lines if each.strip() not in gone))
    assert run(["tidy", str(entered)]) == 0
    assert "0 lines of 4 rules do nothing" in capsys.readouterr().out


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
    assert said in shown.out
    assert "Traceback" not in shown.err


def test_a_listing_has_no_commands_but_its_lines_are_named(capsys: pytest.CaptureFixture[str],
                                                           tmp_path: Path) -> None:
    file = tmp_path / "listing"
    file.write_text("access-list IN; 2 elements; name hash: 0x1\n"
                    "access-list IN line 1 extended permit tcp any any (hitcnt=7) 0x2\n"
                    "access-list IN line 2 extended permit tcp any host 10.0.0.1 eq www (hitcnt=0) 0x3\n")
    assert run(["tidy", str(file)]) == 1
    assert "no command is known for 1 line: 3" in capsys.readouterr().out
