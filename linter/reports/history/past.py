"""What pages show of a history: that of the history itself, and the report of the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from msgspec import Struct

from aclproof.linter.history.history import History, Step
from aclproof.linter.history.judgement import Judgement, Unreadable
from aclproof.linter.reports import Look
from aclproof.linter.reports.history import json_v1, wording
from aclproof.linter.reports.history.strip import Strip, strip
from aclproof.linter.reports.language.language import Words


class Past(Struct, frozen=True):
    """A history, ready for a template."""

    history: History
    strip: Strip | None
    numbers: Mapping[str, int]
    """Of the commits that change something, by their ids, from the oldest."""
    told: Sequence[Step]

    @property
    def latest(self) -> Judgement:
        """What the latest commit is like."""
        return self.history.latest.judgement

    @property
    def unreadable(self) -> Unreadable | None:
        """Why it cannot be read; None where it can."""
        return self.latest if isinstance(self.latest, Unreadable) else None

    @property
    def wording(self) -> ModuleType:
        """The words for it."""
        return wording

    @property
    def document(self) -> dict[str, Any]:
        """The same for programs."""
        return json_v1.document(self.history)


def past(history: History, look: Look) -> Past:
    """Make it of a history."""
    drawn = strip(history, Words(look.language))
    numbers = {each.step.commit.id: each.number for each in drawn.ticks} if drawn else {}
    return Past(history, drawn, numbers, wording.told(history, verbose=look.verbose))
