"""The sets against the tracer, and against every single packet of a small universe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aclproof.linter.engine import entries
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.prefilter import candidates
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.conditions import Context, Fact
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet, size
from aclproof.parsers.model.rules import Action, Chain, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE
from tests import strategies
from tests.strategies import CONDITIONS


def packets(box: Box) -> Iterator[Packet]:
    axes = [[n for low, high in axis.ranges for n in range(low, high + 1)]
            for axis in (box.sources, box.destinations, box.source_ports, box.destination_ports)]
    return (Packet(box.family, box.protocol, *each) for each in product(*axes))


def verdicts(outcome: Outcome, box: Box) -> dict[Packet, str]:
    """One verdict for each packet; a packet in two parts, or in none, fails here, and a line that is told of
    no packets."""
    found: dict[Packet, str] = {}
    for name, part in (("permit", outcome.permitted), ("deny", outcome.denied),
                       ("undecided", outcome.undecided)):
        for each in part:
            for packet in packets(each):
                assert packet not in found, "the parts are disjoint"
                found[packet] = name
    told = [each.boxes for each in (*outcome.permits, *outcome.denials)]
    told += [each.boxes for each in outcome.doubts]
    assert all(boxes and all(each.size for each in boxes) for boxes in told)
    assert len(found) == box.size == size((*outcome.permitted, *outcome.denied, *outcome.undecided))
    return found


facts = st.dictionaries(st.sampled_from([each.key for each in CONDITIONS]),
                        st.booleans(), max_size=3).map(lambda known: {
                            key: AddressSet(IntervalSet.of((1, 2)), IntervalSet.of((1, 3)))
                            if key.startswith("fqdn") and value else value for key, value in known.items()})


GROUPED = ["as many", "where it saves", "all"]


def put_into_groups(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of called chains are put into groups where they are many; here also wherever that is allowed."""
    if which != "as many":
        monkeypatch.setattr(entries, "_MANY", 0)
    if which == "all":
        monkeypatch.setattr(entries, "_WORTH", 0)


@pytest.fixture(params=GROUPED)
def _put_into_groups(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    put_into_groups(request.param, monkeypatch)


in_groups = pytest.mark.usefixtures("_put_into_groups")
again = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@in_groups
@again
@given(strategies.stages(), strategies.chains(), strategies.boxes(), facts)
def test_every_packet_gets_the_verdict_of_the_tracer(
        stages: tuple[Stage, ...], chains: dict[str, Chain], box: Box, known: dict[str, Fact]) -> None:
    context = Context(known)
    outcome = evaluate(stages, {name: chain.rules for name, chain in chains.items()}, box, context)
    for packet, verdict in verdicts(outcome, box).items():
        assert trace_packet(stages, chains, packet, context).verdict == verdict


@given(strategies.stages(), strategies.chains(), st.lists(strategies.boxes(), min_size=1, max_size=4))
def test_the_prefilter_loses_nothing(
        stages: tuple[Stage, ...], chains: dict[str, Chain], boxes: list[Box]) -> None:
    kept = {name: candidates(chain.rules, boxes) for name, chain in chains.items()}
    for number, box in enumerate(boxes):
        few = {name: lists[number] for name, lists in kept.items()}
        whole = {name: chain.rules for name, chain in chains.items()}
        assert verdicts(evaluate(stages, few, box, Context()), box) == \
            verdicts(evaluate(stages, whole, box, Context()), box)


@given(strategies.stages(), strategies.chains(), strategies.boxes(), st.data())
def test_making_a_condition_unknown_only_moves_verdicts_to_undecided(
        stages: tuple[Stage, ...], chains: dict[str, Chain], box: Box, data: st.DataObject) -> None:
    known: dict[str, Fact] = {each.key: data.draw(st.booleans()) for each in CONDITIONS}
    rules = {name: chain.rules for name, chain in chains.items()}
    sharp = verdicts(evaluate(stages, rules, box, Context(known)), box)
    del known[data.draw(st.sampled_from(sorted(known)))]
    blurred = verdicts(evaluate(stages, rules, box, Context(known)), box)
    assert all(after in (sharp[packet], "undecided") for packet, after in blurred.items())


@in_groups
@again
@given(strategies.stages(), strategies.chains(), strategies.boxes())
def test_each_decided_packet_is_blamed_on_the_line_that_decides_it(
        stages: tuple[Stage, ...], chains: dict[str, Chain], box: Box) -> None:
    outcome = evaluate(stages, {name: chain.rules for name, chain in chains.items()}, box, Context())
    lines_are_those_of_the_tracer(outcome, stages, chains, box)


def lines_are_those_of_the_tracer(outcome: Outcome, stages: Sequence[Stage], chains: Mapping[str, Chain],
                                  box: Box) -> None:
    """Each denied packet is told of the line that denies it, each undecided one of a line that is open, and
    each that surely passes a filter of the line that lets it through."""
    for number, stage in enumerate(stages, 1):
        told = [(packet, part.by) for part in outcome.permits if part.stage is stage
                for each in part.boxes for packet in packets(each)]
        assert len({packet for packet, _ in told}) == len(told)
        through = {packet: walked.deciding.by for packet in packets(box)
                   for walked in [trace_packet(stages[:number], chains, packet, Context())]
                   if walked.verdict == "permit" and walked.deciding}
        assert dict(told) == through
    blamed = [(packet, part) for part in outcome.denials for each in part.boxes for packet in packets(each)]
    denied = {packet for each in outcome.denied for packet in packets(each)}
    assert {packet for packet, _ in blamed} == denied
    for packet, part in blamed:
        deciding = trace_packet(stages, chains, packet, Context()).deciding
        assert deciding is not None
        assert (deciding.by, deciding.stage) == (part.by, part.stage)
    doubted = {packet for doubt in outcome.doubts for each in doubt.boxes for packet in packets(each)}
    assert doubted == {packet for each in outcome.undecided for packet in packets(each)}


@given(strategies.chains(), strategies.stages(), strategies.boxes())
def test_a_permit_on_top_never_breaks_what_was_permitted(
        chains: dict[str, Chain], stages: tuple[Stage, ...], box: Box) -> None:
    rules: dict[str, list[Rule]] = {name: list(chain.rules) for name, chain in chains.items()}
    before = verdicts(evaluate(stages, rules, box, Context()), box)
    rules["a"].insert(0, Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), 1))
    after = verdicts(evaluate(stages, rules, box, Context()), box)
    assert all(after[packet] == "permit" for packet, verdict in before.items() if verdict == "permit")
