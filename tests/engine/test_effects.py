"""Marks, tracking and translation: the sets against the tracer, on every packet of a small universe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.stages import evaluate_stages
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import ANY4, AddressSet, Family
from aclproof.parsers.model.conditions import (
    CameWith,
    Condition,
    Context,
    HasMark,
    InState,
    IsReply,
    Membership,
    Opaque,
    Place,
)
from aclproof.parsers.model.effects import (
    ChangeHopLimit,
    CopyMark,
    Divert,
    Effect,
    SetMark,
    TrackIn,
    Translate,
    Untrack,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus, HopLimitWithin, Recorded
from aclproof.parsers.model.packets import Box, Packet, size
from aclproof.parsers.model.rules import DENY_REST, Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, TCP, UDP, service
from tests import strategies
from tests.engine.test_sets_agree_with_tracer import GROUPED, again, put_into_groups

_MARKS = [HasMark(whose, value, 0xFFFFFFFF, negated)
          for whose in ("packet", "connection") for value in (0, 1, 2) for negated in (False, True)]
_STATES = [InState(frozenset({"NEW"})), InState(frozenset({"UNTRACKED"})), InState(frozenset({"DNAT"})),
           InState(frozenset({"SNAT"})),           InState(frozenset({"ESTABLISHED"}), negated=True)]
_OTHERS: list[Condition] = [HasConnection(), HasConnection(negated=True), HasStatus(frozenset({"CONFIRMED"})),
           HopLimitWithin(0, 1, of_sender=False), HopLimitWithin(2, 9, negated=True, of_sender=False)]
_MEMBERS: list[Condition] = [Membership("source", "one", "what one is"),
                             Membership("destination", "other", "what other is", negated=True)]
HELD = {"one": AddressSet(IntervalSet.of((1, 2))), "other": AddressSet(IntervalSet.of((0, 0), (3, 3)))}
CERTAIN: list[Condition] = [*_MARKS, *_STATES, *_OTHERS, *_MEMBERS]
"""Where nothing but what is in the sets has to be said."""
_WITH_CONNECTION: list[Condition] = [
    IsReply(), IsReply(negated=True), CameWith("destinations", IntervalSet.of((2, 3))),
    CameWith("sources", IntervalSet.of((0, 3)), unless_translated=True)]
"""Without a connection, what else the same match tests decides (xt_conntrack.c)."""
OPEN: list[Condition] = [Opaque("user bob", "who the user is"), Opaque("user eve", "who else it is")]
ANSWERS = [{"user bob": bob, "user eve": eve, **HELD} for bob in (True, False) for eve in (True, False)]
MARKING: list[Effect] = [SetMark("packet", 1, 0xFFFFFFFF), SetMark("packet", 2, 3), SetMark("packet", 1, 0),
                          SetMark("connection", 2, 0xFFFFFFFF), CopyMark("packet"), CopyMark("connection"),
                          Untrack(), TrackIn(), TrackIn(1, 0), TrackIn(0, 1, untracked_too=True),
                          ChangeHopLimit("set", 2),
                          ChangeHopLimit("decrease", 1), ChangeHopLimit("increase", 3),
                          SetMark("packet", 1, 0xFFFFFFFF, shift=1), SetMark("connection", 2, 3, shift=-1),
                          CopyMark("packet", 1, 3, shift=1), CopyMark("connection", 2, 0xFFFFFFFF, shift=-1)]
_EXACT: list[Effect] = [Translate("destination", (1, 1)), Translate("destination", None, (2, 2)),
                        Translate("destination", (3, 3), (0, 0)), Translate("source", (0, 0)),
                        Translate("destination", (0, 3), shifted=True)]
_VAGUE: list[Effect] = [Translate("destination", (1, 2)), Translate("destination", itself=True),
                        Divert("where it goes"), SetMark("packet", 0, 0, known=False)]


def packets(box: Box) -> Iterator[Packet]:
    axes = [[n for low, high in axis.ranges for n in range(low, high + 1)]
            for axis in (box.sources, box.destinations, box.source_ports, box.destination_ports)]
    return (Packet(box.family, box.protocol, *each) for each in product(*axes))


def verdict(outcome: Outcome, packet: Packet) -> str:
    found = [name for name, boxes in (("permit", outcome.permitted), ("deny", outcome.denied),
                                      ("undecided", outcome.undecided))
             for box in boxes if packet in box]
    assert len(found) == 1, "each packet lies in exactly one part"
    return found[0]


_ENDS = [ANY4, ANY4, *(AddressSet(v4=IntervalSet.of(*ranges)) for ranges in ([(0, 1)], [(2, 3)], [(1, 2)]))]
_SERVICES = [(ANY_SERVICE,), (ANY_SERVICE,), (service(TCP, ANY_PORT, IntervalSet.of((0, 1))),),
             (service(TCP, IntervalSet.of((1, 2)), IntervalSet.of((2, 9))),), (service(UDP),)]
_PLAIN = [Action.PERMIT, Action.DENY, Action.PERMIT, Action.DENY, Action.RETURN]


def rules(effects: list[Effect], conditions: list[Condition],
          targets: tuple[str, ...]) -> SearchStrategy[Rule]:
    """Half of the rules change something, most of the others test something."""
    deeds: list[tuple[Action, str, Effect | None]] = [
        (Action.PERMIT if isinstance(each, Translate | Divert) else Action.CONTINUE, "", each)
        for each in effects]
    deeds += [(Action.CONTINUE, "", each) for each in effects if isinstance(each, Divert)]
    verdicts: list[tuple[Action, str, Effect | None]] = [(action, "", None) for action in _PLAIN]
    verdicts += [(action, target, None) for target in targets for action in (Action.JUMP, Action.GOTO)]
    verdicts += [(Action.JUMP, target, SetMark("packet", 1, 0xFFFFFFFF)) for target in targets]
    parts = st.tuples(st.one_of(st.sampled_from(deeds), st.sampled_from(verdicts)), st.sampled_from(_ENDS),
                      st.sampled_from(_ENDS), st.sampled_from(_SERVICES), st.sampled_from(conditions),
                      st.integers(0, 3), st.integers(0, 9))
    return parts.map(lambda p: Rule(p[0][0], p[1], p[2], p[3], 1, (p[4],) if p[5] else (), p[6] < 9, p[0][1],
                                    p[0][2]))


@st.composite
def firewalls(draw: st.DrawFn, effects: list[Effect], conditions: list[Condition]
              ) -> tuple[list[Stage], dict[str, Chain]]:
    """Up to three filters in turn, each of three chains that call only later ones.

    As in netfilter: packets are translated where only the first of a connection comes, and nothing is denied
    or kept untracked there; the first filter may see them before tracking does.
    """
    chains: dict[str, Chain] = {}
    stages: list[Stage] = []
    for number in range(draw(st.integers(1, 3))):
        once = draw(st.booleans())
        fitting = [each for each in effects
                   if not isinstance(each, Untrack | TrackIn if once else Translate | Divert)]
        names = tuple(f"{letter}{number}" for letter in "abc")
        for at, name in enumerate(names):
            some = draw(st.lists(rules(fitting, conditions, names[at + 1:]), max_size=5 - at))
            chains[name] = Chain(name, [_no_denial(rule) for rule in some] if once else some)
        action = Action.PERMIT if once else draw(st.sampled_from([Action.PERMIT, Action.DENY]))
        default = Default(action, "policy", "policy", strategies.SPAN)
        tracked = number > 0 or once or draw(st.booleans())
        stages.append(Stage(f"s{number}", names[:1], default, Place(tracked=tracked), once=once))
    return stages, chains


def _no_denial(rule: Rule) -> Rule:
    return rule._replace(action=Action.PERMIT) if rule.action is Action.DENY else rule


fewer = settings(max_examples=settings.default.max_examples // 5 if settings.default else 40)
"""Each example is a whole firewall, and costs as much as twenty of the others."""

_AXIS = IntervalSet.of((0, 3))
WHOLE = Box(Family.V4, TCP, _AXIS, _AXIS, IntervalSet.of((0, 2)), _AXIS)


_ESTABLISHED = frozenset({"ESTABLISHED"})
CONTEXTS = [Context(HELD),
            Context(HELD, reply=True, states=_ESTABLISHED, recorded=Recorded(_ESTABLISHED, 0)),
            Context(HELD, states=frozenset({"NEW", "INVALID"}), recorded=Recorded(_ESTABLISHED, 1),
                    hop_limit=3)]
"""A first packet; a reply; a later one, whose connection is in another zone, with few hops left."""


@fewer
@given(firewalls(MARKING + _EXACT, CERTAIN), st.sampled_from(CONTEXTS[:2]))
def test_where_nothing_is_open_sets_and_tracer_agree(
        firewall: tuple[list[Stage], dict[str, Chain]], context: Context) -> None:
    stages, chains = firewall
    outcome, ways = evaluate_stages(stages, {name: chain.rules for name, chain in chains.items()}, WHOLE,
                                    context)
    for packet in packets(WHOLE):
        walked = trace_packet(stages, chains, packet, context)
        assert verdict(outcome, packet) == walked.verdict
        if walked.verdict == "permit":
            assert [way.after for way in ways if packet in way.before and walked.packet in way.after]


@fewer
@given(firewalls(MARKING + _EXACT + _VAGUE, CERTAIN + OPEN + _WITH_CONNECTION), st.sampled_from(CONTEXTS))
def test_what_is_open_is_never_called_sure(
        firewall: tuple[list[Stage], dict[str, Chain]], context: Context) -> None:
    stages, chains = firewall
    outcome, _ = evaluate_stages(stages, {name: chain.rules for name, chain in chains.items()}, WHOLE,
                                 context)
    for packet in packets(WHOLE):
        found = verdict(outcome, packet)
        for facts in ANSWERS:
            walked = trace_packet(stages, chains, packet, replace(context, facts=facts))
            assert found in (walked.verdict, "undecided") or walked.verdict == "undecided"
            if found == "permit":
                assert walked.verdict != "deny"
            if found == "deny":
                assert walked.verdict != "permit"


@fewer
@given(firewalls(MARKING + _EXACT + _VAGUE, CERTAIN + OPEN))
def test_every_open_packet_has_a_line_that_leaves_it_open(
        firewall: tuple[list[Stage], dict[str, Chain]]) -> None:
    stages, chains = firewall
    outcome, _ = evaluate_stages(stages, {name: chain.rules for name, chain in chains.items()}, WHOLE,
                                 CONTEXTS[0])
    for packet in packets(WHOLE):
        found = verdict(outcome, packet)
        doubted = any(packet in each for doubt in outcome.doubts for each in doubt.boxes)
        denied = any(packet in each for part in outcome.denials for each in part.boxes)
        assert doubted == (found == "undecided")
        assert denied == (found == "deny")


@pytest.mark.parametrize("grouped", GROUPED)
@settings(fewer, suppress_health_check=again.suppress_health_check)
@given(firewall=firewalls(MARKING + _EXACT + _VAGUE, OPEN))
def test_lines_with_effects_are_told_in_the_order_in_which_packets_meet_them(
        firewall: tuple[list[Stage], dict[str, Chain]], grouped: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the answer is known, each time; where it is open, all that any answer leads to, and no more is
    sure than what every answer leads to."""
    put_into_groups(grouped, monkeypatch)
    (stage, *_), chains = firewall
    rules = {name: chain.rules for name, chain in chains.items()}
    known, unknown = (hits_of(evaluate([stage], rules, WHOLE, context))
                      for context in (Context(ANSWERS[0]), Context()))
    for packet in packets(WHOLE):
        met = [[step.by for step in trace_packet([stage], chains, packet, Context(facts)).steps
                if isinstance(step.by, Rule) and step.by.effect] for facts in ANSWERS]
        assert known[packet] == [(rule, True) for rule in met[0]]
        for walked in met:
            assert in_order(walked, [rule for rule, _ in unknown[packet]])
            assert in_order([rule for rule, sure in unknown[packet] if sure], walked)


def hits_of(outcome: Outcome) -> dict[Packet, list[tuple[Rule, bool]]]:
    """The lines with effects that each packet meets, and whether it surely does."""
    found: dict[Packet, list[tuple[Rule, bool]]] = {packet: [] for packet in packets(WHOLE)}
    for hit in outcome.effect_hits:
        for boxes, sure in ((hit.sure, True), (hit.maybe, False)):
            assert all(box.size for box in boxes)
            for packet in (packet for box in boxes for packet in packets(box)):
                found[packet].append((hit.by, sure))
    return found


def in_order(some: Sequence[Rule], others: Sequence[Rule]) -> bool:
    """Whether some rules are among the others, in the same order."""
    rest = iter(others)
    return all(rule in rest for rule in some)


@pytest.mark.parametrize("grouped", GROUPED)
def test_a_line_that_translates_in_a_chain_called_twice_is_told_of_all_that_it_lets_through(
        grouped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its calls brings it other packets; nobody else lets these through."""
    put_into_groups(grouped, monkeypatch)
    effect = Translate("destination", (1, 1))
    translates = [Rule(Action.PERMIT, one, ANY4, (ANY_SERVICE,), 1, effect=effect) for one in _ONE_EACH]
    calls = [Rule(Action.JUMP, one, ANY4, (ANY_SERVICE,), 2, target="called") for one in _ONE_EACH[:3]]
    found = evaluate([Stage("s", ("calls",), DENY_REST)], {"calls": calls, "called": translates}, WHOLE,
                     CONTEXTS[0])
    for told in ([(hit.by, hit.sure) for hit in found.effect_hits],
                 [(part.by, part.boxes) for part in found.permits]):
        assert {(by, source) for by, boxes in told for box in boxes for source in range(4)
                if source in box.sources} == {(translates[number], number) for number in range(3)}
    both = Rule(Action.PERMIT, ANY4, ANY4, (ANY_SERVICE,), 3, effect=effect)
    found = evaluate([Stage("s", ("calls",), DENY_REST)], {"calls": calls, "called": [both]}, WHOLE,
                     CONTEXTS[0])
    assert [(part.by, size(part.boxes)) for part in found.permits] == [(both, 3 * WHOLE.size // 4)]


_ONE_EACH = [AddressSet(IntervalSet.of((number, number))) for number in range(4)]
