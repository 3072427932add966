"""Which of many sets share a number with another one, without going through all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from aclproof.parsers.model.intervals import IntervalSet, Range


class Overlaps:
    """Numbered sets, their ranges put together by size.

    What meets numbers from a to b begins at most one size before a: a search for each size that there is
    finds it, and at most as much again that ends too early.
    """

    def __init__(self, sets: Iterable[IntervalSet]) -> None:
        self._by_size: dict[int, list[tuple[Range, int]]] = {}
        for number, each in enumerate(sets):
            for low, high in each.ranges:
                size = (high - low).bit_length()
                self._by_size.setdefault(size, []).append(((low, high), number))
        for ranges in self._by_size.values():
            ranges.sort()

    def meeting(self, wanted: IntervalSet) -> list[int]:
        """Return the numbers of the sets that share any with `wanted`, in their order."""
        found: set[int] = set()
        for size, ranges in self._by_size.items():
            for low, high in wanted.ranges:
                first = bisect_left(ranges, low - (1 << size) + 1, key=_begin)
                last = bisect_right(ranges, high, key=_begin)
                found.update(number for (_, end), number in ranges[first:last] if end >= low)
        return sorted(found)


def _begin(one: tuple[Range, int]) -> int:
    return one[0][0]
