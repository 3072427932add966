"""A Git repository, read from its objects: no program is run, nothing is checked out or written.

Dulwich is imported here only: it is an extra of the distribution.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from aclproof.linter.history.commits import Commit, Entry, Kind
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

if TYPE_CHECKING:
    from dulwich import objects
    from dulwich.repo import Repo

_KINDS: Mapping[int, Kind] = {stat.S_IFDIR: "folder", stat.S_IFLNK: "link", stat.S_IFREG: "file"}
_REVISION = re.compile(r"(.+?)((?:[~^]\d*)*)", re.DOTALL)
_NO_NAMES = ("", os.curdir, os.pardir)


class Repository:
    """One that is open; InputError says what of it cannot be read."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self.folder = os.path.realpath(os.fsdecode(repo.path))
        """Of its working tree."""
        self._shallow = frozenset(each.decode() for each in repo.get_shallow())

    def resolve(self, revision: str) -> Commit:
        """Return the commit of a name: a branch, a tag, the beginning of an id; each with `~N` and `^N`."""
        from dulwich.objectspec import parse_commit

        found = _REVISION.fullmatch(revision)
        try:
            name, steps = found.groups() if found else ("", "")
            commit = self.commit(parse_commit(self._repo, os.fsencode(name)).id.decode())
            for sign, number in re.findall(r"([~^])(\d*)", steps):
                commit = self._before(commit, sign, int(number or "1"))
        except InputError:
            raise
        except Exception:  # whatever keeps a name from being one of a commit: dulwich has no common error
            raise InputError(Problem(self.folder, 0, "", Reason("no commit is called '{revision}'",
                                                                revision=revision))) from None
        return commit

    def commit(self, name: str) -> Commit:
        """Return a commit by its id."""
        found: objects.Commit = self._object(name, b"commit")  # type: ignore[assignment]
        encoding = (found.encoding or b"utf-8").decode("ascii", "replace")
        author, message = (_text(each, encoding) for each in (found.author, found.message))
        return Commit(name, tuple(each.decode() for each in found.parents), found.tree.decode(),
                      _day(found.author_time, found.author_timezone), author.partition(" <")[0],
                      _subject(message))

    def is_cut(self, commit: Commit) -> bool:
        """Whether what is before a commit was left out of this clone."""
        return commit.id in self._shallow

    def entries(self, tree: str) -> tuple[Entry, ...]:
        """Return what is in a tree; a name that could lead out of its folder is none."""
        found: objects.Tree = self._object(tree, b"tree")  # type: ignore[assignment]
        named = ((os.fsdecode(name), _KINDS.get(stat.S_IFMT(mode), "other"), sha.decode())
                 for name, mode, sha in found.iteritems())
        return tuple(Entry(*each) for each in named
                     if each[0] not in _NO_NAMES and each[0].lower() != ".git"
                     and os.path.basename(each[0]) == each[0])

    def content(self, name: str) -> bytes:
        """Return what is in a file, or where a link leads."""
        return self._object(name, b"blob").as_raw_string()

    def _object(self, name: str, kind: bytes) -> objects.ShaFile:
        try:
            found = self._repo.object_store[name.encode()]  # type: ignore[index]
        except KeyError:
            why = Reason("the object {name} is not in this clone; fetch the whole repository", name=name)
        except Exception:  # dulwich has no common error for what is damaged
            why = Reason("the object {name} cannot be read; see what 'git fsck' says", name=name)
        else:
            if found.type_name == kind:
                return found
            why = Reason("the object {name} cannot be read; see what 'git fsck' says", name=name)
        raise InputError(Problem(self.folder, 0, "", why))

    def _before(self, commit: Commit, sign: str, number: int) -> Commit:
        """The parent of a number, or so many first parents back; IndexError where there is none."""
        if sign == "^":
            return self.commit(commit.parents[number - 1]) if number else commit
        for _ in range(number):
            commit = self.commit(commit.parents[0])
        return commit


@contextmanager
def opened(path: str) -> Iterator[Repository]:
    """Yield the repository whose working tree holds a path; InputError where none does."""
    try:
        from dulwich.errors import NotGitRepository
        from dulwich.repo import Repo
    except ImportError:
        raise InputError(Problem(Reason("command line"), 0, "history", Reason(
            "Dulwich, which reads Git's objects, is not installed here; install it: pip install "
            "'.[history]' in aclproof's folder"))) from None
    folder = _folder(path)
    try:
        repo = Repo.discover(folder)
    except NotGitRepository:
        raise InputError(Problem(path, 0, "", Reason("no Git repository holds this file"))) from None
    except Exception:  # a format or an extension that dulwich does not know, or what is damaged
        raise InputError(Problem(path, 0, "", Reason(
            "the Git repository that holds this file cannot be read: it is damaged, or of a newer "
            "format"))) from None
    with closing(repo):
        if repo.bare:
            raise InputError(Problem(path, 0, "", Reason(
                "this is a bare repository, without files; use a clone with a working tree")))
        yield Repository(repo)


def _folder(path: str) -> str:
    """The nearest folder above a path that is there: the file itself may have been deleted."""
    folder = os.path.dirname(os.path.realpath(path))
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _subject(message: str) -> str:
    """The first paragraph on one line, as Git has it."""
    return " ".join(message.strip().partition("\n\n")[0].split())


def _day(seconds: int, offset: int) -> date:
    try:
        return datetime.fromtimestamp(seconds, timezone(timedelta(seconds=offset))).date()
    except (OverflowError, OSError, ValueError):  # a clock or a zone that no calendar has
        return date(1970, 1, 1)
