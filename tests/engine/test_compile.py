"""Which rules of a list count for some packets, and where: what stands after the first that decides, and what
it asks at each place of their way."""

from __future__ import annotations

import pytest

from aclproof.linter.engine.compile import compile_chains
from aclproof.linter.engine.evaluate import evaluate
from aclproof.parsers.model.addresses import ANY4, AddressSet, Family
from aclproof.parsers.model.conditions import ANYWHERE, Context, Membership, OnInterface, Opaque, Place, Side
from aclproof.parsers.model.effects import Untrack
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, size
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, TCP, UDP, Service, service

ONE, TWO, BOTH = IntervalSet.of((1, 1)), IntervalSet.of((2, 2)), IntervalSet.of((1, 2))
BOX = Box(Family.V4, TCP, BOTH, BOTH, ONE, BOTH)


def rule(action: Action, sources: IntervalSet | None = None, destinations: IntervalSet | None = None,
         of: Service = ANY_SERVICE, *, enabled: bool = True) -> Rule:
    one, other = (ANY4 if each is None else AddressSet(each) for each in (sources, destinations))
    return Rule(action, one, other, (of,), 1, enabled=enabled)


PERMIT, DENY, CONTINUE = Action.PERMIT, Action.DENY, Action.CONTINUE
REST = rule(PERMIT)


@pytest.mark.parametrize(("first", "denied"), [
    (rule(DENY), [BOX]),
    (rule(DENY, enabled=False), []),
    (rule(CONTINUE), []),
    (rule(DENY, ONE), [Box(Family.V4, TCP, ONE, BOTH, ONE, BOTH)]),
    (rule(DENY, None, ONE), [Box(Family.V4, TCP, BOTH, ONE, ONE, BOTH)]),
    (rule(DENY, ONE, ONE), [Box(Family.V4, TCP, ONE, ONE, ONE, BOTH)]),
    (rule(DENY, of=service(TCP, ANY_PORT, TWO)), [Box(Family.V4, TCP, BOTH, BOTH, ONE, TWO)]),
    (rule(DENY, of=service(TCP, TWO, BOTH)), []),
    (rule(DENY, of=service(UDP)), []),
    (rule(DENY, IntervalSet()), [])])
def test_a_list_goes_on_for_what_its_first_rule_leaves(first: Rule, denied: list[Box]) -> None:
    found = evaluate([Stage("list", ("list",), DENY_REST)], {"list": [first, REST]}, BOX, Context())
    assert list(found.denied) == denied
    assert not found.undecided


def test_what_may_be_denied_is_not_decided() -> None:
    unknown = rule(DENY)._replace(conditions=(Opaque("answer", "what the answer is"),))
    found = evaluate([Stage("list", ("list",), DENY_REST)], {"list": [unknown, REST]}, BOX, Context())
    assert list(found.undecided) == [BOX]


@pytest.mark.parametrize("side", ["source", "destination"])
def test_a_set_holds_what_the_user_says(side: Side) -> None:
    in_set = rule(DENY)._replace(conditions=(Membership(side, "fqdn a", "which addresses a has"),))
    for held, denied in (ONE, 4), (IntervalSet.of((7, 7)), 0), (BOTH, 8):
        found = evaluate([Stage("list", ("list",), DENY_REST)], {"list": [in_set, REST]}, BOX,
                         Context({"fqdn a": AddressSet(held)}))
        assert (size(found.denied), size(found.permitted)) == (denied, 8 - denied)


def test_one_list_asks_at_each_place_anew() -> None:
    by_eth1 = rule(DENY)._replace(conditions=(OnInterface("in", "eth1"),))
    stages = [Stage(name, ("list",), DENY_REST, Place(ingress=name)) for name in ("eth0", "eth1")]
    found = evaluate(stages, {"list": [by_eth1, REST]}, BOX, Context())
    assert list(found.denied) == [BOX]
    assert [part.stage.name for part in found.denials] == ["eth1"]


@pytest.mark.parametrize(("rules", "changes"), [
    ([REST], False), ([REST._replace(effect=Untrack())], True),
    ([REST, REST._replace(effect=Untrack())], False),
    ([rule(DENY, ONE), REST._replace(effect=Untrack())], True),
    ([REST._replace(effect=Untrack(), enabled=False)], False)])
def test_whether_packets_come_to_a_line_that_changes_them(rules: list[Rule], changes: bool) -> None:
    """Not where one before it decides all of them."""
    program = compile_chains([(ANYWHERE, "list")], {"list": rules}, BOX, Context())
    assert program.changes_packets is changes
