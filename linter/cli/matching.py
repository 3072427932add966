"""What a pattern on the command line matches: nothing is passed over because it cannot be opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from glob import escape, glob

from aclproof import inputs
from aclproof.linter.cli import tree
from aclproof.linter.site.root import ANYWHERE, Root


def matches(pattern: str, limits: Root = ANYWHERE) -> tuple[list[str], list[str]]:
    """Return all that matches, and folders on the way that are not looked into, both sorted.

    What matches are files, folders, and what is neither, such as a link to nothing; hidden names match only
    what begins with a dot as well. `**` stands for folders as `tree.walk` has them, within `limits`.
    """
    closed: list[str] = []
    found = {os.path.normpath(each) for each in _matches(pattern, limits, closed)}
    return sorted(found), sorted(set(map(os.path.normpath, closed)))


def beginning(pattern: str) -> str:
    """Return the folder that a pattern begins with, which is written without signs of a pattern."""
    return list(inputs.above(pattern))[-1]


def _matches(pattern: str, limits: Root, closed: list[str]) -> Iterator[str]:
    head, stars, tail = _at_stars(pattern)
    closed += inputs.closed(head)
    if not stars:
        yield from glob(head)
        return
    for top in filter(os.path.isdir, glob(head) if head else [os.curdir]):
        if limits.refusal(top, top):
            closed.append(top)
            continue
        for here, _ in tree.walk(top, limits, closed):
            yield from [] if tail else [here]
            yield from _matches(os.path.join(escape(here), tail or "*"), limits, closed)


def _at_stars(pattern: str) -> tuple[str, bool, str]:
    """What is before the first `**`, whether there is one, and what is after it."""
    parts = pattern.replace(os.altsep, os.sep).split(os.sep) if os.altsep else pattern.split(os.sep)
    if "**" not in parts:
        return pattern, False, ""
    place = parts.index("**")
    head, after = os.sep.join(parts[:place]), parts[place + 1:]
    return (head or os.sep if place else ""), True, (os.sep.join(after) or os.curdir if after else "")
