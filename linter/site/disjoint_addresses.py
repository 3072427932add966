"""Addresses that are given one by one and may not overlap; thousands, so none is compared with all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.intervals import Range


class DisjointAddresses:
    """The addresses of a role as they are read, each one range of one family."""

    def __init__(self) -> None:
        self._ends: dict[Family, list[Range]] = {family: [] for family in Family}
        """Disjoint, in order; what overlaps is left out, so that it is reported once."""

    def overlaps(self, fresh: AddressSet) -> bool:
        """Whether any of it was given before."""
        return any(self._position(family, one) is None for family, one in _ranges(fresh))

    def add(self, fresh: AddressSet) -> None:
        """Remember what overlaps nothing."""
        for family, one in _ranges(fresh):
            position = self._position(family, one)
            if position is not None:
                self._ends[family].insert(position, one)

    def _position(self, family: Family, one: Range) -> int | None:
        """Where a range belongs in the order; None where it overlaps one that is there."""
        known = self._ends[family]
        position = bisect_right(known, one)
        before, after = known[position - 1:position], known[position:position + 1]
        if any(high >= one[0] for _, high in before) or any(low <= one[1] for low, _ in after):
            return None
        return position


def _ranges(addresses_of: AddressSet) -> Iterator[tuple[Family, Range]]:
    for family in Family:
        for one in addresses_of.of(family).ranges:
            yield family, one
