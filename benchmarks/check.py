"""A whole check compared with peers in one run: `python -m benchmarks.check [--lines 1000,10000,100000]`.

Every figure is a ratio to reading the same file and splitting it into lines, measured in the same run and
interleaved, because machines are shared and noisy. Peers: ciscoconfparse (which only parses), and fwshift
when it is installed (`pip install fwshift`); a peer is given up after --patience seconds.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from aclproof.linter.cli import quick
from aclproof.linter.program import check
from aclproof.linter.site.site import Site

PORTS = ("eq 80", "eq 443", "eq 445", "eq www", "range 1024 5000", "eq 135", "gt 1023", "eq 3389",
         "eq domain")


def config(lines: int, *, unique: bool, seed: int = 7) -> str:
    """An ASA with one long list; `unique` gives every ACE new addresses, else they come from pools."""
    draw = random.Random(seed)
    groups = max(10, lines // 400)
    text = ["ASA Version 9.12(4)", "hostname bench", "interface GigabitEthernet0/0", " nameif inside",
            " security-level 100", " ip address 10.0.0.1 255.128.0.0", "interface GigabitEthernet0/1",
            " nameif outside", " security-level 0", " ip address 192.0.2.1 255.255.255.0"]
    for number in range(groups):
        text.append(f"object-group network G{number}")
        text += [f" network-object {_network(draw)}" for _ in range(draw.randint(3, 40))]
    pool = [_network(draw) for _ in range(6_000)]

    def address() -> str:
        kind = draw.random()
        if kind < 0.25:
            return f"object-group G{draw.randrange(groups)}"
        return "any" if kind > 0.97 else _network(draw) if unique else draw.choice(pool)

    for _ in range(lines):
        action, protocol = draw.choice(("permit", "permit", "deny")), draw.choice(("tcp", "tcp", "udp"))
        source, destination = address(), address()
        if source == destination == "any":
            source = "host 10.0.0.9"
        port = draw.choice(PORTS)
        text.append(f"access-list IN extended {action} {protocol} {source} {destination} {port}")
    text += ["access-group IN in interface inside", "route outside 0.0.0.0 0.0.0.0 192.0.2.254 1", ": end"]
    return "\n".join(text) + "\n"


def _network(draw: random.Random) -> str:
    head = f"10.{draw.randint(0, 60)}.{draw.randint(0, 255)}"
    return f"host {head}.{draw.randint(1, 254)}" if draw.random() < 0.6 else f"{head}.0 255.255.255.0"


def site(path: str) -> Site:
    options: dict[str, tuple[str, ...]] = {
        "--client": ("10.20.0.0/16",), "--server": ("172.20.0.0/24",), "--role": (),
        "--set": ("mode=mixed",), "--interface": (), "--acl": (), "--host": (), "--profile": ()}
    return quick.site([path], options, (), (), "configmgr-2007")


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    work()
    spent = time.process_time() - start
    gc.enable()
    return spent


def split(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").split("\n")


def only_parse(path: str) -> object:
    from ciscoconfparse import CiscoConfParse
    from loguru import logger

    logger.remove()
    return CiscoConfParse(split(path), syntax="asa", factory=False, ignore_blank_lines=False)


def _worker(path: str, peer: str, answers: multiprocessing.Queue[float]) -> None:
    if peer == "ciscoconfparse":
        only_parse(str(path))  # the first call pays for the import
        answers.put(seconds(lambda: only_parse(path)))
        return
    start = time.perf_counter()
    subprocess.run([Path(sys.executable).parent / "fwshift", "audit", path], capture_output=True, check=False)
    answers.put(time.perf_counter() - start)


def peer(name: str, path: str, patience: float) -> str:
    """Run a peer in a process of its own, so that it can be given up."""
    answers: multiprocessing.Queue[float] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_worker, args=(path, name, answers))
    process.start()
    process.join(patience)
    if process.is_alive():
        process.kill()
        return f"> {patience:.0f} s"
    return f"{answers.get():.2f} s" if process.exitcode == 0 else "failed"


def _memory(path: str) -> int:
    """Peak resident set of a check in a process of its own, in MB."""
    code = ("import gc, resource; gc.disable(); from benchmarks.check import check, site; "
            f"check(site({path!r})); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)")
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)


def rows(sizes: list[int]) -> Iterator[tuple[str, str]]:
    for lines in sizes:
        for unique in (False, True):
            with tempfile.NamedTemporaryFile("w", suffix=".cfg", delete=False) as file:
                file.write(config(lines, unique=unique))
            yield f"{lines:,} ACEs, {'all addresses new' if unique else 'pooled addresses'}", file.name


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", default="1000,10000,100000")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--patience", type=float, default=60)
    options.add_argument("--peers", default="ciscoconfparse", help="comma list of ciscoconfparse, fwshift")
    given = options.parse_args()
    print(f"{'configuration':<36}{'read+split':>12}{'check':>10}{'ratio':>8}{'memory':>9}  peers")
    for name, path in rows([int(each) for each in given.lines.split(",")]):
        check(site(path))  # imports and caches are not what is compared
        units, checks = [], []
        for _ in range(given.repeats):
            units.append(seconds(lambda: split(path)))  # noqa: B023
            checks.append(seconds(lambda: check(site(path))))  # noqa: B023
        unit, ours = statistics.median(units), statistics.median(checks)
        others = ", ".join(f"{each} {peer(each, path, given.patience)}"
                           for each in given.peers.split(",") if each)
        print(f"{name:<36}{unit * 1000:>9.1f} ms{ours * 1000:>7.0f} ms{ours / unit:>7.1f}x"
              f"{_memory(path):>6} MB  {others}", flush=True)
        Path(path).unlink()


if __name__ == "__main__":
    main()
