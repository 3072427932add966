"""The text report says nothing twice that one reads one after the other; `-v` leaves nothing out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from aclproof.linter.cli import run

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
Output = pytest.CaptureFixture[str]
Report = Callable[..., str]


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> Report:
    """The report of a site, as it is in the site's folder."""
    def check(name: str, *options: str) -> str:
        monkeypatch.chdir(SITES / name)
        run(["check", "--as-of", "2026-01-15", *options])
        return capsys.readouterr().out
    return check


def blocks(text: str) -> str:
    """What is said of single requirements, in one line."""
    found = re.search(r"^(MISSING  |Met ).*^Assumed", text, re.MULTILINE | re.DOTALL)
    assert found
    return " ".join(found[0].split())


@pytest.mark.parametrize(("name", "rule"), [
    ("branch", "access-list DATACENTRE-IN extended permit object-group CM-PUSH object SITE-SERVER"),
    ("branch", "access-group DATACENTRE-IN in interface datacentre"),
    ("cb-nothing-open", "access-list S-IN extended deny ip any any log"),
    ("path-one-interface", "-A FORWARD -s 10.210.0.0/16 -d 10.1.210.0/24 -p tcp")])
def test_a_line_is_quoted_once(name: str, rule: str, report: Report) -> None:
    assert blocks(report(name)).count(rule) == 1
    assert blocks(report(name, "-v")).count(rule) > 1


def test_what_is_not_quoted_again_is_named_by_its_place(report: Report) -> None:
    text = blocks(report("branch"))
    assert text.count("Near branch-asa.cfg:68 permits it to 10.20.0.0-10.20.191.255 only") == 2
    assert text.count("Stopped by branch-asa.cfg:72 (datacentre -> branch) implicit deny") == 4


def test_requirements_that_one_line_permits_alike_are_told_together(report: Report) -> None:
    text = " ".join(report("branch").split())
    assert "CM2007-PUSH-MP-HTTP, CM2007-GPO-MP-HTTP, CM2007-MAN-MP-HTTP Client computers -> " in text
    assert "Met (4)" in text


def test_a_requirement_that_is_missing_and_open_in_part_has_one_block(report: Report) -> None:
    text = report("linux-dnat")
    assert re.findall(r"^(\w+)  CM2007-SUP-HTTP", text, re.MULTILINE) == ["MISSING"]
    block = text[text.index("MISSING  CM2007-SUP-HTTP"):text.index("UNDECIDED  CM2007-MAN-SHARE")]
    assert re.findall(r"^  (\w+(?: \w+)?)  ", block, re.MULTILINE) == [
        "Required", "Missing", "Part", "Stopped by", "Near", "Open", "Line", "Unknown", "Example", "To do",
        "Needed for"]


def test_the_only_thing_that_is_missing_is_told_once(report: Report) -> None:
    text = report("cb-sup-http-closed")
    assert "What stops it" not in text
    assert text.count("Stopped by") == 1


def test_packets_that_are_all_that_is_required_are_no_part(report: Report) -> None:
    """Two firewalls each stop all of SMB."""
    text = report("path-two-hops-block")
    assert text.count("10.1.202.10 -> 10.202.0.0/16  TCP 445") == 1
    assert text.count("Stopped by") == 2


def test_what_is_met_quotes_its_lines_whatever_was_quoted_before(report: Report) -> None:
    """Line 16 is near to SMB, which another line stops, and permits all else."""
    met = report("path-two-hops-block").partition("Met (")[2]
    assert met.count("dc.cfg:16  access-list FROM-SERVERS extended permit ip") == 1
    assert met.count("dc.cfg:16") == 3


def test_a_rule_of_a_file_in_one_line_is_quoted_where_another_one_was(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """`nft -j` writes one line, so the place alone names none of its rules."""
    site = SITES / "nft-firewalld-json"
    whole = json.loads((site / "firewalld.json").read_text(encoding="utf-8"))
    (tmp_path / "firewalld.json").write_text(json.dumps(whole), encoding="utf-8")
    for name in ("aclproof.yaml", "tables.txt"):
        (tmp_path / name).write_text((site / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run(["check"])
    lines = blocks(capsys.readouterr().out)
    named = re.findall(r"(?:Stopped by|Near) +firewalld\.json:1 (.*?)(?= (?:Stopped by|Near|Example) )",
                       lines)
    assert sum("reject with" in each for each in named) >= 3  # two rules stop packets, in turn
