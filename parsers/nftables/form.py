"""What one input holds, with every line accounted for."""

from __future__ import annotations

from msgspec import field

from aclproof.parsers.model.notes import HIDDEN
from aclproof.parsers.netfilter.accounted import Accounted
from aclproof.parsers.netfilter.ip_output import Places
from aclproof.parsers.nftables.ruleset import Ruleset
from aclproof.parsers.source import Source
from aclproof.reason import Reason

NO_COMMAND = Reason("this line is no command of nft, and no part of what it prints")


class Form(Accounted):
    """One input; lines outside of all rules that are unread could decide a verdict."""

    source: Source
    ruleset: Ruleset
    listed: bool = False
    """Whether the command before it (a prompt with `nft list ruleset`) shows that these are all tables."""
    entered: set[tuple[str, str]] = field(default_factory=set)
    """Tables that a change script is about."""
    places: Places | None = None
    """What `ip address`, `ip route` and `ip rule` print in the same session."""
    had_elements: bool = False
    """Whether some set had elements before a change script."""

    def unread(self, line: int, reason: str) -> None:
        """Note a line that was not understood; of one that is not quoted no word is told either."""
        told = isinstance(reason, Reason) and not reason.values
        super().unread(line, reason if told or not self.hides(line) else NO_COMMAND)

    def hides(self, line: int) -> bool:
        """Whether a line is not to be quoted, or not whole."""
        return HIDDEN in self.source.span(line).text
