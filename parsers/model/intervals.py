"""Exact sets of integers: the only set type for addresses, ports and protocol numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from msgspec import Struct

from aclproof.reason import Reason

Range = tuple[int, int]
"""Both ends belong to the range."""

_LOPSIDED = 8
"""From this ratio of sizes on, searching the long set beats going through it."""


class IntervalSet(Struct, frozen=True):
    """A set of integers as sorted, disjoint, non-adjacent inclusive ranges.

    The form is canonical: two sets are equal exactly when their ranges are.
    Build one with `of`; the constructor trusts its argument.
    """

    ranges: tuple[Range, ...] = ()

    @classmethod
    def of(cls, *ranges: Range) -> IntervalSet:
        """Make the set of all integers in any of `ranges`; ValueError for a reversed range."""
        return cls(_canonical(ranges))

    @classmethod
    def union(cls, sets: Iterable[IntervalSet]) -> IntervalSet:
        """Join any number of sets in one sort (n log n), not pair by pair."""
        several = [each for each in sets if each.ranges]
        if len(several) == 1:
            return several[0]
        return cls(_canonical([part for each in several for part in each.ranges]))

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __contains__(self, number: int) -> bool:
        at = bisect_left(self.ranges, (number + 1,))
        return at > 0 and self.ranges[at - 1][1] >= number

    def __or__(self, other: IntervalSet) -> IntervalSet:
        if not self.ranges or not other.ranges:
            return self if self.ranges else other
        return IntervalSet(_canonical(self.ranges + other.ranges))

    def __and__(self, other: IntervalSet) -> IntervalSet:
        few, many = (self, other) if len(self.ranges) <= len(other.ranges) else (other, self)
        short, long = few.ranges, many.ranges
        if not short:
            return EMPTY
        if short[0][0] <= long[0][0] and short[0][1] >= long[-1][1]:
            return many  # the commonest case: a set met with `any`
        if len(long) > _LOPSIDED * len(short):
            return IntervalSet(tuple(part for each in short for part in _cut(long, each)))
        return IntervalSet(_meet(short, long))

    def __sub__(self, other: IntervalSet) -> IntervalSet:
        if not self.ranges or not other.ranges:
            return self
        low, high = self.ranges[0][0], self.ranges[-1][1]
        gaps: list[Range] = []
        for first, last in _cut(other.ranges, (low, high)):
            if first > low:
                gaps.append((low, first - 1))
            low = last + 1
        if low <= high:
            gaps.append((low, high))
        return self & IntervalSet(tuple(gaps))

    def __le__(self, other: IntervalSet) -> bool:
        return all(any(a <= low and high <= b for a, b in _cut(other.ranges, (low, high)))
                   for low, high in self.ranges)

    def overlaps(self, other: IntervalSet) -> bool:
        """Return whether the two sets share a number, without building the intersection."""
        short, long = self.ranges, other.ranges
        if len(short) > len(long):
            short, long = long, short
        for low, high in short:
            at = bisect_left(long, (high + 1,))
            if at and long[at - 1][1] >= low:
                return True
        return False

    @property
    def size(self) -> int:
        """How many integers the set holds."""
        return sum(high - low + 1 for low, high in self.ranges)

    @property
    def lowest(self) -> int:
        """The smallest member; IndexError for the empty set."""
        return self.ranges[0][0]


def _canonical(ranges: Iterable[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    end = None  # of the last merged range
    for piece in sorted(ranges):
        low, high = piece
        if low > high:
            raise ValueError(Reason("reversed range {low}-{high}", low=low, high=high))
        if end is None or low > end + 1:
            merged.append(piece)
            end = high
        elif high > end:
            merged[-1] = (merged[-1][0], high)
            end = high
    return tuple(merged)


def _cut(ranges: tuple[Range, ...], window: Range) -> Iterable[Range]:
    """The parts of sorted `ranges` inside `window`."""
    low, high = window
    at = bisect_left(ranges, (low,))
    if at and ranges[at - 1][1] >= low:
        at -= 1
    while at < len(ranges) and ranges[at][0] <= high:
        yield max(low, ranges[at][0]), min(high, ranges[at][1])
        at += 1


def _meet(left: tuple[Range, ...], right: tuple[Range, ...]) -> tuple[Range, ...]:
    parts: list[Range] = []
    i = j = 0
    while i < len(left) and j < len(right):
        low = max(left[i][0], right[j][0])
        high = min(left[i][1], right[j][1])
        if low <= high:
            parts.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(parts)


EMPTY = IntervalSet()
