"""A partition tells apart exactly what the sets tell apart."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.classes import bits, partition
from aclproof.parsers.model.intervals import EMPTY, IntervalSet

TOP = 30
subsets = st.lists(st.tuples(st.integers(0, TOP), st.integers(0, 6)), max_size=5).map(
    lambda drawn: IntervalSet.of(*((low, low + length) for low, length in drawn)))
OFFSETS = st.sampled_from([0, 2**128 - TOP - 7])


def shifted(numbers: IntervalSet, by: int) -> IntervalSet:
    return IntervalSet.of(*((low + by, high + by) for low, high in numbers.ranges))


@given(OFFSETS, subsets, st.lists(subsets, max_size=5))
def test_classes_are_the_finest_common_pieces(
        offset: int, base: IntervalSet, drawn: list[IntervalSet]) -> None:
    base = shifted(base, offset)
    sets = [shifted(each, offset) & base for each in drawn]
    classes = partition(base, sets)
    assert all(classes.members)
    assert sum(each.size for each in classes.members) == base.size, "disjoint"
    assert IntervalSet.union(classes.members) == base
    assert classes.all == (1 << len(classes.members)) - 1
    for each, mask in zip(sets, classes.masks, strict=True):
        assert classes.of(mask) == each
        assert classes.count(mask) == each.size
    memberships = [tuple(mask >> k & 1 for mask in classes.masks) for k in range(len(classes.members))]
    assert len(set(memberships)) == len(memberships), "no two classes are alike"
    assert all(each == IntervalSet.of(*each.ranges) for each in classes.members), "canonical"


@given(subsets, st.lists(subsets, max_size=4), st.integers(0))
def test_counting_is_the_size_of_the_numbers(base: IntervalSet, drawn: list[IntervalSet], mask: int) -> None:
    classes = partition(base, [each & base for each in drawn])
    mask &= classes.all
    assert classes.count(mask) == classes.of(mask).size


def test_scattered_numbers_of_equal_membership_share_a_class() -> None:
    base, hole = IntervalSet.of((0, 99)), IntervalSet.of((10, 19), (30, 39))
    classes = partition(base, [hole])
    assert set(classes.members) == {hole, base - hole}


def test_sets_equal_to_the_base_and_empty_ones_cut_nothing() -> None:
    base = IntervalSet.of((5, 9))
    classes = partition(base, [base, EMPTY])
    assert (classes.members, classes.masks) == ((base,), (1, 0))
    assert partition(EMPTY, [EMPTY]).members == ()
    alone = partition(base, [base])
    assert (alone.members, alone.masks, alone.all) == ((base,), (1,), 1)


def test_all_classes_but_a_few_are_written_by_those_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The union of all others costs as much as there are classes, for each of as many rows."""
    base = IntervalSet.of((0, 199))
    classes = partition(base, [IntervalSet.of((2 * k, 2 * k)) for k in range(100)])
    joined: list[IntervalSet] = []
    union = IntervalSet.union

    def counting(sets: Iterable[IntervalSet]) -> IntervalSet:
        several = list(sets)
        joined.extend(several)
        return union(several)

    monkeypatch.setattr(IntervalSet, "union", counting)
    assert classes.of(classes.all ^ classes.masks[3] ^ classes.masks[70]) == \
        IntervalSet.of((0, 5), (7, 139), (141, 199))
    assert len(joined) == 2


@given(st.sets(st.integers(0, 300)))
def test_bits_are_the_positions_in_order(positions: set[int]) -> None:
    assert list(bits(sum(1 << at for at in positions))) == sorted(positions)
