"""`check --watch`: it proves again after a change of what a site names, and after no other."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from aclproof.linter.cli import run
from tests.cli.command import BRANCH, LIMIT, ROOT
from tests.shipping import console

WAIVERS = """waivers:
  - {id: w, requirement: CM2007-PUSH-EPM-UDP, reason: r, owner: o, expires: 2026-12-31}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(BRANCH, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rounds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str],
           *steps: Callable[[], object]) -> list[tuple[str, ...]]:
    """What each round of proving says, where watchfiles wakes it after each step; in the end comes Ctrl-C.

    A step that leads to no round leaves its place empty.
    """
    left = list(steps)
    said: list[tuple[str, ...]] = []

    def watch(*folders: str, **_: object) -> Iterator[set[object]]:
        assert folders
        assert all(map(os.path.isdir, folders))
        said.append(tuple(capsys.readouterr()))
        while left:
            left.pop(0)()
            yield set()
            said.append(())
        raise KeyboardInterrupt

    library = ModuleType("watchfiles")
    vars(library)["watch"] = watch
    monkeypatch.setitem(sys.modules, "watchfiles", library)
    assert run(["check", "--watch", "--as-of", "2026-01-15", *arguments]) == 130
    assert capsys.readouterr().err.lstrip() == "aclproof: stopped\n"
    return said


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_it_proves_again_when_a_file_changes_that_the_site_names(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    site, config = folder / "aclproof.yaml", folder / "branch-asa.cfg"
    said = rounds(monkeypatch, capsys, ["--format=csv"],
                  lambda: (folder / "notes.txt").write_text("no site names it"),
                  lambda: append(config, "access-list BRANCH-IN line 1 extended permit ip any any\n"),
                  lambda: append(site, "waivers: accepted.yaml\n"),
                  lambda: (folder / "accepted.yaml").write_text(WAIVERS),
                  lambda: (folder / "accepted.yaml").unlink())
    first, notes, open_list, no_waivers, waived, gone = said
    assert notes == ()
    assert first[0].count('"missing"') > open_list[0].count('"missing"')
    assert "accepted.yaml" in no_waivers[1]
    assert no_waivers[0] == gone[0] == ""
    assert '"waived"' in waived[0]
    assert "accepted.yaml" in gone[1]
    told = [re.findall(r"(?m)^aclproof: ======== \d\d:\d\d:\d\d, changed: (.*)$", each[1]) for each in
            (first, open_list, no_waivers, waived, gone)]
    assert told == [[], ["branch-asa.cfg"], ["aclproof.yaml"], ["accepted.yaml"], ["accepted.yaml"]]


def test_a_site_that_cannot_be_read_is_waited_for(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What it extends is broken; then its configuration is missing; then there is no site file at all."""
    site, base, config = folder / "aclproof.yaml", folder / "base.yaml", folder / "branch-asa.cfg"
    append(site, "extends: base.yaml\n")
    base.write_text("roles: {\n")
    kept = config.read_text()
    said = rounds(monkeypatch, capsys, ["--format=csv"],
                  lambda: base.write_text("tier: supporting\n"), config.unlink,
                  lambda: config.write_text(kept), lambda: site.rename(folder / "old"),
                  lambda: (folder / "old").rename(site))
    assert [bool(each[0]) for each in said] == [False, True, False, True, False, True]
    assert "base.yaml:2" in said[0][1]
    assert "branch-asa.cfg: no such file" in said[2][1]
    assert "no site file here" in said[4][1]


def test_many_sites_are_proven_again_when_one_appears(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = rounds(monkeypatch, capsys, [".", "--format=jsonl", "--jobs=1"],
                  lambda: shutil.copytree(BRANCH, folder / "deep" / "other"),
                  lambda: append(folder / "deep" / "other" / "branch-asa.cfg", "! x\n"))
    assert [len(each[0].splitlines()) for each in said] == [1, 2, 2]


def test_it_proves_again_when_a_link_of_a_waiver_or_the_root_becomes_another(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither is a file that the site names: the link leads to what another one leads to as well."""
    (folder / ".aclproof").touch()
    for name in ("one", "two"):
        shutil.copytree(BRANCH, folder / name)
        (folder / name / "aclproof.yaml").unlink()
        (folder / name / "aclproof.yaml").symlink_to("../common.yaml")
    (folder / "aclproof.yaml").rename(folder / "common.yaml")
    append(folder / "common.yaml", "waivers: ../accepted.yaml\n")
    (folder / "accepted.yaml").write_text(WAIVERS.replace("id: w", "id: w, site: now/aclproof.yaml"))
    link = folder / "now"
    link.symlink_to("two")

    def move() -> None:
        link.unlink()
        link.symlink_to("one")

    said = rounds(monkeypatch, capsys, ["one", "--jobs=1"], move,
                  (folder / "one" / ".aclproof").touch, (folder / ".aclproof").unlink)
    other, waived, outside, same = said
    assert ["waived: CM2007-PUSH-EPM-UDP" in each[0] for each in (other, waived)] == [False, True]
    assert "aclproof.yaml lies outside" in " ".join(outside[0].split())
    assert same == ()


def test_it_proves_again_on_another_day(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A waiver ends at midnight."""
    append(folder / "aclproof.yaml", "waivers: accepted.yaml\n")
    (folder / "accepted.yaml").write_text(WAIVERS)
    days = [date(2026, 12, 31)]
    for module in ("watching", "check"):
        monkeypatch.setattr(f"aclproof.linter.cli.{module}.day_of", lambda _: days[0])
    said = rounds(monkeypatch, capsys, ["--format=csv"], lambda: None,
                  lambda: days.__setitem__(0, date(2027, 1, 1)))
    assert ['"waived"' in "".join(each) for each in said] == [True, False, False]
    assert said[1] == ()
    assert "waivers that have expired do not apply: w" in said[2][1]


@pytest.mark.parametrize(("arguments", "words"), [
    (["-"], "standard input can be read once"), (["--write-baseline", "x.json"], "--write-baseline"),
    (["--format", "nonsense"], "nonsense"), (["nowhere*.cfg"], "no file matches this pattern")])
def test_what_is_wrong_with_the_call_ends_it(
        folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", ModuleType("watchfiles"))
    monkeypatch.setattr("watchfiles.watch", None, raising=False)
    assert run(["check", "--watch", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_without_the_library_one_line_says_what_to_install(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert run(["check", "--watch"]) == 2
    assert capsys.readouterr() == ("", "aclproof: --watch needs the extra 'watch': pip install '.[watch]' "
                                       "in aclproof's folder (see 'aclproof check --help')\n")


def test_the_page_shows_what_is_said_before_a_change(
        folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "commands" / "check.md").read_text(encoding="utf-8")
    [shown] = (each.text for each in console.blocks(page) if each.name == "aclproof check --watch")
    [(out, err)] = rounds(monkeypatch, capsys, [])
    assert out
    assert shown == f"...\n{err}"


def test_a_real_change_of_a_file_is_seen_and_ctrl_c_ends_it(folder: Path) -> None:
    pytest.importorskip("watchfiles")
    report = folder / "report.csv"
    call = [sys.executable, "-m", "aclproof", "check", "--watch", "--format=csv=report.csv"]
    child = subprocess.Popen(call, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])})
    assert child.stderr
    try:
        assert child.stderr.readline() == "aclproof: waiting for a change; Ctrl-C ends it\n"
        before = report.read_text()
        time.sleep(0.5)
        changed = folder / "new.cfg"  # as editors do it: a new file takes the place of the old one
        changed.write_text("access-list BRANCH-IN line 1 extended permit ip any any\n"
                           + (folder / "branch-asa.cfg").read_text())
        changed.replace(folder / "branch-asa.cfg")
        assert child.stderr.readline().endswith(", changed: branch-asa.cfg\n")
        assert child.stderr.readline() == "aclproof: waiting for a change; Ctrl-C ends it\n"
        assert report.read_text() != before
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=LIMIT)[1] == "aclproof: stopped\n"
        assert child.returncode == 130
    finally:
        child.kill()
