"""Which rules of a long chain can meet which demands: one pass for all demands at once.

All ends of all demands cut an axis into atoms; each atom knows the demands that cover it as a bit mask. A
set meets the demands of the atoms that it touches. Sets are interned, so each is looked up once and a rule
costs three look-ups and two `and`s.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from aclproof.linter.engine.classes import bits
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import Ends, PlainRules
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import Service


def candidates(rules: Sequence[Rule], demands: Sequence[Box], *, disabled: bool = False) -> list[list[Rule]]:
    """For each demand, the enabled rules that meet it on every axis, in order; or the others as well."""
    kept: list[list[Rule]] = [[] for _ in demands]
    for first, axes in in_batches(demands):
        for rule, mask in axes.meeting(rules, disabled=disabled):
            for number in bits(mask):
                kept[first + number].append(rule)
    return kept


class FirstCandidates:
    """For each demand the first rules of a chain that meet it, disabled ones as well; for many chains."""

    def __init__(self, demands: Sequence[Box], most: int) -> None:
        self._batches = list(in_batches(demands))
        self._most = most

    def of(self, rules: Sequence[Rule], wanted: Callable[[Rule], bool]) -> dict[int, list[Rule]]:
        """Return so many of the wanted rules at most by the number of the demand, where there are any."""
        kept: dict[int, list[Rule]] = {}
        for first, axes in self._batches:
            wanting = (1 << axes.size) - 1
            for rule, mask in axes.meeting(rules, disabled=True):
                for number in bits(mask & wanting) if wanted(rule) else ():
                    found = kept.setdefault(first + number, [])
                    found.append(rule)
                    if len(found) == self._most:
                        wanting ^= 1 << number
                if not wanting:
                    break
        return kept


def first_met(rules: Sequence[Rule], demands: Sequence[Box]) -> Counter[int]:
    """Count the enabled rules that meet any of the demands, by the number of the first that each meets."""
    met = Axes(demands).meeting(rules, disabled=False)
    return Counter((mask & -mask).bit_length() - 1 for _, mask in met)


_BATCH = 1024
"""Masks of many demands cost the square of their number: so many are looked for in one pass."""


def in_batches(demands: Sequence[Box]) -> Iterator[tuple[int, Axes]]:
    """Yield what demands cut each axis into, a limited number of them at a time, with that of the first."""
    for first in range(0, len(demands), _BATCH):
        yield first, Axes(demands[first:first + _BATCH])


class Axes:
    """What all demands cut each axis into: made once for them, and good for any number of chains."""

    def __init__(self, demands: Sequence[Box]) -> None:
        self.size = len(demands)
        self._sources = _Addresses(demands, [demand.sources for demand in demands])
        self._destinations = _Addresses(demands, [demand.destinations for demand in demands])
        self._services = _Services(demands)

    def meeting(self, rules: Sequence[Rule], *, disabled: bool) -> Iterator[tuple[Rule, int]]:
        """Yield each rule that meets some demands, with their mask."""
        if isinstance(rules, PlainRules):
            return self._meeting_columns(rules, disabled=disabled)
        return self._meeting_rules(rules, disabled=disabled)

    def _meeting_columns(self, rules: PlainRules, *, disabled: bool) -> Iterator[tuple[Rule, int]]:
        """Only the rules that meet some are made."""
        masks = [0, *(self._services.find(each.services) if each.enabled or disabled else 0
                      for each in rules.kinds)]
        sources = self._sources.columns(rules.sources)
        destinations = self._destinations.columns(rules.destinations)
        for at, kind in enumerate(rules.kind_of):
            if not kind:
                yield from self._meeting_rules((rules[at],), disabled=disabled)
                continue
            mask = masks[kind]
            if mask:
                mask &= destinations(at)
            if mask:
                mask &= sources(at)
            if mask:
                yield rules[at], mask

    def _meeting_rules(self, rules: Iterable[Rule], *, disabled: bool) -> Iterator[tuple[Rule, int]]:
        sources, destinations, services = self._sources, self._destinations, self._services
        for rule in rules:
            _, source, destination, service, _, _, enabled, _, _ = rule
            mask = services.get(id(service))
            if mask is None:
                mask = services.find(service)
            if not mask:
                continue
            other = destinations.get(id(destination))
            if other is None:
                other = destinations.find(destination)
            mask &= other
            if not mask:
                continue
            other = sources.get(id(source))
            if other is None:
                other = sources.find(source)
            mask &= other
            if mask and (enabled or disabled):
                yield rule, mask


class _Addresses(dict[int, int]):
    """Mask of demands by identity of an address set."""

    def __init__(self, demands: Sequence[Box], sets: Sequence[IntervalSet]) -> None:
        super().__init__()
        self._axes = {family: _Axis([(1 << number, numbers) for number, numbers in enumerate(sets)
                                     if demands[number].family is family]) for family in Family}

    def columns(self, ends: Ends) -> Callable[[int], int]:
        """Return what finds the mask of the addresses of a rule by its place."""
        lows, highs, within = ends.lows, ends.highs, self._axes[Family.V4].within
        others = [self.find(each) for each in ends.sets]

        def mask(at: int) -> int:
            low, high = lows[at], highs[at]
            return within(low, high) if low <= high else others[low - 1]

        return mask

    def find(self, addresses: AddressSet) -> int:
        mask = 0
        if addresses.v4:
            mask |= self._axes[Family.V4].meeting(addresses.v4)
        if addresses.v6:
            mask |= self._axes[Family.V6].meeting(addresses.v6)
        self[id(addresses)] = mask
        return mask


class _Axis:
    """The demands over one axis, cut into atoms."""

    def __init__(self, sets: Sequence[tuple[int, IntervalSet]]) -> None:
        events: dict[int, int] = {}
        for bit, numbers in sets:
            for low, high in numbers.ranges:
                events[low] = events.get(low, 0) ^ bit
                events[high + 1] = events.get(high + 1, 0) ^ bit
        self._starts = sorted(events)
        masks = [0]
        for start in self._starts:
            masks.append(masks[-1] ^ events[start])
        self._masks = masks
        self._table = {0: masks}  # a sparse table: row r holds the `or` of 2**r neighbours

    def meeting(self, numbers: IntervalSet) -> int:
        if len(numbers.ranges) > _LOPSIDED * len(self._starts):
            return self._within(numbers.ranges)
        starts, masks, mask = self._starts, self._masks, 0
        for low, high in numbers.ranges:
            first = bisect_right(starts, low)
            if first == len(starts) or high < starts[first]:  # in one atom, as most are
                mask |= masks[first]
            else:
                mask |= self.within(low, high)
        return mask

    def within(self, low: int, high: int) -> int:
        """Return the demands that have any number of a range."""
        starts = self._starts
        first = bisect_right(starts, low)
        if first == len(starts) or high < starts[first]:
            return self._masks[first]
        last = bisect_right(starts, high, first)
        row = (last - first + 1).bit_length() - 1
        table = self._table.get(row) or self._row(row)
        return table[first] | table[last - (1 << row) + 1]

    def _row(self, wanted: int) -> list[int]:
        """Make a row of the table: most are never asked for, and all take a multiple of the first."""
        below = max(row for row in self._table if row < wanted)
        found = self._table[below]
        for row in range(below, wanted):
            step = 1 << row
            found = [found[k] | found[k + step] for k in range(len(found) - step)]
        self._table[wanted] = found
        return found

    def _within(self, ranges: Sequence[Range]) -> int:
        """The same, by going through the atoms."""
        mask = 0
        for (first, end), demands in zip(pairwise(self._starts), self._table[0][1:], strict=False):
            at = bisect_left(ranges, (end,))
            if at and ranges[at - 1][1] >= first:
                mask |= demands
        return mask


_LOPSIDED = 8
"""From so many ranges for each atom on, looking for atoms among ranges is faster than the other way round."""


class _Services(dict[int, int]):
    """Mask of demands by identity of a tuple of services."""

    def __init__(self, demands: Sequence[Box]) -> None:
        super().__init__()
        kinds: dict[int, dict[tuple[IntervalSet, IntervalSet], int]] = {}
        for number, box in enumerate(demands):
            ports = kinds.setdefault(box.protocol, {})
            kind = (box.destination_ports, box.source_ports)
            ports[kind] = ports.get(kind, 0) | 1 << number
        self._kinds = [(protocol, [(*kind, mask) for kind, mask in ports.items()])
                       for protocol, ports in kinds.items()]

    def find(self, services: tuple[Service, ...]) -> int:
        mask = 0
        for each in services:
            for protocol, ports in self._kinds:
                if protocol not in each.protocols:
                    continue
                for destination, source, demands in ports:
                    if destination.overlaps(each.destination_ports) and source.overlaps(each.source_ports):
                        mask |= demands
        self[id(services)] = mask
        return mask
