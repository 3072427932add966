"""The index finds the sets that overlap, and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.overlaps import Overlaps
from aclproof.parsers.model.intervals import IntervalSet

_sets = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=3).map(
    lambda drawn: IntervalSet.of(*((low, low + length) for low, length in drawn)))


@given(st.lists(_sets, max_size=6), _sets)
def test_the_sets_that_share_a_number(sets: list[IntervalSet], wanted: IntervalSet) -> None:
    assert Overlaps(sets).meeting(wanted) == [number for number, each in enumerate(sets)
                                              if each.overlaps(wanted)]
