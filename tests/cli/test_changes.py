"""A run on what a change touches: every site is in it whose outcome may be another after the change."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.fleet.farm import sites

Output = pytest.CaptureFixture[str]
CALL = ["check", "--sites", "sites", "--jobs", "1", "--as-of", "2026-01-15", "--format", "jsonl", "-q"]
WAIVERS = """waivers:
  - {{id: W, requirement: CM2007-SWD-SMB, reason: r, owner: o, expires: 2026-03-01, site: "{}"}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sites that lack a port and name one waiver file, and one that names none."""
    sites(tmp_path / "sites", ["a-short", "b-short", "plain"])
    (tmp_path / ".aclproof").touch()
    for name in ("a-short", "b-short"):
        with (tmp_path / "sites" / name / "aclproof.yaml").open("a") as site:
            site.write("waivers: ../../waivers.yaml\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def waived(folder: Path, site: str) -> None:
    (folder / "waivers.yaml").write_text(WAIVERS.format(site))


def ended(capsys: Output, *changed: str, call: list[str] = CALL) -> dict[str, str]:
    run([*call, *changed])
    found = map(json.loads, capsys.readouterr().out.splitlines())
    return {Path(each["site"]).parent.name: each["end"] for each in found}


def listed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(data), "utf-8"))


def test_a_link_on_the_way_to_what_a_waiver_names(folder: Path, capsys: Output) -> None:
    """It meant `a-short` until it was made to lead elsewhere: nobody answers for that site now."""
    waived(folder, "current/aclproof.yaml")
    (folder / "current").symlink_to("sites/a-short")
    assert ended(capsys, "current") == {"a-short": "accepted", "b-short": "missing"}
    (folder / "current").unlink()
    (folder / "current").symlink_to("sites/b-short")
    assert ended(capsys, "current") == {"a-short": "missing", "b-short": "accepted"}
    assert ended(capsys, "elsewhere") == {}


def test_a_site_that_is_gone_and_that_a_waiver_names(folder: Path, capsys: Output) -> None:
    """A waiver for what is not there is an error at every site that names its file."""
    waived(folder, "sites/c/aclproof.yaml")
    for changed in ("sites/c/aclproof.yaml", "sites/c", "README.md"):
        assert ended(capsys, changed) == {"a-short": "unreadable", "b-short": "unreadable"}, changed


def test_a_name_that_was_a_pattern_until_it_was_there(folder: Path, capsys: Output) -> None:
    waived(folder, "sites/[ab]-short/aclproof.yaml")
    assert ended(capsys, "sites/[ab]-short") == {"a-short": "accepted", "b-short": "accepted"}
    sites(folder / "sites", ["[ab]-short"])
    assert ended(capsys, "sites/[ab]-short") == {
        "a-short": "missing", "b-short": "missing", "[ab]-short": "missing"}


def test_a_waiver_file_that_cannot_be_read(folder: Path, capsys: Output) -> None:
    (folder / "waivers.yaml").write_text("waivers: {")
    assert ended(capsys, "README.md") == {"a-short": "unreadable", "b-short": "unreadable"}


def test_waivers_of_the_command_line_take_the_place_of_others(folder: Path, capsys: Output) -> None:
    waived(folder, "gone/aclproof.yaml")
    (folder / "none.yaml").write_text("waivers: []\n")
    assert ended(capsys, "--waivers", "none.yaml", "gone/aclproof.yaml") == {}
    (folder / "waivers.yaml").rename(folder / "own.yaml")
    waived(folder, "sites/plain/aclproof.yaml")
    assert set(ended(capsys, "--waivers", "own.yaml", "README.md").values()) == {"unreadable"}


def test_the_mark_of_a_root(folder: Path, capsys: Output) -> None:
    """It decides which files a site may name."""
    waived(folder, "sites/plain/aclproof.yaml")
    (folder / "sites" / "plain" / "fw.cfg").rename(folder / "fw.cfg")
    text = (folder / "sites" / "plain" / "aclproof.yaml").read_text()
    (folder / "sites" / "plain" / "aclproof.yaml").write_text(text.replace("fw.cfg", "../../fw.cfg"))
    assert ended(capsys, "sites/plain/.git") == {"plain": "proven"}  # it was deleted
    assert len(ended(capsys, ".aclproof")) == len(ended(capsys, "sites/.aclproof")) == 3
    (folder / "sites" / "plain" / ".aclproof").touch()
    assert ended(capsys, "sites/plain/.aclproof") == {"plain": "unreadable"}
    for chosen in (("--root", "."), ("--allow-outside",)):
        assert ended(capsys, "sites/.aclproof", *chosen) == {}


@pytest.mark.parametrize("data", [
    b"\xef\xbb\xbfsites/plain/fw.cfg\r\n", "\ufeffsites/plain/fw.cfg\r\n".encode("utf-16-le"),
    "\ufeffsites/plain/fw.cfg\n".encode("utf-16-be"), b"\xef\xbb\xbfsites/plain/fw.cfg\0"])
def test_a_list_may_begin_with_the_mark_of_its_encoding(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    waived(folder, "sites/plain/aclproof.yaml")
    listed(monkeypatch, data)
    assert ended(capsys, "-") == {"plain": "proven"}
    listed(monkeypatch, data.replace(b"fw.cfg", b"aclproof.yaml").replace(
        "fw.cfg".encode("utf-16-le"), "aclproof.yaml".encode("utf-16-le")).replace(
        "fw.cfg".encode("utf-16-be"), "aclproof.yaml".encode("utf-16-be")))
    assert ended(capsys, "-", call=["check", "-q", "--format", "jsonl"]) == {"plain": "proven"}


@pytest.mark.parametrize("line", [
    "M\tsites/plain/fw.cfg", "R100\told.cfg\tsites/plain/fw.cfg", "3\t1\tsites/plain/fw.cfg",
    "-\t-\tsites/plain/fw.cfg", ":100644 100644 bcd1234 0123456 M\tsites/plain/fw.cfg",
    " M sites/plain/fw.cfg", "?? sites/plain/fw.cfg", "D  sites/plain/fw.cfg",
    "diff --git a/sites/plain/fw.cfg b/sites/plain/fw.cfg", "+++ b/sites/plain/fw.cfg"])
def test_what_git_writes_besides_names_is_refused(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """`git diff` with --name-status, --numstat, --raw or as a patch; `git status --short`."""
    listed(monkeypatch, f"sites/plain/fw.cfg\n{line}\n".encode())
    assert run([*CALL, "-"]) == 2
    assert "list names by 'git diff -z --name-only'" in capsys.readouterr().err
    Path("M\tx").touch()
    listed(monkeypatch, b"M\tx\n")
    waived(folder, "sites/plain/aclproof.yaml")
    assert ended(capsys, "-") == {}  # a file may be called so


def test_names_as_seen_from_a_folder_above_are_refused(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git diff` writes them from the top of the repository."""
    waived(folder, "sites/plain/aclproof.yaml")
    monkeypatch.chdir("sites")
    call = ["check", "--sites", ".", "--jobs", "1", "--format", "jsonl", "-q"]
    assert run([*call, "sites/plain/fw.cfg"]) == 2
    assert f"is how a file is called in {folder}: list names as seen from here" in capsys.readouterr().err
    assert run([*call, "sites/plain/gone.cfg", "README.md"]) == 0
    assert "none of the files that changed is there, as seen from this folder: 2, such as sites/plain/gone" \
        in capsys.readouterr().err
    assert ended(capsys, "plain/fw.cfg", call=call) == {"plain": "proven"}
