"""Manners on a terminal and off it: colour, width, quiet, verbose, statistics, progress, patterns."""

from __future__ import annotations

import io
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aclproof.linter.cli import output, progress, run, statistics
from aclproof.linter.program import check
from aclproof.linter.proof.progress import AnyEvent, ProgressEvent
from aclproof.linter.site import reader
from aclproof.linter.site import site as sites
from tests.cli.terminal import COLOURS, Seen, seen
from tests.cli.test_cli import CONFIG, QUICK

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
BRANCH = ["check", str(SITES / "branch" / "aclproof.yaml"), "--as-of", "2026-01-15"]
TWO_HOPS = str(SITES / "path-two-hops-block" / "aclproof.yaml")
ESCAPE = "\x1b["

Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fw.cfg").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in COLOURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return monkeypatch


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE = ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"})
DUMB = {"TERM": "dumb"}
COLOUR_TABLE: list[tuple[dict[str, str], bool, bool]] = [
    # environment, coloured on a terminal, coloured in a pipe: no-color.org, force-color.org, bixense.com
    ({}, True, False),
    (NO_COLOR, False, False),
    ({"NO_COLOR": ""}, True, False),
    (FORCE_COLOR, True, True),
    ({"FORCE_COLOR": ""}, True, False),
    (CLICOLOR_FORCE, True, True),
    ({"CLICOLOR_FORCE": "0"}, True, False),
    (DUMB, False, False),
    (DUMB | FORCE_COLOR, True, True),
    (DUMB | NO_COLOR, False, False),
    (NO_COLOR | FORCE_COLOR, False, False),
    (NO_COLOR | CLICOLOR_FORCE, False, False),
    (FORCE_COLOR | {"CLICOLOR_FORCE": "0"}, True, True),
]


@pytest.mark.parametrize(("environment", "terminal", "pipe"), COLOUR_TABLE)
def test_colour_follows_the_environment_and_the_option_beats_it(
        plain: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, pipe: bool) -> None:
    for name, value in environment.items():
        plain.setenv(name, value)
    for stream, expected in ((Terminal(), terminal), (io.StringIO(), pipe)):
        assert output.coloured("auto", stream) is expected
        assert output.coloured("always", stream) is True
        assert output.coloured("never", stream) is False


@pytest.mark.parametrize(("environment", "options", "out", "coloured"), [
    ({}, [], True, True), ({}, [], False, False), (NO_COLOR, [], True, False), (FORCE_COLOR, [], False, True),
    (DUMB, [], True, False), (NO_COLOR, ["--color", "always"], False, True),
    (FORCE_COLOR, ["--color", "never"], True, False)])
def test_a_real_terminal_gets_what_the_table_says(
        environment: dict[str, str], options: list[str], out: bool, coloured: bool) -> None:
    shown = seen(["-m", "aclproof", *BRANCH, "-q", *options], out=out, environment=environment)
    assert (ESCAPE in shown.out) is coloured
    assert (shown.err, shown.code) == ("", 1)


def test_colour_changes_nothing_but_colour(plain: pytest.MonkeyPatch, capsys: Output) -> None:
    run(BRANCH)
    bare = capsys.readouterr().out
    run([*BRANCH, "--color", "always"])
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert [line.rstrip() for line in coloured.splitlines()] == bare.splitlines()


@pytest.mark.parametrize(("columns", "out", "widest"), [(50, True, 50), (100, True, 100), (300, True, 120),
                                                        (300, False, 80)])
def test_the_text_is_as_wide_as_its_terminal(columns: int, out: bool, widest: int) -> None:
    shown = seen(["-m", "aclproof", *BRANCH, "--color", "never"], out=out, columns=columns)
    lines = [line for line in shown.out.splitlines() if "  # active or" not in line]  # that is to be copied
    assert widest - 25 < max(map(len, lines)) <= widest


def test_a_pipe_is_80_wide_whatever_the_environment_says(plain: pytest.MonkeyPatch, capsys: Output) -> None:
    run(BRANCH)
    usual = capsys.readouterr().out
    plain.setenv("COLUMNS", "200")
    run(BRANCH)
    assert capsys.readouterr().out == usual


def test_quiet_keeps_the_result_and_very_quiet_only_the_exit_code(folder: Path, capsys: Output) -> None:
    timed = CONFIG.replace("permit ip any any", "permit ip any any time-range WORK")
    (folder / "timed.cfg").write_text(timed, encoding="utf-8")
    call = ["check", "timed.cfg", *QUICK, "--method", "group-policy", "--allow-undecided"]
    assert run(call) == 0
    loud = capsys.readouterr()
    assert "--allow-undecided" in loud.err
    assert run([*call, "-q"]) == 0
    assert capsys.readouterr() == (loud.out, "")
    assert run([*call[:-1], "-qq", "--format", "text", "--format", "json=out.json"]) == 3
    assert capsys.readouterr() == ("", "")
    assert (folder / "out.json").read_text(encoding="utf-8").startswith("{")
    assert run(["check", "nowhere.cfg", *QUICK, "-qq"]) == 2
    assert "no such file" in capsys.readouterr().err


def test_fix_is_quiet_too(capsys: Output) -> None:
    assert run(["fix", "--cheapest", TWO_HOPS]) == 1
    loud = capsys.readouterr()
    assert "fewest" in loud.err
    assert run(["fix", "--cheapest", TWO_HOPS, "-q"]) == 1
    assert capsys.readouterr() == (loud.out, "")
    assert run(["fix", "--cheapest", TWO_HOPS, "-qq"]) == 1
    assert capsys.readouterr() == ("", "")


def test_verbose_leaves_nothing_out(folder: Path, capsys: Output) -> None:
    denies = "".join(f"access-list IN extended deny tcp any host 10.1.1.{n} eq 80\n" for n in range(1, 10))
    many = CONFIG.replace("access-list IN extended permit", f"{denies}access-list IN extended permit")
    (folder / "many.cfg").write_text(many, encoding="utf-8")
    call = ["check", "many.cfg", *QUICK, "--method", "group-policy"]
    assert run(call) == 1
    usual = capsys.readouterr().out
    assert "and 4 more lines stop packets of it" in usual
    assert run([*call, "-v"]) == 1
    whole = capsys.readouterr().out
    stopped = re.findall(r"Stopped by  (many.cfg:\d+)", whole)
    assert len(set(stopped)) == 9
    assert not re.search(r"and \d+ more", whole)
    assert len(re.findall("Stopped by", usual)) == 5
    run([*call, "-v", "--format", "text=out.txt"])
    assert "Stopped by" in (folder / "out.txt").read_text(encoding="utf-8")


def test_verbose_names_every_line_that_lets_a_requirement_through(capsys: Output) -> None:
    where = ["check", str(SITES / "path-all-works" / "aclproof.yaml"), "--as-of", "2026-01-15"]
    run(where)
    usual = capsys.readouterr().out
    run([*where, "-v"])
    whole = capsys.readouterr().out
    evidence = {(part.permitted_by.span.file, part.permitted_by.span.first_line)
                for demand in check(reader.read(Path(where[1]))).demands for part in demand.evidence}
    flat = whole.replace("\n", "")
    assert all(f"{file}:{line}" in flat for file, line in evidence)
    assert len(whole) > len(usual)


def test_statistics_are_told_on_standard_error_and_change_nothing_else(
        capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    call = ["check", TWO_HOPS, "--as-of", "2026-01-15"]
    code = run(call)
    usual = capsys.readouterr().out
    ticks = itertools.count()
    monkeypatch.setattr(statistics, "perf_counter", lambda: float(next(ticks)))
    assert run([*call, "--statistics", "-q"]) == code
    out, err = capsys.readouterr()
    assert out == usual
    # a tick for each of: start, 3 firewalls read, 3 asked, stop; each part lasts one
    assert err.splitlines() == [
        "Requirements  4 met, 1 missing, 4 not-applicable",
        "Methods       1 blocked",
        "Firewall      branch: 9 lines read in 1.000 s, 6 rules evaluated in 1.000 s",
        "Firewall      dc: 27 lines read in 1.000 s, 8 rules evaluated in 1.000 s",
        "Firewall      client-host: 18 lines read in 1.000 s, 17 rules evaluated in 1.000 s",
        "Time          7.000 s"]


def steps(site: str) -> Iterator[tuple[str, str, int, int]]:
    told: list[ProgressEvent] = []

    def add(step: AnyEvent) -> None:
        assert isinstance(step, ProgressEvent)
        told.append(step)

    check(reader.read(SITES / site / "aclproof.yaml"), progress=add)
    return ((("ask" if each.firewall else "read"), each.place.name, each.number, each.total) for each in told)


def test_check_tells_every_step_before_it_is_done() -> None:
    assert list(steps("path-two-hops-block")) == [
        ("read", "branch", 1, 3), ("read", "dc", 2, 3), ("read", "client-host", 3, 3),
        ("ask", "branch", 1, 3), ("ask", "dc", 2, 3), ("ask", "client-host", 3, 3)]
    translating = list(steps("nat-linux-snat-branch"))  # after a translation there is another round
    assert [each[2] for each in translating if each[0] == "ask"].count(1) == 2


SLOW = """
import sys, threading
from aclproof import parsers
from aclproof.linter.cli import progress, run

progress.AFTER = float(sys.argv[1])
drawn = threading.Event()
start, read = progress._Bar.start, parsers.read

def started(bar):
    start(bar)
    drawn.set()

def slow(*paths, **options):
    if sys.argv[2] != "fast":
        assert drawn.wait(60)
    if sys.argv[2] == "stop":
        raise KeyboardInterrupt
    return read(*paths, **options)

progress._Bar.start, parsers.read = started, slow
sys.exit(run(sys.argv[3:]))
"""
SOON, NEVER = "0.01", "600"


def slow_check(after: str, pace: str, *options: str, out: bool = True, err: bool = True,
               environment: dict[str, str] | None = None) -> Seen:
    return seen(["-c", SLOW, after, pace, *BRANCH, "--color", "never", *options], out=out, err=err,
                environment=environment)


def test_a_bar_is_drawn_while_work_takes_its_time_and_is_gone_afterwards(capsys: Output) -> None:
    run([*BRANCH, "--color", "never"])
    expected = capsys.readouterr().out
    shown = slow_check(SOON, "slow", out=False)
    assert (shown.out, shown.code) == (expected, 1)
    assert "Reading branch-asa" in shown.err
    assert "0/1" in shown.err
    left = shown.err.rsplit("\x1b[2K", 1)[1]  # erases the line
    assert re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", left).strip() == ""


@pytest.mark.parametrize("shown", [
    lambda: slow_check(NEVER, "fast"), lambda: slow_check(SOON, "fast", err=False),
    lambda: slow_check(SOON, "fast", "-q"), lambda: slow_check(SOON, "fast", environment=DUMB)],
    ids=["quick work", "no terminal", "quiet", "dumb terminal"])
def test_no_bar_without_need_or_terminal(shown: object) -> None:
    assert callable(shown)
    assert shown().err == ""


def test_a_bar_does_not_outlive_ctrl_c() -> None:
    shown = slow_check(SOON, "stop")
    assert (shown.out, shown.code) == ("", 130)
    assert shown.err.rsplit("\x1b[2K", 1)[1].strip().endswith("aclproof: stopped")


def test_the_bar_takes_names_as_text(monkeypatch: pytest.MonkeyPatch, plain: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    bar = progress._Bar(coloured=False)
    bar.show(ProgressEvent(sites.SiteFirewall("\x1b]0;owned\x07[red]x[/red]", ()), None, 1, 1))
    bar.start()
    bar.stop()
    assert "\\x1b]0;owned\\x07[red]x[/red]" in screen.getvalue()


def test_patterns_that_the_shell_left_are_resolved_in_order(folder: Path, capsys: Output) -> None:
    (folder / "conf").mkdir()
    for name in ("b.cfg", "a.cfg", "c[1].cfg"):
        (folder / "conf" / name).write_text(CONFIG, encoding="utf-8")
    call = ["check", *QUICK, "--method", "group-policy"]
    assert run([*call, "conf/*.cfg"]) == 0
    out = capsys.readouterr().out
    places = [out.index(f"{name}: {os.path.join('conf', f'{name}.cfg')}") for name in ("a", "b", "c[1]")]
    assert places == sorted(places)
    assert run([*call, "conf/c[1].cfg"]) == 0  # a file of that very name
    assert run(["show", "conf/[ab].cfg"]) == 2  # two configurations are not one firewall
    capsys.readouterr()
    for pattern in ("conf/*.txt", "x" * 5000 + "*", "a*\0"):
        assert run([*call, pattern]) == 2
        assert "no file matches" in capsys.readouterr().err


def test_version_help_and_completion_work_without_the_rest() -> None:
    light = ("import sys; from aclproof.linter.cli import run; code = run(sys.argv[1:]);"
             "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr); sys.exit(code)")
    heavy = {"yaml", "netaddr", "rich", "msgspec", "ciscoconfparse", "parsers", "rules"}
    for call in (["--version"], ["--help"], ["completion", "zsh"], ["completion", "--help"]):
        shown = seen(["-c", light, *call], err=False)
        assert shown.code == 0
        assert shown.out
        assert not {name for name in heavy if f"'{name}'" in shown.err}, call


def test_python_m_linter_is_the_command() -> None:
    assert seen(["-m", "aclproof", "--version"]).out.startswith("aclproof ")
