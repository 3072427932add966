"""What the lines of a chain took of the packets, and which of them a call may repeat together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from msgspec import Struct

from aclproof.linter.engine import cells
from aclproof.linter.engine.cells import DENIED, PERMITTED, Area, Take, meet
from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.rules import Default, Rule, Stage


class Entry(Struct):
    """What one line took, and the slot that it sent it to."""

    stage: Stage | None
    by: Line
    to: int
    open: tuple[Condition, ...]
    takes: list[Take]

    @property
    def has_effect(self) -> bool:
        """Whether the line changes packets."""
        return isinstance(self.by, Rule) and self.by.effect is not None

    @property
    def matters(self) -> bool:
        """Whether it matters for packets that only go on."""
        return bool(self.open) or self.has_effect

    @property
    def decides(self) -> bool:
        """Whether the line ends the way of what it takes."""
        return self.to in (PERMITTED, DENIED)

    @property
    def is_sure(self) -> bool:
        """Whether the way of all that it takes of a chain's packets surely ends there, and no more is to be
        done to them."""
        return not self.matters and not any(take.elsewhere for take in self.takes)

    def covers(self, area: Area) -> bool:
        """Whether the line took all of an area at once before."""
        return any(_inside(area, take.area) for take in self.takes)


class Group(Struct, eq=False):
    """Lines of a chain, and of those that it calls, that surely decide alike whatever comes to them."""

    members: Sequence[Entry]
    depth: int
    """More than that of any group among the members."""


Line = Rule | Default | Group
"""What takes packets."""

_MANY = 16
"""So many pieces of what lines of a called chain took are repeated one by one by each call."""
_WORTH = 2
"""So many pieces a group has to save for each that it keeps."""
_MOST_AREAS = 64
"""And it keeps so many at most: each of its lines is looked for in all of them at the end."""


def grouped(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Put lines that surely decide alike into groups, where a call would repeat much and it becomes less.

    Nobody else takes the packets of such a line, so the groups may come last.
    """
    if sum(len(each.takes) for each in entries) <= _MANY:
        return entries
    sure = [each for each in entries if each.is_sure]
    kept = [each for each in entries if not each.is_sure]
    for to in (PERMITTED, DENIED):
        members = [each for each in sure if each.to == to]
        takes = [take.area for each in members for take in each.takes]
        areas = cells.merged(takes)
        if _WORTH * len(areas) <= len(takes) and len(areas) <= _MOST_AREAS:
            depth = 1 + max((each.by.depth for each in members if isinstance(each.by, Group)), default=0)
            kept.append(Entry(None, Group(members, depth), to, (), [Take(area, 0, 0, 0) for area in areas]))
        else:
            kept += members
    return kept


class Decided(Struct, eq=False):
    """Packets of which one line made the verdict sure, at one stage."""

    stage: Stage
    by: Rule | Default
    to: int
    areas: list[Area]


def told_apart(entries: Iterable[Entry]) -> list[Decided]:
    """Return what each line decided; lines in groups after the others."""
    found: dict[tuple[int, int], Decided] = {}
    groups: dict[tuple[int, int], tuple[Stage, int, list[Area]]] = {}
    waiting: list[tuple[int, int, Group, tuple[int, int]]] = []  # those that hold others first

    def add(stage: Stage, by: Line, to: int, areas: list[Area]) -> None:
        key = id(by), id(stage)
        if isinstance(by, Group):
            if key not in groups:
                groups[key] = stage, to, []
                heappush(waiting, (-by.depth, len(groups), by, key))
            groups[key][-1].extend(areas)
        elif key in found:
            found[key].areas = cells.merged(found[key].areas + areas)
        else:
            found[key] = Decided(stage, by, to, areas)

    for entry in entries:
        areas = _deciding(entry)
        if areas:
            assert entry.stage is not None
            add(entry.stage, entry.by, entry.to, areas)
    while waiting:
        *_, group, key = heappop(waiting)
        stage, to, areas = groups[key]
        areas = cells.merged(areas)
        for member in group.members:
            inside = common(member.takes, areas)
            if inside:
                add(stage, member.by, to, inside)
    return list(found.values())


def common(takes: Sequence[Take], areas: Sequence[Area]) -> list[Area]:
    """Return the part of what a line took that ended in `areas`."""
    found: list[Area] = []
    for take in takes:
        for area in areas:
            both = meet(take.area, area)
            if both:
                found.append(both)
    return cells.merged(found)


def _deciding(entry: Entry) -> list[Area]:
    """Where the line made the verdict sure: no other fate was possible before it."""
    if entry.open or not entry.decides:
        return []
    areas = []
    for take in entry.takes:
        other = take.maybe_denied if entry.to == PERMITTED else take.maybe_permitted
        inner = take.area.inner & ~(other | take.elsewhere)
        if inner:
            areas.append(take.area._replace(inner=inner))
    return cells.merged(areas)


def _inside(small: Area, large: Area) -> bool:
    return not any(one & ~other for one, other in zip(small, large, strict=True))
