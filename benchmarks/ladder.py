"""Every family from small to large: what each size costs, and how cost grows with size."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import families
from benchmarks.family import FAMILIES, Family
from benchmarks.measure import Limits, Spent, run

ROOT = Path(__file__).parents[1]
LIMITS = Limits(seconds=60, megabytes=6_000)
_WRONG = {2: "refused", 4: "memory or fault"}
"""Exit codes of `aclproof`."""
_SMALL = 0.2
"""Of less seconds, net of what the smallest input costs, no growth is told: it is noise."""


class Step(NamedTuple):
    """One size of a family."""

    size: int
    spent: Spent


class Climb(NamedTuple):
    """A family as far as it was climbed: to its largest size, or to where it was stopped."""

    name: str
    family: Family
    least: Spent
    """Of an input of one: starting, and all that does not grow."""
    steps: Sequence[Step]

    @property
    def exponent(self) -> float | None:
        """By which power of its size cost grows between the two largest; None where that cannot be told."""
        ended = [step for step in self.steps if not step.spent.stopped]
        if len(ended) < 2:
            return None
        (small, before), (large, after) = ended[-2:]
        net = [spent.seconds - self.least.seconds for spent in (before, after)]
        if min(net) < _SMALL or large < 2 * small:  # noise, or other inputs rather than larger ones
            return None
        return math.log(net[1] / net[0]) / math.log(large / small)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}


def written(name: str, size: int, folder: Path) -> list[str]:
    """Write one input into a folder; return the words after `aclproof`."""
    command = [sys.executable, "-m", families.__name__, name, str(size), str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True, text=True)
    words: list[str] = json.loads(done.stdout)
    return words


def cost(name: str, size: int) -> Spent:
    """Run `aclproof` on one input."""
    with tempfile.TemporaryDirectory() as folder:
        words = written(name, size, Path(folder))
        return run([sys.executable, "-m", "aclproof", *words], Path(folder), LIMITS, environment(), _WRONG)


def climbs(*, quick: bool) -> Iterator[Climb]:
    """Climb every family; `quick` leaves out the largest size of each."""
    for name, family in FAMILIES.items():
        steps: list[Step] = []
        for size in family.sizes[:-1] if quick else family.sizes:
            steps.append(Step(size, cost(name, size)))
            if steps[-1].spent.stopped:
                break
        yield Climb(name, family, cost(name, 1), steps)
