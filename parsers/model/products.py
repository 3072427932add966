"""One form for each union of products of sets, however it was cut: equal unions have equal forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from aclproof.parsers.model.intervals import IntervalSet, Range

Axes: TypeAlias = tuple[IntervalSet, ...]
"""A product of sets, one for each axis."""


def canonical(products: Sequence[Axes]) -> tuple[Axes, ...]:
    """The form of products over the same axes: by the first axis, with the form of what goes with it."""
    if len(products) < 2:
        return tuple(products)
    if len(products[0]) == 1:
        return ((IntervalSet.union(axis for axis, in products),),)
    pieces: dict[frozenset[int], list[Range]] = {}
    for piece, covering in _pieces([axes[0] for axes in products]):
        pieces.setdefault(covering, []).append(piece)
    firsts: dict[tuple[Axes, ...], list[Range]] = {}
    for covering, ranges in pieces.items():
        rest = canonical([products[number][1:] for number in sorted(covering)])
        firsts.setdefault(rest, []).extend(ranges)
    ordered = sorted((IntervalSet.of(*ranges).ranges, rest) for rest, ranges in firsts.items())
    return tuple((IntervalSet(first), *others) for first, rest in ordered for others in rest)


def _pieces(axes: Sequence[IntervalSet]) -> Iterator[tuple[Range, frozenset[int]]]:
    """Cut sets at each other's ends: the pieces in order, each with the numbers of the sets it lies in."""
    ends: dict[int, tuple[list[int], list[int]]] = {}
    for number, axis in enumerate(axes):
        for low, high in axis.ranges:
            ends.setdefault(low, ([], []))[0].append(number)
            ends.setdefault(high + 1, ([], []))[1].append(number)
    covering: set[int] = set()
    begin = 0
    for place in sorted(ends):
        if covering:
            yield (begin, place - 1), frozenset(covering)
        opened, closed = ends[place]
        covering.difference_update(closed)
        covering.update(opened)
        begin = place
