"""The laws of the only set type, on a small universe and on one among the highest 128-bit numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from aclproof.parsers.model.intervals import EMPTY, IntervalSet

WIDTH = 24
ORIGINS = (0, 2**128 - WIDTH)
"""Where a universe starts: at zero, and where it ends at the last IPv6 address."""

Numbers = frozenset[int]


def made(numbers: Numbers) -> IntervalSet:
    return IntervalSet.of(*((n, n) for n in numbers))


def listed(numbers: IntervalSet) -> Numbers:
    return frozenset(n for low, high in numbers.ranges for n in range(low, high + 1))


def universe(origin: int) -> IntervalSet:
    return IntervalSet.of((origin, origin + WIDTH - 1))


def subsets(count: int) -> SearchStrategy[tuple[int, list[Numbers]]]:
    """An origin, and Python sets of numbers near it."""
    def near(origin: int) -> SearchStrategy[tuple[int, list[Numbers]]]:
        one = st.frozensets(st.integers(origin, origin + WIDTH - 1))
        return st.tuples(st.just(origin), st.lists(one, min_size=count, max_size=count))
    return st.sampled_from(ORIGINS).flatmap(near)


@given(subsets(2))
def test_every_operation_agrees_with_python_sets(drawn: tuple[int, list[Numbers]]) -> None:
    origin, (a, b) = drawn
    left, right = made(a), made(b)
    assert listed(left) == a
    assert listed(left | right) == listed(IntervalSet.union([left, right])) == a | b
    assert listed(left & right) == a & b
    assert listed(left - right) == a - b
    assert (left <= right) == (a <= b)
    assert left.overlaps(right) == bool(a & b)
    assert left.size == len(a)
    assert bool(left) == bool(a)
    assert [n in left for n in range(origin - 1, origin + WIDTH + 1)] \
        == [n in a for n in range(origin - 1, origin + WIDTH + 1)]
    assert (left == right) == (a == b)
    assert not a or left.lowest == min(a)


@given(subsets(2))
def test_results_are_canonical(drawn: tuple[int, list[Numbers]]) -> None:
    left, right = (made(each) for each in drawn[1])
    for each in (left, left | right, left & right, left - right):
        assert all(low <= high for low, high in each.ranges)
        assert all(before + 1 < after for (_, before), (after, _) in pairwise(each.ranges))
        assert each == made(listed(each))
        assert hash(each) == hash(made(listed(each)))


@given(subsets(3))
def test_union_and_intersection_form_a_lattice(drawn: tuple[int, list[Numbers]]) -> None:
    a, b, c = (made(each) for each in drawn[1])
    whole = universe(drawn[0])
    assert a | a == a & a == a, "idempotence"
    assert a | EMPTY == a & whole == a, "identity"
    assert (a & EMPTY, a | whole) == (EMPTY, whole), "domination"
    assert (a | b, a & b) == (b | a, b & a), "commutativity"
    assert ((a | b) | c, (a & b) & c) == (a | (b | c), a & (b & c)), "associativity"
    assert (a | (a & b), a & (a | b)) == (a, a), "absorption"
    assert a & (b | c) == (a & b) | (a & c), "distributivity"
    assert a | (b & c) == (a | b) & (a | c), "distributivity"


@given(subsets(2))
def test_difference_is_a_complement(drawn: tuple[int, list[Numbers]]) -> None:
    a, b = (made(each) for each in drawn[1])
    whole = universe(drawn[0])
    assert whole - (whole - a) == a, "double complement"
    assert whole - (a | b) == (whole - a) & (whole - b), "De Morgan"
    assert whole - (a & b) == (whole - a) | (whole - b), "De Morgan"
    assert (a | (whole - a), a & (whole - a)) == (whole, EMPTY)
    assert a - b == a & (whole - b)
    assert (a - a, a - EMPTY, EMPTY - a) == (EMPTY, a, EMPTY)


@given(subsets(2))
def test_order_and_size_follow_the_operations(drawn: tuple[int, list[Numbers]]) -> None:
    a, b = (made(each) for each in drawn[1])
    assert (a <= b) == (a & b == a) == (a | b == b) == (not a - b)
    assert a.overlaps(b) == b.overlaps(a) == bool(a & b)
    assert (a | b).size + (a & b).size == a.size + b.size


@given(st.sampled_from(ORIGINS), st.sets(st.integers(0, 400), min_size=60), st.integers(0, 400),
       st.integers(0, 400))
def test_a_long_set_meets_a_short_one(origin: int, numbers: set[int], one: int, other: int) -> None:
    origin = min(origin, 2**128 - 401)
    long = IntervalSet.of(*((origin + n, origin + n) for n in numbers))
    window = IntervalSet.of((origin + min(one, other), origin + max(one, other)))
    met = frozenset(n for n in listed(long) if n in window)
    assert listed(long & window) == listed(window & long) == met
    assert listed(long - window) == listed(long) - met
    assert listed(window - long) == listed(window) - met
    assert long.overlaps(window) == window.overlaps(long) == bool(met)


def test_adjacent_and_nested_ranges_join() -> None:
    assert IntervalSet.of((5, 9), (1, 4), (2, 3), (10, 10)) == IntervalSet.of((1, 10))
    assert IntervalSet.of((1, 2), (4, 5)).ranges == ((1, 2), (4, 5))


def test_a_reversed_range_is_refused() -> None:
    with pytest.raises(ValueError, match="reversed range 3-2"):
        IntervalSet.of((1, 1), (3, 2))


def test_the_empty_set_has_no_lowest_member() -> None:
    with pytest.raises(IndexError):
        _ = EMPTY.lowest
