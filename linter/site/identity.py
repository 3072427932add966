"""Which site a site file is: by its place, as all that it names is read relative to its folder.

Two places may hold one file, by a link or a copy; they are two sites, with configurations of their own.
"""

from __future__ import annotations

import os


def place_of(path: str) -> str:
    """Return the real path of the folder that a file stands in, with its own name, though that be a link."""
    folder, name = os.path.split(path)
    try:
        if name in ("", os.curdir, os.pardir):
            return os.path.realpath(path)
        return os.path.join(os.path.realpath(folder), name)
    except ValueError:  # no file has such a name
        return path
