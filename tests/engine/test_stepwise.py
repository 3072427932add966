"""A filter that marks and tests marks, rule by rule: against the tracer, packet by packet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aclproof.linter.engine import budget
from aclproof.linter.engine.budget import Budget, part_of
from aclproof.linter.engine.stages import evaluate_stages
from aclproof.linter.engine.stepwise import StepwiseError, evaluate_by_rule
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import (
    Condition,
    Context,
    Fact,
    HasMark,
    InState,
    Membership,
    Place,
)
from aclproof.parsers.model.effects import ALL_BITS, Divert, Effect, SetMark, Translate
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import DENY_REST, Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, TCP, UDP, Service, service
from tests.engine.test_effects import CERTAIN, CONTEXTS, MARKING, OPEN, WHOLE, packets, rules
from tests.engine.test_stages import HIGH, LOW, MARKED, line, marks, permit
from tests.strategies import SPAN

_DEEDS: list[Effect] = [*MARKING, Translate("destination", (1, 1)), Translate("source", (0, 0)),
                        Divert("where it goes")]


@st.composite
def filters(draw: st.DrawFn, conditions: list[Condition]) -> tuple[Stage, dict[str, Chain]]:
    """One filter of three chains that call only later ones."""
    names = ("a", "b", "c")
    chains = {name: Chain(name, draw(st.lists(rules(_DEEDS, conditions, names[at + 1:]), max_size=6 - at)))
              for at, name in enumerate(names)}
    default = Default(draw(st.sampled_from([Action.PERMIT, Action.DENY])), "policy", "policy", SPAN)
    return Stage("s", names[:1], default, Place(tracked=draw(st.booleans()))), chains


@given(filters(CERTAIN + OPEN), st.sampled_from(CONTEXTS))
def test_each_packet_leaves_as_it_does_alone(found: tuple[Stage, dict[str, Chain]],
                                             context: Context) -> None:
    stage, chains = found
    of_chains = {name: chain.rules for name, chain in chains.items()}
    outcome, passed, left_open = evaluate_by_rule(stage, of_chains, WHOLE, context)
    for packet in packets(WHOLE):
        walked = trace_packet([stage], chains, packet, context)
        told = [part.by for part in (*outcome.permits, *outcome.denials)
                for box in part.boxes if packet in box]
        denied = [box for box in outcome.denied if packet in box]
        ways = [(known, by) for box, known, by in passed if packet in box]
        assert len(denied) + len(ways) + sum(packet in box for box in left_open) == 1
        if not denied and not ways:
            assert any(step.unresolved or isinstance(_effect(step.by), Divert) for step in walked.steps)
            continue
        assert walked.deciding
        assert not any(step.unresolved for step in walked.steps)
        assert told == [walked.deciding.by]
        for known, by in ways:
            assert walked.diverted or walked.verdict == "permit"
            assert by is (walked.deciding.by if isinstance(_effect(walked.deciding.by),
                                                           Translate | Divert) else None)
            assert known == replace(walked.context, translated=context.translated,
                                    source_translated=context.source_translated,
                                    source_changed=context.source_changed)
        assert not denied or walked.verdict == "deny"


def _effect(by: Rule | Default) -> Effect | None:
    return by.effect if isinstance(by, Rule) else None


def outcome_of(*lines: Rule, facts: Mapping[str, Fact] | None = None) -> dict[str, set[int]]:
    """The sources with each verdict."""
    stage = Stage("s", ("c",), DENY_REST)
    found, _ = evaluate_stages([stage], {"c": lines}, WHOLE, Context(facts or {}))
    return {name: {source for box in boxes for source in range(4) if source in box.sources}
            for name, boxes in (("permitted", found.permitted), ("denied", found.denied),
                                ("undecided", found.undecided)) if boxes}


def test_what_a_marking_filter_hands_over_is_not_let_through() -> None:
    away = permit(MARKED, does=Divert("where it goes"))
    lines = [marks(), away, line(Action.PERMIT, of=HIGH)]
    assert outcome_of(*lines) == {"undecided": {0, 1}, "permitted": {2, 3}}
    found, _ = evaluate_stages([Stage("s", ("c",), DENY_REST)], {"c": lines}, WHOLE, Context())
    assert {condition.because for doubt in found.doubts for condition in doubt.open} == {"where it goes"}


def test_a_disabled_line_of_a_marking_filter_counts_for_nothing() -> None:
    off = permit(MARKED)._replace(enabled=False)
    assert outcome_of(marks(), off, line(Action.DENY, of=LOW), permit()) == {
        "denied": {0, 1}, "permitted": {2, 3}}


@pytest.mark.parametrize(("of", "permitted"), [
    (service(UDP), set()), (service(TCP, ANY_PORT, IntervalSet.of((9, 9))), set()), (service(TCP), {0, 1})])
def test_a_line_of_a_marking_filter_is_for_its_services(of: Service, permitted: set[int]) -> None:
    found = outcome_of(marks(), permit(MARKED)._replace(services=(of,)))
    assert found.get("permitted", set()) == permitted


def test_a_line_of_a_marking_filter_is_for_the_members_of_its_set() -> None:
    """Two sets at once: both have to hold the packet's end."""
    sources, others = (Membership("source", key, f"what {key} is") for key in ("one", "other"))
    ends = Membership("destination", "ends", "what ends is")
    held = {"one": AddressSet(IntervalSet.of((1, 3))), "other": AddressSet(IntervalSet.of((0, 1))),
            "ends": AddressSet(IntervalSet.of((2, 2)))}
    assert outcome_of(marks(), permit(MARKED, sources, others), facts=held) == {
        "permitted": {1}, "denied": {0, 2, 3}}
    stage = Stage("s", ("c",), DENY_REST)
    found, _ = evaluate_stages([stage], {"c": [marks(), permit(MARKED, ends, to=HIGH)]}, WHOLE, Context(held))
    assert {(source, end) for box in found.permitted for source in range(4) for end in range(4)
            if source in box.sources and end in box.destinations} == {(0, 2), (1, 2)}


def one_mark_each(hosts: int, *others: Rule) -> Sequence[Rule]:
    return [*(line(Action.CONTINUE, of=AddressSet(IntervalSet.of((host, host))),
                   does=SetMark("packet", host + 1, ALL_BITS)) for host in range(hosts)), *others]


def test_256_kinds_of_packets_are_told_apart_and_more_are_given_up() -> None:
    """Each host has a mark of its own, so there are as many kinds as hosts."""
    last = permit(HasMark("packet", 256, ALL_BITS))
    stage, whole = Stage("s", ("c",), DENY_REST), IntervalSet.of((0, 255))
    found, passed, _ = evaluate_by_rule(stage, {"c": one_mark_each(256, last)},
                                        replace(WHOLE, sources=whole), Context())
    assert [box.sources for box in found.permitted] == [IntervalSet.of((255, 255))]
    assert [known.mark for _, known, _ in passed] == [256]
    again = [rule._replace(destinations=LOW) for rule in one_mark_each(2)]
    found, _, _ = evaluate_by_rule(stage, {"c": [*one_mark_each(254), *again, last]},
                                   replace(WHOLE, sources=whole), Context())
    assert not found.permitted  # 257 parts are of 256 kinds
    with pytest.raises(StepwiseError):
        evaluate_by_rule(stage, {"c": one_mark_each(257, last)},
                         replace(WHOLE, sources=IntervalSet.of((0, 256))), Context())


def test_each_line_costs_two_steps_for_each_kind_of_packets() -> None:
    """Four kinds, each in a part of its own; nothing of them is split by what does not concern them."""
    idle = line(Action.DENY, InState(frozenset({"UNTRACKED"})))

    def steps(lines: int) -> float:
        run = Budget(budget.STEPS_OF_A_PART)
        with part_of(run):
            evaluate_by_rule(Stage("s", ("c",), DENY_REST), {"c": one_mark_each(4, *[idle] * lines)}, WHOLE,
                             Context())
        return budget.STEPS_OF_A_PART - run.left

    assert steps(10) - steps(0) == 10 * 2 * 4
