"""What one input holds, with every line accounted for."""

from __future__ import annotations

from msgspec import field

from aclproof.parsers.netfilter.accounted import Accounted
from aclproof.parsers.nftables.ruleset import Ruleset
from aclproof.parsers.source import Source


class Form(Accounted):
    """One input; lines outside of all rules that are unread could decide a verdict."""

    source: Source
    ruleset: Ruleset
    listed: bool = False
    """Whether the command before it (a prompt with `nft list ruleset`) shows that these are all tables."""
    entered: set[tuple[str, str]] = field(default_factory=set)
    """Tables that a change script is about."""
    had_elements: bool = False
    """Whether some set had elements before a change script."""
