"""A chain that packets perhaps come to leaves open only what the answer changes."""

from __future__ import annotations

import pytest

from aclproof.linter.engine.evaluate import evaluate
from aclproof.parsers.model.addresses import ANY4, Family
from aclproof.parsers.model.conditions import Context, Opaque
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, TCP, service

BOX = Box(Family.V4, TCP, IntervalSet.of((1, 2)), IntervalSet.of((1, 2)), ANY_PORT, IntervalSet.of((80, 81)))
OPEN = Opaque("answer", "what the answer is")


def rule(action: Action, port: int | None = None, *, target: str = "", is_open: bool = False) -> Rule:
    services = (service(TCP, ANY_PORT, IntervalSet.of((port, port)) if port else ANY_PORT),)
    return Rule(action, ANY4, ANY4, services, 1, (OPEN,) if is_open else (), target=target)


CALL = rule(Action.JUMP, target="called", is_open=True)
PERMIT, DENY, RETURN = Action.PERMIT, Action.DENY, Action.RETURN


@pytest.mark.parametrize(("caller", "called", "undecided"), [
    ([CALL, rule(PERMIT)], [rule(DENY, 443), rule(RETURN), rule(DENY)], False),
    ([CALL, rule(PERMIT)], [rule(PERMIT), rule(DENY)], False),
    ([CALL, rule(PERMIT)], [rule(RETURN, 80), rule(DENY)], True),
    ([CALL, rule(DENY)], [rule(RETURN), rule(PERMIT)], False),
    ([CALL, rule(DENY)], [rule(PERMIT, 80), rule(RETURN)], True)])
def test_both_answers_lead_to_the_same(caller: list[Rule], called: list[Rule], undecided: bool) -> None:
    """Expected by going through the lists with the call and without it."""
    chains = {"list": caller, "called": called}
    found = evaluate((Stage("list", ("list",), DENY_REST),), chains, BOX, Context())
    assert bool(found.undecided) is undecided
