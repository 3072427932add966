"""Where reports may be written: over no input, into what is no regular file, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from aclproof import inputs
from aclproof.linter.cli import run
from tests.cli.command import BRANCH, ROOT, shell

Output = pytest.CaptureFixture[str]
CHECK = ["check", "--as-of", "2026-01-15", "--waivers", "waivers.yaml", "--pack", "pack.yaml"]
INPUTS = ("aclproof.yaml", "branch-asa.cfg", "waivers.yaml", "pack.yaml")
MARK = "kept"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(BRANCH, tmp_path, dirs_exist_ok=True)
    shutil.copy(ROOT / "rules" / "configmgr-2007.yaml", tmp_path / "pack.yaml")
    (tmp_path / "waivers.yaml").write_text("waivers: []\n", encoding="utf-8")
    (tmp_path / "packets.csv").write_text("source,destination,protocol,destination_port\n"
                                          "10.1.1.10,10.20.0.5,tcp,445\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


ALIASES: dict[str, Callable[[str], str]] = {
    "itself": lambda name: name, "another way to it": lambda name: f"./x/../{name}",
    "absolute": os.path.abspath, "a link": lambda name: _alias(os.symlink, name),
    "a hard link": lambda name: _alias(os.link, name),
    "a link to a link": lambda name: _alias(os.symlink, _alias(os.symlink, name), "two")}


def _alias(make: Callable[[str, str], None], name: str, alias: str = "one") -> str:
    make(name, alias)
    return alias


@pytest.mark.parametrize("alias", ALIASES)
@pytest.mark.parametrize("name", INPUTS)
def test_no_input_is_overwritten(folder: Path, capsys: Output, name: str, alias: str) -> None:
    (folder / "x").mkdir()
    before = (folder / name).read_bytes()
    target = ALIASES[alias](name)
    assert run([*CHECK, "--format", "text", "--format", f"json={target}"]) == 2
    assert f"aclproof: {target} is an input" in capsys.readouterr().err
    assert (folder / name).read_bytes() == before
    assert not (folder / target).is_symlink() or os.path.samefile(target, name)


@pytest.mark.parametrize("call", [
    ["requirements", "--format", "csv=branch-asa.cfg"], ["requirements", "--format", "csv=aclproof.yaml"],
    ["requirements", "--pack", "pack.yaml", "--format", "csv=pack.yaml"],
    ["init", "branch-asa.cfg", "--force", "-o", "branch-asa.cfg"],
    ["init", "branch-asa.cfg", "--force", "--pack", "pack.yaml", "-o", "pack.yaml"]])
def test_nor_by_another_command(folder: Path, capsys: Output, call: list[str]) -> None:
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert run(call) == 2
    assert "is an input" in capsys.readouterr().err
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


def test_what_standard_input_comes_from_is_an_input(folder: Path) -> None:
    before = (folder / "branch-asa.cfg").read_bytes()
    call = "check - --client 10.20.0.0/16 --server 10.1.1.0/28 --set mode=mixed --format json=branch-asa.cfg"
    shell(f"aclproof {call} < branch-asa.cfg", folder).says("branch-asa.cfg is an input")
    assert (folder / "branch-asa.cfg").read_bytes() == before


def test_the_summary_of_a_step_is_no_input(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    before = (folder / "branch-asa.cfg").read_bytes()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "branch-asa.cfg"))
    assert run([*CHECK, "--format", "github"]) == 2
    assert "is an input" in capsys.readouterr().err
    assert (folder / "branch-asa.cfg").read_bytes() == before


def test_a_file_of_an_earlier_run_is_no_input_of_the_next(folder: Path) -> None:
    """A file's number is used again when it is gone."""
    assert run([*CHECK, "-qq"]) == 1
    assert run(["check", "--as-of", "2026-01-15", "-qq", "--format", "json=waivers.yaml"]) == 1


def test_two_names_of_one_file_are_one(folder: Path, capsys: Output) -> None:
    (folder / "a").write_text(MARK, encoding="utf-8")
    (folder / "b").symlink_to("a")
    assert run([*CHECK, "--format", "json=a", "--format", "csv=b"]) == 2
    assert "two reports would go to" in capsys.readouterr().err
    assert (folder / "a").read_text(encoding="utf-8") == MARK


@pytest.mark.parametrize("redirection", ["> out", ">> out", "2> out", "> out 2>&1"])
def test_a_report_does_not_replace_what_a_stream_goes_to(folder: Path, redirection: str) -> None:
    line = f"aclproof {' '.join(CHECK)} --format text --format json=out {redirection}"
    assert shell(line, folder).code == 2
    shown = (folder / "out").read_text(encoding="utf-8")
    assert "BLOCKED" in shown or "is where standard output or standard error goes" in shown


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_names_of_standard_output_mean_it(folder: Path, capsys: Output, name: str) -> None:
    run([*CHECK, "--format", "json"])
    usual = capsys.readouterr().out
    assert run([*CHECK, "--format", f"json={name}"]) == 1
    assert capsys.readouterr().out == usual
    assert run([*CHECK, "--format", f"json={name}", "--format", "text"]) == 2
    assert run(["init", "branch-asa.cfg", "-o", name]) == 0
    assert "roles:" in capsys.readouterr().out


def _device(path: Path) -> None:
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))  # as /dev/null
    except PermissionError:
        pytest.skip("only root makes devices")


def test_a_device_stays_one(folder: Path) -> None:
    _device(folder / "null")
    assert run([*CHECK, "-qq", "--format", "json=null", "--format", "csv=/dev/null"]) == 1
    assert stat.S_ISCHR(os.stat("null").st_mode)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_pipe_gets_the_report(folder: Path) -> None:
    os.mkfifo("pipe")
    got: list[bytes] = []
    reader = Thread(target=lambda: got.append(Path("pipe").read_bytes()))
    reader.start()
    assert run([*CHECK, "-qq", "--format", "json=pipe"]) == 1
    reader.join(30)
    assert json.loads(got[0])["schema"] == "aclproof/check/v1"
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_a_pipe_that_nobody_reads_is_given_up(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo("pipe")
    monkeypatch.setattr(inputs, "OTHER_END_WITHIN", 0.2)
    assert run([*CHECK, "-qq", "--format", "json=pipe"]) == 2
    assert capsys.readouterr().err == "aclproof: pipe: cannot be written (No such device or address)\n"


def test_a_reader_of_a_pipe_may_go_away(folder: Path) -> None:
    done = shell(f"aclproof {' '.join(CHECK)} -qq --format html=>(head -c 9)", folder)
    assert (done.code, done.err) == (1, "")


@pytest.mark.parametrize(("target", "reason"), [
    ("/dev/full", "No space left on device"), (".", "Is a directory"),
    ("none/out", "No such file or directory"),
    ("aclproof.yaml/out", "Not a directory"), ("loop", "Too many levels of symbolic links"),
    ("n" * 300, "File name too long"), ("a\0b", "no file has such a name"),
    ("\ud800", "no file has such a name")])
def test_what_cannot_be_written_is_one_line(folder: Path, capsys: Output, target: str, reason: str) -> None:
    (folder / "loop").symlink_to("loop")
    before = sorted(each.name for each in folder.iterdir())
    assert run([*CHECK, "-qq", "--format", f"json={target}"]) == 2
    err = capsys.readouterr().err
    assert f"cannot be written ({reason})" in err
    assert err.count("\n") == 1
    assert sorted(each.name for each in folder.iterdir()) == before


def test_a_disk_that_fills_leaves_the_old_file(folder: Path) -> None:
    (folder / "out").write_text(MARK, encoding="utf-8")
    before = sorted(each.name for each in folder.iterdir())
    line = f"aclproof {' '.join(CHECK)} -qq --format html=out"
    shell(f"trap '' XFSZ; ulimit -f 8; {line}", folder).says("out: cannot be written (File too large)")
    assert (folder / "out").read_text(encoding="utf-8") == MARK
    assert sorted(each.name for each in folder.iterdir()) == before


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600), (0, 0o666)])
def test_a_new_file_has_the_mode_that_the_umask_leaves(folder: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        assert run([*CHECK, "-qq", "--format", "json=out"]) == 1
        assert run(["init", "branch-asa.cfg", "-o", "site.yaml"]) == 0
    finally:
        os.umask(before)
    assert {stat.S_IMODE(os.stat(each).st_mode) for each in ("out", "site.yaml")} == {mode}


def test_a_file_keeps_its_mode_and_a_link_stays_one(folder: Path) -> None:
    (folder / "deep").mkdir()
    old = folder / "deep" / "out"
    old.write_text(MARK, encoding="utf-8")
    old.chmod(0o604)
    (folder / "link").symlink_to("deep/out")
    (folder / "new").symlink_to("deep/fresh")
    assert run([*CHECK, "-qq", "--format", "json=link", "--format", "csv=new"]) == 1
    assert (folder / "link").is_symlink()
    assert (folder / "new").is_symlink()
    assert stat.S_IMODE(old.stat().st_mode) == 0o604
    assert old.read_bytes().startswith(b"{")
    assert (folder / "deep" / "fresh").read_bytes().startswith(b'"requirement"')
