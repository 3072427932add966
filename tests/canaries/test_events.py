"""What every command does beyond computing: no connection, no program, and no file but those that were named.

Python reports it as audit events (PEP 578), from libraries as well.
"""

from __future__ import annotations

import itertools
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests import every_call
from tests.canaries.planted import SUBJECTS, inputs_of
from tests.scale import scaled

ROOT = Path(__file__).parents[2]
STARTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
          "os.system", "ctypes.dlopen", "pty.", "ftplib.", "http.", "smtplib.", "urllib.", "webbrowser.")
"""Whatever connects to somebody, or runs something."""
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate",
           "os.chmod")
"""Whatever changes files; `open` is looked at as well."""
PROGRAM = f"""
import json, os, shlex, sys
STARTS, CHANGES = {STARTS!r}, {CHANGES!r}
seen, watching = [], False

def named(path, folder=-1):
    where = os.readlink(f"/proc/self/fd/{{folder}}") if folder != -1 else ""
    return os.path.abspath(os.path.join(where, os.fsdecode(path)))

def hook(event, arguments):
    if not watching:
        return
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, (str, bytes)) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
            seen.append((event, named(path)))
    elif event in CHANGES:
        paths = arguments[:2] if event in ("os.rename", "os.link") else arguments[:1]
        folders = arguments[len(paths):] if event in ("os.remove", "os.rmdir", "os.rename", "os.link") else ()
        for path, where in zip(paths, (*folders, -1, -1)):
            if not isinstance(path, int):
                seen.append((event, named(path, where)))
    elif event.startswith(STARTS):
        seen.append((event, str(arguments[0]) if arguments else ""))

sys.addaudithook(hook)
from aclproof.linter.cli import run
for line in sys.stdin:
    call = shlex.split(line)
    seen.clear()
    stdout = sys.stdout
    sys.stdout = sys.stderr = open(os.devnull, "w")
    watching = True
    code = run(call)
    watching = False
    sys.stdout, sys.stderr = stdout, sys.__stderr__
    print(json.dumps([line, code, seen]), flush=True)
"""
"""Runs one call after the other, and prints what it saw of each."""

MAY_START = {"--jobs 2": "many sites are proven by so many processes of this program, which talk by pipes"}
"""Options whose calls start something, as is documented. `--cluster` has a wrong address here."""


def events(folder: Path, calls: list[list[str]]) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """The calls with their exit codes, and what each did."""
    given = "".join(f"{shlex.join(each)}\n" for each in calls)
    home = {"HOME": f"{folder}/home", "XDG_CACHE_HOME": f"{folder}/home/cache", "TMPDIR": f"{folder}/tmp",
            "XDG_CONFIG_HOME": f"{folder}/home/settings", "PYTHONPATH": str(ROOT), "LC_ALL": "C",
            "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("home", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-c", PROGRAM], input=given, cwd=folder, capture_output=True,
                          text=True, check=True, env={**os.environ, **home})
    return [(line.strip(), code, [tuple(each) for each in seen])
            for line, code, seen in map(json.loads, done.stdout.splitlines())]


@pytest.mark.parametrize("make", ["asa", "nft", "reg"][:scaled(1, 1, 3)])
def test_no_call_does_more_than_it_says(make: str, tmp_path: Path) -> None:
    every_call.lay(tmp_path, inputs_of(SUBJECTS[make], "as it is", itertools.count()))
    calls = list(every_call.calls())
    own = tuple(str(tmp_path / name) for name in (every_call.OUT, "home", "tmp"))
    found = events(tmp_path, calls)
    assert len(found) == len(calls)
    for line, code, seen in found:
        assert code in (0, 1, 2, 3), line
        for event, about in seen:
            if event.startswith(STARTS):
                assert any(option in line for option in MAY_START), (line, event, about)
            else:
                assert about.startswith((*own, os.devnull)), (line, event, about)


def test_what_is_watched_is_seen(tmp_path: Path) -> None:
    """A hook that sees nothing would find every command harmless."""
    script = PROGRAM.replace("code = run(call)", "code = 0; exec(call[0])")
    acts = ("import socket, subprocess, os; socket.socket(); open('x', 'w').close(); "
            "subprocess.run(['true']); os.rename('x', 'y'); os.remove('y')")
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, text=True, capture_output=True,
                          check=True, input=f'"{acts}"\n')
    _, _, seen = json.loads(done.stdout)
    assert {event for event, _ in seen} >= {
        "socket.__new__", "open", "subprocess.Popen", "os.rename", "os.remove"}
