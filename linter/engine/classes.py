"""Cut one axis into classes that no rule in question tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.model.intervals import IntervalSet, Range


@dataclass(frozen=True, slots=True)
class Classes:
    """A partition of one axis of a demand.

    Every set that went in is exactly the union of some classes; `masks[i]` has bit k set when class k lies
    in the i-th set. Numbers with equal membership share a class, however scattered they are.
    """

    members: tuple[IntervalSet, ...]
    masks: tuple[int, ...]

    @property
    def all(self) -> int:
        """The mask of every class."""
        return (1 << len(self.members)) - 1

    def of(self, mask: int) -> IntervalSet:
        """Return the numbers behind a mask."""
        if mask == self.all and len(self.members) == 1:
            return self.members[0]
        return IntervalSet.union(self.members[k] for k in bits(mask))


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def partition(base: IntervalSet, sets: Sequence[IntervalSet]) -> Classes:
    """Cut `base` by `sets`, each of which must lie inside it.

    One sweep over all ends; the signature of a piece is the frozen set of the sets that are open there, so
    the cost grows with pieces times overlap, not with pieces times sets.
    """
    events: dict[int, list[int]] = {}  # where: n opens set n, ~n closes it; set 0 is the base
    for number, each in enumerate((base, *sets)):
        for low, high in each.ranges:
            events.setdefault(low, []).append(number)
            events.setdefault(high + 1, []).append(~number)
    classes: dict[frozenset[int], list[Range]] = {}
    active: set[int] = set()
    previous = 0
    for point in sorted(events):
        if active:
            classes.setdefault(frozenset(active), []).append((previous, point - 1))
        for event in events[point]:
            if event >= 0:
                active.add(event)
            else:
                active.discard(~event)
        previous = point
    masks = [0] * (len(sets) + 1)
    for k, signature in enumerate(classes):
        for number in signature:
            masks[number] |= 1 << k
    return Classes(tuple(IntervalSet.of(*parts) for parts in classes.values()), tuple(masks[1:]))
