"""What filters in turn make of packets that are marked or translated, kind by kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from aclproof.linter.engine import budget
from aclproof.linter.engine.budget import Budget, part_of
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.stages import Rerouting, evaluate_stages
from aclproof.linter.engine.tested import about_source
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import ANY4, NOWHERE, AddressSet
from aclproof.parsers.model.conditions import (
    Context,
    InState,
    IsItself,
    Membership,
    Place,
)
from aclproof.parsers.model.effects import (
    ALL_BITS,
    SetMark,
    Translate,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Chain, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, Service
from tests.engine.test_effects import WHOLE, packets, verdict
from tests.engine.test_stages import (
    HIGH,
    LOW,
    MARK,
    MARKED,
    NAT,
    ONE,
    REST,
    UNKNOWN,
    firewall,
    line,
    marks,
    permit,
)


def test_what_is_marked_for_certain_stays_so_where_it_may_be_dropped() -> None:
    """Whoever of the lower half passes the open line is marked, so nobody of them passes the next filter."""
    stages, chains = firewall(((marks(), line(Action.DENY, UNKNOWN, to=HIGH), permit()),
                               (line(Action.DENY, MARKED), permit())))
    found, _ = evaluate_stages(stages, {each.name: each.rules for each in chains.values()}, WHOLE, Context())
    for packet in packets(WHOLE):
        expected = "deny" if packet.source < 2 else "permit" if packet.destination < 2 else "undecided"
        assert verdict(found, packet) == expected


def test_more_kinds_of_packets_than_can_be_told_apart_are_not_taken_for_translated() -> None:
    """200 marks, and each of their packets may be translated or not: 400 kinds."""
    lines = [line(REST, of=AddressSet(IntervalSet.of((host, host))), does=SetMark("packet", host, ALL_BITS))
             for host in range(200)]
    stages, chains = firewall(((*lines, NAT), (permit(to=ONE),)))
    found, _ = evaluate_stages(stages, {each.name: each.rules for each in chains.values()},
                               replace(WHOLE, sources=IntervalSet.of((0, 199))), Context())
    assert not found.permitted
    assert not found.denied


@pytest.mark.parametrize(("effect", "from_itself", "open_for"), [
    (Translate("source", (0, 0)), None, {0}), (Translate("source", (0, 0)), True, {0}),
    (Translate("source", (1, 2)), None, {1, 2}), (Translate("source", itself=True), None, set()),
    (Translate("source", itself=True), True, {0, 1, 2, 3}), (Translate("source", offset=1), None, set()),
    (Translate("source", None, (1, 1)), None, {0, 1, 2, 3})])
def test_who_may_keep_his_source_may_not_be_in_state_snat(effect: Translate, from_itself: bool | None,
                                                          open_for: set[int]) -> None:
    """Only packets of the firewall itself have its address; of ports, port 1 is one of three."""
    first, second = (Stage(name, (name,), DENY_REST, Place(from_itself=from_itself)) for name in "ab")
    rules = {"a": [permit(does=effect)], "b": [permit(InState(frozenset({"SNAT"})))]}
    found, _ = evaluate_stages([first, second], rules, WHOLE, Context())
    assert not found.denied
    assert {source for box in found.undecided for source in range(4) if source in box.sources} == open_for
    assert all(box.source_ports == ONE.v4 for box in found.undecided) or effect.ports is None
    chains = {name: Chain(name, of_chain) for name, of_chain in rules.items()}
    for packet in packets(WHOLE):
        walked = trace_packet([first, second], chains, packet, Context())
        assert walked.verdict == verdict(found, packet)


def test_each_line_that_may_have_translated_the_source_is_told() -> None:
    perhaps = permit(UNKNOWN, to=HIGH, does=Translate("source", (0, 0)))
    surely = permit(to=HIGH, does=Translate("source", (1, 1)))
    _, ways = evaluate_stages([Stage("a", ("a",), DENY_REST)], {"a": [perhaps, surely]}, WHOLE, Context())
    assert {way.translations for way in ways if way.before.destinations == HIGH.v4} == {(perhaps, surely)}


def test_each_kind_of_packets_costs_a_step_at_each_line_that_changes_some() -> None:
    lines = [line(REST, does=MARK) for _ in range(50)]
    stage = Stage("s", ("c",), DENY_REST)

    def steps(task: Callable[[], object]) -> float:
        run = Budget(budget.STEPS_OF_A_PART)
        with part_of(run):
            task()
        return budget.STEPS_OF_A_PART - run.left

    once = steps(lambda: evaluate([stage], {"c": [*lines, permit()]}, WHOLE, Context()))
    assert steps(lambda: evaluate_stages([stage], {"c": [*lines, permit()]}, WHOLE, Context())) == once + 50


def test_a_translated_packet_goes_on_where_it_is_sent() -> None:
    stages, chains = firewall(((NAT,), (permit(),), (line(Action.DENY),)))
    rules = {each.name: each.rules for each in chains.values()}
    asked = []

    def reroute(box: Box, rule: Rule) -> list[Stage]:
        asked.append((box.destinations, rule))
        return [stages[2]]

    found, _ = evaluate_stages(stages[:2], rules, WHOLE, Context(), Rerouting(reroute=reroute))
    assert asked == [(ONE.v4, NAT)]
    for packet in packets(WHOLE):
        assert verdict(found, packet) == ("deny" if packet.destination in HIGH.v4 else "permit")


@pytest.mark.parametrize(("test", "asks"), [
    (permit(), False), (permit(to=LOW), False), (line(Action.PERMIT, of=NOWHERE), False),
    (line(Action.PERMIT, of=LOW), True), (line(Action.PERMIT, of=ANY4 - ONE), True),
    (line(Action.PERMIT, of=AddressSet(v6=LOW.v4)), True),
    (permit(IsItself("destination")), False), (permit(IsItself("source")), True),
    (permit(Membership("destination", "one", "what one is")), False),
    (permit(Membership("source", "one", "what one is")), True), (permit(MARKED), False),
    *((permit()._replace(services=tuple(Service(IntervalSet.of(*protocols), ports) for ports in several)),
       asks) for protocols, several, asks in (
          ([(6, 6)], [ANY_PORT], False), ([(6, 6)], [ONE.v4], True), ([(6, 6)], [ANY_PORT, ONE.v4], True),
          ([(1, 1)], [ONE.v4], False), ([(58, 58)], [ONE.v4], False), ([(1, 1), (58, 58)], [ONE.v4], False),
          ([(1, 6)], [ONE.v4], True), ([(1, 58)], [ONE.v4], True), ([(1, 1), (6, 6)], [ONE.v4], True)))])
def test_which_lines_test_from_where_packets_come(test: Rule, asks: bool) -> None:
    """Of ICMP what is no port stays what it is, and a line that nothing meets tests nothing."""
    assert about_source(test) is asks
