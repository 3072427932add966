"""Mutation testing: `python -m tests.mutants [MODULE ...] [--sample N] [--seed S] [--tests TEST ...]`."""

from __future__ import annotations

import argparse
import ast
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.judging import Judge
from tests.mutants.modules import TESTS
from tests.mutants.mutations import Mutant, mutants

ROOT = Path(__file__).parents[2]
_KILLED = ("killed", "timed out")


def main() -> None:
    """Judge mutants; exit 1 where one survives that is not explained, 2 where tests fail without any."""
    asked = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    asked.add_argument("modules", nargs="*", metavar="MODULE",
                       help="files or folders; default: all that are listed")
    asked.add_argument("--sample", type=int, metavar="N", help="so many of the mutants, drawn at random")
    asked.add_argument("--seed", type=int, default=0, help="of the draw; default: 0")
    asked.add_argument("--tests", nargs="+", default=[], metavar="TEST",
                       help="instead of those that are listed")
    asked.add_argument("--patience", type=int, default=20, metavar="SECONDS",
                       help="of the processor, that each mutant may take in any case; default: 20")
    given = asked.parse_args()
    files = list(dict.fromkeys(file for each in given.modules or TESTS for file in _files(each)))
    wanted = [(path, tree, mutant) for path in files for tree in [ast.parse(path.read_text(encoding="utf-8"))]
              for mutant in mutants(tree)]
    if given.sample is not None and given.sample < len(wanted):
        drawn = Random(given.seed).sample(range(len(wanted)), given.sample)
        wanted = [wanted[number] for number in sorted(drawn)]
    sys.exit(_judge(wanted, given.tests or _tests(files), given.patience))


def _files(name: str) -> list[Path]:
    path = Path(name) if Path(name).exists() else ROOT / name
    return sorted(path.resolve().rglob("*.py")) if path.is_dir() else [path.resolve()]


def _tests(files: Iterable[Path]) -> list[str]:
    """The tests of modules; none twice."""
    found: dict[str, None] = {}
    for path in files:
        fits = [each for each in TESTS if _name(path).startswith(each)]
        found |= dict.fromkeys(TESTS[max(fits, key=len)] if fits else ())
    return list(found)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def _judge(wanted: Sequence[tuple[Path, ast.Module, Mutant]], tests: Sequence[str], patience: int) -> int:
    counts = {_name(path): Counter[str]() for path, _, _ in wanted}

    def told(path: Path, mutant: Mutant, fate: str) -> None:
        name = _name(path)
        if fate not in (*_KILLED, "unmade") and mutant.name in EQUIVALENT.get(name, {}):
            fate = "explained"
        counts[name][fate] += 1
        if fate not in (*_KILLED, "unmade", "explained"):
            print(f"{name}:{mutant.line}: {fate}: {mutant.name}", flush=True)

    judge = Judge(wanted, told, patience)
    with tempfile.TemporaryDirectory() as folder:
        options = ["-p", "no:terminal", "-p", "no:xdist", "--capture=no", f"--basetemp={folder}/pytest"]
        code = pytest.main([*options, *tests], plugins=[judge])
    if judge.broken or code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(f"these tests fail without any mutant: {', '.join(judge.broken) or code}")
        return 2
    for name, fates in counts.items():
        print(_row(name, fates))
    print(_row("all", sum(counts.values(), Counter())))
    return 1 if any(fates["survived"] + fates["unreached"] for fates in counts.values()) else 0


def _row(name: str, fates: Counter[str]) -> str:
    made = sum(fates.values()) - fates["unmade"]
    killed = sum(fates[each] for each in _KILLED)
    return (f"{name}: {made} mutants, {killed} killed ({fates['timed out']} by time), {fates['explained']} "
            f"explained, {fates['survived'] + fates['unreached']} survived")


if __name__ == "__main__":
    main()
