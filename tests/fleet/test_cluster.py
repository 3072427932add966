"""Many sites on a real Dask cluster: a scheduler and two workers, of which one is killed."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.fleet import cluster
from tests.fleet.farm import LIMIT, ROOT, alive, children, command, ends, ran, sites, until, workers

needs_dask = pytest.mark.skipif(importlib.util.find_spec("distributed") is None,
                                reason="Dask is not installed: pip install '.[cluster]'")
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
Output = pytest.CaptureFixture[str]
Cluster = tuple[str, list[subprocess.Popen[bytes]], subprocess.Popen[bytes]]
"""The address of a scheduler, its workers, and itself."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sites(tmp_path / "sites", [f"{number:02}{'-short' if number == 3 else ''}" for number in range(30)])
    return tmp_path / "sites"


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers without nannies, which work somewhere else."""
    (tmp_path / "elsewhere").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    file = tmp_path / "scheduler.json"

    def started(program: str, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", "--scheduler-file", str(file), *words],
            cwd=tmp_path / "elsewhere", env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    processes = [started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        until(file.exists, "the scheduler")
        until(lambda: file.read_text().endswith("}"), "its address")
        processes += [started("dask_worker", "--no-nanny", "--nthreads", "2", "--no-dashboard")
                      for _ in range(2)]
        yield json.loads(file.read_text())["address"], processes[1:], processes[0]
    finally:
        for each in processes:
            each.kill()
            each.wait()


@needs_dask
def test_workers_elsewhere_find_the_same_bytes(folder: Path, scheduler: Cluster) -> None:
    alone = ran(folder, "--jobs", "1", "--format", "jsonl")
    assert (alone.returncode, ends(alone.stdout)["03-short"]) == (1, "missing")
    for _ in range(2):  # another run on workers that have the firewalls already
        done = ran(folder, "--cluster", scheduler[0], "--format", "jsonl")
        assert (done.returncode, done.stdout, done.stderr) == (1, alone.stdout, "")
    file = folder / "07" / "fw.cfg"
    file.write_text(file.read_text().replace("eq 445", "eq 446"))
    done = ran(folder, "--cluster", scheduler[0], "--format", "jsonl")
    assert ends(done.stdout)["07"] == "missing"


@needs_dask
@needs_proc
def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}-slow" for number in range(24)])
    line, environment = command(folder, "--cluster", "local:2", "--format", "jsonl", traps=True)
    with (tmp_path / "printed").open("w") as printed:
        process = subprocess.Popen(line, cwd=folder, env=environment, text=True, stdout=printed,
                                   stderr=subprocess.PIPE)
    until(lambda: (tmp_path / "printed").read_text().count("\n") >= 2, "a site that is done")
    assert len(workers(process.pid)) == 2
    before = [*children(process.pid)]
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=LIMIT)
    found = (tmp_path / "printed").read_text()
    assert (process.returncode, set(ends(found).values()), err) == (0, {"proven"}, "")
    assert found == ran(folder, "--jobs", "1", "--format", "jsonl").stdout
    until(lambda: not alive(before), "processes that are left")


@needs_dask
@needs_proc
def test_a_worker_of_another_scheduler_is_killed(tmp_path: Path, scheduler: Cluster) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}" for number in range(60)])
    line, environment = command(folder, "--cluster", scheduler[0], "--format", "jsonl")
    with (tmp_path / "printed").open("w") as printed:
        process = subprocess.Popen(line, cwd=folder, env=environment, text=True, stdout=printed,
                                   stderr=subprocess.PIPE)
    until(lambda: (tmp_path / "printed").stat().st_size, "a site that is done")
    scheduler[1][0].kill()
    _, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, err) == (0, "")
    assert (tmp_path / "printed").read_text() == ran(folder, "--jobs", "1", "--format", "jsonl").stdout


@needs_dask
@needs_proc
@pytest.mark.parametrize("early", [True, False])
def test_ctrl_c_leaves_reports_and_no_process(tmp_path: Path, *, early: bool) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}-slow" for number in range(40)])
    line, environment = command(folder, "--cluster", "local:2", "--format", "jsonl",
                                "--format", "json=../out.json", traps=True)
    with (tmp_path / "printed").open("w") as printed:
        process = subprocess.Popen(line, cwd=folder, env=environment, text=True, stdout=printed,
                                   stderr=subprocess.PIPE, start_new_session=True)
    if early:
        until(lambda: workers(process.pid), "a worker")
    else:
        until(lambda: (tmp_path / "printed").read_text().count("\n") >= 2, "a site that is done")
    before = [*children(process.pid)]
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, err = process.communicate(timeout=LIMIT)
    found = ends((tmp_path / "printed").read_text())
    assert process.returncode == 130
    assert err == f"aclproof: stopped: {len(found)} of 40 sites are in the reports\n"
    assert len(json.loads((tmp_path / "out.json").read_text())["sites"]) == len(found) < 40
    until(lambda: not alive(before), "processes that are left")


@needs_dask
def test_a_scheduler_that_dies_leaves_reports(tmp_path: Path, scheduler: Cluster) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:03}" for number in range(300)])
    line, environment = command(folder, "--cluster", scheduler[0], "--format", "jsonl")
    with (tmp_path / "printed").open("w") as printed:
        process = subprocess.Popen(line, cwd=folder, env=environment, text=True, stdout=printed,
                                   stderr=subprocess.PIPE)
    until(lambda: (tmp_path / "printed").stat().st_size, "a site that is done")
    scheduler[2].kill()
    _, err = process.communicate(timeout=LIMIT)
    found = ends((tmp_path / "printed").read_text())
    assert (process.returncode, len(found), err) == (4, 300, "")
    assert set(found.values()) == {"proven", "failed"}


@needs_dask
def test_nobody_at_the_address_is_one_line(folder: Path, capsys: Output,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_WITHIN", "1s")
    begun = time.monotonic()
    assert run(["check", str(folder), "--cluster", "tcp://127.0.0.1:9"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", "aclproof: command line: --cluster: tcp://127.0.0.1:9: no Dask scheduler "
                              "answers there\n")
    assert time.monotonic() - begun < 30


def test_a_missing_library_is_one_line(folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run(["check", str(folder), "--cluster", "local:2"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", "aclproof: command line: --cluster: Dask is not installed here; install it: "
                              "pip install '.[cluster]' in aclproof's folder\n")
