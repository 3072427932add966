"""Trees of commits: what is at a path, and which names there are; what two trees share is looked at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256

from aclproof.linter.history.commits import Entry
from aclproof.linter.history.repository import Repository
from aclproof.linter.site.root import MARKS

NOTHING = ""
"""The empty tree, and the content of what is not there."""
_MOST_HELD = 300_000
"""So many entries of trees are kept: in a big repository every commit has a top of its own."""


class Trees:
    """The trees of one repository; a path has its parts between slashes, and the top is an empty one."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._entries: dict[str, dict[str, Entry]] = {}
        self._held = 0
        self._names: dict[tuple[str, bool], str] = {}

    def entries(self, tree: str) -> dict[str, Entry]:
        """Return what is in a tree, by name."""
        if tree == NOTHING:
            return {}
        if (known := self._entries.get(tree)) is None:
            if self._held > _MOST_HELD:
                self._entries.clear()
                self._held = 0
            known = self._entries[tree] = {each.name: each for each in self._repository.entries(tree)}
            self._held += len(known)
        return known

    def at(self, tree: str, path: str) -> Entry | None:
        """Return what is at a path, through no link; None for nothing."""
        found: Entry | None = Entry("", "folder", tree)
        for name in filter(None, path.split("/")):
            found = self.entries(found.id).get(name) if found and found.kind == "folder" else None
        return found

    def content(self, tree: str, path: str) -> str:
        """Return the id of what a file or link holds; NOTHING for what is none."""
        found = self.at(tree, path)
        return found.id if found and found.kind in ("file", "link") else NOTHING

    def names(self, tree: str, path: str) -> str:
        """Return what depends on the names below a path, on what they stand for, and on nothing else."""
        found = self.at(tree, path)
        return self._hash(found.id, every=True) if found and found.kind == "folder" else NOTHING

    def limits(self, tree: str) -> str:
        """Return what depends on the links of a tree and on the marks of roots."""
        return self._hash(tree, every=False)

    def files(self, tree: str, above: str = "") -> Iterator[tuple[str, str]]:
        """Yield the path of every file, with the id of what it holds."""
        for each in self.entries(tree).values():
            if each.kind == "folder":
                yield from self.files(each.id, f"{above}{each.name}/")
            elif each.kind == "file":
                yield f"{above}{each.name}", each.id

    def _hash(self, tree: str, *, every: bool) -> str:
        if (tree, every) not in self._names:
            parts = [f"{each.kind}\0{each.name}\0{meaning}" for each in self.entries(tree).values()
                     if (meaning := self._meaning(each, every=every)) or every]
            text = "\0\0".join(sorted(parts))
            self._names[tree, every] = sha256(os.fsencode(text)).hexdigest() if text else NOTHING
        return self._names[tree, every]

    def _meaning(self, each: Entry, *, every: bool) -> str:
        """What else depends on a name than that it is there."""
        match each.kind:
            case "folder":
                return self._hash(each.id, every=every)
            case "link":
                return each.id
            case _:
                return each.name if each.name in MARKS else ""
