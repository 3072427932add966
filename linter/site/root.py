"""The folder in which a site may name files: somebody else may have written it, and files hold secrets.

A site file cannot choose it: the command line does, or a mark in a folder above the site file.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from aclproof.reason import Reason

MARKS = (".aclproof", ".git")
"""A file or folder of this name marks a root; in worktrees and submodules of Git it is a file."""


class Root(Struct, frozen=True):
    """A folder with all that is in it, or every folder."""

    folder: str
    """Its real path; empty for every folder."""
    reason: str = ""
    """Which folder it is, where that is not the site file's own."""

    def refusal(self, path: str, name: str) -> str:
        """Return why a path must not be opened, which is called so in a site file; empty where it may be."""
        try:
            if not self.folder or Path(os.path.realpath(path)).is_relative_to(self.folder):
                return ""
        except ValueError:  # no file has such a name, as reading it says
            return ""
        if self.reason:
            return Reason("{name} lies outside {reason}; if that is meant, give another folder by --root, or "
                          "--allow-outside", name=name, reason=self.reason)
        return Reason("{name} lies outside the folder of the site file; if that is meant, put a file "
                      ".aclproof into the folder that holds both, or give --root or --allow-outside",
                      name=name)


ANYWHERE = Root("")


def chosen(folder: Path | str | None, *, anywhere: bool) -> Root | None:
    """Return the root that was chosen, if any; else it is looked for."""
    return ANYWHERE if anywhere else given(folder) if folder else None


def given(folder: Path | str) -> Root:
    """Return a root that was chosen."""
    return Root(os.path.realpath(folder), Reason("{folder}, the root that was given", folder=str(folder)))


def of(folder: Path) -> Root:
    """Return the nearest folder upwards that is marked, else this one."""
    real = Path(os.path.realpath(folder))
    for each in (real, *real.parents):
        for mark in MARKS:
            if os.path.lexists(each / mark):
                return Root(str(each), Reason("{folder}, the nearest folder above the site file with {mark}",
                                              folder=str(each), mark=mark))
    return Root(str(real))


def seen_from(folder: Path, name: str) -> str:
    """Return the path of a file that is named from a folder, without `..` where that leads to the same.

    A link before `..` stays: where it leads decides which file is named.
    """
    full = folder / name
    before = [full.parts[:number] for number, part in enumerate(full.parts) if part == ".."]
    if not before or any(os.path.islink(os.path.join(*parts)) for parts in before if parts):
        return str(full)
    short = os.path.normpath(full)
    return short if os.path.realpath(short) == os.path.realpath(full) else str(full)
