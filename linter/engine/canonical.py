"""One form for each set of packets, however it was cut into boxes: equal sets have equal forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box

_Axes: TypeAlias = tuple[IntervalSet, ...]
"""A product of sets, one for each axis."""


def canonical(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Return the same packets as disjoint boxes that depend on the set alone, in their order.

    Sources that go with the same rest are put together, then destinations, then ports.
    """
    products: dict[tuple[Family, int], list[_Axes]] = {}
    for each in boxes:
        axes = (each.sources, each.destinations, each.source_ports, each.destination_ports)
        products.setdefault((each.family, each.protocol), []).append(axes)
    return tuple(Box(family, protocol, *axes) for (family, protocol), of_one in sorted(products.items())
                 for axes in _canonical(of_one))


def within(boxes: Iterable[Box], others: Sequence[Box]) -> bool:
    """Return whether all packets of these boxes are in the others, which are in their canonical form."""
    return canonical((*boxes, *others)) == tuple(others)


def _canonical(products: Sequence[_Axes]) -> tuple[_Axes, ...]:
    """The form of products over the same axes: by the first axis, with the form of what goes with it."""
    if len(products) == 1:
        return tuple(products)
    if len(products[0]) == 1:
        return ((IntervalSet.union(axis for axis, in products),),)
    pieces: dict[frozenset[int], list[Range]] = {}
    for piece, covering in _pieces([axes[0] for axes in products]):
        pieces.setdefault(covering, []).append(piece)
    firsts: dict[tuple[_Axes, ...], list[Range]] = {}
    for covering, ranges in pieces.items():
        rest = _canonical([products[number][1:] for number in sorted(covering)])
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
