"""Cuts one axis into classes that no rule in question distinguishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from aclproof.parsers.model.intervals import IntervalSet, Range


class Classes(Struct, frozen=True):
    """A partition of one axis of a demand.

    Every set that went in is exactly the union of some classes; `masks[i]` has bit k set when class k lies
    in the i-th set. Numbers with equal membership share a class, however scattered they are.
    """

    base: IntervalSet
    members: tuple[IntervalSet, ...]
    masks: tuple[int, ...]
    planes: tuple[int, ...]
    """The sizes of the members, transposed: bit k of plane n is bit n of the size of class k."""

    all: int
    """The mask of every class."""

    def of(self, mask: int) -> IntervalSet:
        """Return the numbers of the classes in a mask."""
        if mask == self.all:
            return self.base
        count = mask.bit_count()
        if count == 1:
            return self.members[mask.bit_length() - 1]
        if 2 * count > len(self.members):  # few are left out
            return self.base - self.of(self.all ^ mask)
        return IntervalSet.union(self.members[k] for k in bits(mask))

    def count(self, mask: int) -> int:
        """How many numbers a mask holds, without looking at its bits one by one."""
        return sum((mask & plane).bit_count() << power for power, plane in enumerate(self.planes))


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    if mask.bit_count() > _CROWDED:  # taking bits off a long number is quadratic
        text = bin(mask)[:1:-1]
        at = text.find("1")
        while at >= 0:
            yield at
            at = text.find("1", at + 1)
        return
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


_CROWDED = 16


def partition(base: IntervalSet, sets: Sequence[IntervalSet]) -> Classes:
    """Cut `base` by `sets`, each of which must lie inside it.

    One sweep over all ends; the signature of a piece is the frozen set of the sets that are open there, so
    the cost grows with pieces times overlap, not with pieces times sets.
    """
    if base and len(sets) == 1 and sets[0] == base:
        return _whole(base)
    classes = _pieces_by_signature(_events(base, sets))
    masks = [0] * (len(sets) + 1)
    for k, signature in enumerate(classes):
        for number in signature:
            masks[number] |= 1 << k
    everything = masks.pop()
    for number, numbers in enumerate(sets):
        if numbers == base:
            masks[number] = everything
    # Neighbouring pieces differ in signature, so each class's pieces are canonical as they are.
    members = tuple(IntervalSet(tuple(pieces)) for pieces in classes.values())
    planes = _transposed([member.size for member in members])
    return Classes(base, members, tuple(masks), planes, (1 << len(members)) - 1)


@lru_cache(maxsize=1024)
def _whole(base: IntervalSet) -> Classes:
    """One class: thousands of segments have the same ports and servers, and no rule distinguishes them."""
    return Classes(base, (base,), (1,), _transposed([base.size]), 1)


def _events(base: IntervalSet, sets: Sequence[IntervalSet]) -> dict[int, list[int]]:
    """Where sets begin and end: n opens set n, ~n closes it; `base` comes after the others.

    Sets equal to `base` are left out: they distinguish nothing.
    """
    numbered = [(number, numbers) for number, numbers in enumerate(sets) if numbers != base]
    numbered.append((len(sets), base))
    events: dict[int, list[int]] = {}
    for number, numbers in numbered:
        for low, high in numbers.ranges:
            events.setdefault(low, []).append(number)
            events.setdefault(high + 1, []).append(~number)
    return events


def _pieces_by_signature(events: Mapping[int, Sequence[int]]) -> dict[frozenset[int], list[Range]]:
    """Sweep over the ends; a piece's signature are the numbers of the sets that are open there."""
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
    return classes


def _transposed(sizes: Sequence[int]) -> tuple[int, ...]:
    planes = [0] * max(sizes, default=0).bit_length()
    for k, size in enumerate(sizes):
        for power in bits(size):
            planes[power] |= 1 << k
    return tuple(planes)
