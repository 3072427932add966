"""Which lines of a long list can match a packet: found by its addresses and port, not by going through it."""

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
_Ends = tuple[int, int]
"""The numbers of a line's sets."""

_Block = tuple[int, int]
"""How many low bits of a number are free, and the others: of an address a network or a host."""


class _Axis:
    """The sets of numbers that lines have on one axis, each under the blocks that it consists of."""

    def __init__(self, sets: Sequence[IntervalSet]) -> None:
        known: dict[int, int] = {}  # by identity: parsers share equal sets
        self._within: dict[_Block, list[int]] = {}
        for each in sets:
            if id(each) not in known:
                known[id(each)] = len(known)
                for block in _blocks(each):
                    self._within.setdefault(block, []).append(known[id(each)])
        self._sizes = {free for free, _ in self._within}
        self.numbers = [known[id(each)] for each in sets]
        """The number of each line's set."""
        self._lines: list[list[int]] = [[] for _ in known]
        for line, number in enumerate(self.numbers):
            self._lines[number].append(line)

    def holding(self, number: int) -> list[int]:
        """Return which sets hold a number."""
        found: list[int] = []
        for free in self._sizes:
            found += self._within.get((free, number >> free), ())
        return found

    def lines(self, number: int) -> list[int]:
        """Return the places of the lines whose set holds a number, in no order."""
        return [line for each in self.holding(number) for line in self._lines[each]]


def _blocks(numbers: IntervalSet) -> Iterator[_Block]:
    """Cut a set into blocks."""
    for low, high in numbers.ranges:
        while low <= high:
            free = (high - low + 1).bit_length() - 1
            if low:
                free = min(free, (low & -low).bit_length() - 1)
            yield free, low >> free
            low += 1 << free


class _Index(Generic[Line]):
    """The lines of one list, by the sets that they have at both ends; where many have the same, by ports."""

    def __init__(self, lines: Sequence[Line], family: Family) -> None:
        self.lines: Sequence[Line] = lines
        self._sources = _Axis([line.sources.of(family) for line in lines])
        self._destinations = _Axis([line.destinations.of(family) for line in lines])
        self._by_ends: dict[_Ends, list[int]] = {}
        for number, ends in enumerate(zip(self._sources.numbers, self._destinations.numbers, strict=True)):
            self._by_ends.setdefault(ends, []).append(number)
        self._by_port: dict[_Ends, _Axis] = {}

    def meeting(self, packet: Packet) -> Iterator[Line]:
        """Yield the lines that a packet may match, in order."""
        sources = self._sources.holding(packet.source)
        destinations = self._destinations.holding(packet.destination)
        pairs: Iterable[_Ends] = product(sources, destinations)
        if len(sources) * len(destinations) > len(self._by_ends):
            some, others = set(sources), set(destinations)
            pairs = (ends for ends in self._by_ends if ends[0] in some and ends[1] in others)
        found: list[int] = []
        for ends in pairs:
            found += self._with_ends(ends, packet.destination_port)
        return (self.lines[number] for number in sorted(found))

    def _with_ends(self, ends: _Ends, port: int) -> Sequence[int]:
        numbers = self._by_ends.get(ends, ())
        if len(numbers) < _LONG:
            return numbers
        ports = self._by_port.get(ends)
        if ports is None:
            ports = self._by_port[ends] = _Axis([
                IntervalSet.union(each.destination_ports for each in self.lines[number].services)
                for number in numbers])
        return [numbers[at] for at in ports.lines(port)]

    def sent_by(self, packet: Packet) -> Iterator[Line]:
        """Yield the lines whose sources hold the packet's, in order."""
        return (self.lines[number] for number in sorted(self._sources.lines(packet.source)))


_RULES: dict[tuple[int, bool], _Index[Rule]] = {}
_TRANSLATIONS: dict[tuple[int, bool], _Index[Translation]] = {}
"""By the identity of a list, which is kept, and whether it is for IPv4."""


def rules_for(chain: Chain, packet: Packet) -> Iterable[Rule]:
    """Return the rules of a list in order, at least all those whose addresses and services match a packet."""
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
