"""What an expression looks at, and the packets that have certain values there.

A packet that lacks a field fails every test of it, an inverted one too: so each field knows the packets that
have it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.nftables.meaning.packets import EVERYTHING, NOTHING, DoubtError, Parts, both
from aclproof.parsers.nftables.meaning.values import Read, not_known, only
from aclproof.parsers.nftables.ruleset import Tree

_MOST_HOLES = 16
"""Bits of a mask that are not at its end and not set; each doubles the ranges."""
_MOST_VALUES = 64
"""A range of values that are compared one by one."""
_MOST_OUTSIDE = 128
"""Alternatives of what no element of a concatenation matches."""


def ends_of(op: str, number: int, low: int, high: int) -> tuple[int, int]:
    """Return the range from `low` to `high` that is below, above or up to a number."""
    return {"<": (low, number - 1), "<=": (low, number), ">": (number + 1, high), ">=": (number, high)}[op]


class Field(ABC):
    """A field of packets, or something that is known of them."""

    has: Parts = EVERYTHING
    """The packets that have it."""

    @abstractmethod
    def among(self, values: Sequence[Tree]) -> Parts:
        """Return the packets that have one of these values; DoubtError where that is not known."""

    @abstractmethod
    def outside(self, values: Sequence[Tree]) -> Parts:
        """Return the packets that have it with none of these values."""

    def alone(self, value: Tree) -> Parts:
        """Return the packets that are in a set of this one value, which nft may write without the set."""
        return self.among([value])

    def ordered(self, op: str, value: Tree) -> Parts:
        """Return the packets with a value below (`<`), above (`>`) or up to (`<=`, `>=`) this one."""
        raise DoubtError(within=self.has)

    def any_bit(self, values: Sequence[Tree]) -> Parts:
        """Return the packets that have one of these bits set."""
        return self.among(values)

    def no_bit(self, values: Sequence[Tree]) -> Parts:
        """Return the packets that have none of these bits set."""
        return self.outside(values)

    def masked(self, mask: Tree) -> Field:
        """Return the field under a mask."""
        raise DoubtError(within=self.has)


class Numeric(Field):
    """A number in a header; `make` returns the packets that have one of a set."""

    def __init__(self, whole: IntervalSet, read: Read, make: Callable[[IntervalSet], Parts]) -> None:
        self._whole, self._read, self._make = whole, read, make
        self.has = make(whole)

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return self._make(self._numbers(values))

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        return self._make(self._whole - self._numbers(values))

    def ordered(self, op: str, value: Tree) -> Parts:
        """As `Field` says."""
        number = only(self._read, value)
        low, high = self._whole.lowest, self._whole.ranges[-1][1]
        ends = ends_of(op, number, low, high)
        return self._make(IntervalSet.of(ends) & self._whole) if ends[0] <= ends[1] else NOTHING

    def masked(self, mask: Tree) -> Field:
        """As `Field` says."""
        bits = only(self._read, mask)
        return Numeric(self._whole, lambda tree: self._under(bits, tree), self._make)

    def _numbers(self, values: Sequence[Tree]) -> IntervalSet:
        return IntervalSet.union(map(self._read, values))

    def _under(self, mask: int, tree: Tree) -> IntervalSet:
        """The numbers of which the bits of a mask are this value."""
        value = only(self._read, tree)
        if value & ~mask:
            return IntervalSet()
        width = self._whole.ranges[-1][1].bit_length()
        free = [bit for bit in range(width) if not mask >> bit & 1]
        low = 0
        while low < len(free) and free[low] == low:
            low += 1
        holes = free[low:]
        if len(holes) > _MOST_HOLES:
            raise not_known(tree)
        starts = [value]
        for hole in holes:
            starts += [start | 1 << hole for start in starts]
        return IntervalSet.of(*((start, start + (1 << low) - 1) for start in starts)) & self._whole


class Concatenation(Field):
    """Several fields side by side: each value has one for each of them."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        has: Parts = EVERYTHING
        for each in fields:
            has = both(has, each.has)
        self.has = has

    def among(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        found = [part for key in self._by_rest(values) for part in self._product(key)]
        return both(self.has, found)

    def outside(self, values: Sequence[Tree]) -> Parts:
        """As `Field` says."""
        rest = self.has
        for value in values:
            parts = self._values(value)
            left: list[Parts] = []
            for at, field in enumerate(self._fields):
                before = rest
                for number in range(at):
                    before = both(before, self._fields[number].among(parts[number:number + 1]))
                left.append(both(before, field.outside(parts[at:at + 1])))
            rest = [part for each in left for part in each]
            if len(rest) > _MOST_OUTSIDE:
                raise DoubtError(within=self.has)
        return rest

    def _product(self, key: Sequence[Sequence[Tree]]) -> Parts:
        found: Parts = EVERYTHING
        for field, values in zip(self._fields, key, strict=True):
            found = both(found, field.among(values))
        return found

    def _by_rest(self, values: Sequence[Tree]) -> list[list[Sequence[Tree]]]:
        """Put together the values that differ in their first field only: fewer, larger products."""
        grouped: dict[str, tuple[list[Tree], Sequence[Tree]]] = {}
        for value in values:
            first, *rest = self._values(value)
            grouped.setdefault(repr(rest), ([], rest))[0].append(first)
        return [[firsts, *([each] for each in rest)] for firsts, rest in grouped.values()]

    def _values(self, value: Tree) -> Sequence[Tree]:
        match value:
            case {"concat": [*several]} if len(several) == len(self._fields):
                return several
            case _:
                raise not_known(value)


def every(numbers: IntervalSet, tree: Tree) -> Sequence[int]:
    """Return each number of a small set; DoubtError for a large one."""
    if numbers.size > _MOST_VALUES:
        raise not_known(tree)
    return [number for low, high in numbers.ranges for number in range(low, high + 1)]
