"""Conditions and effects: the sets of `check` and the tracer, each written apart, say the same of packets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from random import Random
from typing import TypeVar

import pytest

from aclproof.linter.engine.changes import noticed
from aclproof.linter.trace.conditions import holds
from aclproof.linter.trace.notices import notice
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
from aclproof.parsers.model.effects import (
    ALL_BITS,
    ChangeHopLimit,
    CopyMark,
    Notice,
    SetMark,
    TrackIn,
    Untrack,
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
from aclproof.parsers.model.services import ANY_PORT, TCP
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
WHOSE, ZONES = ("packet", "connection"), (None, 0, 1)
NAMES = ("eth0", "eth1", "lo", "", None)


def subsets(*of: T) -> list[frozenset[T]]:
    return [frozenset(some) for size in range(1, len(of) + 1) for some in combinations(of, size)]


SETS = subsets(*STATES)
LISTENERS = [frozenset[str](), *subsets("", "rpc-server")]
PROGRAMS = [frozenset[str](), *subsets("agent.exe", "other.exe")]
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
    HasMark: {"whose": WHOSE, "value": FEW, "mask": FEW, "negated": BOTH, "own_key": KEYS},
    IsItself: {"side": SIDES, "negated": BOTH, "key": ["asked"]},
    CameWith: {"axis": AXES, "numbers": [ONE, TWO, ONE | TWO], "negated": BOTH, "unless_translated": BOTH},
    InProfile: {"profiles": subsets("public", "domain"), "key": KEYS},
    ServedBy: {"surely": LISTENERS, "never": LISTENERS, "key": ["asked"], "because": [""],
               "programs": PROGRAMS}}
"""What each field may be."""
PLACE: Mapping[str, Sequence[object]] = {
    "ingress": NAMES, "egress": NAMES, "to_itself": MAYBE, "from_itself": MAYBE, "tracked": BOTH,
    "profile": ["", "public"]}
CONTEXT: Mapping[str, Sequence[object]] = {
    "facts": [{}, {}, {"asked": True}, {"asked": False}, {"asked": HERE}], "as_of": NO_DAY,
    "listener": ["", "rpc-server", "agent.exe"], "reply": BOTH, "states": SETS, "flags": subsets(*FEW),
    "mark": [None, *FEW], "connection_mark": [None, *FEW], "translated": MAYBE, "source_translated": MAYBE,
    "recorded": [None, *(Recorded(frozenset({ESTABLISHED}), zone) for zone in ZONES)], "claimed": MAYBE,
    "zones": [(one, other) for one in ZONES for other in ZONES],
    "hop_limit": [None, AS_SENT, 0, 2, 254]}


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


@pytest.mark.parametrize(("condition", "came", "answer"), [
    (CameWith("destinations", TWO), Ends(destinations=TWO), Ternary.YES),
    (CameWith("destinations", TWO), Ends(destinations=ONE), Ternary.NO),
    (CameWith("destinations", TWO), Ends(destinations=ONE | TWO), Ternary.UNKNOWN),
    (CameWith("destinations", TWO, unless_translated=True), Ends(destinations=TWO, source_ports=ANY_PORT),
     Ternary.YES),
    # of an ICMP message the answer has no such number: its first packet has any identifier there
    (CameWith("source_ports", ANY_PORT, unless_translated=True), Ends(source_ports=ANY_PORT),
     Ternary.UNKNOWN),
    (CameWith("source_ports", ANY_PORT), Ends(source_ports=ANY_PORT), Ternary.YES)])
def test_what_only_some_packets_came_with_is_open(condition: CameWith, came: Ends, answer: Ternary) -> None:
    assert settle(condition, Context(states=frozenset({ESTABLISHED}), original=came)) is answer


MASKS, BITS = (0, 1, 2, ALL_BITS), (-1, 0, 1)
EFFECTS: Mapping[type[Notice], Mapping[str, Sequence[object]]] = {
    SetMark: {"whose": WHOSE, "value": (*FEW, ALL_BITS), "mask": MASKS, "known": (True, True, False),
              "shift": BITS},
    CopyMark: {"to": WHOSE, "from_mask": MASKS, "to_mask": MASKS, "shift": BITS},
    Untrack: {},
    TrackIn: {"original": ZONES, "reply": ZONES, "untracked_too": BOTH},
    ChangeHopLimit: {"how": ("set", "increase", "decrease"), "value": (0, 1, 2, 254)}}


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_the_same_is_known_after_an_effect(kind: type[Notice]) -> None:
    draw = Random(7)
    for _ in range(scaled(1000, 3000, 100_000)):
        effect, context, sure = drawn(draw, kind, EFFECTS[kind]), a_context(draw), draw.choice(BOTH)
        assert noticed(effect, context, sure=sure) == notice(effect, PACKETS[0], context, sure=sure), (
            effect, context, sure)
