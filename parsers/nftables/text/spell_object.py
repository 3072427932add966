"""Objects of JSON as nft writes them, to be quoted."""

from __future__ import annotations

from aclproof.parsers.nftables.ruleset import Tree


def written(tree: Tree) -> str:
    """Return one object as text."""
    return str(tree)
