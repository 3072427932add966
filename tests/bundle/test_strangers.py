"""A bundle that somebody made by hand proves only what its inputs give, and reaches nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from aclproof.linter.bundle import prove
from tests.bundle.test_bundle import proven, unpacked
from tests.cli.command import BRANCH, COMMAND, ROOT, shell

Said: TypeAlias = "dict[str, Any]"


@pytest.fixture(autouse=True)
def _as_this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the branch, made where no input lies."""
    work = tmp_path_factory.mktemp("site") / "work"
    shutil.copytree(BRANCH, work.parent, dirs_exist_ok=True)
    work.mkdir()
    assert shell("aclproof check ../aclproof.yaml -q --bundle audit.zip", work).code == 1
    return work / "audit.zip"


@pytest.fixture
def folder(file: Path, tmp_path: Path) -> Path:
    return unpacked(file, tmp_path / "unpacked")


def change(folder: Path, by: Callable[[Said], object]) -> None:
    """Change what bundle.json says, in the form that aclproof writes."""
    file = folder / "bundle.json"
    said = json.loads(file.read_text())
    by(said)
    file.write_text(f"{json.dumps(said, indent=2)}\n")


def lay(folder: Path, place: str, data: bytes) -> None:
    """Put a file into a bundle, with its sum."""
    part, _, path = place.partition("/")
    entry = {"path": path, "bytes": len(data), "sha256": sha256(data).hexdigest()}
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_bytes(data)
    change(folder, lambda said: said.update({part: sorted(
        [entry, *(each for each in said[part] if each["path"] != path)], key=lambda each: each["path"])}))


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = prove.main([str(folder), "--aclproof", COMMAND])
    return code, capsys.readouterr().err


def test_all_that_is_in_it_is_made_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sums that fit help nothing: a pack to be read, the words beside it, an input that was never read."""
    pack = folder / "packs" / "configmgr-2007.yaml"
    lay(folder, "packs/configmgr-2007.yaml", pack.read_bytes().replace(b"445", b"80"))
    lay(folder, "inputs/other.cfg", b"access-list ANY extended permit ip any any\n")
    for name in ("README.txt", "prove.py"):
        (folder / name).write_text("print('proven')\n")
    code, said = told(folder, capsys)
    assert code == 1
    for name in ("packs/configmgr-2007.yaml", "README.txt", "prove.py", "bundle.json"):
        assert f"{name}: comes out otherwise" in said
    assert "reports/" not in said


def test_no_report_can_be_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(folder / "reports")
    change(folder, lambda said: said.update(reports=[], exit_code=0))
    code, said = told(folder, capsys)
    assert code == 1
    assert "exit code 1: it was 0" in said
    assert "report.html: comes out otherwise" in said


def test_what_lies_beside_an_audit_is_said_to_be_no_part_of_it(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    (folder / "REPORT.html").write_text("all is well")
    done = proven(folder)
    assert done.code == 0
    assert b"no part of this audit, and not proven: REPORT.html\n" in done.out
    (folder / "REPORT.html").unlink()
    assert sorted(folder.rglob("*")) == before, "nothing of the folder is changed"


def test_code_among_the_inputs_is_not_run(folder: Path, tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    """Python looks for modules in the working directory first."""
    for name in ("aclproof/__main__.py", "aclproof/__init__.py", "json.py"):
        lay(folder, f"inputs/work/{name}", f"open({str(tmp_path / 'ran')!r}, 'w')\n".encode())
    assert told(folder, capsys)[0] == 1
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("place", ["inputs/branch-asa.cfg", "inputs", "packs"])
def test_links_are_not_followed(place: str, folder: Path, tmp_path: Path,
                                capsys: pytest.CaptureFixture[str]) -> None:
    (folder / place).rename(tmp_path / "elsewhere")
    (folder / place).symlink_to(tmp_path / "elsewhere")
    code, said = told(folder, capsys)
    assert code == 1
    assert f"{place}" in said
    assert ": is a link" in said


def test_nothing_in_a_name_acts_on_a_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inputs" / "a\x1b[2J\u202e\udcff.cfg").touch()
    (folder / "inputs" / "gone").symlink_to("nowhere")
    code, said = told(folder, capsys)
    assert code == 1
    assert r"a\x1b[2J\u202e\udcff.cfg: was added" in said
    assert "gone: was added" in said


@pytest.mark.parametrize("text", [
    "", "[]", "{", '{"tool": 1}', "[" * 100_000, '{"tool": {"version": "1"}, "arguments": 7}', "\xff"])
def test_what_is_no_bundle_is_named(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bundle.json").write_text(text, encoding="latin-1")
    code, said = told(folder, capsys)
    assert (code, said.count("\n")) == (2, 1)
    assert "bundle.json is not as aclproof writes it" in said


@pytest.mark.parametrize(("by", "words"), [
    (lambda said: said["tool"].update(version="1 --index-url http://x"), "is no version"),
    (lambda said: said["inputs"][0].update(path="./aclproof.yaml"), "'./aclproof.yaml' lies outside"),
    (lambda said: said["inputs"][0].update(path="../aclproof.yaml"), "'../aclproof.yaml' lies outside"),
    (lambda said: said["arguments"].append("-"), "'-' is none that a proof needs"),
    (lambda said: said["arguments"].append("-o/tmp/x"), "'-o/tmp/x' is none that a proof needs")])
def test_a_place_or_a_word_of_its_own_is_refused(by: Callable[[Said], object], words: str, folder: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, by)
    code, said = told(folder, capsys)
    assert code == 1
    assert words in said


@pytest.mark.parametrize("argument", ["--evidence=../../../../../etc/passwd", "--waivers=/etc/passwd",
                                      "/etc/hostname", "a\0b"])
def test_what_lies_elsewhere_proves_nothing(argument: str, folder: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, lambda said: said["arguments"].append(argument))
    assert told(folder, capsys)[0] in (1, 2)


def test_a_name_that_looks_like_an_option_is_one_of_a_file(tmp_path: Path) -> None:
    shutil.copy(BRANCH / "branch-asa.cfg", tmp_path / "-x.cfg")
    quick = "--client 10.20.0.0/16 --server 10.1.1.0/24 --set mode=mixed -qq --bundle audit.zip"
    assert shell(f"aclproof check {quick} -- -x.cfg", tmp_path).code == 1
    assert proven(unpacked(tmp_path / "audit.zip", tmp_path / "unpacked")).code == 0
    name = b"\xff.cfg".decode("utf-8", "surrogateescape")
    (tmp_path / "-x.cfg").rename(tmp_path / name)
    shell(f"aclproof check {quick} $'\\xff.cfg'", tmp_path).says("a bundle holds names in UTF-8")


def test_a_site_that_is_named_by_a_link_to_its_folder(tmp_path: Path) -> None:
    shutil.copytree(BRANCH, tmp_path / "site")
    (tmp_path / "link").symlink_to("site")
    assert shell("aclproof check link/aclproof.yaml -qq --bundle audit.zip", tmp_path).code == 1
    assert proven(unpacked(tmp_path / "audit.zip", tmp_path / "unpacked")).code == 0
