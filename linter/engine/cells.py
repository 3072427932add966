"""The state of every packet of a demand while it walks: which fates are still possible for it.

Each packet carries flags: it may have been permitted, it may have been denied, it may still be walking
(one live slot per depth of the call stack). Packets with equal flags are kept together: rows of source
classes, in each row the destination classes grouped by state, in each state one bitset of service classes
per flag. All set work is `and` and `or` on Python ints. (Kept apart because boxes subtracted from boxes
explode on real group shapes: docs/decisions/0002.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from linter.engine.classes import bits

PERMITTED, DENIED, LIVE = 0, 1, 2
"""Slots of a state; LIVE + depth is the live slot of a called chain."""

State = tuple[int, ...]
"""One bitset of service classes per slot."""


class Area(NamedTuple):
    """A product of classes: bitsets of sources, destinations and services."""

    sources: int
    destinations: int
    services: int


class Take(NamedTuple):
    """What a rule took of one uniform part: its destinations and services, and what else was possible."""

    destinations: int
    services: int
    maybe_permitted: int
    maybe_denied: int
    elsewhere: int
    """Also live in another slot, because a jump was uncertain."""


@dataclass(slots=True)
class _Row:
    sources: int
    parts: dict[State, int]


class Cells:
    """All packets of a demand by state; every packet starts live at depth 0."""

    def __init__(self, sources: int, destinations: int, services: int, depth: int) -> None:
        state = (0, 0, services, *([0] * depth))
        self._rows = [_Row((1 << sources) - 1, {state: destinations})]
        self._row_of = [0] * sources

    def move(self, area: Area, slot: int, to: tuple[int, ...], *, sure: bool) -> dict[Take, int]:
        """Send the packets of `area` that are live in `slot` on to the slots `to`.

        Unless `sure`, they also stay where they are: both fates are possible. Returns what was taken, each
        with the bitset of sources.
        """
        taken: dict[Take, int] = {}
        for row in self._meeting(area, slot):
            parts: dict[State, int] = {}
            for state, destinations in row.parts.items():
                hit = destinations & area.destinations
                services = state[slot] & area.services
                if not (hit and services):
                    parts[state] = parts.get(state, 0) | destinations
                    continue
                if hit != destinations:
                    parts[state] = parts.get(state, 0) | (destinations & ~hit)
                after = _moved(state, services, slot, to, sure)
                parts[after] = parts.get(after, 0) | hit
                elsewhere = 0
                for other in range(LIVE, slot):
                    elsewhere |= state[other]
                take = Take(hit, services, state[PERMITTED] & services, state[DENIED] & services,
                            elsewhere & services)
                taken[take] = taken.get(take, 0) | row.sources
            row.parts = parts
        return taken

    def next_stage(self) -> None:
        """What may have passed this stage is what enters the next one."""
        for row in self._rows:
            parts: dict[State, int] = {}
            for state, destinations in row.parts.items():
                after = (0, state[DENIED], state[PERMITTED], *state[LIVE + 1:])
                parts[after] = parts.get(after, 0) | destinations
            row.parts = parts

    def any_in(self, slot: int) -> bool:
        """Tell whether any packet is live in `slot`."""
        return any(state[slot] for row in self._rows for state in row.parts)

    def areas(self, slot: int, without: int | None = None, within: int | None = None) -> list[Area]:
        """The packets that carry one flag, and lack or also carry another, as few products."""
        found: dict[tuple[int, int], int] = {}
        for row in self._rows:
            for state, destinations in row.parts.items():
                services = state[slot]
                if without is not None:
                    services &= ~state[without]
                if within is not None:
                    services &= state[within]
                if services:
                    key = (destinations, services)
                    found[key] = found.get(key, 0) | row.sources
        return merged([Area(s, d, v) for (d, v), s in found.items()])

    def _meeting(self, area: Area, slot: int) -> Iterator[_Row]:
        """Rows inside the area's sources that it really touches, split off from the rest where needed."""
        wanted = area.sources
        if wanted.bit_count() < len(self._rows):
            indices = list(dict.fromkeys(self._row_of[k] for k in bits(wanted)))
        else:
            indices = [k for k, row in enumerate(self._rows) if row.sources & wanted]
        for index in indices:
            row = self._rows[index]
            if not any(state[slot] & area.services and destinations & area.destinations
                       for state, destinations in row.parts.items()):
                continue
            if row.sources & ~wanted:
                yield self._split(row, wanted)
            else:
                yield row

    def _split(self, row: _Row, wanted: int) -> _Row:
        part = _Row(row.sources & wanted, row.parts)
        row.sources &= ~wanted
        for k in bits(part.sources):
            self._row_of[k] = len(self._rows)
        self._rows.append(part)
        return part


def _moved(state: State, services: int, slot: int, to: tuple[int, ...], sure: bool) -> State:
    after = list(state)
    if sure:
        after[slot] &= ~services
    for target in to:
        after[target] |= services
    settled = after[PERMITTED] & after[DENIED]  # both fates possible: nothing later can change that
    if settled:
        after[LIVE:] = [live & ~settled for live in after[LIVE:]]
    return tuple(after)


def merged(areas: list[Area]) -> list[Area]:
    """Join areas that differ on one axis only, axis by axis."""
    by_destination: dict[tuple[int, int], int] = {}
    for s, d, v in areas:
        by_destination[s, v] = by_destination.get((s, v), 0) | d
    by_service: dict[tuple[int, int], int] = {}
    for (s, v), d in by_destination.items():
        by_service[s, d] = by_service.get((s, d), 0) | v
    by_source: dict[tuple[int, int], int] = {}
    for (s, d), v in by_service.items():
        by_source[d, v] = by_source.get((d, v), 0) | s
    return [Area(s, d, v) for (d, v), s in by_source.items()]
