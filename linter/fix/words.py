"""Addresses and ports cut into the pieces that one line of a vendor can hold."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.model.addresses import Family, write
from parsers.model.intervals import IntervalSet


def networks(family: Family, numbers: IntervalSet) -> list[tuple[str, int]]:
    """Cut addresses into networks: the address, and the length of its prefix."""
    return [piece for low, high in numbers.ranges for piece in _networks(family, low, high)]


def _networks(family: Family, low: int, high: int) -> Iterator[tuple[str, int]]:
    bits = family.last.bit_length()
    while low <= high:
        size = 1 << min((low & -low).bit_length() - 1 if low else bits, (high - low + 1).bit_length() - 1)
        yield write(family, low), bits - size.bit_length() + 1
        low += size


def ranges(family: Family, numbers: IntervalSet) -> list[str]:
    """Write addresses as Windows takes them: one address, a network with a prefix, a range."""
    from parsers.model.addresses import spell

    return spell(family, numbers.ranges)
