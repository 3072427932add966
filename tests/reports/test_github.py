"""Annotations, read as GitHub's runner reads them, and the summary of the step."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.reports.check import github, markdown
from aclproof.linter.reports.writing.file_uris import FileNames
from aclproof.parsers.model.notes import Span
from tests.reports.cases import ROOT, full, many, result_of, unassessed
from tests.reports.readers import command_of, commands_of

PLACES = FileNames(str(ROOT), str(ROOT))
BRANCH = ["check", "fixtures/sites/branch/aclproof.yaml", "--as-of", "2026-01-15"]


def test_the_reader_sees_commands_where_the_runner_does() -> None:
    assert command_of("  ::error file=a%2Cb::x%0Ay%253A") is not None
    parsed = command_of("::error file=a%2Cb,line=1::x%0Ay%253A")
    assert parsed
    assert (parsed.properties, parsed.data) == ({"file": "a,b", "line": "1"}, "x\ny%3A")
    assert command_of("text ##[add-mask]secret")
    assert not command_of("text ::error::no")
    assert not command_of("::1 is an address of IPv6::")


def test_an_annotation_points_at_the_line_and_its_columns() -> None:
    found = next(each for each in commands_of(github.render(result_of("branch"), PLACES))
                 if each.properties["title"].startswith("CM2007-SWD-SMB"))
    line = (ROOT / "fixtures/sites/branch/branch-asa.cfg").read_text().split("\n")[62]
    assert found.name == "warning"
    assert found.properties == {
        "file": "fixtures/sites/branch/branch-asa.cfg", "line": "63", "endLine": "63", "col": "1",
        "endColumn": str(len(line) + 1), "title": "CM2007-SWD-SMB undecided on branch-asa"}
    assert "whether time-range OFFICE-HOURS is active" in found.data


def test_the_worst_come_first_and_waived_ones_last() -> None:
    names = [each.name for each in commands_of(github.render(full(), PLACES))]
    assert names == ["error"] * 3 + ["warning"] + ["notice"] * 3 + ["warning"] * 2 + ["notice"]
    assert "Verified fix:" in github.render(full(), PLACES)


def test_a_waiver_that_ends_soon_is_a_notice() -> None:
    result = full()
    soon = replace(result, scope=replace(result.scope, as_of=date(2026, 6, 1)))
    told = [each for each in commands_of(github.render(soon, PLACES))
            if each.properties["title"].startswith("Waiver")]
    assert [(each.name, each.data) for each in told[:2]] == [
        ("notice", f"Waiver W-{number} for {requirement} ends on 2026-06-30.")
        for number, requirement in ((1, "CM2007-PUSH-SMB"), (2, "CM2007-SWD-SMB"))]
    assert told[0].properties["file"] == "waivers.yaml"


def test_ten_of_a_level_are_shown_and_the_last_line_counts_the_rest() -> None:
    lines = github.render(many(500), PLACES).splitlines()
    names = [command.name for line in lines if (command := command_of(line))]
    assert names == ["error"] * 10 + ["warning"] * 2 + ["notice"]  # the last: what would follow
    assert lines[-1] == ("aclproof: 5 missing, 1 undecided, 4 met, 12 not applicable; 493 annotations are "
                         "left out, the other formats have them")


def test_nothing_assessed_is_said() -> None:
    assert github.render(unassessed(), PLACES) == "aclproof: nothing was assessed\n"


def test_a_hostile_name_stays_inside_its_annotation() -> None:
    result = result_of("branch")
    smb = next(each for each in result.demands if each.requirement.id == "CM2007-PUSH-SMB")
    evil = "%0A::error::a\r\n::add-mask::b\x85::set-output name=c::d,line=1:\u202e##[add-mask]e"
    line = replace(smb.missing[0].blocked_by, firewall=evil, text=evil, span=Span(evil, 3, 3, evil))
    changed = replace(smb, missing=(replace(smb.missing[0], blocked_by=line),))
    text = github.render(replace(result, demands=(changed,), methods=()), PLACES)
    assert len(text.splitlines()) == 2
    commands = list(commands_of(text))
    assert [each.name for each in commands] == ["error"]
    assert set(commands[0].properties) == {"file", "line", "endLine", "col", "endColumn", "title"}
    assert commands[0].properties["line"] == "3"
    assert "%0A::error::a\\r\\n::add-mask" in commands[0].data


def test_the_summary_of_the_step_is_appended(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run([*BRANCH, "--format", "github", "--format", f"text={tmp_path / 'out.txt'}"]) == 1
    report = summary.read_text()
    assert report.startswith("before\n## ")
    assert "| CM2007-PUSH-RPC | missing |" in report
    assert command_of(capsys.readouterr().out.splitlines()[0])
    assert run([*BRANCH, "--format", "text"]) == 1
    assert summary.read_text() == report


def test_a_full_summary_is_left_alone(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * (2**20 - 100))
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run([*BRANCH, "--format", "github"]) == 1
    assert summary.stat().st_size == 2**20 - 100
    assert "is full" in capsys.readouterr().err


def test_a_summary_that_cannot_be_written_is_one_line(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "such" / "folder"))
    assert run([*BRANCH, "--format", "github"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_report_fits_into_a_comment() -> None:
    for result in (full(), many(5000)):
        assert len(markdown.render(result)) < 65_536
