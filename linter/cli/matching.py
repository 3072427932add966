"""What a pattern on the command line matches: nothing is passed over because it cannot be opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from glob import glob, has_magic


def matches(pattern: str) -> list[str]:
    """Return all that matches, sorted: files, folders, and what is neither, such as a link to nothing.

    A hidden name matches only what begins with a dot as well.
    """
    return sorted(set(map(os.path.normpath, glob(pattern, recursive=True))))


def closed(pattern: str) -> list[str]:
    """Return the folders on the way that cannot be looked into, sorted: nobody knows what matches there."""
    return sorted({os.path.normpath(each) for folder in _above(pattern)
                   for each in glob(folder, recursive=True) if os.path.isdir(each) and not _is_open(each)})


def beginning(pattern: str) -> str:
    """Return the folder that a pattern begins with, which is written without signs of a pattern."""
    return list(_above(pattern))[-1]


def _above(pattern: str) -> Iterator[str]:
    folder = os.path.dirname(pattern)
    while has_magic(folder):
        yield folder
        folder = os.path.dirname(folder)
    yield folder or os.curdir


def _is_open(folder: str) -> bool:
    try:
        os.scandir(folder).close()
    except OSError:
        return False
    return os.access(folder, os.X_OK)
