"""Conditions: the sets of `check` and the tracer, each written apart, say the same of every packet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from random import Random
from typing import TypeVar

import pytest

from aclproof.linter.trace.conditions import holds
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import (
    ESTABLISHED,
    INVALID,
    NEW,
    RELATED,
    UNTRACKED,
    CameWith,
    Condition,
    Context,
    Ends,
    ForListener,
    HasFlags,
    HasMark,
    InProfile,
    InState,
    IsItself,
    IsReply,
    Membership,
    OnInterface,
    Opaque,
    Place,
    ServedBy,
    TimeRange,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import (
    AS_SENT,
    HasConnection,
    HasStatus,
    HopLimitWithin,
    IsBridged,
    Recorded,
)
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import TCP
from aclproof.parsers.model.ternary import Ternary, Within, settle
from tests.scale import scaled

T = TypeVar("T")
ONE, TWO = (IntervalSet.of((number, number)) for number in (1, 2))
HERE = AddressSet(ONE, ONE)
PACKETS = [Packet(family, TCP, source, destination, 1024, 445)
           for family in Family for source in (1, 2) for destination in (1, 2)]
DAYS = [date(2026, 3, day) for day in (1, 2, 3)]
STATES = (NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED)
AXES = ("sources", "destinations", "source_ports", "destination_ports")

BOTH, MAYBE = (True, False), (None, True, False)
FEW, NO_DAY = (0, 1, 2, 3), (None, *DAYS)
KEYS, SIDES = ("", "asked"), ("source", "destination")
NAMES = ("eth0", "eth1", "lo", "", None)


def subsets(*of: T) -> list[frozenset[T]]:
    return [frozenset(some) for size in range(1, len(of) + 1) for some in combinations(of, size)]


SETS = subsets(*STATES)
LISTENERS = [frozenset[str](), *subsets("", "rpc-server")]
CONDITIONS: Mapping[type[Condition], Mapping[str, Sequence[object]]] = {
    TimeRange: {"name": ["work"], "ended": NO_DAY, "started": NO_DAY, "always_after": BOTH,
                "own_key": ["asked"]},
    Membership: {"side": SIDES, "key": ["asked"], "because": [""], "negated": BOTH},
    Opaque: {"key": KEYS, "because": [""], "usual": MAYBE, "relied_on": BOTH, "negated": BOTH},
    ForListener: {"listener": ["rpc-server"], "key": ["asked"], "because": [""], "sure": BOTH},
    IsReply: {"negated": BOTH},
    OnInterface: {"way": ["in", "out"], "name": ["eth0", "eth+", "lo", "+"], "negated": BOTH},
    InState: {"states": subsets(*STATES, "DNAT", "SNAT"), "negated": BOTH},
    HasConnection: {"negated": BOTH},
    HasStatus: {"statuses": subsets("EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"), "negated": BOTH},
    HopLimitWithin: {"low": FEW, "high": FEW, "negated": BOTH, "key": KEYS, "of_sender": MAYBE},
    IsBridged: {"negated": BOTH, "key": ["asked"]},
    HasFlags: {"mask": FEW, "value": FEW, "negated": BOTH},
    HasMark: {"whose": ["packet", "connection"], "value": FEW, "mask": FEW, "negated": BOTH, "own_key": KEYS},
    IsItself: {"side": SIDES, "negated": BOTH, "key": ["asked"]},
    CameWith: {"axis": AXES, "numbers": [ONE, TWO, ONE | TWO], "negated": BOTH, "unless_translated": BOTH},
    InProfile: {"profiles": subsets("public", "domain"), "key": KEYS},
    ServedBy: {"surely": LISTENERS, "never": LISTENERS, "key": ["asked"], "because": [""]}}
"""What each field may be."""
PLACE: Mapping[str, Sequence[object]] = {
    "ingress": NAMES, "egress": NAMES, "to_itself": MAYBE, "from_itself": MAYBE, "tracked": BOTH,
    "profile": ["", "public"]}
CONTEXT: Mapping[str, Sequence[object]] = {
    "facts": [{}, {}, {"asked": True}, {"asked": False}, {"asked": HERE}], "as_of": NO_DAY,
    "listener": ["", "rpc-server"], "reply": BOTH, "states": SETS, "flags": subsets(*FEW),
    "mark": [None, *FEW], "connection_mark": [None, *FEW], "translated": MAYBE, "source_translated": MAYBE,
    "recorded": [None, Recorded(frozenset({ESTABLISHED}))], "claimed": MAYBE,
    "hop_limit": [None, AS_SENT, 0, 2]}


def drawn(draw: Random, kind: type[T], fields: Mapping[str, Sequence[object]], **others: object) -> T:
    return kind(**{name: draw.choice(values) for name, values in fields.items()}, **others)


def a_context(draw: Random) -> Context:
    first = drawn(draw, Ends, dict.fromkeys(AXES, (ONE, TWO)))
    return drawn(draw, Context, CONTEXT, place=drawn(draw, Place, PLACE), original=draw.choice([None, first]))


def answer(settled: Ternary | Within, packet: Packet) -> bool | None:
    if isinstance(settled, Within):
        end = packet.source if settled.side == "source" else packet.destination
        return end in settled.addresses.of(packet.family)
    return {Ternary.YES: True, Ternary.NO: False, Ternary.UNKNOWN: None}[settled]


@pytest.mark.parametrize("kind", CONDITIONS, ids=lambda kind: kind.__name__)
def test_sets_and_tracer_say_the_same(kind: type[Condition]) -> None:
    draw = Random(7)
    for _ in range(scaled(1000, 3000, 100_000)):
        condition, context = drawn(draw, kind, CONDITIONS[kind]), a_context(draw)
        settled = settle(condition, context)
        assert [answer(settled, each) for each in PACKETS] == [
            holds(condition, each, context) for each in PACKETS], (condition, context)
