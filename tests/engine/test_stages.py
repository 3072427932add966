"""Filters in turn that mark, leave untracked, translate and test it: kind by kind against the tracer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aclproof.linter.engine.stages import evaluate_stages
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import ANY4, AddressSet
from aclproof.parsers.model.conditions import (
    Condition,
    Context,
    HasMark,
    InState,
    IsItself,
    Membership,
    Opaque,
)
from aclproof.parsers.model.effects import (
    ALL_BITS,
    ChangeHopLimit,
    CopyMark,
    Divert,
    Effect,
    SetMark,
    Translate,
    Untrack,
)
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HasConnection, HasStatus, HopLimitWithin, Recorded
from aclproof.parsers.model.rules import Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, TCP, service
from tests.engine.test_effects import ANSWERS, WHOLE, packets, verdict
from tests.strategies import SPAN

LOW, HIGH, ONE = (AddressSet(IntervalSet.of(ends)) for ends in ((0, 1), (2, 3), (1, 1)))
MARKED = HasMark("packet", 1, ALL_BITS)
UNTRACKED, CHANGED = InState(frozenset({"UNTRACKED"})), InState(frozenset({"DNAT"}))
UNKNOWN, ANOTHER = Opaque("user bob", "who the user is"), Opaque("user eve", "who else it is")
RELIED_ON = Opaque("", "what is taken for granted", True, relied_on=True)
MARK, REST = SetMark("packet", 1, ALL_BITS), Action.CONTINUE


def line(action: Action, *tests: Condition, of: AddressSet = ANY4, to: AddressSet = ANY4,
         does: Effect | None = None, target: str = "") -> Rule:
    return Rule(action, of, to, (ANY_SERVICE,), 1, tests, True, target, does)


def permit(*tests: Condition, to: AddressSet = ANY4, does: Effect | None = None) -> Rule:
    return line(Action.PERMIT, *tests, to=to, does=does)


def marks(*tests: Condition, does: Effect = MARK) -> Rule:
    """From the lower half of the sources."""
    return line(REST, *tests, of=LOW, does=does)


NAT = permit(to=HIGH, does=Translate("destination", (1, 1)))
Filters = tuple[tuple[Rule, ...], ...]
"""Each filter denies what its rules leave, but a translating one, which sees first packets only."""
CERTAIN: dict[str, Filters] = {
    "a mark, tested by the same filter": ((marks(), permit(MARKED)),),
    "a mark, set and tested by the second filter": ((permit(to=HIGH),), (marks(), permit(MARKED))),
    "a mark, set by the second filter": ((permit(to=HIGH),), (marks(), permit()), (permit(MARKED),)),
    "a mark, tested before it is set": ((permit(MARKED), marks()),),
    "a mark, tested by the next filter": ((marks(), permit()), (permit(MARKED),)),
    "a mark of what is left": ((permit(to=LOW), marks(), line(Action.DENY, MARKED), permit()),),
    "a mark of all but a corner": ((line(Action.PERMIT, of=LOW, to=LOW), line(REST, does=MARK), permit()),
                                   (permit(MARKED),)),
    "a mark and more": ((marks(), permit(MARKED, RELIED_ON)),),
    "marked ones are translated": ((marks(), permit(MARKED, does=Translate("destination", (1, 1)))),
                                   (permit(to=LOW),)),
    "a mark in a called chain": ((line(Action.JUMP, target="called"), permit(MARKED)),),
    "marked by one chain before a translation, and after it": (
        (line(Action.JUMP, of=LOW, target="marking"), line(Action.PERMIT, of=LOW, does=NAT.effect),
         line(Action.JUMP, target="marking")), (line(Action.DENY, MARKED, of=LOW, to=LOW), permit())),
    "a mark that is saved between two calls": (
        (line(Action.JUMP, of=LOW, target="marking"), line(REST, does=CopyMark("connection")),
         line(Action.JUMP, target="marking"), permit()), (permit(HasMark("connection", 1, ALL_BITS)),)),
    "a mark, and a line that changes nothing": ((marks(), line(REST, UNKNOWN), permit(MARKED)),),
    "a call that marks": ((line(Action.JUMP, of=LOW, does=MARK, target="empty"), permit()),
                          (permit(MARKED),)),
    "a mark of all but a corner, some dropped": (
        (line(Action.PERMIT, of=LOW, to=LOW), line(REST, does=MARK), line(Action.DENY, of=ONE, to=HIGH),
         permit()), (permit(MARKED),)),
    "some translated, and some dropped by their marks": (
        (line(Action.PERMIT, of=HIGH, to=HIGH, does=Translate("destination", (1, 1))), marks(),
         line(Action.DENY, MARKED)), (permit(to=LOW),)),
    "a mark and no way back": ((line(Action.GOTO, of=LOW, target="called"), permit()),),
    "nobody tests the mark": ((marks(), permit()), (permit(to=LOW),)),
    "not tracked": ((marks(does=Untrack()), permit()), (permit(UNTRACKED),)),
    "not tracked, so not translated": ((marks(does=Untrack()), permit()), (NAT,), (permit(to=LOW),)),
    "no connection": ((marks(does=Untrack()), permit()), (permit(HasConnection()),)),
    "no connection, tested by the same filter": ((marks(does=Untrack()), permit(HasConnection())),),
    "no status": ((marks(does=Untrack()), line(Action.DENY, HasStatus(frozenset({"EXPECTED"}))), permit()),),
    "few hops": ((marks(does=ChangeHopLimit("set", 1)),
                  line(Action.DENY, HopLimitWithin(0, 1, of_sender=False)), permit()),),
    "translated": ((NAT,), (permit(CHANGED),)),
    "translated to what some are sent to": (
        (permit(does=Translate("destination", (1, 1))),), (permit(CHANGED),)),
    "translated and filtered": ((NAT,), (permit(to=LOW),)),
    "another port": ((permit(to=HIGH, does=Translate("destination", None, (2, 2))),), (permit(CHANGED),)),
    "a network": (
        (permit(does=Translate("destination", (0, 1), shifted=True), to=LOW),), (permit(to=LOW),)),
    "translated once": ((NAT,), (permit(does=Translate("destination", (3, 3))),), (permit(to=LOW),)),
    "the source, and nobody tests it": ((permit(does=Translate("source", (0, 0))),), (permit(to=LOW),)),
    "the source, and no other translation": ((permit(does=Translate("source", (0, 0))),), (NAT,),
                                             (permit(to=HIGH),)),
    "the source after the destination": (
        (NAT,), (permit(does=Translate("source", (0, 0))),), (permit(to=LOW),)),
    "the source, and whether it was translated": (
        (line(Action.PERMIT, of=HIGH, to=HIGH, does=Translate("source", (0, 0))),),
        (permit(InState(frozenset({"SNAT"}))),)),
    "the source, by the last filter": ((permit(to=LOW),), (permit(does=Translate("source", (0, 0))),))}
OPEN: dict[str, Filters] = {
    "perhaps translated already at the other end": (
        (permit(UNKNOWN, to=HIGH, does=Translate("source", (0, 0))),), (NAT,), (permit(to=LOW),)),
    "perhaps let through before it is translated": ((permit(UNKNOWN, to=HIGH), NAT), (permit(to=LOW),)),
    "perhaps translated, or by the next line": (
        (permit(UNKNOWN, to=HIGH, does=Translate("destination", (0, 0))), NAT), (permit(to=LOW),)),
    "perhaps elsewhere, before it is translated": (
        (line(REST, to=HIGH, does=Divert("where it goes")), NAT), (permit(to=LOW),)),
    "perhaps elsewhere, from a filter that tests its marks": (
        (marks(), permit(MARKED, to=HIGH, does=Divert("where it goes")), permit()),),
    "the source perhaps, and whether it was translated": (
        (permit(UNKNOWN, to=HIGH, does=Translate("source", (0, 0))),),
        (permit(InState(frozenset({"SNAT"}))),)),
    "the source of some, that stays": (
        (permit(to=HIGH, does=Translate("source", (0, 0))),), (permit(InState(frozenset({"SNAT"}))),)),
    "perhaps marked": ((marks(UNKNOWN), permit()), (permit(MARKED),)),
    "perhaps marked, tested at once": ((marks(UNKNOWN), permit(MARKED)),),
    "let through or dropped perhaps, before a mark": (
        (permit(UNKNOWN, to=HIGH), line(Action.DENY, ANOTHER), marks(), permit()), (permit(MARKED),)),
    "back perhaps, before a mark": ((line(Action.JUMP, target="perhaps"), permit()), (permit(MARKED),)),
    "a call that marks, perhaps": ((line(Action.JUMP, UNKNOWN, does=MARK, target="empty"), permit()),
                                   (permit(MARKED),)),
    "perhaps not tracked": ((marks(UNKNOWN, does=Untrack()), permit()), (NAT,), (permit(to=LOW),)),
    "perhaps translated": (
        (permit(UNKNOWN, to=HIGH, does=Translate("destination", (1, 1))),), (permit(to=LOW),)),
    "perhaps elsewhere": ((permit(to=HIGH, does=Divert("where it goes")),), (permit(),)),
    "perhaps elsewhere, in a filter that tests its marks": (
        (marks(), line(REST, to=HIGH, does=Divert("where it goes")), permit(MARKED)),),
    "to one of several": ((permit(to=HIGH, does=Translate("destination", (1, 2))),), (permit(to=LOW),)),
    "to one of several, tested": ((permit(does=Translate("destination", (1, 2))),), (permit(CHANGED),)),
    "dropped perhaps, after a mark": (
        (marks(), line(Action.DENY, UNKNOWN, to=HIGH), permit()), (permit(MARKED),)),
    **{f"the source before a filter that tests {what}": (
        (permit(to=HIGH, does=Translate("source", (0, 0))),), (test, permit(to=LOW))) for what, test in {
            "it": line(Action.PERMIT, of=LOW), "one of it": line(Action.PERMIT, of=ONE),
            "its set": permit(Membership("source", "one", "what one is")),
            "its port": permit()._replace(services=(service(TCP, ONE.v4),)),
            "whether it is the firewall": permit(IsItself("source"))}.items()},
    "to an address that is not known": (
        (permit(to=HIGH, does=Translate("destination", itself=True)),), (permit(to=LOW),))}
WHOLLY_OPEN = ("back perhaps, before a mark", "a call that marks, perhaps", "to one of several, tested")
UNKNOWN_ENDS = ("perhaps not tracked", "perhaps translated", "perhaps elsewhere", "the source before",
                "to an address that is not known", "perhaps let through before it is translated")
REASONS = {
    "perhaps translated already": {"whether the packets are translated here"},
    "perhaps translated": {"who the user is"}, "perhaps elsewhere": {"where it goes"},
    "perhaps let through before it is translated": {"whether the packets are translated here"},
    "perhaps not tracked": {"whether the packets are tracked, and so translated here"},
    "to one of several, tested": {"which of its targets the translation picks",
                                  "whether the state of the connection is DNAT"},
    "to one of several": {"which of its targets the translation picks"},
    "to an address that is not known": {"to which address it translates"},
    "the source before": {"what filters after the translation of the source make of the new one"}}
"""Of all whose names begin so."""


def firewall(filters: Filters) -> tuple[list[Stage], dict[str, Chain]]:
    chains = {"called": Chain("called", [marks(), line(Action.RETURN, to=LOW), permit(MARKED)]),
              "marking": Chain("marking", [line(REST, does=MARK)]), "empty": Chain("empty", []),
              "perhaps": Chain("perhaps", [line(Action.RETURN, UNKNOWN), line(REST, does=MARK)])}
    stages = []
    for number, rules in enumerate(filters):
        once = any(isinstance(rule.effect, Translate | Divert) for rule in rules)
        default = Default(Action.PERMIT if once else Action.DENY, "policy", "policy", SPAN)
        chains[f"c{number}"] = Chain(f"c{number}", rules)
        stages.append(Stage(f"s{number}", (f"c{number}",), default, once=once))
    return stages, chains


@pytest.mark.parametrize("context", [
    Context(), Context(states=frozenset({"RELATED"})),
    Context(states=frozenset({"ESTABLISHED"}), recorded=Recorded(frozenset({"ESTABLISHED"})))],
    ids=["first", "related", "later"])
@pytest.mark.parametrize("name", CERTAIN)
def test_where_nothing_is_open_sets_and_tracer_agree(name: str, context: Context) -> None:
    stages, chains = firewall(CERTAIN[name])
    rules = {each.name: each.rules for each in chains.values()}
    found, ways = evaluate_stages(stages, rules, WHOLE, context)
    for packet in packets(WHOLE):
        walked = trace_packet(stages, chains, packet, context)
        assert verdict(found, packet) == walked.verdict
        if walked.verdict == "permit":
            translated = tuple(step.by for step in walked.steps if isinstance(step.by, Rule)
                               and isinstance(step.by.effect, Translate))
            assert any(packet in way.before and walked.packet in way.after
                       and way.translations == translated for way in ways)
        assert any(packet in way.before for way in ways)


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_is_open_for_some_and_never_called_sure(name: str) -> None:
    stages, chains = firewall(OPEN[name])
    rules = {each.name: each.rules for each in chains.values()}
    found, ways = evaluate_stages(stages, rules, WHOLE, Context())
    assert found.undecided
    assert bool(found.permitted or found.denied) is (name not in WHOLLY_OPEN)
    assert any(not way.known for way in ways) is name.startswith(UNKNOWN_ENDS)
    asked = {condition.because for doubt in found.doubts for condition in doubt.open}
    assert asked == next((told for begin, told in REASONS.items() if name.startswith(begin)), asked)
    assert all(asked)
    for packet in packets(WHOLE):
        said = verdict(found, packet)
        answers = {trace_packet(stages, chains, packet, Context(facts)).verdict for facts in ANSWERS}
        assert said == "undecided" or answers <= {said, "undecided"}
        doubted = any(packet in each for doubt in found.doubts for each in doubt.boxes)
        assert doubted is (said == "undecided")


@pytest.mark.parametrize("asked", ["by the same filter", "by the next one"])
@pytest.mark.parametrize("called", [True, False], ids=["by a chain that they call", "by themselves"])
def test_many_lines_that_mark_alike_leave_few_kinds_of_packets(asked: str, called: bool) -> None:
    """Every second one of 520 sources, each by its own line."""
    hosts = [AddressSet(IntervalSet.of((number, number))) for number in range(0, 520, 2)]
    marking = [line(Action.JUMP, of=host, target="marking") if called else line(REST, of=host, does=MARK)
               for host in hosts]
    asking = [line(Action.DENY, MARKED), permit()]
    stages, chains = firewall((tuple(marking + asking),) if asked == "by the same filter" else
                              ((*marking, permit()), tuple(asking)))
    sources = IntervalSet.of((0, 519))
    found, _ = evaluate_stages(stages, {each.name: each.rules for each in chains.values()},
                               replace(WHOLE, sources=sources), Context())
    assert not found.undecided
    assert IntervalSet.union(box.sources for box in found.denied) == IntervalSet.union(
        host.v4 for host in hosts)
