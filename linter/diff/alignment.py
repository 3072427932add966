"""What differs between two sequences, in near linear time: for files of a hundred thousand lines.

Lines that occur once on each side are anchors (patience diff); between them equal ends are taken off, and the
rest is tried again. What stays is matched greedily, so the answer is a common subsequence, if not always the
longest one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

_Gap = tuple[int, int, int, int]
"""From and to of the first sequence, then of the second."""


def changed(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """Return the indexes of what was removed or moved away, and of what was added or moved there."""
    kept_before, kept_after = bytearray(len(before)), bytearray(len(after))
    work: list[_Gap] = [(0, len(before), 0, len(after))]
    while work:
        gap = _trimmed(before, after, work.pop(), kept_before, kept_after)
        first, end, start, stop = gap
        if first == end or start == stop:
            continue
        anchors = _anchors(before, after, gap)
        if not anchors:
            for one, other in _greedy(before, after, gap):
                kept_before[one] = kept_after[other] = 1
            continue
        for one, other in anchors:
            kept_before[one] = kept_after[other] = 1
            work.append((first, one, start, other))
            first, start = one + 1, other + 1
        work.append((first, end, start, stop))
    return ([at for at, kept in enumerate(kept_before) if not kept],
            [at for at, kept in enumerate(kept_after) if not kept])


def _trimmed(before: Sequence[Hashable], after: Sequence[Hashable], gap: _Gap, kept_before: bytearray,
             kept_after: bytearray) -> _Gap:
    """Take off what is equal at both ends."""
    first, end, start, stop = gap
    while first < end and start < stop and before[first] == after[start]:
        kept_before[first] = kept_after[start] = 1
        first, start = first + 1, start + 1
    while first < end and start < stop and before[end - 1] == after[stop - 1]:
        end, stop = end - 1, stop - 1
        kept_before[end] = kept_after[stop] = 1
    return first, end, start, stop


def _anchors(before: Sequence[Hashable], after: Sequence[Hashable], gap: _Gap) -> list[tuple[int, int]]:
    """The longest rising run of items that occur once on each side."""
    first, end, start, stop = gap
    counts, others = Counter(before[first:end]), Counter(after[start:stop])
    where = {after[at]: at for at in range(start, stop) if others[after[at]] == 1}
    pairs = [(at, where[before[at]]) for at in range(first, end)
             if counts[before[at]] == 1 and before[at] in where]
    ends: list[int] = []  # of the best run of each length, where it ends on the second side
    last: list[int] = []  # and which pair that is
    previous = [-1] * len(pairs)
    for number, (_, at) in enumerate(pairs):
        length = bisect_left(ends, at)
        previous[number] = last[length - 1] if length else -1
        if length == len(ends):
            ends.append(at)
            last.append(number)
        else:
            ends[length], last[length] = at, number
    found: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = previous[number]
    return found[::-1]


def _greedy(before: Sequence[Hashable], after: Sequence[Hashable], gap: _Gap) -> list[tuple[int, int]]:
    """Match each item with the next equal one."""
    first, end, start, stop = gap
    where: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at in range(start, stop):
        where[after[at]].append(at)
    found: list[tuple[int, int]] = []
    for one in range(first, end):
        places = where.get(before[one], [])
        at = bisect_left(places, start)
        if at < len(places):
            found.append((one, places[at]))
            start = places[at] + 1
    return found
