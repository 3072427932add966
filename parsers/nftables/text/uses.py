"""What rules and elements of a table name: the kernel keeps what is in use, and refuses what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.nftables.ruleset import NftTable, Tree
from aclproof.parsers.nftables.text import editing

OBJECTS = frozenset(("counter", "quota", "limit", "ct helper", "ct timeout", "ct expectation", "synproxy",
                     "secmark", "tunnel"))
"""Kinds of objects that statements, and maps, give by name."""

Named = tuple[str, str]
"""A kind, and a name: `set` stands for maps as well."""


def is_used(table: NftTable, kind: str, name: str) -> bool:
    """Whether rules or elements name a chain, or a set or a map, of their table."""
    return any((kind if kind == "chain" else "set", name) == each for _, each in in_table(table))


def in_table(table: NftTable) -> Iterator[tuple[int, Named]]:
    """Yield all that its rules and the elements of its maps name, with the line."""
    for chain in table.chains.values():
        for rule in chain.rules:
            yield from ((rule.line, each) for each in named(rule.statements))
    for each in table.sets.values():
        given = each.maps_to[0] if each.maps_to else ""
        for element in each.elements if given == "verdict" or given in OBJECTS else ():
            yield from ((element.line, found) for found in _given(given, element.value))


def named(tree: Tree) -> Iterator[Named]:
    """Yield what statements name; what they log is any text."""
    work = [tree]
    while work:
        found = work.pop()
        match found:
            case {"log": _}:
                continue
            case {"flow": {"flowtable": str(name)}}:
                yield "flowtable", name.removeprefix("@")
                continue
            case {"target": str(name)}:
                yield "chain", name
            case str(text) if text.startswith("@") and len(text) > 1:
                yield "set", text[1:]
            case Mapping() if len(found) == 1:
                kind, body = next(iter(found.items()))
                if kind in OBJECTS:
                    yield from _of_statement(kind, body)
            case _:
                pass
        work += found.values() if isinstance(found, Mapping) else \
            found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _of_statement(kind: str, body: Tree) -> Iterator[Named]:
    match body:
        case str(name):
            yield kind, name
        case {"map": {"data": {"set": [*pairs]}}}:
            for pair in pairs:
                match pair:
                    case [_, str(name)]:
                        yield kind, name
                    case _:
                        pass
        case _:
            pass


def _given(kind: str, value: Tree) -> Iterator[Named]:
    """What the value of an element names."""
    if isinstance(value, str):
        yield kind, value
    else:
        yield from named(value)


def check(table: NftTable, tree: Tree) -> None:
    """EditError where rules or elements name what their table has not."""
    for kind, name in named(tree):
        editing.known(table, kind, name)
