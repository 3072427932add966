"""Whatever goes wrong at whichever act of whichever command, outputs are whole or not there.

`python -m tests.mishaps --whole` tries every error and every signal at every act of every call.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


MOUNTS = ("unshare", "--mount")
"""Gives a process mounts of its own, which go with it."""


def told(*options: str, within: Sequence[str] = ()) -> str:
    """What the sweep prints; it has a process without threads, which can be forked."""
    done = subprocess.run([*within, sys.executable, "-m", "tests.mishaps", *options], cwd=ROOT, text=True,
                          capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_mishap_tears_or_loses_anything() -> None:
    assert told().endswith(", 0 faults\n")


def test_nor_does_a_disk_that_is_full_in_truth() -> None:
    if not shutil.which(MOUNTS[0]) or subprocess.run([*MOUNTS, "true"], check=False).returncode:
        pytest.skip("only root of Linux may mount a disk")
    assert told("--disk", within=MOUNTS).endswith(": 0 faults\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory a process has")
def test_nor_does_a_run_without_a_home_a_stream_or_memory() -> None:
    assert told("--lack").endswith(": 0 faults\n")


def test_planted_faults_are_found() -> None:
    assert told("--planted").count(" faults\n") == 5
