"""Ctrl-C and a request to end at any moment: one line, the documented exit code, nothing left half done."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import BRANCH, LIMIT, ROOT, shell
from tests.cli.terminal import seen
from tests.scale import scaled

CALL = [sys.executable, "-m", "aclproof", "check", "--as-of", "2026-01-15", "-qq",
        "--format", "html=out.html", "--format", "json=out.json", "--fixes"]
STARTED = """
import sys
print("started", flush=True)
from aclproof.linter.cli import main
{patch}
sys.argv = ["aclproof", *sys.argv[1:]]
main()
"""
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BRANCH, tmp_path, dirs_exist_ok=True)
    return tmp_path


def stopped(folder: Path, patch: str, number: signal.Signals, after: float | None = None) -> tuple[int, str]:
    """Run with a signal, `after` so many seconds or when the patched program says so."""
    script = STARTED.format(patch=patch)
    child = subprocess.Popen([sys.executable, "-c", script, *CALL[3:]], cwd=folder, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert child.stdout
    if after is None:
        assert child.stdout.readline() == "started\n"
        assert child.stdout.readline() == "now\n"
        time.sleep(0.3)  # one that comes just before a read begins does not end it: the next one does
    else:
        time.sleep(after)
    child.send_signal(number)
    _, err = child.communicate(timeout=LIMIT)
    return child.returncode, err


WAITING = {
    "while it imports": """
import builtins
whole = builtins.__import__
def slow(name, *rest):
    if name == "aclproof.linter.cli.app":
        print("now", flush=True)
        while True: pass
    return whole(name, *rest)
builtins.__import__ = slow
""",
    "in a callback that swallows exceptions": """
import weakref
class Gone: pass
def forever(_):
    print("now", flush=True)
    while True: pass
import aclproof.linter.cli as cli
def run(_):
    gone = Gone()
    link = weakref.ref(gone, forever)
    del gone
cli.run = run
""",
    "while it proves": """
from aclproof.linter.cli import check
def slow(*_, **__):
    print("now", flush=True)
    while True: pass
check.result_of = slow
""",
    "while it writes": """
import os
def slow(_):
    print("now", flush=True)
    while True: pass
os.fsync = slow
""",
    "while it reads": """
import os
from aclproof import inputs
os.mkfifo("pipe")
held = os.open("pipe", os.O_RDWR)
read = inputs.read
def slow(path, *rest):
    if path.endswith("cfg"):
        print("now", flush=True)
        path = "pipe"
    return read(path, *rest)
inputs.read = slow
""",
}


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("moment", WAITING)
def test_it_ends_with_one_line(folder: Path, moment: str, number: signal.Signals) -> None:
    assert stopped(folder, WAITING[moment], number) == (CODES[number], "aclproof: stopped\n")
    left = {each.name for each in folder.iterdir()} - {"pipe"}
    assert left == {each.name for each in BRANCH.iterdir()}


def test_any_moment_will_do(folder: Path) -> None:
    """A moment before the program has begun is Python's own."""
    begun = time.monotonic()
    subprocess.run(CALL, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    whole = time.monotonic() - begun
    draw = random.Random(0)
    for _ in range(scaled(6, 30, 300)):
        after = draw.uniform(0.2, 1) * whole
        number = draw.choice(list(CODES))
        code, err = stopped(folder, "", number, after)
        assert (code, err) in [(1, ""), (CODES[number], "aclproof: stopped\n"), (-number, "")], (after, err)
        assert not [each for each in folder.iterdir() if each.name.startswith(".")]


BAR = """
import os, signal, sys
from aclproof.linter.cli import main, progress
from aclproof import parsers
progress.AFTER = 0.01
start = progress._Bar.start
def started(bar):
    start(bar)
    os.kill(os.getpid(), signal.SIGINT)
progress._Bar.start = started
def slow(*_, **__):
    while True: pass
parsers.read = slow
sys.argv = ["aclproof", *sys.argv[1:]]
main()
"""


def test_the_progress_bar_is_taken_off_the_terminal() -> None:
    shown = seen(["-c", BAR, "check", str(BRANCH / "aclproof.yaml")])
    assert (shown.code, shown.out) == (130, "")
    assert "Reading branch-asa" in shown.err
    assert shown.err.endswith("\r\x1b[2K\x1b[?25haclproof: stopped\n")


def test_a_job_in_the_background_ignores_ctrl_c(folder: Path) -> None:
    done = shell("trap '' INT; aclproof check --as-of 2026-01-15 -qq & sleep 0.3; kill -INT $! 2>/dev/null; "
                 "wait $!", folder)  # on a fast machine it has ended by then
    assert (done.code, done.err) == (1, "")
