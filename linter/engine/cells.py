"""The state of every packet of a demand during evaluation: which fates are still possible for it.

Each packet carries flags: it may have been permitted, it may have been denied, it may have left the chain
undecided, it may still be in it. Packets with equal flags are kept together: rows of classes of one axis,
in each row the classes of a second axis grouped by state, in each state one bitset of classes of the third
axis per flag. A packet leaves the rows when nothing can change its fate any more, so rules cost work only
where something is open. All set work is `and` and `or` on Python ints. (Kept apart because boxes subtracted
from boxes explode on real group shapes: docs/decisions/0002.)
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from msgspec import Struct

from aclproof.linter.engine import budget
from aclproof.linter.engine.classes import bits

PERMITTED, DENIED, RETURNED, LIVE = 0, 1, 2, 3
"""Slots of a state: two fates, at the end of the chain without one, and still in it."""

State = tuple[int, int, int, int]
"""One bitset of inner classes per slot; every bit in it is live, or reached the end of the chain."""


class Area(NamedTuple):
    """A product of classes, one bitset per axis; which axis is which is for `space` to know."""

    rows: int
    columns: int
    inner: int


def meet(one: Area, two: Area) -> Area | None:
    """Return what two areas have in common, None for nothing."""
    common = Area(one.rows & two.rows, one.columns & two.columns, one.inner & two.inner)
    return common if all(common) else None


class Take(NamedTuple):
    """What a rule took of one uniform part, and what else was possible there."""

    area: Area
    maybe_permitted: int
    maybe_denied: int
    elsewhere: int
    """May have left the chain before, or never have come to it."""


class _Row(Struct, eq=False):
    classes: int
    parts: dict[State, int]
    """Columns by state; they may share columns, never packets. Empty when all fates are settled."""

    def change(self, state: State, columns: int, after: State | None) -> None:
        """Give some columns of a part another state, or take them off when their fate is settled."""
        rest = self.parts[state] & ~columns
        if rest:
            self.parts[state] = rest
        else:
            del self.parts[state]
        if after:
            self.parts[after] = self.parts.get(after, 0) | columns


class Cells:
    """All packets of a demand by state; every packet starts live."""

    def __init__(self, everything: Area, *, to_the_end: bool = False) -> None:
        """With `to_the_end`, packets that may have been either are live as long as they may be in the chain:
        of lines that change them it matters which they still meet."""
        self._budget = budget.current()
        self._to_the_end = to_the_end
        self._rows: dict[_Row, None] = {}  # ordered, and cheap to leave
        self._owner: dict[int, _Row] = {}
        self._permitted: list[Area] = []
        self._denied: list[Area] = []
        self._undecided: list[Area] = []
        self._add(_Row(everything.rows, {_entering(False, everything.inner): everything.columns}))

    @property
    def permitted(self) -> list[Area]:
        """What can only have been permitted."""
        return merged(self._permitted)

    @property
    def denied(self) -> list[Area]:
        """What can only have been denied."""
        return merged(self._denied)

    @property
    def undecided(self) -> list[Area]:
        """What may have been either."""
        return merged(self._undecided)

    def move(self, area: Area, slot: int, to: tuple[int, ...], *, sure: bool) -> list[Take]:
        """Send the packets of `area` that are in `slot` on to the slots `to`.

        Unless `sure`, they also stay where they are: both is possible. Returns what was taken.
        """
        moves: dict[tuple[State, int], _Move] = {}
        wanted, across, through = area
        near = self._near(wanted)
        self._budget.spend(len(near) + 1)
        for row in near:
            hits = [(state, columns & across) for state, columns in row.parts.items()
                    if columns & across and state[slot] & through]
            if not hits:
                continue
            if row.classes & ~wanted:
                row = self._split(row, wanted)
            for hit in hits:
                state, columns = hit
                move = moves.get(hit)
                if move is None:
                    after = _moved(state, state[slot] & through, slot, to, sure)
                    moves[hit] = move = _Move(after, self._live(after))
                move.rows |= row.classes
                row.change(state, columns, move.open)
            if not row.parts:
                del self._rows[row]
        for (_, columns), move in moves.items():
            self._settle(move.rows, columns, move.after)
        return [_take(Area(move.rows, columns, state[slot] & through), state)
                for (state, columns), move in moves.items()]

    def next_stage(self) -> None:
        """What may have passed this stage is what enters the next one."""
        passed = [(area, _entering(denied, area.inner))
                  for areas, denied in ((self.permitted, False), (self.undecided, True)) for area in areas]
        self._permitted, self._undecided = [], []
        content: dict[int, list[int]] = {}
        for number, (area, _) in enumerate(passed):
            for k in bits(area.rows):
                content.setdefault(k, []).append(number)
        alike: dict[tuple[int, ...], int] = {}
        for k, numbers in content.items():
            alike[tuple(numbers)] = alike.get(tuple(numbers), 0) | 1 << k
        for numbers_alike, classes in alike.items():
            parts: dict[State, int] = {}
            for number in numbers_alike:
                area, state = passed[number]
                parts[state] = parts.get(state, 0) | area.columns
            self._add(_Row(classes, parts))

    def any_in(self, slot: int) -> bool:
        """Whether any packet is live in `slot`."""
        return any(state[slot] for row in self._rows for state in row.parts)

    def areas_in(self, slot: int) -> list[Area]:
        """The packets that may be in `slot`, except those of which nothing more is asked."""
        return merged([Area(row.classes, columns, state[slot]) for row in self._rows
                       for state, columns in row.parts.items() if state[slot]])

    def _add(self, row: _Row) -> None:
        self._rows[row] = None
        for k in bits(row.classes):
            self._owner[k] = row

    def _near(self, wanted: int) -> Collection[_Row]:
        """The rows that share classes with `wanted`."""
        if wanted.bit_count() < len(self._rows):
            return dict.fromkeys(self._owner[k] for k in bits(wanted))
        return [row for row in self._rows if row.classes & wanted]

    def _split(self, row: _Row, wanted: int) -> _Row:
        part = _Row(row.classes & wanted, row.parts.copy())
        row.classes &= ~wanted
        self._add(part)
        return part

    def _settle(self, rows: int, columns: int, state: State) -> None:
        """File away the packets whose fate nothing can change any more."""
        permitted, denied, settled = state[PERMITTED], state[DENIED], ~self._live(state)
        for known, inner in ((self._permitted, permitted & ~denied & settled),
                             (self._denied, denied & ~permitted & settled),
                             (self._undecided, permitted & denied & settled)):
            if inner:
                known.append(Area(rows, columns, inner))

    def _live(self, state: State) -> int:
        """What later rules can still change."""
        live = state[LIVE] | state[RETURNED]
        return live if self._to_the_end else live & ~(state[PERMITTED] & state[DENIED])


class _Move:
    """One change of state, shared by all rows that hold equal parts."""

    __slots__ = ("after", "open", "rows")

    def __init__(self, after: State, live: int) -> None:
        self.rows = 0
        self.after = after
        permitted, denied, returned, still_in = after
        self.open = (permitted & live, denied & live, returned & live, still_in & live) if live else None


def _entering(denied: bool, inner: int) -> State:
    return 0, inner if denied else 0, 0, inner


def _take(area: Area, state: State) -> Take:
    return Take(area, state[PERMITTED] & area.inner, state[DENIED] & area.inner, state[RETURNED] & area.inner)


def _moved(state: State, inner: int, slot: int, to: tuple[int, ...], sure: bool) -> State:
    after = list(state)
    if sure:
        after[slot] &= ~inner
    for target in to:
        after[target] |= inner
    permitted, denied, returned, still_in = after
    return permitted, denied, returned, still_in


def merged(areas: list[Area]) -> list[Area]:
    """Join disjoint areas that differ on one axis only, axis by axis."""
    for axis in (1, 2, 0):
        if len(areas) < 2:
            break
        areas = _joined(areas, axis)
    return areas


def _joined(areas: list[Area], axis: int) -> list[Area]:
    one, two = (other for other in range(3) if other != axis)
    alike: dict[tuple[int, int, int, int], int] = {}
    for area in areas:
        # Powers of two share 61 hashes, those of their remainders by 2**61 - 1: the lengths tell them apart.
        same = area[one].bit_length(), area[two].bit_length(), area[one], area[two]
        alike[same] = alike.get(same, 0) | area[axis]
    joined = []
    for (_, _, *masks), mask in alike.items():
        masks.insert(axis, mask)
        joined.append(Area(*masks))
    return joined
