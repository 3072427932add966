"""What a pattern matches is proven or refused, as in a folder: nothing is passed over."""

from __future__ import annotations

import json
import os
from glob import glob
from pathlib import Path

import pytest

from aclproof.linter.cli import matching, run
from tests.fleet.farm import sites

Output = pytest.CaptureFixture[str]
PATTERN = "sites/*/aclproof.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Site `a`, and beside it a folder `b` with nothing in it."""
    sites(tmp_path / "sites", ["a"])
    (tmp_path / "sites" / "b").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ended(capsys: Output, *arguments: str) -> dict[str, str]:
    """How each site ended, by its path."""
    code = run(["check", "-q", "--format", "jsonl", *arguments])
    found = {each["site"]: each["end"] for each in map(json.loads, capsys.readouterr().out.splitlines())}
    worst = next(end for end in ("unreadable", "missing", "proven") if end in found.values())
    assert code == {"unreadable": 2, "missing": 1, "proven": 0}[worst]
    return found


A, B = "sites/a/aclproof.yaml", "sites/b/aclproof.yaml"


@pytest.mark.parametrize("kind", ["dangling", "pipe", "folder", "loop"])
@pytest.mark.parametrize("argument", ["sites", PATTERN, "sites/**/aclproof.yaml"])
def test_what_has_the_name_and_is_no_file_is_a_site_that_cannot_be_read(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, kind: str, argument: str) -> None:
    if kind == "pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("pipes with names")
    monkeypatch.setattr("aclproof.inputs.OTHER_END_WITHIN", 0.01)
    if kind == "pipe":
        os.mkfifo(folder / B)
    elif kind == "folder":
        (folder / B).mkdir()
    else:
        (folder / B).symlink_to({"dangling": "gone.yaml", "loop": "aclproof.yaml"}[kind])
    assert ended(capsys, argument, "--jobs", "1") == {A: "proven", B: "unreadable"}


@pytest.mark.parametrize("pattern", [PATTERN, "sites/**/aclproof.yaml", "sites/?/berlin.yaml",
                                     "sites/*/deep*/x.yaml"])
def test_a_folder_on_the_way_that_is_closed_is_a_site_that_cannot_be_read(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    """As `os.scandir` refuses it: root may look into every folder."""
    whole = os.scandir

    def scandir(path: str) -> object:
        if str(path).rstrip("/").endswith("b"):
            raise PermissionError(13, "Permission denied", path)
        return whole(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = ended(capsys, A, pattern)
    assert found == {A: "proven", "sites/b": "unreadable"}


def test_where_a_match_may_lead_is_as_in_a_folder(folder: Path, capsys: Output) -> None:
    sites(folder / "outside", ["s3cr3t"])
    (folder / "sites" / "o").symlink_to("../outside", target_is_directory=True)
    for argument in ("sites", "sites/*/*/aclproof.yaml", "sites/**/aclproof.yaml", "sites/*"):
        found = ended(capsys, "sites/a", argument)
        assert found == {A: "proven", "sites/o": "unreadable"}, argument
    for allowed in (("--root", "."), ("--allow-outside",)):
        found = ended(capsys, "sites/*/*/aclproof.yaml", *allowed)
        assert found == {"sites/o/s3cr3t/aclproof.yaml": "proven"}


def test_folders_that_match_are_looked_into(folder: Path, capsys: Output) -> None:
    sites(folder / "sites", ["c-short", "b/deep"])
    (folder / "sites" / "b" / "deep" / "Berlin.yml").write_text("roles: {}\nfirewalls: []\n")
    assert ended(capsys, "sites/a", "sites/*") == {A: "proven", "sites/b/deep/aclproof.yaml": "proven",
                                                 "sites/c-short/aclproof.yaml": "missing"}
    assert run(["check", "sites/a", "sites/*"]) == 1
    assert "site files in sites/b that are not called aclproof.yaml" in capsys.readouterr().err


def test_links_that_lead_back_have_no_end_and_are_followed_once(folder: Path, capsys: Output) -> None:
    """Two of them have more ways of forty links than anybody can go."""
    (folder / ".aclproof").touch()
    sites(folder / "sites", [f"c{number}" for number in range(4)])
    for number in range(4):
        (folder / "sites" / f"c{number}" / "back").symlink_to("../..", target_is_directory=True)
    every = [A, *(f"sites/c{number}/aclproof.yaml" for number in range(4))]
    for pattern in ("sites/**/aclproof.yaml", "**/aclproof.yaml", "**/c*/**/back/**/aclproof.yaml",
                    f"{folder}/**/aclproof.yaml"):
        found = ended(capsys, pattern, "--jobs", "1")
        assert len(found) == len(every), pattern
        assert set(found.values()) == {"proven"}


@pytest.mark.parametrize(("pattern", "found"), [
    ("**/a/*.yaml", ["sites/a/aclproof.yaml"]), ("s*/**/*.cfg", ["sites/a/fw.cfg"]),
    ("**/.h/*", ["sites/.h/x.cfg"]), ("sites/.*/**", ["sites/.h", "sites/.h/x.cfg"]),
    ("sites/**", ["sites", "sites/a", "sites/a/aclproof.yaml", "sites/a/fw.cfg", "sites/b"]),
    ("sites/a**", ["sites/a"]), ("sites/**/", ["sites", "sites/a", "sites/b"]),
    ("./sites/[!b]/fw.cfg", ["sites/a/fw.cfg"]), ("none/**/x", [])])
def test_patterns_are_those_of_a_shell(folder: Path, pattern: str, found: list[str]) -> None:
    (folder / "sites" / ".h").mkdir()
    (folder / "sites" / ".h" / "x.cfg").touch()
    assert matching.matches(pattern) == (found, [])
    assert sorted(set(map(os.path.normpath, glob(pattern, recursive=True)))) == found


def test_configurations_that_match_and_are_no_files_are_refused(folder: Path, capsys: Output) -> None:
    """Each may be a firewall on the way: without it a port would seem open."""
    call = ["check", "--client", "10.20.0.0/24", "--server", "10.1.1.12", "--set", "mode=mixed",
            "--method", "software-distribution", "sites/a/*.cfg"]
    assert run(call) != 2
    capsys.readouterr()
    (folder / "sites" / "a" / "second.cfg").symlink_to("gone.cfg")
    assert run(call) == 2
    assert "sites/a/second.cfg: no such file" in capsys.readouterr().err
    (folder / "sites" / "a" / "second.cfg").unlink()
    (folder / "sites" / "a" / "second.cfg").mkdir()
    assert run(call) == 2
    assert "sites/a/second.cfg" in capsys.readouterr().err


def test_a_path_that_is_there_is_no_pattern(folder: Path, capsys: Output) -> None:
    """Though it be a link to nothing."""
    sites(folder / "sites", ["b[1]", "b1-short"])
    assert ended(capsys, A, "sites/b[1]/aclproof.yaml") == {A: "proven", "sites/b[1]/aclproof.yaml": "proven"}
    (folder / "sites" / "b[1]" / "aclproof.yaml").unlink()
    (folder / "sites" / "b[1]" / "aclproof.yaml").symlink_to("gone.yaml")
    assert ended(capsys, A, "sites/b[1]/aclproof.yaml")["sites/b[1]/aclproof.yaml"] == "unreadable"
