"""Files and names as other systems have them, as far as that can be simulated."""

from __future__ import annotations

import errno
import json
import ntpath
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any, cast

import pytest

from aclproof.linter.cli import run
from aclproof.linter.site import root
from tests.cli.command import BRANCH, ROOT, shell

Output = pytest.CaptureFixture[str]
CHECK = ["check", "--as-of", "2026-01-15", "-qq"]
MARK = "kept"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(BRANCH, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one_line(capsys: Output) -> str:
    err = capsys.readouterr().err
    assert err.count("\n") == 1, err
    return err


def refused(winerror: int) -> Callable[..., None]:
    """What `os.replace` raises on Windows: every such refusal has the number of `Permission denied`."""
    error = PermissionError(errno.EACCES, "Zugriff verweigert")
    cast(Any, error).winerror = winerror

    def refuse(*_: object) -> None:
        raise error
    return refuse


@pytest.mark.parametrize(("winerror", "reason"), [
    (5, "Permission denied"), (32, "another program has it open")])
def test_a_report_that_cannot_be_replaced_is_one_line_and_stays(
        winerror: int, reason: str, folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "out").write_text(MARK, encoding="utf-8")
    before = sorted(os.listdir())
    monkeypatch.setattr(os, "replace", refused(winerror))
    assert run([*CHECK, "--format", "csv=out"]) == 2
    assert one_line(capsys) == f"aclproof: out: cannot be written ({reason})\n"
    assert (folder / "out").read_text(encoding="utf-8") == MARK
    assert sorted(os.listdir()) == before


def test_a_report_that_is_read_only_stays_on_every_system(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unix would let a new file take its place; the user root may write it all the same."""
    (folder / "out").write_text(MARK, encoding="utf-8")
    (folder / "out").chmod(0o444)
    before = sorted(os.listdir())
    asked = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and asked(path, mode))
    assert run([*CHECK, "--format", "json=out"]) == 2
    assert one_line(capsys) == "aclproof: out: cannot be written (Permission denied)\n"
    assert (folder / "out").read_text(encoding="utf-8") == MARK
    assert sorted(os.listdir()) == before


@pytest.fixture
def caseless(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the case of a name tells nothing apart, as on macOS; paths keep what was written."""
    def found(path: Any) -> Any:
        if not isinstance(path, str | Path):
            return path
        above, name = os.path.split(path)
        if above not in ("", str(folder)):
            return path
        return os.path.join(above, next((each for each in os.listdir(folder)
                                         if each.lower() == name.lower()), name))

    for name in ("open", "stat", "lstat", "access", "chmod", "unlink"):
        original = getattr(os, name)
        monkeypatch.setattr(os, name, lambda path, *more, _original=original, **options:
                            _original(found(path), *more, **options))
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda source, target: replace(source, found(target)))
    return folder


def test_an_input_by_a_name_of_other_case_is_not_overwritten(caseless: Path, capsys: Output) -> None:
    before = (caseless / "branch-asa.cfg").read_bytes()
    assert run([*CHECK, "--format", "json=Branch-ASA.cfg"]) == 2
    assert "Branch-ASA.cfg is an input" in one_line(capsys)
    assert (caseless / "branch-asa.cfg").read_bytes() == before


def test_one_input_by_two_names_is_said(caseless: Path, capsys: Output) -> None:
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    Path("aclproof.yaml").write_text(text.replace("config: branch-asa.cfg",
                                                  "config: [branch-asa.cfg, Branch-ASA.cfg]"), "utf-8")
    assert run(CHECK) == 2
    assert "Branch-ASA.cfg: the configuration of an ASA is one file" in one_line(capsys)


def test_two_reports_by_names_that_are_one_do_not_replace_each_other(
        caseless: Path, capsys: Output) -> None:
    assert run([*CHECK, "--format", "json=out", "--format", "csv=OUT"]) == 2
    assert "two reports would go to OUT" in (said := capsys.readouterr().err)
    assert said.endswith("aclproof: written before that: out\n")
    assert json.loads((caseless / "out").read_bytes())["schema"] == "aclproof/check/v1"


def test_windows_says_so_before_it_begins(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "normcase", str.lower)
    assert run([*CHECK, "--format", "json=out", "--format", "csv=OUT"]) == 2
    assert "two reports would go to" in one_line(capsys)
    assert not (folder / "out").exists()


def test_a_report_to_the_null_device_makes_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NUL`, which Windows has in every folder."""
    before = sorted(os.listdir())
    for name in ("stat", "open", "access"):
        original = getattr(os, name)
        monkeypatch.setattr(os, name, lambda path, *more, _original=original, **options:
                            _original(os.devnull if path == "NUL" else path, *more, **options))
    assert run([*CHECK, "--format", "json=NUL"]) == 1
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize(("name", "call", "error"), [
    ("CON", "stat", OSError(errno.EINVAL, "The parameter is incorrect")),
    ("aux.json", "replace", FileNotFoundError(errno.ENOENT, "The system cannot find the file specified"))])
def test_a_name_that_windows_keeps_to_itself_is_one_line(
        name: str, call: str, error: OSError, folder: Path, capsys: Output,
        monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(os.listdir())
    original = getattr(os, call)

    def kept(*given: Any, **options: Any) -> Any:
        if os.path.basename(given[-1]) == name:
            raise error
        return original(*given, **options)

    monkeypatch.setattr(os, call, kept)
    assert run([*CHECK, "--format", f"json={name}"]) == 2
    assert one_line(capsys).startswith(f"aclproof: {name}: cannot be written (")
    assert sorted(os.listdir()) == before


LACKING = {
    "os": ("fchmod", "fchown", "getuid", "geteuid", "mkfifo", "mknod", "fork", "set_blocking", "O_NONBLOCK",
           "O_NOCTTY", "register_at_fork", "pipe2", "posix_fadvise", "getpgid", "killpg"),
    "select": ("poll",), "signal": ("pthread_sigmask", "SIGHUP", "SIGKILL", "SIGALRM", "alarm")}
"""What Windows does not have."""


@pytest.mark.parametrize("call", [
    "check --as-of 2026-01-15 --format json=out", "check - --client 10.20.0.0/16 --server 10.1.1.0/28 --set "
    "mode=mixed < branch-asa.cfg", "init branch-asa.cfg -o new.yaml",
    "check aclproof.yaml --write-baseline b", "check . --jobs 1 --cache kept --format html=pages",
    "anonymise --salt s --output out"])
def test_nothing_is_asked_of_the_system_that_windows_lacks(call: str, folder: Path) -> None:
    start = "; ".join(["import os, select, signal, sys, tempfile, concurrent.futures.process",
                       "import click.termui, ciscoconfparse, jinja2, msgspec, rich.console, yaml", *(
        f"hasattr({module}, {name!r}) and delattr({module}, {name!r})"
        for module, names in LACKING.items() for name in names),
        "sys.platform = 'win32'", "from aclproof.linter.cli import main", "main()"])
    done = shell(f'{sys.executable} -c "{start}" {call}', folder)
    assert (done.code in (0, 1), done.err.count("Traceback")) == (True, 0), done.err


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_workers_start_anew_whatever_the_system_would_do(method: str, folder: Path) -> None:
    """`forkserver` is Python 3.14's own choice on Linux, `spawn` that of Windows and macOS."""
    shutil.copytree(BRANCH, folder / "other")
    call = "check . --format jsonl --as-of 2026-01-15 --jobs"
    (folder / "run.py").write_text(
        f"import multiprocessing\n\nfrom aclproof.linter.cli import main\n\nif __name__ == '__main__':\n"
        f"    multiprocessing.set_start_method('{method}')\n    main()\n", encoding="utf-8")
    done = shell(f"{sys.executable} -P run.py {call} 2", folder)
    assert (done.code, done.err) == (1, "")
    assert done == shell(f"aclproof {call} 1", folder)


def test_paths_of_windows_in_a_site_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drives, shares, `\\` and `/`: where they lead is what Windows says of them."""
    monkeypatch.setattr(root, "os", SimpleNamespace(path=ntpath))
    here = cast(Path, PureWindowsPath(r"C:\sites\berlin"))
    for name, whole in ((r"C:\x\gw.cfg", r"C:\x\gw.cfg"), (r"D:\gw.cfg", r"D:\gw.cfg"),
                        (r"\\nas\dumps\gw.cfg", r"\\nas\dumps\gw.cfg"), (r"\x\gw.cfg", r"C:\x\gw.cfg"),
                        (r"cfg\gw.cfg", r"C:\sites\berlin\cfg\gw.cfg"),
                        ("cfg/gw.cfg", r"C:\sites\berlin\cfg\gw.cfg"),
                        (r"..\gw.cfg", r"C:\sites\gw.cfg"), ("../gw.cfg", r"C:\sites\gw.cfg")):
        assert root.seen_from(here, name) == whole


@pytest.mark.parametrize(("written", "said"), [
    (r"C:\x\gw.cfg", r"C:\x\gw.cfg: no such file; on this system \ is a letter of a name: write /"),
    (r"cfg\gw.cfg", r"cfg\gw.cfg: no such file; on this system \ is a letter of a name: write /"),
    (r'"C:\x\gw.cfg"', "in double quotes \\ begins an escape, so write / or single quotes"),
    (r'"C:\gw.cfg"', "in double quotes \\ begins an escape, so write / or single quotes"),
    (r'"cfg\branch.cfg"', "in double quotes \\ begins an escape, so write / or single quotes"),
    (r'"cfg\new.cfg"', "no such file; in double quotes YAML takes \\ for an escape")])
def test_a_path_of_windows_that_leads_nowhere_is_one_line(
        written: str, said: str, folder: Path, capsys: Output) -> None:
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    Path("aclproof.yaml").write_text(text.replace("config: branch-asa.cfg", f"config: {written}"), "utf-8")
    assert run(CHECK) == 2
    assert said in one_line(capsys)


SITES = ["branch", "linux-docker-user", "linux-ipset", "linux-listing", "linux-rhel-share",
         "linux-rule-specs", "nft-firewalld-json", "nft-router", "show-access-list", "windows-push-works",
         "windows-three-vendors"]


@pytest.mark.parametrize("site", SITES)
def test_lines_may_end_as_on_windows_in_every_file(
        site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Site file, waivers and configurations of all makes; also with the mark that Notepad writes."""
    shutil.copytree(ROOT / "fixtures" / "sites" / site, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    Path("waivers.yaml").write_text("waivers: []\n", encoding="utf-8")

    def found() -> tuple[int, str]:
        code = run(["check", "--as-of", "2026-01-15", "--waivers", "waivers.yaml", "--checks", "hygiene",
                    "--format", "json"])
        return code, re.sub(r'"sha256": "\w+"', "", capsys.readouterr().out)

    before = found()
    for mark in (b"", b"\xef\xbb\xbf"):
        for file in filter(Path.is_file, tmp_path.rglob("*")):
            lines = file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
            file.write_bytes(mark + b"".join(line + b"\r\n" for line in lines))
        assert found() == before


@pytest.mark.parametrize(("call", "files"), [
    ("trace --packets packets.csv --format json",
     {"packets.csv": "source,destination,protocol,destination_port\n10.1.1.10,10.20.0.5,tcp,445\n"}),
    ("check --pack pack.yaml --as-of 2026-01-15 --format csv", {
        "pack.yaml": (ROOT / "rules" / "configmgr-2007.yaml").read_text(encoding="utf-8")}),
    ("check - --as-of 2026-01-15 --format csv < list", {"list": "aclproof.yaml\n"}),
    ("check --sites . - --as-of 2026-01-15 --format csv < list", {"list": "branch-asa.cfg\nREADME\n"}),
    ("check --baseline known.json --as-of 2026-01-15 --format csv", {"known.json": ""}),
    ("check --evidence asked.txt --as-of 2026-01-15 --format csv", {
        "asked.txt": (ROOT / "fixtures" / "transcripts" / "branch" / "branch-asa.txt").read_text("utf-8")})])
def test_so_may_those_of_every_other_input(call: str, files: dict[str, str], folder: Path) -> None:
    if "known.json" in files:
        shell("aclproof check --as-of 2026-01-15 --write-baseline known.json -qq", folder)
        files = {"known.json": (folder / "known.json").read_text(encoding="utf-8")}
    found = []
    for end in ("\n", "\r\n"):
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline=end)
        done = shell(f"aclproof {call}", folder)
        found.append((done.code, re.sub(rb"[0-9a-f]{64}", b"", done.out), done.err))  # hashes of inputs
    assert found[0] == found[1]
    assert found[0][0] in (0, 1), found[0]
