"""Areas of classes and the packets in them, counted out."""

from __future__ import annotations

from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.classes import Classes, partition
from aclproof.linter.engine.space import LazyBoxes, Space
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import TCP
from tests.strategies import TOP, intervals

AXIS = IntervalSet.of((0, TOP))
_classes = st.lists(intervals(empty=False), max_size=2).map(lambda sets: partition(AXIS, [AXIS, *sets]))
_spaces = st.builds(Space, st.just(Box(Family.V4, TCP, AXIS, AXIS, AXIS, AXIS)), _classes, _classes,
                    _classes, _classes, st.sampled_from([*permutations(range(3))]))
Cell = tuple[int, ...]
"""A packet: source, destination, source port, destination port."""


def held(classes: Classes, mask: int) -> set[int]:
    return {number for at, member in enumerate(classes.members) if mask >> at & 1
            for number in range(TOP + 1) if number in member}


def served(space: Space, mask: int) -> set[Cell]:
    """Bit i * width + k is source port class i with destination port class k."""
    width = len(space.destination_ports.members)
    return {pair for at in range(mask.bit_length()) if mask >> at & 1
            for pair in product(held(space.source_ports, 1 << at // width),
                                held(space.destination_ports, 1 << at % width))}


@st.composite
def masks(draw: st.DrawFn, space: Space) -> tuple[int, int, int]:
    """Some classes on each axis: sources, destinations, pairs of ports."""
    sizes = (len(space.sources.members), len(space.destinations.members),
             len(space.source_ports.members) * len(space.destination_ports.members))
    first, second, third = (draw(st.integers(1, (1 << size) - 1)) for size in sizes)
    return first, second, third


@given(_spaces, st.data())
def test_boxes_hold_what_their_areas_hold(space: Space, data: st.DataObject) -> None:
    """The areas are disjoint, as those of an evaluation are: each has sources of its own."""
    sources, destinations, services = data.draw(masks(space))
    alone = [(1 << at, *data.draw(masks(space))[1:]) for at in range(len(space.sources.members))
             if sources >> at & 1]
    for several in [(sources, destinations, services)], alone:
        wanted = {(source, end, *ports) for one, two, three in several
                  for source, end, ports in product(held(space.sources, one), held(space.destinations, two),
                                                    served(space, three))}
        boxes = LazyBoxes(space, [space.area(*each) for each in several])
        listed = [*boxes]
        found = [cell for box in listed for cell in product(*(
            [number for number in range(TOP + 1) if number in axis]
            for axis in (box.sources, box.destinations, box.source_ports, box.destination_ports)))]
        assert set(found) == wanted
        assert len(found) == len(wanted) == boxes.size
        assert boxes
        assert all(box.size for box in listed)
        assert len(boxes) == len(listed)
        assert all((box.family, box.protocol) == (Family.V4, TCP) for box in listed)
        assert [boxes[at] for at in range(len(listed))] == listed
        assert boxes[-1] == listed[-1]
        assert tuple(boxes[1:]) == tuple(listed[1:])


@given(_spaces)
def test_everything_is_the_whole_demand(space: Space) -> None:
    assert list(LazyBoxes(space, [space.everything])) == [space.demand]
    assert not LazyBoxes(space, [])
