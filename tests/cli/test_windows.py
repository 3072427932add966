"""What is different on Windows, as far as it can be simulated: drives, consoles, code pages."""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

import pytest
import rich.console

from aclproof.linter.cli import output, run
from aclproof.linter.site import reader
from tests.cli.command import BRANCH

Output = pytest.CaptureFixture[str]


@pytest.fixture
def two_drives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration on another drive: `os.path` of Windows has no way from one to the other."""
    shutil.copytree(BRANCH, tmp_path / "dumps")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def no_way(*_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", no_way)
    monkeypatch.setattr(os.path, "commonpath", no_way)
    return tmp_path / "dumps" / "branch-asa.cfg"


def test_a_configuration_on_another_drive_is_refused_in_one_line(two_drives: Path, capsys: Output) -> None:
    assert run(["init", str(two_drives)]) == 2
    said = capsys.readouterr().err
    assert "lies outside the folder of the site file" in said
    assert "write the site file above it, or give --allow-outside" in said


def test_a_configuration_on_another_drive_is_named_whole(two_drives: Path) -> None:
    assert run(["init", str(two_drives), "--allow-outside"]) == 0
    assert two_drives.as_posix() in Path("aclproof.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("follows", "colours"), [(True, True), (False, False)])
def test_colours_are_for_consoles_that_follow_escape_sequences(
        follows: bool, colours: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)

    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert output.coloured("auto", Screen())
    monkeypatch.setattr(output, "_WINDOWS", True)
    monkeypatch.setattr(rich.console, "detect_legacy_windows", lambda: not follows)
    assert output.coloured("auto", Screen()) is colours
    assert output.coloured("always", Screen())


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_a_site_file_on_standard_output_is_read_again(
        encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`aclproof init Zürich.cfg -o - > aclproof.yaml`: it is UTF-8, whatever the console is."""
    shutil.copy(BRANCH / "branch-asa.cfg", tmp_path / "Zürich.cfg")
    monkeypatch.chdir(tmp_path)
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\r\n")
    monkeypatch.setattr(sys, "stdout", screen)
    assert run(["init", "Zürich.cfg", "-o", "-"]) == 0
    assert isinstance(screen.buffer, io.BytesIO)
    written = screen.buffer.getvalue()
    assert "Zürich.cfg" in written.decode("utf-8")
    assert b"\r" not in written
    (tmp_path / "again.yaml").write_bytes(written)
    assert reader.read(Path("again.yaml")).firewalls
