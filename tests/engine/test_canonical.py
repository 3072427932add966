"""The canonical form against the packets themselves: the small universe is counted out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.canonical import canonical, within
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import TCP, UDP
from tests.strategies import TOP, intervals

_axis = intervals(empty=False)
_boxes = st.lists(st.builds(Box, st.sampled_from(list(Family)), st.sampled_from([TCP, UDP]),
                            _axis, _axis, _axis, _axis), max_size=4)


def packets(boxes: Sequence[Box]) -> list[tuple[int, ...]]:
    """Every packet as often as a box holds it."""
    numbers = range(TOP + 1)
    return [(box.family, box.protocol, *each) for box in boxes for each in product(numbers, repeat=4)
            if all(number in axis for number, axis in zip(each, (
                box.sources, box.destinations, box.source_ports, box.destination_ports), strict=True))]


@given(_boxes)
def test_it_has_the_same_packets_each_once(boxes: list[Box]) -> None:
    found = packets(canonical(boxes))
    assert len(found) == len(set(found))
    assert set(found) == set(packets(boxes))


@given(_boxes)
def test_it_does_not_depend_on_how_the_packets_are_cut(boxes: list[Box]) -> None:
    def one(number: int) -> IntervalSet:
        return IntervalSet.of((number, number))

    single = [Box(Family(family), protocol, *map(one, axes)) for family, protocol, *axes in packets(boxes)]
    assert canonical(reversed(single)) == canonical(boxes)


@given(_boxes, _boxes)
def test_within_is_what_the_packets_say(boxes: list[Box], others: list[Box]) -> None:
    assert within(boxes, canonical(others)) == (set(packets(boxes)) <= set(packets(others)))
