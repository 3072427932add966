"""`--format`: what goes where, and what cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.reports.cases import ROOT

BRANCH = ["check", "fixtures/sites/branch/aclproof.yaml", "--as-of", "2026-01-15"]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.mark.parametrize(("formats", "says"), [
    (["sarf"], "did you mean 'sarif'"),
    (["sarif="], "no file is named"),
    (["json", "sarif"], "cannot share standard output"),
    (["json", "json"], "cannot share standard output"),
    (["text", "markdown"], "cannot share standard output"),
    (["text", "text=-"], "cannot share standard output"),
    (["json=/tmp/x.json", "sarif=/tmp/../tmp/x.json"], "two reports would go to"),
    (["csv=fixtures/sites/branch/aclproof.yaml"], "is an input"),
    (["csv=fixtures/sites/branch/branch-asa.cfg"], "is an input"),
    (["csv=no/such/folder/x.csv"], "cannot be written"),
])
def test_what_cannot_be_written_is_one_line(
        formats: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BRANCH, *(each for form in formats for each in ("--format", form))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_a_minus_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BRANCH, "--format", "json=-"]) == 1
    assert json.loads(capsys.readouterr().out)["schema"] == "aclproof/check/v1"


def test_text_and_annotations_share_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BRANCH, "--format", "text", "--format", "github"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Installation method")
    assert out.splitlines()[-1].startswith("aclproof: 5 missing")


def test_files_are_named_from_the_repository_where_the_command_runs_below_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = ROOT / "fixtures" / "sites" / "branch"
    below = tmp_path / "sites" / "branch"
    below.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for each in site.iterdir():
        (below / each.name).write_bytes(each.read_bytes())
    monkeypatch.chdir(below)
    assert run(["check", "--format", "sarif=a.sarif", "--format", "gitlab=a.json"]) == 1
    found = json.loads(Path("a.json").read_text())
    assert {each["location"]["path"] for each in found} == {"sites/branch/branch-asa.cfg"}
    log = json.loads(Path("a.sarif").read_text())["runs"][0]
    assert log["artifacts"][0]["location"]["uri"] == "sites/branch/branch-asa.cfg"
    assert log["automationDetails"]["id"] == "aclproof/configmgr-2007/sites/branch/aclproof.yaml/"
