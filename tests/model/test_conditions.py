from __future__ import annotations

from datetime import date

import pytest

from aclproof.parsers.model.addresses import ANY4, NOWHERE, parse
from aclproof.parsers.model.conditions import (
    Condition,
    Context,
    Fact,
    ForListener,
    InState,
    IsReply,
    Membership,
    OnInterface,
    Opaque,
    Side,
    TimeRange,
)
from aclproof.parsers.model.ternary import Ternary, Within, settle

ENDED = TimeRange("work", ended=date(2026, 3, 31))
FQDN = Membership("destination", "fqdn mp.example", "the address of mp.example")
USER = Opaque("user bob", "who the user is")
TEN = parse("10.0.0.0/8")


@pytest.mark.parametrize(("condition", "facts", "as_of", "answer"), [
    (TimeRange("work"), {}, None, Ternary.UNKNOWN),
    (TimeRange("work"), {"time-range work": True}, None, Ternary.YES),
    (TimeRange("work"), {"time-range work": False}, None, Ternary.NO),
    (TimeRange("work"), {"time-range other": True, "work": True}, None, Ternary.UNKNOWN),
    (ENDED, {}, None, Ternary.UNKNOWN),
    (ENDED, {}, date(2026, 3, 30), Ternary.UNKNOWN),
    (ENDED, {}, date(2026, 3, 31), Ternary.UNKNOWN),  # the last day still counts
    (ENDED, {}, date(2026, 4, 1), Ternary.NO),
    (ENDED, {"time-range work": True}, date(2026, 4, 1), Ternary.YES),  # the user knows better
    (FQDN, {}, None, Ternary.UNKNOWN),
    (FQDN, {FQDN.key: True}, None, Ternary.YES),
    (FQDN, {FQDN.key: False}, None, Ternary.NO),
    (FQDN, {FQDN.key: TEN}, None, Within("destination", TEN)),
    (FQDN, {FQDN.key: NOWHERE}, None, Within("destination", NOWHERE)),
    (USER, {}, date(2026, 4, 1), Ternary.UNKNOWN),
    (USER, {USER.key: True}, None, Ternary.YES),
    (USER, {USER.key: False}, None, Ternary.NO),
    # Addresses say nothing about a condition that is not about addresses.
    (USER, {USER.key: ANY4}, None, Ternary.UNKNOWN),
    (TimeRange("work"), {"time-range work": ANY4}, None, Ternary.UNKNOWN),
])
def test_a_condition_answers_only_what_is_known(
        condition: Condition, facts: dict[str, Fact], as_of: date | None, answer: Ternary | Within) -> None:
    assert settle(condition, Context(facts, as_of)) == answer


@pytest.mark.parametrize("side", ["source", "destination"])
def test_a_membership_narrows_its_own_side(side: Side) -> None:
    assert settle(Membership(side, "set a", "what set a holds"), Context({"set a": TEN})) == Within(side, TEN)


@pytest.mark.parametrize(("facts", "listener", "answer"), [
    ({}, "", Ternary.NO),
    ({}, "smb-server", Ternary.NO),
    ({}, "rpc-server", Ternary.UNKNOWN),
    ({"program svchost": True}, "rpc-server", Ternary.YES),
    ({"program svchost": False}, "rpc-server", Ternary.NO),
    ({"program svchost": True}, "smb-server", Ternary.NO),  # no fact makes it the listener
])
def test_a_listener_condition_is_open_only_for_its_listener(
        facts: dict[str, Fact], listener: str, answer: Ternary) -> None:
    condition = ForListener("rpc-server", "program svchost", "which program listens")
    assert settle(condition, Context(facts, listener=listener)) == answer


def test_only_a_reply_is_one() -> None:
    assert settle(IsReply(), Context(reply=True)) == Ternary.YES
    assert settle(IsReply(), Context()) == Ternary.NO


def test_an_empty_fact_settles_nothing() -> None:
    facts = {"": True}
    assert settle(Opaque("", "what the line means"), Context(facts)) is Ternary.UNKNOWN
    assert settle(InState(frozenset({"ESTABLISHED"})), Context(facts)) is Ternary.NO
    assert settle(OnInterface("in", "eth9"), Context(facts)) is Ternary.UNKNOWN
