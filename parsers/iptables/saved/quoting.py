"""What of the text around a dump is one of its lines: others may hold anything, and are not quoted."""

from __future__ import annotations

import re
from functools import cache

from aclproof.parsers.iptables.saved.carry_out import COMMANDS
from aclproof.parsers.iptables.text import remarks, session
from aclproof.parsers.iptables.text.known_matches import MATCHES
from aclproof.parsers.model.notes import HIDDEN

_BEGINS = re.compile(
    r"\*|:[^\s:]|\[\d|(?:! +)?-(?:[AIRDPNFXZEpsdijgomfct46]|-(?P<option>[a-z][a-z0-9-]*))(?!\S)")


def is_rule_like(text: str) -> bool:
    """Whether a line begins as one of a dump does, or as the rest of a rule that was wrapped."""
    found = _BEGINS.match(text)
    return bool(found and (not found["option"] or found["option"] in _options()))


@cache
def _options() -> frozenset[str]:
    """Every long option that a rule may have, without its dashes."""
    commands = {each.removeprefix("--") for each in COMMANDS}
    return frozenset(commands.union({"jump", "goto", "match", "protocol"},
                                    *(each.options for each in MATCHES.values())))


def quotable(text: str) -> str:
    """Return a line as it may be quoted: nothing of a comment of somebody's, and of what was typed."""
    typed = session.is_prompt(text) or session.command(text)
    return HIDDEN if typed or remarks.says(text) is remarks.Says.NOTHING else text
