"""Small sites, many of them, and processes that are told by a site's name to die or to be slow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DAY = "2026-01-15"
LIMIT = 120
"""Seconds; nothing here takes twenty on an idle machine."""

SITE = """\
pack: configmgr-2007
settings: {mode: mixed, schema-published: true}
methods: [software-distribution]
roles: {client: [10.20.NUMBER.0/24], distribution-point: [10.1.1.12]}
firewalls: [{name: fw, config: fw.cfg}]
"""
ASA = """\
ASA Version 9.8(4)
hostname fw
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 50
 ip address 10.20.0.1 255.255.0.0
access-list IN extended permit tcp any host 10.1.1.12 eq 80
access-list IN extended permit tcp any host 10.1.1.12 eq 445
access-group IN in interface clients
"""
TRAPS = """
import multiprocessing, os, signal, time
whole = os.open
def trapped(path, *rest, **more):
    if str(path).endswith("fw.cfg"):
        folder = os.path.dirname(os.path.abspath(path))
        name = os.path.basename(folder)
        here = multiprocessing.parent_process() is not None
        if "slow" in name:
            time.sleep(0.3)
        if "kills" in name and here:
            os.kill(os.getpid(), signal.SIGKILL)
        if "once" in name and here:
            try:
                os.close(whole(os.path.join(folder, "died"), os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
    return whole(path, *rest, **more)
os.open = trapped
"""
"""Of every process: `kills` ends the worker that reads it, `once` the first one, `slow` takes its time."""


def sites(folder: Path, names: Sequence[str]) -> list[Path]:
    """Write a site for each name, with a number of its own; one that is called `short` lacks a port."""
    for number, name in enumerate(names):
        site = folder / name
        site.mkdir(parents=True)
        (site / "aclproof.yaml").write_text(SITE.replace("NUMBER", str(number)), encoding="utf-8")
        lacking = ASA.replace("eq 445\n", "eq 446\n") if "short" in name else ASA
        (site / "fw.cfg").write_text(lacking, encoding="utf-8")
    return [folder / name / "aclproof.yaml" for name in names]


def command(folder: Path, *options: str, traps: bool = False) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment of a run on all sites of a folder."""
    path = [str(ROOT)]
    if traps:
        (folder.parent / "traps").mkdir(exist_ok=True)
        (folder.parent / "traps" / "sitecustomize.py").write_text(TRAPS, encoding="utf-8")
        path.insert(0, str(folder.parent / "traps"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "LC_ALL": "C.UTF-8"}
    return [sys.executable, "-m", "aclproof", "check", ".", "--as-of", DAY, *options], environment


def ran(folder: Path, *options: str, traps: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of sites to its end."""
    line, environment = command(folder, *options, traps=traps)
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False,
                          timeout=LIMIT)


def ends(lines: str) -> dict[str, str]:
    """How each site ended, by the name of its folder, from JSON Lines."""
    return {Path(each["site"]).parent.name: each["end"] for each in map(json.loads, lines.splitlines())}


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something is true."""
    limit = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < limit, what
        time.sleep(0.02)


def children(process: int) -> dict[int, str]:
    """Every process below one, and its command line (Linux)."""
    parents: dict[int, int] = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    below: dict[int, str] = {}
    for number in parents:
        above = number
        while (above := parents.get(above, 0)) > 1:
            if above == process:
                below[number] = _line(number)
                break
    return below


def _line(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def workers(process: int) -> list[int]:
    """The processes of a run that prove sites."""
    return [number for number, line in children(process).items() if "spawn_main" in line]


def alive(processes: Sequence[int]) -> list[int]:
    """Those that are still there, and are no mere entries of processes that have ended."""
    found = []
    for number in processes:
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        found += [number] if state != "Z" else []
    return found


def summary(report: Path) -> Mapping[str, Any]:
    """The summary of a JSON report."""
    found: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))["summary"]
    return found
