"""The index finds the sets that overlap, and no others."""

from __future__ import annotations

from random import Random

from aclproof.linter.engine.overlaps import Overlaps
from aclproof.parsers.model.intervals import IntervalSet


def test_the_sets_that_share_a_number() -> None:
    draw = Random(7)

    def some() -> IntervalSet:
        lows = [draw.randrange(40) for _ in range(draw.randrange(4))]
        return IntervalSet.of(*((low, low + draw.randrange(10)) for low in lows))

    for _ in range(500):
        sets, wanted = [some() for _ in range(6)], some()
        assert Overlaps(sets).meeting(wanted) == [number for number, each in enumerate(sets)
                                                  if each.overlaps(wanted)]
