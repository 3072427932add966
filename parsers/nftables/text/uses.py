"""Which chains and sets of a table its own rules name: the kernel keeps what is in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.nftables.ruleset import NftTable, Tree, walk
from aclproof.parsers.nftables.text.editing import known_chain, known_set


def is_used(table: NftTable, kind: str, name: str) -> bool:
    """Whether rules name a chain, or a set or a map, of their table."""
    if kind == "chain":
        return any(tree == {"target": name} for tree in _trees(table))
    return any(tree == f"@{name}" for tree in _trees(table))


def _trees(table: NftTable) -> Iterator[Tree]:
    for chain in table.chains.values():
        for rule in chain.rules:
            yield from _words(rule.statements)
    for each in table.sets.values():
        for element in each.elements:
            yield from walk(element.value)


def _words(tree: Tree) -> Iterator[Tree]:
    """All of some statements but what they log, which is any text."""
    for each in tree if isinstance(tree, Sequence) and not isinstance(tree, str) else (tree,):
        if not (isinstance(each, Mapping) and "log" in each):
            yield from walk(each)


def check(table: NftTable, tree: Tree) -> None:
    """EditError where rules or elements name a chain, a set or a map that their table has not."""
    for each in _words(tree):
        match each:
            case {"target": str(name)}:
                known_chain(table, name)
            case str(text) if text.startswith("@") and len(text) > 1:
                known_set(table, text[1:])
            case _:
                pass
