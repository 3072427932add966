"""Runs bombs, each in a process with limits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from benchmarks.ladder import environment
from benchmarks.measure import Limits, Spent, run
from tests.bombs.bomb import ROOT

SECONDS, MEGABYTES = 10, 500
"""Of the processor, and resident: what no bomb may take more of."""
_LIMITS = Limits(seconds=25, megabytes=2_048)
_ANSWERS = {0: "met", 1: "missing", 2: "refused", 3: "undecided"}
_MOST = 10_000_000
"""Letters of an answer that are looked at."""


class Outcome(Struct, frozen=True):
    """What became of a bomb."""

    spent: Spent
    answer: str
    why: str
    """What a refusal says, and which part was given up."""

    @property
    def is_kept(self) -> bool:
        """Whether it ended as inputs have to, and took no more than it may."""
        return (
            not self.spent.stopped
            and self.spent.code in _ANSWERS
            and self.spent.seconds <= SECONDS
            and self.spent.megabytes <= MEGABYTES
        )


def explode(name: str, size: int) -> Outcome:
    """Lay a bomb and run its command."""
    with TemporaryDirectory() as place:
        folder, said = Path(place) / "site", Path(place) / "said"
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bombs.laying", name, str(size), str(folder)],
            cwd=ROOT,
            env=environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        with said.open("wb") as file:
            spent = run(
                [sys.executable, "-m", "aclproof", *json.loads(done.stdout)],
                folder,
                _LIMITS,
                {**environment(), "LC_ALL": "C", "XDG_CACHE_HOME": place},
                said=file.fileno(),
            )
        with said.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST)
    answer = spent.stopped or _ANSWERS.get(spent.code, f"exit code {spent.code}")
    return Outcome(spent, answer, _why(text, spent.code))


def _why(text: str, code: int) -> str:
    lines = [each.strip() for each in text.splitlines() if each.strip()]
    if code not in (0, 1, 3):
        return " ".join(lines[-2:])
    return next((each for each in lines if "given up" in each or "too many" in each), "")
