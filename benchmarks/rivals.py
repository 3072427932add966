"""Other programs on the same files in the same run, where they are installed."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.ladder import LIMITS, environment, written
from benchmarks.measure import Spent, run

_SPLIT = "import sys; open(sys.argv[1], encoding='utf-8').read().split('\\n')"
_CISCOCONFPARSE = ("import sys; from loguru import logger; from ciscoconfparse import CiscoConfParse; "
                   "logger.remove(); CiscoConfParse(open(sys.argv[1]).read().split('\\n'), syntax='asa', "
                   "factory=False, ignore_blank_lines=False)")


class Row(NamedTuple):
    """One input, and what each program took for it; None for one that is not installed."""

    title: str
    spent: Mapping[str, Spent | None]


def rows(*, quick: bool) -> Iterator[Row]:
    for size in (1_000, 10_000) if quick else (1_000, 10_000, 100_000):
        yield _row("asa-pooled", size, "fw.cfg", f"ASA, {size:,} ACEs, pooled", {
            "reading and splitting": [sys.executable, "-c", _SPLIT],
            "ciscoconfparse, parsing only": [sys.executable, "-c", _CISCOCONFPARSE],
            "fwshift audit": _installed("fwshift", "audit"),
            "fwshift matrix": _installed("fwshift", "matrix")})
    for size in (1_000, 10_000) if quick else (1_000, 10_000, 100_000):
        yield _row("iptables-pooled", size, "fw.rules", f"iptables, {size:,} rules, pooled", {
            "reading and splitting": [sys.executable, "-c", _SPLIT],
            "iptables-legacy-restore --test": _installed("iptables-legacy-restore", "--test"),
            "fwshift matrix": _installed("fwshift", "matrix")})


def _installed(program: str, *words: str) -> list[str] | None:
    path = shutil.which(program)
    if path is None:
        return None
    if program.startswith("iptables"):  # it asks the kernel, whose own rules are none of its business
        unshare = shutil.which("unshare")
        return [unshare, "-rn", path, *words] if unshare else None
    return [path, *words]


def _row(name: str, size: int, file: str, title: str, commands: Mapping[str, Sequence[str] | None]) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        words = written(name, size, Path(folder))
        every = {"aclproof check": [sys.executable, "-m", "aclproof", *words],
                 **{program: command and [*command, file] for program, command in commands.items()}}
        return Row(title, {program: run(command, Path(folder), LIMITS, environment()) if command else None
                           for program, command in every.items()})
