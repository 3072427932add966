"""Conditions of one packet: what the kernel knows without a connection; the sets claim no more than that."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aclproof.linter.trace.conditions import holds
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import (
    ESTABLISHED,
    INVALID,
    NEW,
    UNTRACKED,
    CameWith,
    Condition,
    Context,
    Ends,
    HasMark,
    InState,
    IsReply,
    Place,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.ternary import Ternary, settle

PACKET = Packet(Family.V4, 6, 1, 2, 1024, 445)
TWO = IntervalSet.of((2, 2))
TRACKED = Context(states=frozenset({ESTABLISHED}), reply=True, translated=True,
                  original=Ends(destinations=TWO))
"""A reply of a connection whose destination was translated."""
WORDS = {Ternary.YES: True, Ternary.NO: False, Ternary.UNKNOWN: None}
DNAT = InState(frozenset({"DNAT"}))
SENT_TO_TWO = CameWith("destinations", TWO)

# xt_conntrack.c and xt_connmark.c: without a connection there are no NAT bits and no mark. The tests of its
# direction and of its original ends then depend on whether the same match asks for a state as well.
CASES: list[tuple[Condition, frozenset[str], bool, bool | None]] = [
    (DNAT, frozenset({ESTABLISHED}), True, True),
    (DNAT, frozenset({UNTRACKED}), True, False),
    (DNAT, frozenset({INVALID}), True, False),
    (DNAT, frozenset({ESTABLISHED}), False, False),
    (DNAT, frozenset({ESTABLISHED, INVALID}), True, None),
    (InState(frozenset({NEW})), frozenset({NEW}), False, False),
    (InState(frozenset({INVALID})), frozenset({NEW}), False, True),
    (InState(frozenset({UNTRACKED})), frozenset({UNTRACKED}), False, True),
    (IsReply(), frozenset({ESTABLISHED}), True, True),
    (IsReply(), frozenset({ESTABLISHED}), False, None),
    (IsReply(negated=True), frozenset({UNTRACKED}), True, None),
    (IsReply(), frozenset({NEW, ESTABLISHED, INVALID}), True, None),
    (SENT_TO_TWO, frozenset({ESTABLISHED}), True, True),
    (SENT_TO_TWO, frozenset({UNTRACKED}), True, None),
    (SENT_TO_TWO, frozenset({ESTABLISHED}), False, None),
    (HasMark("connection", 0, 1), frozenset({ESTABLISHED}), True, True),
    (HasMark("connection", 1, 1, negated=True), frozenset({UNTRACKED}), True, False),
]


@pytest.mark.parametrize(("condition", "states", "tracked", "expected"), CASES)
def test_without_a_connection_nothing_of_it_is_known(
        condition: Condition, states: frozenset[str], tracked: bool, expected: bool | None) -> None:
    context = replace(TRACKED, states=states, place=Place(tracked=tracked))
    assert holds(condition, PACKET, context) is expected
    answer = settle(condition, context)
    assert isinstance(answer, Ternary)
    assert WORDS[answer] is expected
