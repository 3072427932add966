"""Ends of a connection as the kernel keeps them (nf_conntrack_tuple.h): ports, or type and code in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.proof.original_ends import original_ends
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, ICMP, ICMP6

_ENDS = IntervalSet.of((10, 20)), IntervalSet.of((30, 40))
_NUMBERS = st.sets(st.integers(0, 6) | st.integers(250, 255), max_size=6)


def _set(numbers: set[int]) -> IntervalSet:
    return IntervalSet.of(*((each, each) for each in numbers))


def _members(found: IntervalSet) -> set[int]:
    return {each for low, high in found.ranges for each in range(low, high + 1)}


@pytest.mark.parametrize("protocol", [6, 17, 47])
def test_what_has_ports_keeps_them(protocol: int) -> None:
    box = Box(Family.V4, protocol, *_ENDS, IntervalSet.of((1024, 65535)),
              IntervalSet.of((80, 80), (443, 443)))
    found = original_ends(box)
    assert (found.sources, found.destinations) == _ENDS
    assert (found.source_ports, found.destination_ports) == (box.source_ports, box.destination_ports)


@given(_NUMBERS, _NUMBERS, st.sampled_from([(Family.V4, ICMP), (Family.V6, ICMP6)]))
def test_an_icmp_message_has_its_type_before_its_code(types: set[int], codes: set[int],
                                                      kind: tuple[Family, int]) -> None:
    found = original_ends(Box(*kind, *_ENDS, _set(types), _set(codes)))
    assert (found.sources, found.destinations, found.source_ports) == (*_ENDS, ANY_PORT)
    assert _members(found.destination_ports) == {
        int.from_bytes(bytes((each, code)), "big") for each in types for code in codes}


def test_every_type_and_code_is_an_octet() -> None:
    found = original_ends(Box(Family.V4, ICMP, *_ENDS, ANY_PORT, ANY_PORT))
    assert _members(found.destination_ports) == set(range(2**16))
