"""What is left of the chains of a firewall gives every packet its verdict, and names no chain in vain."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.relevant import relevant
from aclproof.parsers.model.addresses import ANY, Family, single
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Chain, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, TCP
from aclproof.parsers.source import from_bytes
from tests import strategies
from tests.engine.test_prefilter import meets
from tests.engine.test_sets_agree_with_tracer import verdicts

_SOURCE = from_bytes(b"line\n", "fw.cfg")


@given(strategies.chains(), st.lists(st.tuples(strategies.stages(), strategies.boxes()), max_size=3))
def test_rules_that_packets_may_come_to(chains: dict[str, Chain],
                                        uses: list[tuple[tuple[Stage, ...], Box]]) -> None:
    whole = {name: chain.rules for name, chain in chains.items()}
    found = relevant(Firewall("fw", "cisco-asa", "", _SOURCE, (), chains), uses)
    for (stages, box), rules in zip(uses, found, strict=True):
        come = {name for stage in stages for name in stage.chains}
        for name in "abcd":  # each calls later ones only
            come |= {rule.target for rule in whole[name] if name in come and rule.target and meets(rule, box)}
        assert rules == {name: [rule for rule in whole[name] if meets(rule, box)] for name in come}
        assert verdicts(evaluate(stages, rules, box, Context()), box) == \
            verdicts(evaluate(stages, whole, box, Context()), box)


def test_a_chain_that_several_rules_call_is_there_for_the_packets_of_each() -> None:
    hosts = [IntervalSet.of((number, number)) for number in (1, 2)]
    calls = [Rule(Action.JUMP, single(Family.V4, each), ANY, (ANY_SERVICE,), 1, target="called")
             for each in hosts]
    denies = Rule(Action.DENY, ANY, ANY, (ANY_SERVICE,), 2)
    stage = Stage("list", ("list",), DENY_REST)
    chains = {"list": Chain("list", calls), "called": Chain("called", [denies])}
    found = relevant(Firewall("fw", "cisco-asa", "", _SOURCE, (), chains),
                     [((stage,), Box(Family.V4, TCP, each, each, ANY_PORT, ANY_PORT)) for each in hosts])
    assert found == [{"list": [call], "called": [denies]} for call in calls]
