"""A folder with inputs, a home, and a folder for temporary files: all that a run can reach."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from tests import every_call
from tests.canaries.planted import SUBJECTS

State: TypeAlias = Mapping[str, "bytes | None"]
"""What is there, by its path from the root: bytes of files, None for folders."""

_ASA = SUBJECTS["asa"]
_MADE_FOR_CANARIES = ("@", "access-list B extended permit nonsense any any")
"""Lines with which some calls write nothing."""
MORE = """\
requirements --format csv=out/ports.csv --format json=out/ports.json --format markdown=out/ports.md
requirements --compare configmgr-2007 pack.yaml --format json=out/moved.json --format csv=out/moved.csv
tidy fw.cfg --format csv=out/idle.csv --format json=out/idle.json
check --as-of 2026-01-15 -qq --format github=out/github --format text
anonymise --output out/shown --salt out/secret/salt --as-of 2026-01-15
anonymise fw.cfg lines.txt --output out/two -q
check sites --as-of 2026-01-15 --jobs 1 --resume --format github
"""
"""Calls that write what the others write only from other inputs, or nowhere."""


def _plain(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True)
                   if line.rstrip("\n") not in _MADE_FOR_CANARIES)


class Place:
    """The folder."""

    def __init__(self, root: Path) -> None:
        """Put inputs into an empty folder."""
        self.root, self.work = root, root / "work"
        for name in ("work", "home", "tmp"):
            (root / name).mkdir()
        session = "\n".join(_plain(_ASA.session).split("fw# ")[3:4])
        every_call.lay(self.work, every_call.Inputs(_plain(_ASA.config), lines=_plain(_ASA.lines),
                                                    session=f"fw# {session}fw# exit\n"))
        summary = self.work / every_call.OUT / "summary.md"
        summary.touch()  # GitHub makes it
        self.environment = {
            "HOME": f"{root}/home", "XDG_CACHE_HOME": f"{root}/home/cache", "LC_ALL": "C",
            "XDG_CONFIG_HOME": f"{root}/home/settings", "TMPDIR": f"{root}/tmp",
            "GITHUB_STEP_SUMMARY": f"{summary}"}

    def state(self) -> State:
        """Return what is there."""
        found: dict[str, bytes | None] = {}
        for folder, folders, files in os.walk(self.root):
            at = os.path.relpath(folder, self.root)
            found.update({os.path.normpath(os.path.join(at, each)): None for each in folders})
            for each in files:
                found[os.path.normpath(os.path.join(at, each))] = Path(folder, each).read_bytes()
        return found

    def restore(self, state: State) -> None:
        """Let it be as it was."""
        now = self.state()
        for path in sorted(now.keys() - state.keys()):
            gone = self.root / path
            if now[path] is not None:
                gone.unlink(missing_ok=True)
            else:
                shutil.rmtree(gone, ignore_errors=True)
        for path in sorted(state.keys()):
            data = state[path]
            if path not in now and data is None:
                (self.root / path).mkdir()
            elif data is not None and now.get(path) != data:
                (self.root / path).write_bytes(data)


def calls() -> Sequence[Sequence[str]]:
    """Return every call: those of all tests, with one process each, and the ones above."""
    own = [line.split() for line in MORE.splitlines()]
    return [*map(_alone, every_call.calls()), *own]


def _alone(call: Sequence[str]) -> Sequence[str]:
    """A call in one process: others begin anew, and do nothing but compute."""
    return ["1" if before == "--jobs" else word for before, word in zip(["", *call], call, strict=False)]


def changes(before: State, after: State) -> Mapping[str, bytes | None]:
    """Return what is new or other."""
    return {path: data for path, data in after.items() if path not in before or before[path] != data}
