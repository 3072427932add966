"""Which firewalls of a path stand as one in its picture, so that a long path stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from aclproof.linter.result import DemandResult, HopVerdict

_ONE_BY_ONE = 5
"""Of so many firewalls each has its own column, and all are in one picture."""
_MOST = 8
_A_PICTURE = 4
"""So many columns can be read where a picture is as wide as a sheet of paper."""
_WORST_FIRST = (HopVerdict.STOPS, HopVerdict.OPEN, HopVerdict.UNSEEN, HopVerdict.PASSES, HopVerdict.BESIDE)

Column = tuple[int, ...]
"""The places on the path, counted from 0, of the firewalls that stand as one."""


def columns(demands: Sequence[DemandResult]) -> list[Column]:
    """Return the columns of a path that these demands take: neighbours that do the same become one."""
    places = range(len(demands[0].hops))
    if len(places) <= _ONE_BY_ONE:
        return [(place,) for place in places]
    found = [tuple(same) for _, same in groupby(
        places, key=lambda place: [each.hops[place].verdict for each in demands])]
    if len(found) <= _MOST:
        return found
    return [*found[:_MOST - 1], tuple(place for column in found[_MOST - 1:] for place in column)]


def pictures(found: Sequence[Column]) -> list[Sequence[Column]]:
    """Cut columns into those of one picture each."""
    if len(found) <= _ONE_BY_ONE:
        return [found]
    return [found[first:first + _A_PICTURE] for first in range(0, len(found), _A_PICTURE)]


def worst(demand: DemandResult, column: Column) -> HopVerdict:
    """Return what the firewalls of a column do with a demand; where they differ, what is worst."""
    return min((demand.hops[place].verdict for place in column), key=_WORST_FIRST.index)
