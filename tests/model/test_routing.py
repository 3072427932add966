from __future__ import annotations

import pytest

from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.routed_to import RoutedTo
from aclproof.parsers.model.routing import by_interface

ONE, TWO, THREE, FOUR = (IntervalSet.of((number, number)) for number in (1, 3, 5, 7))


@pytest.mark.parametrize(("one", "other"), [(True, True), (True, False), (False, True), (False, False)])
def test_what_one_interface_leads_to_is_certain_where_all_of_it_is(*, one: bool, other: bool) -> None:
    found = by_interface([RoutedTo("inside", ONE, certain=one), RoutedTo("outside", TWO),
                          RoutedTo("inside", THREE, certain=other), RoutedTo("inside", FOUR, "not known")])
    assert found == [RoutedTo("inside", ONE | THREE, certain=one and other), RoutedTo("outside", TWO),
                     RoutedTo("inside", FOUR, "not known")]
