"""What was proven of a site at a commit, or why nothing was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from aclproof.linter.result import DemandResult, MethodVerdict
from aclproof.linter.verdict.ending import Ending
from aclproof.rules.pack import Text


class Judged(Struct, frozen=True, eq=False):
    """A site that was read: its verdicts."""

    ending: Ending
    methods: Mapping[str, MethodVerdict]
    """In the pack's order."""
    titles: Mapping[str, Text]
    """Of the methods."""
    demands: Mapping[str, DemandResult]
    """By the id of the requirement, in the pack's order; files are named as in the repository."""


class Unreadable(Struct, frozen=True):
    """A site that could not be read, or proven."""

    problems: tuple[str, ...]
    is_fault: bool = False
    """Whether it is a fault of ours."""


Judgement: TypeAlias = Judged | Unreadable
