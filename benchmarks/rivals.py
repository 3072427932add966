"""Other programs on the same files in the same run, where they are installed."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import aerleon
from benchmarks.ladder import environment, written
from benchmarks.measure import Limits, Spent, run

_SPLIT = "import sys; open(sys.argv[1], encoding='utf-8').read().split('\\n')"
_LIMITS = Limits(seconds=300, megabytes=6_000)
_SPLITTING = "reading and splitting"
_CISCOCONFPARSE = ("import sys; from loguru import logger; from ciscoconfparse import CiscoConfParse; "
                   "logger.remove(); CiscoConfParse(open(sys.argv[1]).read().split('\\n'), syntax='asa', "
                   "factory=False, ignore_blank_lines=False)")


_CONDUITS = {
    "fwshift": "zone-conduit-model", "version": 1, "name": "needed",
    "zones": [{"name": name, "inside": []} for name in ("inside", "outside")],
    "conduits": [{"name": "needed", "from": "inside", "to": "outside",
                  "services": ["tcp/80", "tcp/135", "tcp/443", "tcp/445"]}]}


class Row(NamedTuple):
    """One input, and what each program took for it; None for one that is not installed."""

    title: str
    spent: Mapping[str, Spent | None]


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure each program on each input, from small to large until it is stopped."""
    sizes = (1_000, 10_000) if quick else (1_000, 10_000, 100_000)
    for rows_by_size in (_asa, _tidy, _iptables, _diff):
        stopped: set[str] = set()
        for size in sizes:
            row = rows_by_size(size, stopped)
            yield row
            stopped |= {program for program, spent in row.spent.items() if spent and spent.stopped}


def _asa(size: int, stopped: Container[str]) -> Row:
    return _row("asa-pooled", size, f"check: ASA, {size:,} ACEs, pooled", {
        _SPLITTING: [sys.executable, "-c", _SPLIT, "fw.cfg"],
        "ciscoconfparse, parsing only": [sys.executable, "-c", _CISCOCONFPARSE, "fw.cfg"],
        "fwshift audit": _installed("fwshift", "audit", "fw.cfg"),
        "fwshift matrix": _installed("fwshift", "matrix", "fw.cfg"),
        "fwshift conduits": _installed("fwshift", "conduits", "--model", "model.json", "fw.cfg"),
        "aerleon aclcheck": _installed("aclcheck", *aerleon.CHECK)}, stopped)


def _tidy(size: int, stopped: Container[str]) -> Row:
    return _row("asa-nested", size, f"tidy: ASA, {size:,} ACEs, nested networks", {
        "fwshift audit": _installed("fwshift", "audit", "fw.cfg")}, stopped)


def _iptables(size: int, stopped: Container[str]) -> Row:
    return _row("iptables-pooled", size, f"check: iptables, {size:,} rules, pooled", {
        _SPLITTING: [sys.executable, "-c", _SPLIT, "fw.rules"],
        "iptables-legacy-restore --test": _installed("iptables-legacy-restore", "--test", "fw.rules"),
        "fwshift matrix": _installed("fwshift", "matrix", "fw.rules")}, stopped)


def _diff(size: int, stopped: Container[str]) -> Row:
    return _row("diff-one-line", size, f"diff: one line more in {size:,} ACEs, pooled", {
        "fwshift compare": _installed("fwshift", "compare", "old.cfg", "new.cfg")}, stopped)


def _installed(program: str, *words: str) -> list[str] | None:
    path = shutil.which(program)
    if path is None:
        return None
    if program.startswith("iptables"):  # it asks the kernel, whose own rules are none of its business
        unshare = shutil.which("unshare")
        return [unshare, "-rn", path, *words] if unshare else None
    return [path, *words]


def _row(name: str, size: int, title: str, commands: Mapping[str, Sequence[str] | None],
         stopped: Container[str]) -> Row:
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        words = written(name, size, folder)
        if name.startswith("asa"):
            aerleon.write((folder / "fw.cfg").read_text(), folder)
            (folder / "model.json").write_text(json.dumps(_CONDUITS))
        every = {"aclproof": [sys.executable, "-m", "aclproof", *words], **commands}
        return Row(title, {program: run(command, folder, _LIMITS, environment()) if command else None
                           for program, command in every.items() if program not in stopped})
