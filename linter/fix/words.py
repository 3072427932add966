"""Addresses and ports cut into the pieces that one line of a vendor can hold."""

from __future__ import annotations

from collections.abc import Iterator

from linter.engine.packets import Box
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


def pieces(box: Box) -> int:
    """Count the lines that a box takes where each holds one network at either end and one range of ports."""
    return (len(networks(box.family, box.sources)) * len(networks(box.family, box.destinations))
            * len(box.source_ports.ranges) * len(box.destination_ports.ranges))
