"""Inputs that are no plain files, of every kind: none hangs or grows without end, each fault is one line."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from threading import Thread

import pytest

from aclproof import inputs
from aclproof.linter.cli import run
from tests.cli.command import BRANCH, shell

resource = pytest.importorskip("resource", reason="pipes with names are Unix's")
Output = pytest.CaptureFixture[str]
CALLS = {
    "site file": ["check", "{}.yaml"], "configuration": ["show", "{}"],
    "waivers": ["check", "--waivers", "{}"],
    "pack": ["check", "--pack", "{}.yaml"], "packets": ["trace", "--packets", "{}"],
    "script": ["diff", "aclproof.yaml", "{}"], "draft": ["init", "{}", "-o", "new.yaml"],
    "site of requirements": ["requirements", "{}.yaml"]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(BRANCH, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys: Output, call: str, name: str) -> str:
    started = time.monotonic()
    assert run([each.format(name) for each in CALLS[call]]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert time.monotonic() - started < 20
    return err


@pytest.mark.parametrize("call", CALLS)
def test_a_pipe_without_a_writer_is_given_up(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    monkeypatch.setattr(inputs, "OTHER_END_WITHIN", 0.2)
    os.mkfifo("pipe")
    os.mkfifo("pipe.yaml")
    assert "nobody has written into it" in refused(capsys, call, "pipe")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("target", "reason"), [
    ("/dev/zero", "a device"), ("/dev/null", "a device"), ("folder", "this is a folder: name the file in it"),
    ("loop", "symbolic links"),
    ("/proc/self/mem", "cannot be read (Input/output error)")])
def test_what_is_no_file_is_refused(
        folder: Path, capsys: Output, call: str, target: str, reason: str) -> None:
    (folder / "folder").mkdir()
    for name in ("odd", "odd.yaml"):
        (folder / name).symlink_to(target if target != "loop" else name)
    if target == "folder":
        reason = {"script": "holds no aclproof.yaml", "site file": "no aclproof.yaml in this folder",
                  "site of requirements": "is a folder"}.get(call, reason)
    if call in ("draft", "site file", "site of requirements") and target.startswith("/"):
        reason = "lies outside the folder"
    assert reason in refused(capsys, call, "odd")


@pytest.mark.parametrize("call", [each for each in CALLS if each != "draft"])
@pytest.mark.parametrize("name", ["a\0b", "\ud800", "n" * 300])
def test_a_name_that_no_file_has_is_refused(folder: Path, capsys: Output, call: str, name: str) -> None:
    assert "Traceback" not in refused(capsys, call, name)


def test_a_pipe_is_read_to_its_end(folder: Path, capsys: Output) -> None:
    os.mkfifo("pipe")
    data = (folder / "branch-asa.cfg").read_bytes() + b"! " + b"x" * 60_000 + b"\n" + b"!\n" * 100_000

    def feed() -> None:
        time.sleep(0.3)
        with open("pipe", "wb", buffering=0) as pipe:
            for at in range(0, len(data), 50_000):
                pipe.write(data[at:at + 50_000])
                time.sleep(0.05)

    writer = Thread(target=feed)
    writer.start()
    assert inputs.read("pipe") == data
    writer.join()


@pytest.mark.parametrize("line", [
    "aclproof show <(cat branch-asa.cfg)", "aclproof show <(sleep 1; cat branch-asa.cfg)",
    "cat branch-asa.cfg | aclproof show /dev/stdin", "aclproof show /dev/stdin < branch-asa.cfg",
    "cat branch-asa.cfg | aclproof show -", "aclproof show - < branch-asa.cfg"])
def test_a_configuration_may_come_from_anywhere(folder: Path, line: str) -> None:
    usual, shown = shell("aclproof show branch-asa.cfg", folder), shell(line, folder)
    assert (shown.code, shown.err) == (usual.code, "")
    assert shown.out.splitlines()[1:3] == usual.out.splitlines()[1:3]  # the hash, and what was read


def test_the_other_inputs_may_as_well(folder: Path) -> None:
    packets = "source,destination,protocol,destination_port\\n10.1.1.10,10.20.0.5,tcp,445\\n"
    usual = shell("aclproof check --as-of 2026-01-15", folder)
    assert shell("aclproof check --as-of 2026-01-15 --waivers <(echo 'waivers: []')", folder) == usual
    assert shell(f"aclproof trace --packets <(printf '{packets}')", folder).code in (0, 1)
    assert shell("aclproof diff aclproof.yaml <(cat branch-asa.cfg) --no-script", folder).code == 0


@pytest.mark.parametrize(("call", "limit"), [("show -", 256), ("trace --packets -", 16)])
def test_an_endless_input_is_bounded(folder: Path, call: str, limit: int) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    shell(f"aclproof {call} < /dev/zero", folder).says(f"<stdin>: larger than {limit} MiB")
    shell(f"aclproof {call[:-1]} <(cat /dev/zero)", folder).says(f"larger than {limit} MiB")
    assert max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) < 1.2 * 2**20  # KiB


def test_a_large_file_is_refused_before_it_is_parsed(folder: Path, capsys: Output) -> None:
    for name, size, limit in (("big.yaml", 2**20 + 1, 1), ("big.csv", 2**24 + 1, 16)):
        with open(name, "wb") as file:
            file.truncate(size)
        call = ["check", name] if name.endswith("yaml") else ["trace", "--packets", name]
        assert run(call) == 2
        assert f"{name}: larger than {limit} MiB" in capsys.readouterr().err


def test_packets_are_bounded(folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aclproof.linter.cli.packets._MOST_PACKETS", 3)
    rows = ["source,destination,protocol,destination_port", *["10.1.1.10,10.20.0.5,tcp,445"] * 4]
    (folder / "few.csv").write_text("\n".join(rows[:4]), encoding="utf-8")
    (folder / "many.csv").write_text("\n".join(rows), encoding="utf-8")
    assert run(["trace", "branch-asa.cfg", "--packets", "few.csv"]) in (0, 1)
    assert capsys.readouterr().err == ""
    assert run(["trace", "branch-asa.cfg", "--packets", "many.csv"]) == 2
    assert capsys.readouterr().err == "aclproof: many.csv:5: more than 3 packets; split the file\n"


def test_not_every_problem_of_a_wrong_file_is_told(folder: Path, capsys: Output) -> None:
    (folder / "wrong.yaml").write_text("".join(f"k{n}: 1\n" for n in range(150)), encoding="utf-8")
    assert run(["check", "wrong.yaml"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 101
    assert told[-1] == "aclproof: and 52 more problems"  # 150 keys, and two that are missing


def test_what_may_not_be_read_is_one_line(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (folder / "branch-asa.cfg").chmod(0)
    shell("aclproof check", folder).says("Permission denied")


def test_a_folder_that_is_gone_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = shell(f"rmdir ../gone; aclproof check {BRANCH / 'aclproof.yaml'} --format json", tmp_path / "gone")
    done.says("No such file or directory")
