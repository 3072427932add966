"""Where the files of a run lie in a folder of their own, so that relative names lead to the same."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from aclproof.reason import Reason


class Tree(Struct, frozen=True):
    """The smallest folder that holds the working directory and all files of a run."""

    top: str
    """Absolute."""
    here: str
    """The working directory, absolute."""

    def place(self, file: str) -> str:
        """Return the place of a file, as named from the working directory, below the top; with `/`."""
        return Path(os.path.relpath(os.path.join(self.here, file), self.top)).as_posix()

    @property
    def folder(self) -> str:
        """The place of the working directory."""
        return self.place("")


def of(files: Iterable[str], here: str) -> Tree:
    """Return the tree of files that are named from a working directory; ValueError where there is none."""
    folders = [os.path.dirname(os.path.normpath(os.path.join(here, each))) for each in files]
    try:
        return Tree(os.path.commonpath([here, *folders]), here)
    except ValueError:  # Windows
        raise ValueError(Reason("its files lie on several drives")) from None
