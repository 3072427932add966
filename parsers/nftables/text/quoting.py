"""What of a line in nft's syntax may be quoted: one that begins as nft's own do; others may be anybody's."""

from __future__ import annotations

from aclproof.parsers.model.notes import HIDDEN, without_secret
from aclproof.parsers.nftables.text import commands, noise, statements
from aclproof.parsers.nftables.text.lexer import words

_IN_BLOCKS = frozenset("""type typeof hook policy flags elements size timeout gc-interval auto-merge devices
device comment rule element counter handle protocol l3proto""".split())
"""Words that begin a line of a block, and no statement."""
_AFTER_A_VALUE = frozenset(("", ",", "}", ".", "-", "/", "timeout", "expires", "counter", "comment"))
"""What stands after the first word of a line that goes on with the members of a set."""


def quotable(line: str) -> str:
    """Return a line of nft's, up to what may be a secret; nothing of any other."""
    first, following, *_ = (*words(line.strip().lstrip("{} \t")), "", "")
    known = not first or first in _IN_BLOCKS or commands.begins(first) or statements.begins(first) or (
        _is_member(first, following, line) or noise.hides_a_rule(line))
    return without_secret(line) if known else HIDDEN


def _is_member(first: str, following: str, line: str) -> bool:
    """Whether a line seems to go on with the members of a set; a name alone may be anything."""
    if first[0].isalpha():
        return following == ","
    is_value = first[0] in '"$@' or first[0].isdigit()
    return is_value and (following in _AFTER_A_VALUE or (following == ":" and " : " in line))
