"""Statements as a word with the rest of them."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.nftables.meaning.packets import text_of
from aclproof.parsers.nftables.ruleset import UNKNOWN, Tree


def statement_of(statement: Tree) -> tuple[str, Tree]:
    """Return the word and the rest of a statement; some versions write one of one word as that word."""
    match statement:
        case str(word):
            return word, None
        case Mapping() if len(statement) == 1:
            return next(iter(statement.items()))
        case _:
            return UNKNOWN, text_of(statement)


def is_comment(kind: str, body: Tree) -> bool:
    """Return whether it is iptables' match of comments, which asks nothing."""
    return kind == "xt" and isinstance(body, dict) and body.get("name") == "comment"
