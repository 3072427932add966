"""Standard streams that are full, closed, gone or of another encoding: one line, a documented exit code."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from aclproof.linter.cli import run, streams
from tests.cli.command import BRANCH, shell

CHECK = "aclproof check --as-of 2026-01-15"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BRANCH, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("call", [CHECK, f"{CHECK} --format json", f"{CHECK} --format html",
                                  "aclproof schema site", "aclproof explain",
                                  "aclproof show branch-asa.cfg", "aclproof --help",
                                  "aclproof check --help", "aclproof --version", "aclproof completion bash"])
def test_a_full_disk_is_one_line(folder: Path, call: str) -> None:
    shell(f"{call} > /dev/full", folder).says("No space left on device")


@pytest.mark.parametrize("call", [CHECK, f"{CHECK} --format json", "aclproof --help"])
def test_a_closed_output_is_one_line(folder: Path, call: str) -> None:
    shell(f"{call} >&-", folder).says("Bad file descriptor")


def test_a_closed_output_is_nothing_to_who_writes_files(folder: Path) -> None:
    done = shell(f"{CHECK} --format json=out.json >&-", folder)
    assert (done.code, done.err) == (1, "")
    assert json.loads((folder / "out.json").read_text(encoding="utf-8"))["schema"] == "aclproof/check/v1"


def test_without_standard_error_the_rest_is_as_it_was(folder: Path) -> None:
    usual = shell(CHECK, folder)
    assert usual.code == 1
    for lost in ("2>&-", "2>/dev/full"):
        assert shell(f"{CHECK} {lost}", folder) == usual
        assert shell(f"{CHECK} --statistics {lost}", folder) == usual
        assert shell(f"aclproof chekc {lost}", folder).code == 2


def test_without_any_stream_the_exit_code_is_left(folder: Path) -> None:
    closed = "<&- >&- 2>&-"
    assert shell(f"{CHECK} {closed}", folder).code == 2
    assert shell(f"{CHECK} -qq {closed}", folder).code == 1
    assert shell(f"aclproof show - {closed}", folder).code == 2


def test_no_file_gets_the_number_of_a_closed_stream(folder: Path) -> None:
    """A message would be written into it, or its text be taken for standard input."""
    done = shell(f"{CHECK} --statistics --format json=out.json <&- >&- 2>&-", folder)
    assert (done.code, done.out) == (1, b"")
    assert json.loads((folder / "out.json").read_text(encoding="utf-8"))
    shell("aclproof show - <&-", folder).says("<stdin>: cannot be read (Bad file descriptor)")


@pytest.mark.parametrize("call", [CHECK, f"{CHECK} --format json", "aclproof --help", "aclproof explain"])
def test_a_reader_that_went_away_is_no_error(folder: Path, call: str) -> None:
    code = 1 if call.startswith(CHECK) else 0
    done = shell(f"{{ sleep 0.1; {call}; echo $? >&2; }} | true", folder)
    assert done.err == f"{code}\n"


MACHINE = ("json", "sarif", "junit", "github", "gitlab", "markdown", "csv", "html")


@pytest.fixture
def umlauts(folder: Path) -> Path:
    site = folder / "aclproof.yaml"
    text = site.read_text(encoding="utf-8")
    assert "- {name: branch-asa," in text
    site.write_text(text.replace("name: branch-asa", "name: 'Zürich → Köln ✓'"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp850", "utf-16"])
@pytest.mark.parametrize("form", MACHINE)
def test_machine_formats_are_utf_8_on_every_console(
        umlauts: Path, form: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(umlauts)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    run(["check", "--as-of", "2026-01-15", "--format", f"{form}=out"])
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\r\n")
    monkeypatch.setattr(sys, "stdout", screen)
    assert run(["check", "--as-of", "2026-01-15", "--format", form]) == 1
    assert isinstance(screen.buffer, io.BytesIO)
    assert screen.buffer.getvalue() == (umlauts / "out").read_bytes()
    assert "Zürich → Köln ✓" in screen.buffer.getvalue().decode("utf-8") or form == "sarif"


@pytest.mark.parametrize(("encoding", "shown"), [
    ("ascii", r"Z\xfcrich \u2192 K\xf6ln \u2713"), ("cp1252", r"Zürich \u2192 Köln \u2713"),
    ("cp850", r"Zürich \u2192 Köln \u2713"), ("cp437", r"Zürich \u2192 Köln \u2713"),
    ("utf-8", "Zürich → Köln ✓")])
@pytest.mark.parametrize("call", [
    "check --as-of 2026-01-15", "requirements", "fix --firewall 'Zürich → Köln ✓'",
    "trace 10.1.1.10 10.20.0.5 tcp 445 --explain"])
def test_text_is_readable_on_every_console(umlauts: Path, call: str, encoding: str, shown: str) -> None:
    done = shell(f"aclproof {call} --lang de", umlauts, {"PYTHONIOENCODING": encoding})
    assert done.code in (0, 1)
    assert shown in " ".join(done.out.decode(encoding).split())


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp1252"])
@pytest.mark.parametrize("call", [
    "check -v --fixes --checks hygiene --as-of 2026-01-15", "requirements", "fix", "show branch-asa.cfg",
    "trace 10.1.1.10 10.20.0.5 tcp 445 --explain", "probe", "explain", "explain checks", "explain mode",
    "explain CM2007-PUSH-SMB", "tidy branch-asa.cfg", "show --used-by", "init branch-asa.cfg -o -"])
def test_no_word_of_ours_lacks_a_sign_on_a_console_of_windows(
        call: str, encoding: str, language: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of Western Europe and America: what the text has beyond them, it takes from its inputs."""
    monkeypatch.chdir(folder)
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\r\n")
    monkeypatch.setattr(sys, "stdout", screen)
    assert run([*call.split(), "--lang", language]) in (0, 1)
    assert isinstance(screen.buffer, io.BytesIO)
    shown = screen.buffer.getvalue().decode(encoding)
    assert shown
    assert not re.findall(r".*\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}).*", shown)


def test_quotes_and_dots_that_a_console_lacks_are_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, shown in (("cp437", b'"ja" -... \\u2713"'), ("cp1252", b"\x84ja\x93 -\x85 \\u2713\x94")):
        screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", screen)
        streams.write("„ja“ -… ✓”")
        assert isinstance(screen.buffer, io.BytesIO)
        assert screen.buffer.getvalue() == shown


def test_what_a_console_lacks_is_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, shown in (("cp1252", b"\xfc \\u2713 \\U0001f600"), ("ascii", b"\\xfc \\u2713 \\U0001f600")):
        screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", screen)
        streams.write("ü ✓ 😀")
        assert isinstance(screen.buffer, io.BytesIO)
        assert screen.buffer.getvalue() == shown


@pytest.mark.parametrize("level", ["1", "2"])
def test_python_without_assertions_answers_the_same(folder: Path, level: str) -> None:
    usual = shell(f"{CHECK} --format json", folder)
    assert shell(f"{CHECK} --format json", folder, {"PYTHONOPTIMIZE": level}) == usual
    assert shell("aclproof check --help", folder, {"PYTHONOPTIMIZE": level}).code == 0


def test_too_little_memory_is_one_line(folder: Path) -> None:
    big = "\n".join(f"access-list A extended permit tcp host 10.{n >> 16}.{n >> 8 & 255}.{n & 255} any eq 80"
                    for n in range(300_000))
    (folder / "big.cfg").write_text(f"ASA Version 9.12(4)\n{big}\n", encoding="utf-8")
    shell("ulimit -v 58000; aclproof show big.cfg", folder).says("not enough memory", 4)


def test_a_caller_in_python_may_put_a_text_in_its_place() -> None:
    """`contextlib.redirect_stdout` with an `io.StringIO` has no bytes beneath."""
    with redirect_stdout(io.StringIO()) as out:
        assert run(["schema", "site"]) == 0
    assert json.loads(out.getvalue())
