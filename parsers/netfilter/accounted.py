"""What became of the lines of an input: every one is accounted for."""

from __future__ import annotations

from msgspec import Struct, field

from aclproof.parsers.model.notes import State


class Accounted(Struct, kw_only=True):
    """`states` has an entry for each line, `reasons` one for each line that is not plain."""

    states: list[State]
    reasons: dict[int, str] = field(default_factory=dict)
    deciding: set[int] = field(default_factory=set)
    """Unread lines that could decide a verdict."""

    def unread(self, line: int, reason: str) -> None:
        """Note a line that was not understood, and may decide anything."""
        self.states[line - 1] = State.UNREAD
        self.reasons[line] = reason
        self.deciding.add(line)

    def approximated(self, line: int, reason: str) -> None:
        """Note a line that is kept with an open condition."""
        self.states[line - 1] = State.APPROXIMATED
        self.reasons[line] = reason
