"""A site along the commits of its repository: each is judged, and compared with the one before.

The way goes along first parents: what a merge brings in is one change of the line that it is merged into.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from aclproof.linter.history.changes import Changes, changes
from aclproof.linter.history.commits import Commit
from aclproof.linter.history.first_parents import first_parents
from aclproof.linter.history.judgement import Judged, Judgement
from aclproof.linter.history.judging import Asked, Judge
from aclproof.linter.history.repository import Repository
from aclproof.linter.history.snapshot import Snapshot
from aclproof.linter.history.trees import NOTHING, Trees
from aclproof.linter.site.identity import place_of
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem


class Step(Struct, frozen=True, eq=False):
    """A commit, and what it did to the site."""

    commit: Commit
    judgement: Judgement
    touches: bool
    """Whether it changes a file or a link that the site is made of, or is the first one."""
    changes: Changes = Changes()
    """What is otherwise than at `compared_with`."""
    compared_with: Commit | None = None
    """The last one before it at which the site can be read; None for none."""
    unread: int = 0
    """So many commits are between the two, at which it cannot."""


class Beginning(Struct, frozen=True):
    """Where the history of the site begins, and why there."""

    commit: Commit
    is_since: bool
    """It is what `since` means; else the site file comes into being with it."""
    was_called: str = ""
    """Where the same site file was before, if that is known."""


class History(Struct, frozen=True, eq=False):
    """A site along its commits."""

    site: str
    """The path of the site file in the repository."""
    folder: str
    """The working tree of the repository."""
    asked: Asked
    beginning: Beginning
    steps: tuple[Step, ...]
    """From the beginning to the latest commit."""
    files: frozenset[str]
    """All paths in the repository on which a judgement rests."""
    proofs: int
    """How many of the commits were proven; the others have the files of one that was."""

    @property
    def latest(self) -> Step:
        """The step of the latest commit."""
        return self.steps[-1]

    @property
    def touching(self) -> list[Step]:
        """The steps that touch the site, or change what is proven of it."""
        return [each for each in self.steps if each.touches or each.changes]

    def since(self, method: str) -> Step | None:
        """Return the step that gave a method its verdict; None where it had it from the beginning."""
        return next((step for step in reversed(self.steps)
                     for each in step.changes.methods if each.id == method), None)

    def requirement_since(self, requirement: str) -> Step | None:
        """Return the step that gave a requirement its status; None where it had it from the beginning."""
        return next((step for step in reversed(self.steps) for each in step.changes.requirements
                     if each.requirement.id == requirement and each.before != each.after), None)


Counted: TypeAlias = Callable[[Sequence[Commit]], Iterable[Commit]]
"""Passes commits on, and may show how far it is."""


def history(repository: Repository, site: str, since: str | None, asked: Asked, folder: str,
            counted: Counted = iter) -> History:
    """Walk the commits of the site of a file; InputError where there are none.

    `folder` is an empty one to work in; what is in it afterwards is of no use.
    """
    trees = Trees(repository)
    path = _in_repository(site, repository)
    commits, base = first_parents(repository, since)
    chosen = [base, *commits] if base else commits
    there = next((place for place, each in enumerate(chosen) if trees.content(each.tree, path)), None)
    if there is None:
        raise InputError(Problem(site, 0, "", Reason("no commit of this history has the file {file}",
                                                     file=path)))
    chosen = chosen[there:]
    judge = Judge(path, asked, Snapshot(folder, repository, trees), trees)
    files: set[str] = set()
    steps = tuple(_steps(judge, trees, counted(chosen), files))
    beginning = _beginning(repository, trees, path, chosen[0], base)
    return History(path, repository.folder, asked, beginning, steps, frozenset(files), judge.proofs)


def _steps(judge: Judge, trees: Trees, commits: Iterable[Commit], files: set[str]) -> Iterator[Step]:
    """Judge one commit after the other, and gather the files on which that rests."""
    before: Step | None = None
    read: tuple[Commit, Judged] | None = None
    rests_on: frozenset[str] = frozenset()
    unread = 0
    for commit in commits:
        found, judgement = judge.judge(commit.tree)
        touches = before is None or _differ(trees, before.commit.tree, commit.tree, rests_on | found) or (
            judgement is not before.judgement
            and trees.limits(before.commit.tree) != trees.limits(commit.tree))
        if isinstance(judgement, Judged):
            changed = changes(read[1], judgement) if read else Changes()
            before = Step(commit, judgement, touches, changed, read[0] if read else None, unread)
            read, unread = (commit, judgement), 0
        else:
            before = Step(commit, judgement, touches)
            unread += 1
        yield before
        rests_on = found
        files |= found


def _differ(trees: Trees, one: str, other: str, files: Iterable[str]) -> bool:
    return any(trees.content(one, each) != trees.content(other, each) for each in files)


def _in_repository(site: str, repository: Repository) -> str:
    inside = os.path.relpath(place_of(site), repository.folder).replace(os.sep, "/")
    if inside.startswith("../"):
        raise InputError(Problem(site, 0, "", Reason("this file is not in the working tree of {folder}",
                                                     folder=repository.folder)))
    return inside


def _beginning(repository: Repository, trees: Trees, path: str, first: Commit,
               base: Commit | None) -> Beginning:
    if base and first.id == base.id:
        return Beginning(first, is_since=True)
    parent = repository.commit(first.parents[0]).tree if first.parents else NOTHING
    content = trees.content(first.tree, path)
    moved = (name for name, held in trees.files(parent)
             if held == content and not trees.content(first.tree, name))
    return Beginning(first, is_since=False, was_called=next(moved, ""))
