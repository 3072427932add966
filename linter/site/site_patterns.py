"""Which site files a waiver file means: by path, or by a pattern with `*`, `?`, `[...]` and `**`."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from glob import escape, has_magic
from pathlib import Path

from aclproof.linter.site.identity import place_of
from aclproof.linter.site.root import ANYWHERE, Root
from aclproof.linter.site.site import DEFAULT_FILE
from aclproof.reason import Reason


class SitePatterns:
    """Compares one site file with paths and patterns that are written in a folder.

    Files may be called by several names: patterns fit the path as it was given, or the real one.
    """

    def __init__(self, folder: str, site_file: str, limits: Root = ANYWHERE) -> None:
        """Compare with a site file; without one nothing is meant. Outside `limits` it looks at nothing."""
        self._folder, self._limits = folder, limits
        self._own = _key(site_file) if site_file else ""
        self._spellings = {(escape(spelled(folder)), spelled(site_file))
                           for spelled in (_as_given, place_of)} if site_file else set()

    def mean(self, pattern: str) -> bool:
        """Return whether a path or pattern means the site file; a path that is there means itself only."""
        path = os.path.join(self._folder, pattern)
        if self._own and _key(path) == self._own:
            return True
        if not self._limits.refusal(path, pattern) and os.path.lexists(path):
            return False
        return any(_fits(path, os.path.normpath(os.path.join(folder, pattern)))
                   for folder, path in self._spellings)

    def fault(self, pattern: str) -> str:
        """Return what is wrong with a path: it has to be there. A pattern may be for sites to come."""
        path = os.path.join(self._folder, pattern)
        if self._limits.refusal(path, pattern):
            return ""  # nobody learns from an error what is there
        if os.path.isfile(path) or (has_magic(pattern) and not os.path.lexists(path)):
            return ""
        if os.path.isdir(path):
            return Reason("{name} is a folder: name the site file in it, such as {file}", name=pattern,
                          file=os.path.join(pattern, DEFAULT_FILE))
        near = self._near(pattern)
        return Reason("there is no site file {name!r}: did you mean {near!r}?", name=pattern, near=near) \
            if near else Reason("there is no site file {name!r}", name=pattern)

    def _near(self, pattern: str) -> str:
        """A file within the limits that is called almost so, in one part of its path; empty for none."""
        from difflib import get_close_matches

        parts = Path(pattern).parts
        for number, part in enumerate(parts):
            above = os.path.join(self._folder, *parts[:number])
            if not os.path.exists(os.path.join(above, part)):
                found = (os.path.join(*parts[:number], each, *parts[number + 1:])
                         for each in get_close_matches(part, self._names(above)))
                return next((each for each in found if self._is_file(os.path.join(self._folder, each))), "")
        return ""

    def _names(self, folder: str) -> list[str]:
        try:
            return [] if self._limits.refusal(folder, folder) else os.listdir(folder)
        except OSError:
            return []

    def _is_file(self, path: str) -> bool:
        return not self._limits.refusal(path, path) and os.path.isfile(path)


def _key(path: str) -> str:
    return os.path.normcase(place_of(path))


def _as_given(path: str) -> str:
    """A path without detours, as far as it is the same place then: `..` after a link may lead elsewhere."""
    absolute = os.path.abspath(path)
    return absolute if _key(absolute) == _key(path) else place_of(path)


def _fits(path: str, pattern: str) -> bool:
    """Whether a path fits a pattern, part by part; `**` stands for any number of parts."""
    parts = path.split(os.sep)
    reached = {0}
    """How many parts may be used up so far."""
    for step in pattern.split(os.sep):
        if step == "**":
            reached = {each for first in reached for each in range(first, len(parts) + 1)}
        else:
            reached = {each + 1 for each in reached if each < len(parts) and fnmatch(parts[each], step)}
    return len(parts) in reached
