"""Boundaries become the addresses of clients: what a value does not tell stays a gap, never nothing."""

from __future__ import annotations

from ipaddress import ip_address, summarize_address_range

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.draft.inventory import boundaries
from aclproof.linter.draft.inventory.inventory import Boundary, BoundaryKind, Group
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import parse

RANGES = st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda each: (each[0], each[0] + each[1]))


def boundary(kind: int, value: str, number: int = 1) -> Boundary:
    known = next((each for each in BoundaryKind if each == kind), None)
    return Boundary(f"Boundaries[{number}]", number, f"b{number}", known, kind, value)


def ranges(*ends: tuple[int, int]) -> tuple[Boundary, ...]:
    return tuple(boundary(3, f"10.0.0.{low}-10.0.0.{high}", number)
                 for number, (low, high) in enumerate(ends))


@pytest.mark.parametrize(("kind", "value", "expected"), [
    (3, "10.20.0.0-10.20.255.255", "10.20.0.0/16"),
    (3, "10.20.1.1-10.20.1.1", "10.20.1.1"),
    (3, "10.20.1.5-10.20.2.4", "10.20.1.5-10.20.2.4"),
    (2, "2001:0DB8:0000:000b", "2001:db8:0:b::/64"),     # as the product shows it: the first 64 bits
    (2, "2001:db8:20::/48", "2001:db8:20::/48"),
    (0, "10.30.0.0/16", "10.30.0.0/16")])
def test_a_value_that_tells_its_addresses(kind: int, value: str, expected: str) -> None:
    assert boundaries.addresses_of(boundary(kind, value)) == (parse(expected), "")


@pytest.mark.parametrize(("kind", "value", "says"), [
    (0, "10.30.0.0", "without its mask"),
    (1, "Berlin-Mitte", "an Active Directory site"),
    (1, "10.0.0.0/8", "an Active Directory site"),       # a name that looks like a network
    (2, "2001:db8::", "without its length"),
    (2, "2001:db8:1", "without its length"),
    (2, "2001:db8:1::1/64", "without its length"),       # an address and no prefix
    (3, "10.20.0.0", "no range"),
    (3, "10.20.0.9-10.20.0.1", "no range"),
    (4, "Auto:On", "a VPN"),
    (4, "Name:10.0.0.0/8", "a VPN"),
    (5, "10.0.0.0/8", "of a kind that is not known here (5)")])
def test_a_value_that_does_not_is_a_gap(kind: int, value: str, says: str) -> None:
    found = list(boundaries.lines([boundary(kind, value)]))
    assert [each.is_open for each in found] == [True]
    assert says in found[0].remark


def test_a_group_without_boundaries_is_a_gap() -> None:
    assert [each.is_open for each in boundaries.lines([])] == [True]


@given(st.lists(RANGES, max_size=7))
def test_the_lines_are_the_union_and_overlap_nowhere(ends: list[tuple[int, int]]) -> None:
    written = [each.value for each in boundaries.lines(ranges(*ends)) if each.value and not each.is_open]
    sizes = [sum(one[1] - one[0] + 1 for one in parse(text).v4.ranges) for text in written]
    expected = {number for low, high in ends for number in range(low, high + 1)}
    assert sum(sizes) == len(expected)
    assert addresses.join(map(parse, written)).v4.size == len(expected)
    base = int(ip_address("10.0.0.0"))
    assert all(base + number in addresses.join(map(parse, written)).v4 for number in expected)


@given(st.lists(st.lists(RANGES, max_size=3), max_size=5))
def test_groups_share_clients_exactly_where_two_ranges_meet(groups: list[list[tuple[int, int]]]) -> None:
    """Against every pair of ranges, compared one by one."""
    made, number = [], 0
    for position, ends in enumerate(groups):
        own = []
        for low, high in ends:
            own.append(boundary(3, f"10.0.0.{low}-10.0.0.{high}", number))
            number += 1
        made.append(Group("", position, f"g{position}", "", tuple(own), ()))
    found = {one: {each.number for each in others} for one, others in boundaries.sharing(made).items()}
    for one, first in enumerate(groups):
        assert found[one] == {other for other, second in enumerate(groups) if other != one and any(
            low <= upper and lower <= high for low, high in first for lower, upper in second)}


def test_a_boundary_of_two_groups_is_shared_whatever_it_is() -> None:
    vpn = boundary(4, "Auto:On")
    groups = [Group("", number, "", "", (vpn,), ()) for number in range(3)]
    assert {one: len(others) for one, others in boundaries.sharing(groups).items()} == {0: 2, 1: 2, 2: 2}


def test_a_range_is_written_as_one_network_where_it_is_one() -> None:
    first, last = ip_address("10.20.0.0"), ip_address("10.20.255.255")
    assert [str(each) for each in summarize_address_range(first, last)] == [
        each.value for each in boundaries.lines([boundary(3, f"{first}-{last}")])]
