"""`aclproof show --used-by` on the command line: what is printed for people and programs, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.cli import run

ROOT = Path(__file__).parents[2]
SITE = "fixtures/sites/branch/aclproof.yaml"
AS_OF = ("--as-of", "2026-01-15")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "C")


@pytest.mark.parametrize("name", ["linux-by-hand", "nft-router", "windows-push-works"])
def test_what_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A fourth one is in docs/commands/show.md, whose examples are run."""
    run(["show", "--used-by", f"fixtures/sites/{name}/aclproof.yaml", *AS_OF])
    assert capsys.readouterr().out == (ROOT / "tests" / "usage" / f"{name}.txt").read_text(encoding="utf-8")


def test_what_is_no_quotation_fits_in_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("en", "de"):
        assert run(["show", "--used-by", SITE, *AS_OF, "-v", "--lang", language]) == 0
        for line in capsys.readouterr().out.splitlines():
            assert len(line) <= 80 or "branch-asa.cfg:" in line


def test_why_not_all_could_be_told_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "--used-by", "fixtures/sites/unread-rule/aclproof.yaml", *AS_OF]) == 3
    shown = " ".join(capsys.readouterr().out.split())
    assert "was not read whole, and may do anything; 'aclproof show" in shown


@pytest.mark.parametrize("name", ["branch", "linux-dnat", "nft-fw4", "windows-push-works", "unread-rule"])
def test_json_follows_its_schema(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["show", "--used-by", f"fixtures/sites/{name}/aclproof.yaml", "--format", "json", *AS_OF])
    found = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schemas.load("used-by")).validate(found)
    assert code == (0 if found["complete"] else 3)


def test_the_site_of_the_folder_and_some_of_its_configurations(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT / "fixtures" / "sites" / "branch")
    assert run(["show", "--used-by"]) == 0
    whole = capsys.readouterr().out
    assert run(["show", "branch-asa.cfg", "--used-by"]) == 0
    assert capsys.readouterr().out == whole
    assert run(["show", "branch-asa.cfg", "--used-by", "-v"]) == 0
    assert capsys.readouterr().out.startswith(whole)


@pytest.mark.parametrize(("words", "said"), [
    ((), "name a configuration"),
    (("--used-by", "fixtures/sites/branch/branch-asa.cfg"), "no site file"),
    (("--used-by", SITE, "--acl", "IN"), "do not go with it"),
    (("other.cfg", "--used-by", SITE), "unknown configuration of the site 'other.cfg'"),
    (("--used-by", "none.yaml"), "none.yaml"),
])
def test_wrong_usage(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", *words]) == 2
    assert said in capsys.readouterr().err
