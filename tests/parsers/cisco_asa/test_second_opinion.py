"""The adapter around ciscoconfparse: each trap of the library, and what is done where it differs."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from aclproof import parsers
from aclproof.linter.cli import run
from aclproof.parsers.cisco_asa.text import second_opinion, sections
from aclproof.parsers.cisco_asa.text.sections import Section

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "fixtures" / "asa"
BRANCH = str(ROOT / "fixtures" / "sites" / "branch" / "aclproof.yaml")


def test_nothing_is_printed_and_no_sink_is_left(capfd: pytest.CaptureFixture[str]) -> None:
    """Importing the library adds a sink that prints in colour on stdout, and every parse logs a line."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        second_opinion.tree([(1, "interface E0"), (2, " nameif inside")])
        with pytest.raises(ValueError, match="arrange"):
            second_opinion.tree([(1, "interface E0"), (2, "} hidden")])
    captured = capfd.readouterr()
    assert (out.getvalue(), err.getvalue(), captured.out, captured.err) == ("", "", "", "")


def test_its_errors_never_quote_the_configuration() -> None:
    """Its ValueError holds all lines, and loguru's diagnose prints them."""
    with pytest.raises(ValueError, match="arrange") as caught:
        second_opinion.tree([(1, "interface E0"), (2, "} CANARY")])
    assert "CANARY" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_text_is_never_taken_for_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "interface E0").write_text("interface E9\n nameif trap\n")
    monkeypatch.chdir(tmp_path)
    assert second_opinion.tree([(1, "interface E0")]) == [Section(1, "interface E0", ())]


def test_an_exit_inside_the_library_is_an_error_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(_: Any) -> Any:
        raise SystemExit(99)

    monkeypatch.setattr(second_opinion, "_parse", leave)
    with pytest.raises(ValueError, match="arrange"):
        second_opinion.tree([(1, "interface E0")])


def test_a_line_that_the_library_loses_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = second_opinion._parse
    monkeypatch.setattr(second_opinion, "_parse", lambda texts: whole(texts[:-1]))
    with pytest.raises(ValueError, match="lost"):
        second_opinion.tree([(1, "interface E0"), (2, " nameif inside")])


def test_only_lines_without_secrets_reach_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    whole = second_opinion._parse

    def spy(texts: list[str]) -> Any:
        seen.extend(texts)
        return whole(texts)

    monkeypatch.setattr(second_opinion, "_parse", spy)
    parsers.confirm(parsers.read(str(FIXTURES / "office.cfg")))
    assert seen
    allowed = sections.HEADERS | {word for words in sections.SAFE.values() for word in words}
    assert {line.split()[line.split()[0] == "no"] for line in seen} <= allowed


def test_a_line_that_it_puts_elsewhere_is_named() -> None:
    lines = [(3, "interface E0"), (4, " nameif inside"), (7, " security-level 0"), (9, "interface E1")]
    ours = [Section(3, "interface E0", (Section(4, "nameif inside", ()),)),
            Section(9, "interface E1", (Section(7, "security-level 0", ()),))]
    assert second_opinion.differing(ours, lines) == [7]
    assert second_opinion.differing(sections.tree(lines), lines) == []


def test_where_it_reads_otherwise_nothing_is_proven(
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    call = ["check", BRANCH, "--second-opinion", "--as-of", "2026-01-15"]
    assert run(call) == 1
    capsys.readouterr()
    monkeypatch.setattr(second_opinion, "differing", lambda *_: [7])
    assert run(call) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "branch-asa.cfg:7: another program reads this line in another section" in err


def test_without_assertions_it_is_left_alone() -> None:
    """It refuses to be imported then, and leaves a thread that never ends."""
    done = subprocess.run([sys.executable, "-O", "-m", "aclproof", "check", BRANCH, "--second-opinion"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "could not arrange the sections" in done.stderr
