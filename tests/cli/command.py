"""Runs the command as a shell does, with streams of any kind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = f"{sys.executable} -m aclproof"
BRANCH = ROOT / "fixtures" / "sites" / "branch"
LIMIT = 60
"""Seconds; nothing here takes ten on an idle machine."""


@dataclass(frozen=True)
class Done:
    code: int
    out: bytes
    err: str

    def says(self, words: str, code: int = 2) -> None:
        """The exit code, and one plain line on standard error with these words."""
        assert (self.code, self.err.count("\n")) == (code, 1), self
        assert self.err.startswith("aclproof: ")
        assert words in self.err, self.err


def shell(line: str, folder: Path, environment: Mapping[str, str] | None = None) -> Done:
    """Run a line of bash in a folder; `aclproof` in it is the command of this checkout."""
    path = {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **(environment or {})}
    script = f'aclproof() {{ {COMMAND} "$@"; }}; {line}'
    done = subprocess.run(["bash", "-c", script], cwd=folder, timeout=LIMIT, capture_output=True,
                          check=False, env={**os.environ, **path})
    return Done(done.returncode, done.stdout, done.stderr.decode("ascii"))
