"""What a rule looks up in a map: verdicts and marks, each with the packets that get it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from aclproof.parsers.nftables.meaning import matches, translations
from aclproof.parsers.nftables.meaning.packets import DoubtError, Parts, both
from aclproof.parsers.nftables.meaning.scope import ALL_OTHERS, Scope
from aclproof.parsers.nftables.ruleset import Tree


def looked_up(body: Tree, parts: Parts, scope: Scope, stays: Callable[[Tree], bool] = lambda value: True
              ) -> list[tuple[Tree, Parts]]:
    """Return what a map gives to some packets; DoubtError where that cannot be told.

    Of elements that overlap the first one counts (nft_set_pipapo.c), so they are in order. What is for all
    others comes last, so it need not leave out what does not stay until then.
    """
    assert isinstance(body, dict)
    field = matches.field_of(body["key"], scope)
    pairs = translations.pairs(body["data"], scope)
    found = [(value, both(parts, matches.among(field, keys)))
             for value, keys in _by_value([(key, value) for key, value in pairs if key != ALL_OTHERS])]
    staying = [key for key, value in pairs if key != ALL_OTHERS and stays(value)]
    return found + [(value, both(parts, matches.outside(field, staying)))
                    for key, value in pairs if key == ALL_OTHERS]


def may_overlap(body: Tree, scope: Scope) -> bool:
    """Return whether packets may have several elements of a map; DoubtError where they are not known."""
    assert isinstance(body, dict)
    return any(_may_overlap(key) for key, _ in translations.pairs(body["data"], scope))


def stays_never(verdict: Tree) -> bool:
    """Of no verdict a packet may come to the end of the rule."""
    return False


def values(body: Tree, scope: Scope) -> list[Tree]:
    """Return what a map may give, each once; nothing where that is not known."""
    assert isinstance(body, dict)
    try:
        found = translations.pairs(body["data"], scope)
    except DoubtError:
        return []
    return list({repr(value): value for _, value in found}.values())


def _by_value(pairs: Sequence[tuple[Tree, Tree]]) -> list[tuple[Tree, list[Tree]]]:
    """The keys of each value, in order; of each row of equal values where keys may overlap."""
    if any(_may_overlap(key) for key, _ in pairs):
        rows = [list(row) for _, row in groupby(pairs, lambda pair: repr(pair[1]))]
        return [(row[0][1], [key for key, _ in row]) for row in rows]
    found: dict[str, tuple[Tree, list[Tree]]] = {}
    for key, value in pairs:
        found.setdefault(repr(value), (value, []))[1].append(key)
    return list(found.values())


def _may_overlap(key: Tree) -> bool:
    """Whether a key may share packets with others of its map: one of several fields, with a range in it."""
    match key:
        case {"concat": [*fields]}:
            return any(isinstance(each, dict) for each in fields)
        case _:
            return False
