"""Whatever goes wrong at whichever act of whichever command, outputs are whole or not there.

`python -m tests.mishaps --whole` tries every error and every signal at every act of every call.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def told(*options: str) -> str:
    """What the sweep prints; it has a process without threads, which can be forked."""
    done = subprocess.run([sys.executable, "-m", "tests.mishaps", *options], cwd=ROOT, text=True,
                          capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_mishap_tears_or_loses_anything() -> None:
    assert told().endswith(", 0 faults\n")


def test_planted_faults_are_found() -> None:
    assert told("--planted").count(" faults\n") == 5
