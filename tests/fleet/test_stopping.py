"""Ctrl-C in a run over many sites: whole reports of what is done, the exit code, and no process is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aclproof.linter.cli import run
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.reports import FORMATS, START, Run
from tests.cli.terminal import seen
from tests.fleet.farm import LIMIT, TRAPS, alive, children, command, ends, ran, sites, summary, until, workers
from tests.reports.many_sites import Pages

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
Output = pytest.CaptureFixture[str]
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sites(tmp_path / "sites", [f"{number:02}-slow" for number in range(40)])
    return tmp_path / "sites"


def begun(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start a run whose standard output is a file: what is read early from a pipe is lost later."""
    line, environment = command(folder, *options, traps=True)
    with (folder.parent / "printed").open("w") as printed:
        return subprocess.Popen(line, cwd=folder, env=environment, text=True, stdout=printed,
                                stderr=subprocess.PIPE, start_new_session=True)


def printed(folder: Path) -> str:
    return (folder.parent / "printed").read_text(encoding="utf-8")


def wait_for(folder: Path, sites: int) -> None:
    """Wait until so many sites are done, in JSON Lines."""
    until(lambda: printed(folder).count("\n") >= sites, f"{sites} sites")


@linux
@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_reports_are_whole_and_nothing_is_left(folder: Path, jobs: str, number: signal.Signals) -> None:
    process = begun(folder, "--jobs", jobs, "--format", "jsonl", "--format", "json=../out.json",
                    "--format", "sarif=../out.sarif")
    wait_for(folder, 3)
    before = [*children(process.pid)]
    assert len(workers(process.pid)) == (2 if jobs == "2" else 0)
    os.killpg(process.pid, number)  # as a terminal does: to every process of the run
    _, err = process.communicate(timeout=LIMIT)
    found = ends(printed(folder))
    assert process.returncode == CODES[number]
    assert err == f"aclproof: stopped: {len(found)} of 40 sites are in the reports\n"
    assert 3 <= len(found) < 40
    assert set(found.values()) == {"proven"}
    counted = summary(folder.parent / "out.json")["sites"]
    assert (counted["asked"], counted["done"], counted["proven"]) == (40, len(found), len(found))
    assert len(json.loads((folder.parent / "out.sarif").read_text())["runs"]) == min(len(found), 20)
    assert not list(folder.parent.glob(".aclproof-*"))
    until(lambda: not alive(before), f"processes that are left: {before}")


@linux
def test_a_second_signal_ends_it_at_once(folder: Path) -> None:
    process = begun(folder, "--jobs", "1", "--format", "json=../out.json")
    until(lambda: list(folder.parent.glob(".aclproof-*")), "a report that is begun")
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    assert err.startswith("aclproof: stopped")
    assert err.count("\n") == 1
    assert not list(folder.parent.glob(".aclproof-*"))


@linux
def test_no_worker_outlives_a_run_that_is_killed(folder: Path) -> None:
    process = begun(folder, "--jobs", "2", "--format", "jsonl")
    wait_for(folder, 1)
    before = [*children(process.pid)]
    assert len(before) >= 2
    process.kill()
    process.communicate(timeout=LIMIT)
    until(lambda: not alive(before), f"processes that are left: {before}")


@linux
def test_a_run_that_was_stopped_goes_on_and_ends_with_the_same_bytes(folder: Path) -> None:
    process = begun(folder, "--jobs", "2", "--format", "jsonl", "--cache", "../kept")
    wait_for(folder, 4)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    kept = {each: each.stat().st_mtime_ns for each in (folder.parent / "kept").glob("*.json")}
    assert 4 <= len(kept) < 40
    done = ran(folder, "--jobs", "2", "--format", "jsonl", "--cache", "../kept")
    assert (done.returncode, done.stdout) == (0, ran(folder, "--jobs", "1", "--format", "jsonl").stdout)
    assert all(each.stat().st_mtime_ns == before for each, before in kept.items())


def test_fail_fast_stops_after_what_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          capsys: Output) -> None:
    sites(tmp_path, ["a", "b-short", "c", "d"])
    monkeypatch.chdir(tmp_path)
    assert run(["check", ".", "--fail-fast", "--format", "jsonl", "--jobs", "1"]) == 1
    out, err = capsys.readouterr()
    assert (ends(out), err) == ({"a": "proven", "b-short": "missing"}, "")
    assert run(["check", ".", "--fail-fast", "--jobs", "1"]) == 1
    assert "Stopped: 2 sites were not looked at." in capsys.readouterr().out
    assert run(["check", ".", "--format", "jsonl", "--jobs", "1"]) == 1
    assert len(ends(capsys.readouterr().out)) == 4


def test_fail_fast_is_the_same_run_for_any_number_of_processes(tmp_path: Path) -> None:
    """The second site takes its time; those after it cannot be read, which would be another exit code."""
    folder = tmp_path / "sites"
    for after in sites(folder, ["a", "b-short-slow", *(f"c{number}" for number in range(8))])[2:]:
        (after.parent / "fw.cfg").unlink()
    found = []
    for jobs in ("1", "2", "3"):
        done = ran(folder, "--fail-fast", "--jobs", jobs, "--format", "jsonl", traps=True)
        assert (done.returncode, done.stderr) == (1, "")
        found.append(done.stdout)
    assert ends(found[0]) == {"a": "proven", "b-short-slow": "missing"}
    assert found[0] == found[1] == found[2]


@linux
@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("number", CODES)
def test_a_signal_while_processes_begin_is_one_line(folder: Path, number: signal.Signals,
                                                    seconds: float) -> None:
    process = begun(folder, "--jobs", "2", "--format", "jsonl")
    until(lambda: workers(process.pid), "a worker")
    time.sleep(seconds)
    os.killpg(process.pid, number)
    _, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, err) == (
        CODES[number], f"aclproof: stopped: {len(ends(printed(folder)))} of 40 sites are in the reports\n")


@pytest.mark.parametrize("done", [0, 2])
def test_every_report_for_people_and_pipelines_says_what_was_left(done: int) -> None:
    """Five sites were asked for: no report may look as if there were no others."""
    found = {}
    for form in ("text", "markdown", "github", "junit", "gitlab", "html"):
        sink = Pages()
        sink.next_file("report")
        report = FORMATS[form](Run(date(2026, 1, 15), 5), sink)
        for number in range(done):
            report.add(Outcome(f"{number}/aclproof.yaml", "proven"))
        report.close()
        found[form] = sink.pages[START if form == "html" else "report"]
    left = f"{5 - done} sites were not looked at"
    for form in ("text", "markdown", "html"):
        assert f"Stopped: {left}." in found[form]
    assert "proven at every site" not in found["html"]
    assert f"{done} of 5 sites" in found["text"]
    assert found["markdown"].splitlines()[0] == "## Firewall check: " + (
        "2 of 5 sites: 2 proven" if done else "0 of 5 sites")
    machine = f"stopped: {5 - done} of 5 sites were not looked at"
    assert found["github"] == f"::error title=Stopped::{machine}\naclproof: " + (
        f"2 sites: 2 proven; {machine}\n" if done else f"0 sites; {machine}\n")
    *_, error = ElementTree.fromstring(found["junit"].encode()).iter("error")
    assert (error.get("type"), error.get("message")) == ("stopped", machine)
    assert [(each["description"], each["severity"]) for each in json.loads(found["gitlab"])] == [
        (machine, "blocker")]


def test_progress_is_on_a_terminal_and_taken_off_it(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}-slow" for number in range(6)])
    script = f"{TRAPS}\nfrom aclproof.linter.cli import main\nmain()"
    call = ["-c", script, "check", str(folder), "--jobs", "1"]
    shown = seen(call)
    assert (shown.code, "6 sites: " in shown.out) == (0, True)
    assert "/6" in shown.err
    assert "/s" in shown.err
    assert shown.err.rstrip("\n").endswith(("\x1b[2K", "\x1b[?25h"))
    for options, terminal in ((["-q"], True), (["--format", "jsonl"], True), ([], False)):
        quiet = seen([*call, *options], err=terminal)
        assert (quiet.code, quiet.err) == (0, "")
    assert seen([*call, "--format", "jsonl"], out=False).err  # the report is elsewhere
