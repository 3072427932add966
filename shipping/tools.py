"""Running the tools of a release, which are installed beside this Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def run(tool: str, *arguments: str | Path, **environment: str) -> str:
    """Run a tool and return what it prints; SystemExit with all that it said where it fails."""
    command = [str(BIN / tool), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n"
                         f"{done.stdout}{done.stderr}")
    return done.stdout


def dated() -> dict[str, str]:
    """The time of the last commit, which builders write in place of their own: the same bytes tomorrow."""
    done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    return {"SOURCE_DATE_EPOCH": done.stdout.strip() or "315532800"}  # outside of git: the first day of ZIP
