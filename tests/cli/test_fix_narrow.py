"""`fix --narrow` and `check --checks surplus --fixes`: what replaces lines that open too much."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.cli import run
from tests.audit.test_checks import ROOT, SITE

ADDED = "access-list OUTSIDE-IN line 2 extended permit tcp 198.51.100.0 255.255.255.0 host 10.30.0.10 eq 443"
"""What requirements need of line 21, which comes after a remark."""
GONE = "no access-list OUTSIDE-IN extended permit tcp any host 10.30.0.10 eq https"
LATER = "no access-list OUTSIDE-IN extended permit tcp any object-group WEB-SERVERS eq https"
"""Line 22 lets the same pass; alone it is not surplus, as nothing that is needed comes to it."""


@pytest.fixture(autouse=True)
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "fixtures" / "asa" / "grown.cfg", tmp_path)
    (tmp_path / "aclproof.yaml").write_text(SITE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")


def test_the_script_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", "--narrow"]) == 1
    shown = capsys.readouterr().out
    commands = [line for line in shown.split("\n") if line and not line.startswith("!")]
    assert commands == [ADDED, LATER, GONE]
    for text in ("edge: 1 line permits what requirements need, and more", "grown.cfg:21: access-list OUT",
                 "once the others are gone", "permits first", "verified: carried out on a copy",
                 "cannot know"):
        assert text in " ".join(shown.replace("\n! ", " ").split()), text
    Path("change.txt").write_text(shown)
    assert run(["diff", "aclproof.yaml", "change.txt"]) == 0  # it makes no requirement worse


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    run(["fix", "--narrow", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schemas.load("narrow")).validate(document)
    edge, = document["firewalls"]
    line, = edge["lines"]
    assert line["opened"] == line["needed"] + line["surplus"]
    assert [each["line"] for each in edge["together"]["replaces"]] == [21, 22]
    assert [each["lines"] for each in edge["together"]["permits"]] == [[ADDED]]
    assert edge["together"]["removals"] == [LATER, GONE]


def test_what_is_to_be_done_before_comes_before(capsys: pytest.CaptureFixture[str]) -> None:
    also = SITE.replace("point: [10.30.0.10]}", "point: [10.30.0.10], distribution-point: [10.30.0.10]}")
    Path("aclproof.yaml").write_text(also.replace("-point: dmz", "-point: dmz, distribution-point: dmz"))
    assert run(["fix", "--narrow"]) == 1
    shown = " ".join(capsys.readouterr().out.replace("\n! ", " ").split())
    assert shown.startswith("! 1 requirement is missing: what passes is kept")
    assert shown.index("do that first") < shown.index("edge: 1 line permits") < shown.index(ADDED)


def test_nothing_to_narrow(capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("grown.cfg")
    file.write_text(file.read_text().replace("tcp any", "tcp 198.51.100.0 255.255.255.0").replace(
        "object-group WEB-SERVERS", "host 10.30.0.10"))
    assert run(["fix", "--narrow"]) == 0
    assert capsys.readouterr().out == "# no line opens more than is needed\n"


@pytest.mark.parametrize("option", ["--cheapest", "--method=client-push"])
def test_it_keeps_what_all_methods_need(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", "--narrow", option]) == 2
    assert "leave out --method and --cheapest" in capsys.readouterr().err


def test_reports_of_check_have_it(capsys: pytest.CaptureFixture[str]) -> None:
    reports = [f"--format={form}=out.{form}" for form in ("json", "sarif", "csv", "markdown", "html")]
    assert run(["check", "--checks", "surplus", "--fixes", *reports, "--format", "text"]) == 0
    text = capsys.readouterr().out
    assert f"\n        {GONE}\n" in text
    assert f"\n      {ADDED}\n      {LATER}\n      {GONE}\n" in text
    assert "99 % of it" in " ".join(text.split())
    document = json.loads(Path("out.json").read_text())
    jsonschema.Draft202012Validator(schemas.load("check")).validate(document)
    line, = document["audit"]["found"]
    assert line["rewrite"]["commands"] == [GONE]
    together, = document["audit"]["together"]
    assert together["commands"] == [ADDED, LATER, GONE]
    assert [each["line"] for each in together["lines"]] == [21, 22]
    result, = json.loads(Path("out.sarif").read_text())["runs"][0]["results"]
    assert result["message"]["text"].endswith(f"Verified, to narrow it: {GONE}.")
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        row, = (each for each in csv.DictReader(file) if each["status"] == "named")
    assert row["to_do"] == GONE
    for name in ("out.markdown", "out.html"):
        shown = Path(name).read_text(encoding="utf-8")
        assert ADDED in shown
        assert "cannot know" in shown


def test_without_fixes_it_is_not_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--checks", "surplus", "--format", "json"])
    line, = json.loads(capsys.readouterr().out)["audit"]["found"]
    assert "rewrite" not in line
