"""Processes that do the work: the same bytes whoever does it, and one that dies costs its own site only."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Executor, Future
from datetime import date
from itertools import count
from multiprocessing.context import SpawnProcess
from multiprocessing.queues import Queue
from pathlib import Path
from threading import Timer
from typing import Any, ClassVar, get_args

import pytest

from aclproof.linter.fleet import engine
from aclproof.linter.fleet.batches import Batch, Home, batches, here, prove_batch
from aclproof.linter.fleet.engine import Task, Workers
from aclproof.linter.fleet.outcome import End, worst
from aclproof.linter.fleet.processes import processes
from aclproof.linter.fleet.proving import Wishes
from tests.fleet.farm import DAY, LIMIT, command, ends, ran, sites, until, workers

FORMS = ("json", "jsonl", "sarif", "junit", "gitlab", "csv", "github", "markdown", "text")
WISHES = Wishes(date.fromisoformat(DAY))


def written(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.glob("out*"))}


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_same_bytes_from_any_number_of_processes(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}{'-short' if number % 5 == 0 else ''}" for number in range(41)])
    (folder / "07" / "aclproof.yaml").write_text("roles: [", encoding="utf-8")
    found = {}
    for jobs in ("1", "2", "3"):
        done = ran(folder, "--jobs", jobs, "-q", "--lang", language,
                   *(f"--format={form}=../out.{form}" for form in FORMS))
        assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
        found[jobs] = written(tmp_path)
        assert {*found[jobs]} == {"out-2.sarif", "out-3.sarif", *(f"out.{form}" for form in FORMS)}
    assert found["1"] == found["2"] == found["3"]


class _Shuffling(Executor):
    """Does its work at once, and lets what is done be seen in any order."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, work: Any, /, *given: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._waiting.append((future, work(*given, **more)))
        self._draw.shuffle(self._waiting)
        while len(self._waiting) > 3:
            self._give()
        if self._draw.random() < 0.3:
            self._give()
        self._timer()
        return future

    def _timer(self) -> None:
        timer = Timer(0.01, self._give_all)
        timer.daemon = True
        timer.start()

    def _give(self) -> None:
        if self._waiting:
            future, found = self._waiting.pop()
            future.set_result(found)

    def _give_all(self) -> None:
        while self._waiting:
            self._give()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_sites_is_kept_in_whatever_order_they_are_done(tmp_path: Path, seed: int) -> None:
    some = [str(each) for each in sites(tmp_path, [f"{number:02}" for number in range(30)])]
    draw = random.Random(seed)
    found = list(engine.outcomes(some, Task(WISHES), Workers(3, lambda: _Shuffling(draw))))
    assert found == list(engine.outcomes(some, Task(WISHES)))
    assert [each.site for each in found] == some


def test_batches_hold_every_site_once() -> None:
    for size in (0, 1, 2, 15, 16, 17, 300, 2000):
        for number in (1, 2, 7):
            cut = batches([str(each) for each in range(size)], number)
            assert [site for each in cut for site in each.sites] == [str(each) for each in range(size)]
            assert all(int(each.sites[0]) == each.first and len(each.sites) <= 16 for each in cut)


def test_no_site_is_begun_far_ahead_of_one_that_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done waits for the first one, and takes memory."""
    begun: list[int] = []

    class Stuck(Executor):
        def submit(self, work: Any, /, batch: Batch, *given: Any) -> Future[Any]:  # type: ignore[override]
            begun.append(batch.first)
            future: Future[Any] = Future()
            if batch.first:
                future.set_result([])
            return future

    monkeypatch.setattr(engine, "_LOOK", 0.001)
    looks = count()
    list(engine.outcomes([""] * 5000, Task(WISHES, None, lambda: next(looks) >= 2000), Workers(2, Stuck)))
    assert 900 < max(begun) < 1024 + 16


def test_a_site_that_kills_its_worker_is_failed_and_all_others_are_proven(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}{'-kills' if number in (7, 23) else ''}" for number in range(40)])
    done = ran(folder, "--jobs", "2", "--format", "jsonl", traps=True)
    found = ends(done.stdout)
    assert {name for name, end in found.items() if end == "failed"} == {"07-kills", "23-kills"}
    assert set(found.values()) == {"failed", "proven"}
    assert (len(found), done.returncode, done.stderr) == (40, 4, "")
    assert done.stdout.count("the process that proved it died, twice") == 2


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}{'-once' if number == 11 else ''}" for number in range(30)])
    done = ran(folder, "--jobs", "2", "--format", "jsonl", traps=True)
    assert (folder / "11-once" / "died").exists()
    assert (done.returncode, set(ends(done.stdout).values()), done.stderr) == (0, {"proven"}, "")
    assert done.stdout == ran(folder, "--jobs", "1", "--format", "jsonl").stdout


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_worker_that_is_killed_from_outside_costs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}-slow" for number in range(24)])
    line, environment = command(folder, "--jobs", "2", "--format", "jsonl", traps=True)
    process = subprocess.Popen(line, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    until(lambda: len(workers(process.pid)) == 2, "two workers")
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, set(ends(out).values()), err) == (0, {"proven"}, "")
    assert out == ran(folder, "--jobs", "1", "--format", "jsonl").stdout


class _Killed(Executor):
    """A pool whose processes are killed tells so by the futures that it gave, as ProcessPoolExecutor does."""

    futures: ClassVar[list[Future[Any]]] = []

    def submit(self, work: Any, /, *given: Any, **more: Any) -> Future[Any]:
        self.futures.append(Future())
        return self.futures[-1]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for each in self.futures:
            each.set_exception(BrokenExecutor())


def test_nothing_is_done_to_the_futures_of_a_pool_that_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_LOOK", 0.001)
    looks = count()
    task = Task(WISHES, None, lambda: next(looks) >= 5)
    assert not list(engine.outcomes(["a", "b"], task, Workers(1, _Killed)))
    assert len(_Killed.futures) == 2


class _Cancelled(Executor):
    """A scheduler that dies cancels what it was given."""

    def submit(self, work: Any, /, *given: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_what_is_cancelled_is_lost_and_said(tmp_path: Path) -> None:
    some = [str(each) for each in sites(tmp_path, ["a", "b", "c"])]
    found = list(engine.outcomes(some, Task(WISHES), Workers(2, _Cancelled)))
    assert [(each.site, each.end) for each in found] == [(each, "failed") for each in some]
    assert all(each.problems for each in found)


class _Silent(Executor):
    """Nobody is heard of any more."""

    def submit(self, work: Any, /, *given: Any, **more: Any) -> Future[Any]:
        return Future()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        pass


def test_workers_that_are_out_of_reach_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_LOOK", 0.001)
    found = list(engine.outcomes(["a", "b"], Task(WISHES), Workers(2, _Silent, None, lambda: False)))
    assert [(each.site, each.end) for each in found] == [("a", "failed"), ("b", "failed")]


@pytest.mark.parametrize("what", ["Queue._start_thread", "Process.start"])
def test_a_pool_that_can_start_nothing_more_is_not_waited_for(what: str, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    """Without memory for a thread the one that hands work over dies, as its queue starts one."""
    def refused(_: object) -> None:
        raise {"Process.start": OSError(errno.ENOMEM, "Cannot allocate memory")}.get(
            what, RuntimeError("can't start new thread"))
    place, _, name = what.partition(".")
    monkeypatch.setattr({"Queue": Queue, "Process": SpawnProcess}[place], name, refused)
    some = [str(each) for each in sites(tmp_path, ["a", "b", "c"])]
    found = list(engine.outcomes(some, Task(WISHES), Workers(2, processes(2))))
    assert [(each.site, each.end) for each in found] == [(each, "failed") for each in some]


class _Dead(Executor):
    """No worker of it ever lives."""

    def submit(self, work: Any, /, *given: Any, **more: Any) -> Future[Any]:
        raise BrokenExecutor


def test_workers_that_cannot_even_begin_end_the_run(tmp_path: Path) -> None:
    some = [str(each) for each in sites(tmp_path, ["a", "b", "c"])]
    found = list(engine.outcomes(some, Task(WISHES), Workers(2, _Dead)))
    assert [(each.site, each.end) for each in found] == [(each, "failed") for each in some]


def test_another_program_or_folder_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sites(tmp_path / "at-home", ["a"])
    sites(tmp_path / "elsewhere", ["a-short"])
    (tmp_path / "elsewhere" / "a-short").rename(tmp_path / "elsewhere" / "a")
    batch = Batch(0, ("a/aclproof.yaml",))
    monkeypatch.chdir(tmp_path / "at-home")
    home = here()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert [each.end for each in prove_batch(batch, WISHES, None)] == ["missing"]
    assert [each.end for each in prove_batch(batch, WISHES, None, home)] == ["proven"]
    for wrong, says in ((Home(home.folder, "0"), "runs another aclproof"),
                        (Home(str(tmp_path / "none"), home.build), "has no folder")):
        outcome, = prove_batch(batch, WISHES, None, wrong)
        assert outcome.end == "failed"
        assert says in outcome.problems[0]


def test_the_worst_end_decides() -> None:
    order: tuple[End, ...] = ("proven", "accepted", "unproven", "missing", "unreadable", "failed")
    assert order == get_args(End)
    for number, end in enumerate(order):
        assert worst(dict.fromkeys(order[:number + 1], 1)) == end
        assert worst({end: 1}) == end
    assert worst({}) == "unreadable"


def test_the_console_script_has_processes_as_well(tmp_path: Path) -> None:
    script = shutil.which("aclproof", path=os.path.dirname(sys.executable))
    if not script:
        pytest.skip("the console script is not installed")
    folder = tmp_path / "sites"
    sites(folder, [f"{number:02}" for number in range(8)])
    _, environment = command(folder)
    done = subprocess.run([script, "check", ".", "--jobs", "2", "--format", "jsonl", "--as-of", DAY],
                          cwd=folder, env=environment, capture_output=True, text=True, check=False,
                          timeout=LIMIT)
    assert (done.returncode, set(ends(done.stdout).values()), done.stderr) == (0, {"proven"}, "")
    assert done.stdout == ran(folder, "--jobs", "2", "--format", "jsonl").stdout
