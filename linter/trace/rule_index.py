"""Which lines of a long list can match a packet: found by its addresses, not by going through the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Generic, TypeVar

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Chain, Rule

_LONG = 32
"""Shorter lists are gone through."""
_MOST_LISTS = 1024

Line = TypeVar("Line", Rule, Translation)

_Block = tuple[int, int]
"""How many low bits of an address are free, and the others: a network or a host."""


class _End:
    """The sets of addresses that lines have at one end, each under the networks that it consists of."""

    def __init__(self, sets: Sequence[IntervalSet]) -> None:
        known: dict[int, int] = {}  # by identity: parsers share equal sets
        self._within: dict[_Block, list[int]] = {}
        for each in sets:
            if id(each) not in known:
                known[id(each)] = len(known)
                for block in _blocks(each):
                    self._within.setdefault(block, []).append(known[id(each)])
        self.numbers = [known[id(each)] for each in sets]
        """The number of each line's set."""
        self._sizes = {free for free, _ in self._within}

    def holding(self, address: int) -> list[int]:
        """Return the numbers of the sets that an address is in."""
        found: list[int] = []
        for free in self._sizes:
            found += self._within.get((free, address >> free), ())
        return found


def _blocks(addresses: IntervalSet) -> Iterator[_Block]:
    """Cut a set into networks."""
    for low, high in addresses.ranges:
        while low <= high:
            free = (high - low + 1).bit_length() - 1
            if low:
                free = min(free, (low & -low).bit_length() - 1)
            yield free, low >> free
            low += 1 << free


class _Index(Generic[Line]):
    """The lines of one list, by the sets that they have at both ends."""

    def __init__(self, lines: Sequence[Line], family: Family) -> None:
        self.lines: Sequence[Line] = lines
        self._sources = _End([line.sources.of(family) for line in lines])
        self._destinations = _End([line.destinations.of(family) for line in lines])
        self._by_ends: dict[tuple[int, int], list[int]] = {}
        self._by_source: dict[int, list[int]] = {}
        for number, ends in enumerate(zip(self._sources.numbers, self._destinations.numbers, strict=True)):
            self._by_ends.setdefault(ends, []).append(number)
            self._by_source.setdefault(ends[0], []).append(number)

    def meeting(self, packet: Packet) -> Iterator[Line]:
        """Yield the lines whose addresses a packet has, in order."""
        sources = self._sources.holding(packet.source)
        destinations = self._destinations.holding(packet.destination)
        found: list[int] = []
        if len(sources) * len(destinations) < len(self._by_ends):
            for ends in product(sources, destinations):
                found += self._by_ends.get(ends, ())
        else:
            some, others = set(sources), set(destinations)
            for (source, destination), numbers in self._by_ends.items():
                if source in some and destination in others:
                    found += numbers
        return (self.lines[number] for number in sorted(found))

    def sent_by(self, packet: Packet) -> Iterator[Line]:
        """Yield the lines whose sources hold the packet's, in order."""
        found: list[int] = []
        for source in self._sources.holding(packet.source):
            found += self._by_source[source]
        return (self.lines[number] for number in sorted(found))


_RULES: dict[tuple[int, bool], _Index[Rule]] = {}
_TRANSLATIONS: dict[tuple[int, bool], _Index[Translation]] = {}
"""By the identity of a list, which is kept, and whether it is for IPv4."""


def rules_for(chain: Chain, packet: Packet) -> Iterable[Rule]:
    """Return the rules of a list in order, at least all those whose addresses match a packet."""
    return _found(_RULES, chain.rules, packet)


def translations_for(lines: Sequence[Translation], packet: Packet) -> Iterable[Translation]:
    """Return the lines of a translation table in the same way."""
    return _found(_TRANSLATIONS, lines, packet)


def translations_of_sender(lines: Sequence[Translation], packet: Packet) -> Iterable[Translation]:
    """Return the lines that a packet's source matches, whatever its destination; perhaps others."""
    if len(lines) < _LONG:
        return lines
    return _index(_TRANSLATIONS, lines, packet).sent_by(packet)


def _found(indexes: dict[tuple[int, bool], _Index[Line]], lines: Sequence[Line],
           packet: Packet) -> Iterable[Line]:
    return lines if len(lines) < _LONG else _index(indexes, lines, packet).meeting(packet)


def _index(indexes: dict[tuple[int, bool], _Index[Line]], lines: Sequence[Line],
           packet: Packet) -> _Index[Line]:
    key = id(lines), packet.family is Family.V4
    found = indexes.get(key)
    if found is None:
        if len(indexes) >= _MOST_LISTS:
            indexes.clear()
        found = indexes[key] = _Index(lines, packet.family)
    return found
