"""Boxes cut by others, against the packets themselves."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.algebra import minus, split
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.services import TCP
from tests.engine.test_sets_agree_with_tracer import packets
from tests.strategies import intervals

_axis = intervals(empty=False)
_box = st.builds(Box, st.just(Family.V4), st.just(TCP), _axis, _axis, _axis, _axis)


def listed(boxes: Sequence[Box]) -> set[Packet]:
    """All packets of disjoint boxes."""
    found = [packet for box in boxes for packet in packets(box)]
    assert len(found) == len(set(found))
    return set(found)


@given(_box, st.lists(_box, max_size=3))
def test_a_box_is_cut_into_what_others_have_and_the_rest(whole: Box, boxes: list[Box]) -> None:
    wanted = {packet for box in boxes for packet in packets(box)}
    inside, outside = map(listed, split(whole, boxes))
    assert inside == listed([whole]) & wanted
    assert outside == listed([whole]) - wanted == listed(minus([whole], boxes))
