"""A folder that looks like the files of a commit, for the readers that read a site from a folder.

It has every name of the commit, and files are empty until they are read: what is in them is put there just
before. So a link, a pattern and a mark mean what they mean in a checkout, and nothing is read in vain.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePath

from aclproof import inputs
from aclproof.linter.history.commits import Entry
from aclproof.linter.history.repository import Repository
from aclproof.linter.history.trees import NOTHING, Trees
from aclproof.reason import Reason

_FAILURES = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE,
             *([] if os.name == "nt" else [errno.EACCES]))
"""Of the folder, whatever a name is."""


class Snapshot:
    """The folder, showing one tree at a time."""

    def __init__(self, folder: str, repository: Repository, trees: Trees) -> None:
        """Show nothing yet; an empty folder is needed to work in."""
        work = os.path.realpath(folder)
        self._folder, self._empty = os.path.join(work, "files"), os.path.join(work, "empty")
        self._repository, self._trees = repository, trees
        self._tree = NOTHING
        self._filled: set[str] = set()
        self._read: list[set[str]] = []
        self._failure: OSError | None = None
        os.mkdir(self._folder)
        _create(self._empty)
        _create(self.path(".git"))  # it marks the root, as in a checkout

    def path(self, name: str) -> str:
        """Return where a path of the repository is in the folder."""
        return os.path.join(self._folder, *name.split("/"))

    @contextmanager
    def showing(self, tree: str) -> Iterator[None]:
        """Show a tree; files that are read meanwhile have what they hold there, or OSError in the end."""
        for path in self._filled:
            os.unlink(path)
            self._link(path)
        self._filled.clear()
        self._change(self._folder, self._tree, tree)
        self._tree = tree
        with inputs.supplied(self._supply):
            yield
        if self._failure:  # whoever read took it for one of the file
            raise self._failure

    @contextmanager
    def noting(self) -> Iterator[set[str]]:
        """Yield the paths of the repository that are read meanwhile, also those that are not there."""
        self._read.append(set())
        try:
            yield self._read[-1]
        finally:
            self.note(self._read.pop())

    def note(self, paths: set[str] | frozenset[str]) -> None:
        """Take paths for read: what was made of them before is used again."""
        if self._read:
            self._read[-1] |= paths

    def named(self, text: str) -> str:
        """Return a text that names files of the folder as it would name them in the repository."""
        if isinstance(text, Reason):
            return text.again({name: self._value(each) for name, each in text.values.items()})
        return text.replace(f"{self._folder}{os.sep}", "").replace(self._folder, self._repository.folder)

    def _value(self, value: object) -> object:
        return self.named(str(value)) if isinstance(value, str | PurePath) else value

    def _supply(self, path: str) -> None:
        """Put into a file of the folder what it holds; what lies elsewhere is none of it."""
        with suppress(ValueError):  # no file has such a name
            real = os.path.realpath(path)
            inside = os.path.relpath(real, self._folder).replace(os.sep, "/")
            if inside == ".." or inside.startswith("../") or os.path.isabs(inside):
                return
            self.note({inside})
            found = self._trees.at(self._tree, inside)
            if found and found.kind == "file" and real not in self._filled:
                content = self._repository.content(found.id)
                try:
                    os.unlink(real)  # it may be a link to the empty file
                    _create(real, content)
                except OSError as error:
                    self._failure = error
                    raise
                self._filled.add(real)

    def _change(self, folder: str, old: str, new: str) -> None:
        """Let a folder have the names of one tree instead of those of another."""
        if old == new:
            return
        before, after = self._trees.entries(old), self._trees.entries(new)
        for name, each in before.items():
            if not _is_same(each, after.get(name)):
                _remove(os.path.join(folder, name))
        for name, each in after.items():
            path, known = os.path.join(folder, name), before.get(name)
            is_new = not _is_same(each, known)
            if is_new:
                self._make(path, each)
            if each.kind == "folder" and _is_folder(path):  # no link whose name differs by case
                self._change(path, known.id if known and not is_new else NOTHING, each.id)

    def _make(self, path: str, entry: Entry) -> None:
        """Make what has a name; one that this system cannot have is not there."""
        with _name_that_cannot_be(), suppress(ValueError):
            match entry.kind:
                case "folder" | "other":
                    os.mkdir(path)
                case "link":
                    os.symlink(os.fsdecode(self._repository.content(entry.id)), path)
                case "file":
                    self._link(path)

    def _link(self, path: str) -> None:
        """Put an empty file somewhere: a link to one takes a fiftieth of the time of a new file."""
        try:
            os.link(self._empty, path)
        except FileExistsError:  # a name that differs by case only, where that makes no difference
            pass
        except OSError:  # it has all the links that it may have, or there are no links here
            _create(path)


def _is_same(one: Entry, other: Entry | None) -> bool:
    """Whether two names stand for the same but for what is in it."""
    return other is not None and one.kind == other.kind and (one.kind != "link" or one.id == other.id)


@contextmanager
def _name_that_cannot_be() -> Iterator[None]:
    """Pass over a name that this system cannot have; a disk that is full, say, is an OSError: a snapshot
    that lacks a file would be of another commit."""
    try:
        yield
    except OSError as error:
        if error.errno in _FAILURES:
            raise


def _create(path: str, content: bytes = b"") -> None:
    with open(path, "xb") as file:
        file.write(content)


def _remove(path: str) -> None:
    if _is_folder(path):
        shutil.rmtree(path)
    else:
        with _name_that_cannot_be():
            os.unlink(path)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)
