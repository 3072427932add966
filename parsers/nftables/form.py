"""What one input holds, with every line accounted for."""

from __future__ import annotations

from msgspec import Struct, field

from aclproof.parsers.model.notes import State
from aclproof.parsers.nftables.ruleset import Ruleset
from aclproof.parsers.source import Source


class Form(Struct):
    """One input; `states` has an entry for each line, `reasons` one for each line that is not plain."""

    source: Source
    states: list[State]
    ruleset: Ruleset
    reasons: dict[int, str] = field(default_factory=dict)
    deciding: set[int] = field(default_factory=set)
    """Unread lines outside of all rules that could decide a verdict."""
    listed: bool = False
    """Whether the command before it (a prompt with `nft list ruleset`) shows that these are all tables."""
    entered: set[tuple[str, str]] = field(default_factory=set)
    """Tables that a change script is about."""
    had_elements: bool = False
    """Whether some set had elements before a change script."""

    def unread(self, line: int, reason: str) -> None:
        """Note a line that was not understood, and may decide anything."""
        self.states[line - 1] = State.UNREAD
        self.reasons[line] = reason
        self.deciding.add(line)

    def approximated(self, line: int, reason: str) -> None:
        """Note a line that is kept with an open condition."""
        self.states[line - 1] = State.APPROXIMATED
        self.reasons[line] = reason
