"""A vendor is a folder and one line in the table: every command takes it, and says what it cannot do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.linter.reports import FORMATS
from aclproof.parsers.vendor import VENDORS, doors

ROOT = Path(__file__).parents[2]
SITE = """\
pack: configmgr-2007
methods: [group-policy, software-distribution]
settings: {mode: mixed}
roles: {client: [10.20.0.0/16], management-point: [10.1.1.11], distribution-point: [10.1.1.12]}
firewalls: [{name: acme, config: rules.acme, acl: {client: rules}}]
"""
RULES = "acme 1\npermit tcp 10.20.0.0/16 10.1.1.11 80\ndeny tcp 10.20.0.0/16 10.1.1.12 445\ndeny\n"
OPEN = "2 permit tcp 10.20.0.0/16 10.1.1.12/32 445\n"


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(VENDORS, "acme", "tests.vendor.acme.vendor")
    Path("aclproof.yaml").write_text(SITE)
    Path("rules.acme").write_text(RULES)


def out_of(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    assert run(arguments) == code, capsys.readouterr()
    return capsys.readouterr().out


def verdicts(report: str) -> dict[str, str]:
    return {each["requirement"]: each["verdict"] for each in json.loads(report)["results"]}


def test_check_proves_and_names_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    report = out_of(capsys, 1, "check", "--format", "json")
    found = verdicts(report)
    assert (found["CM2007-GPO-MP-HTTP"], found["CM2007-SWD-SMB"]) == ("met", "missing")
    assert "deny tcp 10.20.0.0/16 10.1.1.12 445" in report
    assert json.loads(report)["inputs"][0]["vendor"] == "acme"


@pytest.mark.parametrize("form", FORMATS)
def test_check_writes_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "CM2007-SWD-SMB" in out_of(capsys, 1, "check", "--fixes", "--format", form)


def test_what_has_no_writer_is_unfixed_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["fix"], ["fix", "--format", "json"]):
        said = " ".join(out_of(capsys, 1, *arguments).replace("\n//", "").replace("\n#", "").split())
        assert "acme: aclproof cannot write commands for this make of firewall yet" in said


def test_a_writer_is_asked_and_its_lines_are_proven(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(VENDORS, "acme", "tests.vendor.acme_writing.vendor")
    found = json.loads(out_of(capsys, 1, "fix", "--format", "json"))
    assert [each["lines"] for each in found["snippets"]] == [[OPEN.strip()]]
    assert (found["verified"], found["unfixed"]) == (
        [{"requirement": "CM2007-SWD-SMB", "verdict": "met"}], [])
    assert "// acme: enter in this order" in out_of(capsys, 1, "fix")


def test_diff_of_two_sites(capsys: pytest.CaptureFixture[str]) -> None:
    Path("new").mkdir()
    Path("new/aclproof.yaml").write_text(SITE)
    Path("new/rules.acme").write_text(RULES.replace("deny tcp", "permit tcp"))
    assert "CM2007-SWD-SMB" in out_of(capsys, 0, "diff", "aclproof.yaml", "new/aclproof.yaml", "--full")
    assert "CM2007-SWD-SMB" in out_of(capsys, 1, "diff", "new/aclproof.yaml", "aclproof.yaml")


def test_diff_of_a_script(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("tonight.txt").write_text(OPEN)
    assert run(["diff", "aclproof.yaml", "tonight.txt", "--script"]) == 2
    assert "cannot carry out commands for Acme yet" in capsys.readouterr().err
    monkeypatch.setitem(VENDORS, "acme", "tests.vendor.acme_writing.vendor")
    assert "CM2007-SWD-SMB" in out_of(capsys, 0, "diff", "aclproof.yaml", "tonight.txt", "--full")


def test_trace_show_and_init(capsys: pytest.CaptureFixture[str]) -> None:
    assert "deny tcp" in out_of(capsys, 1, "trace", "10.20.0.5", "10.1.1.12", "tcp", "445")
    assert json.loads(out_of(capsys, 0, "trace", "10.20.0.5", "10.1.1.11", "tcp", "80", "--format", "json"))
    assert "rules" in out_of(capsys, 0, "show", "rules.acme")
    assert yaml.safe_load(out_of(capsys, 0, "init", "-o", "-", "rules.acme"))["firewalls"]


def test_an_unknown_text_is_refused_with_what_every_vendor_takes(capsys: pytest.CaptureFixture[str]) -> None:
    Path("rules.acme").write_text("acme 2\n")
    assert run(["check"]) == 2
    assert "or the rules of an Acme" in capsys.readouterr().err


# What is written down in other places comes from the table


def test_schemas_name_every_vendor() -> None:
    keys = [key for key in VENDORS if key != "acme"]
    check, fix, show = (schemas.load(name) for name in ("check", "fix", "show"))
    assert show["properties"]["vendor"]["enum"] == keys
    for schema in (check, fix):
        assert f'"vendor": {{"enum": {json.dumps(keys)}}}' in json.dumps(schema)


def test_the_hook_and_the_help_know_every_vendor(capsys: pytest.CaptureFixture[str]) -> None:
    hook, _ = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    known = [vendor.traits for key, vendor in doors() if key != "acme"]
    suffixes = "|".join(suffix for traits in known for suffix in traits.suffixes)
    assert hook["files"] == rf"(^|/)aclproof\.ya?ml$|\.({suffixes})$"
    help_of_diff = " ".join(out_of(capsys, 0, "diff", "--help").split())
    assert ", ".join(traits.commands for traits in known) in help_of_diff


def test_help_opens_no_room() -> None:
    code = ("import sys; from aclproof.linter.cli import run; run(['--help']); "
            "print([each for each in sys.modules if each.startswith('aclproof.parsers')])")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
