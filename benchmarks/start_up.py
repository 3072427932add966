"""What is paid before any work: small inputs, in milliseconds over what Python takes to do nothing.

`python -m benchmarks.start_up` prints the table.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.asa_families import INSIDE_THE_POOL, config, pooled
from benchmarks.ladder import LIMITS, environment, written
from benchmarks.measure import run
from benchmarks.site_families import site_file

RUNS = 15
"""Of each command, in turn with Python that does nothing."""
_SITES = 100
_IN_ONE_PROCESS = ("import sys, aclproof\n"
                   "for _ in range(int(sys.argv[1])):\n"
                   "    aclproof.render(aclproof.check(aclproof.read_site('aclproof.yaml')))\n")
_NOTHING = [sys.executable, "-c", "pass"]
_SMALL = (("check, ASA, 1,000 ACEs", "asa-pooled"), ("check, iptables, 1,000 rules", "iptables-pooled"),
          ("check, Windows, JSON, 1,000 rules", "windows-json"))


def table() -> Iterator[str]:
    """Yield the lines of the table; bytecode is cached by a run that does not count."""
    yield "| | ms over bare Python |"
    yield "|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        yield _row("--help", ["--help"], Path(folder))
    for title, family in _SMALL:
        with tempfile.TemporaryDirectory() as folder:
            yield _row(title, written(family, 1_000, Path(folder)), Path(folder))
    yield f"| one more site of 300 ACEs in the same process | {_one_more_site():.1f} |"


def _row(title: str, words: Sequence[str], folder: Path) -> str:
    command = [sys.executable, "-m", "aclproof", *words]
    over = [_seconds(command, folder) - _seconds(_NOTHING, folder) for _ in range(RUNS + 1)]
    return f"| {title} | {median(over[1:]) * 1000:.0f} |"


def _one_more_site() -> float:
    objects, lines = pooled(300)
    files = {**config(lines, INSIDE_THE_POOL, objects).files,
             "aclproof.yaml": site_file(["10.20.0.0/16"], ["{config: fw.cfg}"])}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        one, many = (_seconds([sys.executable, "-c", _IN_ONE_PROCESS, str(count)], Path(folder))
                     for count in (1, 1 + _SITES))
    return (many - one) / _SITES * 1000


def _seconds(command: Sequence[str], folder: Path) -> float:
    cached = {key: value for key, value in environment().items() if key != "PYTHONDONTWRITEBYTECODE"}
    return run(command, folder, LIMITS, cached).seconds


if __name__ == "__main__":
    print("\n".join(table()))
