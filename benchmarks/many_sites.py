"""Many sites in one run, against a run for each: `python -m benchmarks.many_sites [--sites N]`.

A company of branches: sites of one client network each, which share some configurations of 300 ACEs. Four
in five of these permit all that is needed, in the middle of a list; the others little of what clients need.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.asa_families import HEAD, pooled
from benchmarks.family import SEED
from benchmarks.ladder import environment

_SHARED = 50
_ACES = 300
_ALONE = 40
"""So many runs for one site each are measured; that of all is their share."""
_SITE = """pack: configmgr-2007
settings: {{mode: mixed, client-os: windows-xp, schema-published: true}}
roles:
  client: [10.{high}.{low}.0/24]
  site-server: [172.20.0.10]
  management-point: [172.20.0.11]
  distribution-point: [172.20.0.12]
  software-update-point: [172.20.0.13]
firewalls:
  - {{name: branch, config: ../../configs/asa-{config:02}.cfg}}
"""
_CLIENTS, _SERVERS = "10.0.0.0 255.224.0.0", "172.20.0.0 255.255.255.0"
_UP = [f"permit {protocol} {_CLIENTS} {_SERVERS}{ports}"
       for protocol, ports in (("tcp", " eq 80"), ("tcp", " eq 445"), ("tcp", " eq 8530"), ("icmp", ""))]
_DOWN = [f"access-list OUT extended permit {protocol} {_SERVERS} {_CLIENTS}{ports}"
         for protocol, ports in (("tcp", " eq 445"), ("tcp", " eq 135"), ("tcp", " range 1025 5000"),
                                 ("udp", " eq 135"), ("icmp", ""))]
_FOOT = "access-group IN in interface inside\naccess-group OUT in interface outside\n" \
    "route outside 0.0.0.0 0.0.0.0 192.0.2.254 1\n: end\n"


class Spent(NamedTuple):
    """What a run took."""

    wall: float
    processor: float
    """Seconds of all its processes."""
    megabytes: float
    """Resident memory of all its processes together, at its peak."""


def write(folder: Path, sites: int) -> None:
    """Write the sites of a company."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".aclproof").touch()
    (folder / "configs").mkdir()
    for number in range(_SHARED):
        objects, aces = pooled(_ACES, seed=SEED + number)
        open_to_all = _UP if number % 5 else []
        half = _ACES // 2
        lines = [f"access-list IN extended {line}" for line in (*aces[:half], *open_to_all, *aces[half:])]
        text = HEAD + "\n".join([*objects, *lines, *_DOWN, _FOOT])
        (folder / "configs" / f"asa-{number:02}.cfg").write_text(text)
    for number in range(sites):
        site = folder / "sites" / f"{number:05}"
        site.mkdir(parents=True)
        (site / "aclproof.yaml").write_text(_SITE.format(
            high=number >> 8 & 31, low=number & 255, config=number % _SHARED))


def run(folder: Path, *words: str) -> Spent:
    """Check what is named in a folder; memory is looked at every now and then."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "aclproof", "check", "--as-of", "2026-01-15", *words],
                               cwd=folder, env=_environment(folder), stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(0.05)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak / 2**20)


def _environment(folder: Path) -> dict[str, str]:
    """Compiled modules are kept, as where it is installed."""
    own = {name: value for name, value in environment().items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _resident(process: int) -> int:
    """Bytes of a process and of those that it started (Linux)."""
    total, below = 0, [process]
    while below:
        number = below.pop()
        try:
            pages = int(Path(f"/proc/{number}/statm").read_text().split()[1])
            below += map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split())
        except OSError:
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total


def table(sites: int, jobs: Sequence[int]) -> Iterator[str]:
    """Yield the rows of a table in Markdown."""
    yield (f"| {sites:,} sites, {_SHARED} configurations of {_ACES} ACEs | wall s | processor s "
           "| ms a site | MB |")
    yield "|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, sites)
        run(folder, "sites/00000/aclproof.yaml", "sites/00001/aclproof.yaml", "--format", "json", "-qq")
        found = {}
        for number in jobs:
            spent = run(folder, "sites", "--jobs", str(number), "--format", f"jsonl=out-{number}.jsonl",
                        "--format", "json=out.json", "-qq")
            found[(folder / f"out-{number}.jsonl").read_bytes()] = number
            yield _row(f"one run, `--jobs {number}`", spent, sites)
        assert len(found) == 1, "other bytes"
        run(folder, "sites", "--cache", "kept", "-qq")
        yield _row("one run, all of it from `--cache`", run(folder, "sites", "--cache", "kept", "-qq"), sites)
        some = [run(folder, f"sites/{number:05}/aclproof.yaml", "--format", "json=out.json", "-qq")
                for number in range(min(_ALONE, sites))]
        share = sites / len(some)
        alone = Spent(sum(each.wall for each in some) * share, sum(each.processor for each in some) * share,
                      max(each.megabytes for each in some))
        yield _row(f"{sites:,} runs, from {len(some)} of them", alone, sites)


def _row(title: str, spent: Spent, sites: int) -> str:
    return (f"| {title} | {spent.wall:.1f} | {spent.processor:.1f} | {spent.processor / sites * 1000:.1f} "
            f"| {spent.megabytes:.0f} |")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.many_sites", description=__doc__)
    options.add_argument("--sites", type=int, default=2_000)
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--write", metavar="DIR", help="Only write the sites.")
    given = options.parse_args()
    if given.write:
        write(Path(given.write), given.sites)
        return
    for line in table(given.sites, given.jobs):
        print(line, flush=True)


if __name__ == "__main__":
    main()
