"""The line of commits that a branch is: from its tip along first parents."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.history.commits import Commit
from aclproof.linter.history.repository import Repository
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

_TIP = "HEAD"


def first_parents(repository: Repository, since: str | None) -> tuple[list[Commit], Commit | None]:
    """Return the commits of the branch that is checked out, the oldest first, and the one before them.

    With `since` they are those after it; where it lies on another branch, those after the two part. Without,
    there is none before them. InputError where a part of them is not in this clone.
    """
    until = repository.resolve(since) if since is not None else None
    line = [repository.resolve(_TIP)]
    while line[-1].parents and not repository.is_cut(line[-1]) and line[-1] != until:
        line.append(repository.commit(line[-1].parents[0]))
    base = _joint(repository, until, {each.id: place for place, each in enumerate(line)}) if until else None
    if base is None and repository.is_cut(line[-1]):
        raise InputError(Problem(repository.folder, 0, "", Reason(
            "this is a shallow clone, whose commits end at {commit}; get all of them: git fetch --unshallow; "
            "or name one that is there with --since", commit=line[-1].short)))
    if base is None:
        return line[::-1], None
    return line[:base][::-1], line[base]


def _joint(repository: Repository, commit: Commit, line: Mapping[str, int]) -> int | None:
    """The place of the newest commit of the line that is the given one, or before it; None for none."""
    found, seen, ahead = set(), {commit.id}, [commit.id]
    while ahead:
        name = ahead.pop()
        if name in line:
            found.add(line[name])  # all before it on the line is older
        elif not repository.is_cut(known := repository.commit(name)):
            ahead += [each for each in known.parents if each not in seen]
            seen.update(known.parents)
    return min(found, default=None)
