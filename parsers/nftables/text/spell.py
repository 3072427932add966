"""Statements as nft writes them."""

from __future__ import annotations

from aclproof.parsers.nftables.ruleset import Tree


def statement(tree: Tree) -> str:
    """Write one statement."""
    return repr(tree)
