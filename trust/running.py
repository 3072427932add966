"""Runs a proof, and takes the figure out of what it prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trust.promises import Proof

ROOT = Path(__file__).parents[1]
_LONG = {"HYPOTHESIS_PROFILE": "long", "ACLPROOF_ORACLE": "long"}
"""How much tests draw (tests/scale.py, tests/oracle/scale.py); otherwise as for a change."""
_LAST = 25
"""Lines that are shown of a proof that failed."""


@dataclass(frozen=True)
class Outcome:
    """What a proof showed."""

    command: str
    seed: int | None
    """Which cases were drawn; None where none are."""
    kept: bool
    figure: str
    day: str
    commit: str
    seconds: int
    said: str = ""
    """The end of its output, where the promise was not kept."""


def run(proof: Proof, *, long: bool, seed: int) -> Outcome:
    """Run a proof in the checkout; what it prints is kept to the end."""
    words = [*(proof.long if long else proof.short), *_drawing(proof, seed)]
    environment = {**os.environ, "CI": "true", **(_LONG if long and proof.is_of_tests else {})}
    start = time.monotonic()
    done = subprocess.run(words, cwd=ROOT, env=environment, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    figure = "; ".join(each.strip() for each in re.findall(proof.figure, done.stdout, re.MULTILINE))
    kept = done.returncode == 0 and bool(figure)
    drawn = seed if proof.seed else None
    return Outcome(shown(proof, long=long), drawn, kept, figure, f"{date.today()}", _commit(),
                   round(time.monotonic() - start), "" if kept else _end(done.stdout))


def shown(proof: Proof, *, long: bool, seed: int | None = None) -> str:
    """Return the command as somebody types it, who draws the same cases where a seed is given."""
    words = ["python" if each == sys.executable else each
             for each in (*(proof.long if long else proof.short), *_drawing(proof, seed))]
    before = "".join(f"{key}={value} " for key, value in _LONG.items()) if long and proof.is_of_tests else ""
    left_out = {"--quiet", "-p", "no:cacheprovider"}
    return before + shlex.join(each for each in words if each not in left_out)


def _drawing(proof: Proof, seed: int | None) -> list[str]:
    return [f"{proof.seed}={seed}"] if proof.seed and seed is not None else []


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short=8", "HEAD"], cwd=ROOT, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.strip()


def _end(text: str) -> str:
    return "\n".join(text.splitlines()[-_LAST:])
