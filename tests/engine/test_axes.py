"""Lists whose rules meet on each pair of axes: which axis the sets keep as rows, as columns or within them is
chosen by the work it makes, and every packet gets the verdict and the line of the tracer whichever it is."""

from __future__ import annotations

from itertools import permutations

import pytest

from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Context, Opaque
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Chain, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, TCP, service
from tests.engine.test_sets_agree_with_tracer import (
    GROUPED,
    lines_are_those_of_the_tracer,
    put_into_groups,
    verdicts,
)

ALL = (0, 1, 2)
SOME = IntervalSet.of((0, 2))
BOX = Box(Family.V4, TCP, SOME, SOME, IntervalSet.of((1024, 1024)), SOME)

Line = tuple[str, *tuple[tuple[int, ...], ...]]
"""What a rule does, after `maybe` where that is open, and with which numbers of one axis, of another, and of
the third where it does not take all."""
LISTS: dict[str, list[dict[str, list[Line]]]] = {
    "a line that nothing comes to": [
        {"a": [("permit", (0,), (0, 1)), ("deny", (0,), (0,)), ("maybe deny", ALL, (0,)),
               ("deny", (0,), (1,)), ("permit", ALL, ALL)]}],
    "one that may be denied": [{"a": [("maybe deny", (1, 2), (1,)), ("permit", ALL, ALL)]}],
    "two filters": [{"a": [("permit", (0, 1), (0,)), ("permit", (1, 2), (1,))]},
                    {"a": [("permit", ALL, ALL)]}],
    "two filters, some by two lines": [
        {"a": [("permit", (0, 1), (0,)), ("permit", (1,), (1,)), ("deny", (2,), ALL)]},
        {"a": [("permit", ALL, ALL)]}],
    "two filters, the first perhaps": [
        {"a": [("maybe deny", (0, 1), (0,)), ("maybe deny", (1, 2), (1,)), ("permit", (0, 1), ALL)]},
        {"a": [("deny", (0,), (2,)), ("maybe deny", (1,), (0, 1)), ("permit", ALL, ALL)]}],
    "called for some": [{"a": [("jump b", (0, 1), (1, 2)), ("permit", ALL, ALL)], "b": [("deny", ALL, ALL)]}],
    "called for some, twice": [
        {"a": [("jump b", (0, 1), (1, 2)), ("permit", (0,), (0,)), ("jump b", (2,), (0,)),
               ("permit", (1, 2), ALL)],
         "b": [("deny", (1, 2), (0, 1)), ("maybe deny", ALL, (2,))]}],
    "called perhaps, then for good": [
        {"a": [("maybe jump b", ALL, ALL), ("jump b", ALL, ALL), ("permit", ALL, ALL)],
         "b": [("deny", (0,), (0, 1)), ("return", (1,), ALL), ("permit", ALL, (2,))]}],
    "back from a chain whose caller was left perhaps": [
        {"a": [("jump b", ALL, ALL), ("permit", ALL, (0, 1))],
         "b": [("maybe return", (0, 1), (0, 1)), ("jump c", ALL, (0, 1)), ("deny", (0,), ALL),
               ("permit", ALL, (2,))],
         "c": [("return", (0,), (1, 2)), ("maybe return", ALL, (0,)), ("deny", (1,), (1,)),
               ("permit", (2,), ALL)]}],
    "decided in a chain whose caller was left perhaps": [
        {"a": [("jump b", ALL, ALL), ("permit", ALL, ALL)],
         "b": [("maybe return", ALL, ALL), ("jump c", (0, 1), ALL), ("deny", ALL, ALL)],
         "c": [("permit", (0,), ALL)]}],
    "back from a chain that leaves nothing": [
        {"a": [("jump d", ALL, ALL), ("permit", ALL, ALL)], "d": [("jump b", ALL, ALL), ("deny", (2,), (0,))],
         "b": [("return", (2,), ALL), ("jump c", ALL, ALL), ("deny", ALL, ALL)],
         "c": [("deny", (0,), ALL), ("permit", (1,), ALL)]}],
    "some return": [{"a": [("jump b", ALL, ALL), ("permit", ALL, ALL)],
                     "b": [("return", (0,), ALL), ("return", (1,), (1,)), ("deny", ALL, (0, 1))]}],
    "some return from two calls": [
        {"a": [("jump b", (0, 1), ALL), ("deny", (0,), (0,)), ("jump b", (1, 2), ALL), ("permit", ALL, ALL)],
         "b": [("return", (0,), ALL), ("permit", (0, 1), (1,)), ("deny", ALL, (0, 1))]}],
    "no way back": [{"a": [("goto b", (0, 1), ALL), ("permit", ALL, ALL)],
                     "b": [("return", (0,), (0,)), ("permit", (0,), (1,)), ("deny", (1,), (1, 2))]}],
    "no way back from a called chain": [
        {"a": [("jump b", ALL, ALL), ("permit", (0, 1), ALL)],
         "b": [("goto c", ALL, (0, 1)), ("deny", ALL, (1, 2))],
         "c": [("deny", (0,), (0,)), ("return", (1,), (1,))]}],
    "perhaps no way back": [{"a": [("maybe goto b", (0, 1), ALL), ("permit", ALL, (0, 1))],
                             "b": [("return", (0,), ALL), ("deny", ALL, (0,))]}],
    "perhaps back": [{"a": [("jump b", ALL, ALL), ("permit", ALL, (0, 1))],
                      "b": [("maybe return", (0, 1), (0, 1)), ("return", (0,), ALL), ("deny", ALL, (0, 2))]}],
    "perhaps back from a called chain": [
        {"a": [("jump b", ALL, ALL), ("jump b", (0,), ALL), ("permit", ALL, (0, 1))],
         "b": [("jump c", (0, 1), ALL), ("maybe return", ALL, (0,)), ("deny", (1,), ALL)],
         "c": [("maybe return", (0,), ALL), ("deny", (0,), (1,)), ("maybe permit", ALL, (2,))]}],
    "called by several, each of which is called as well": [
        {"a": [("jump d", (0,), (0,)), ("jump c", (0,), ALL), ("jump d", (1,), (1,)), ("jump c", (1,), (1,)),
               ("jump b", (1, 2), ALL), ("jump b", (0,), (1, 2)), ("permit", ALL, ALL)],
         "b": [("jump d", (0, 1), ALL), ("deny", (2,), (0,)), ("jump c", ALL, (0, 1))],
         "c": [("deny", (1,), (0,)), ("jump d", ALL, ALL), ("permit", (0,), (2,))],
         "d": [("deny", (0,), (0, 1)), ("deny", (1, 2), (1,)), ("permit", (2,), (2,))]}],
    "let through or dropped perhaps, then for good, by calls": [
        {"a": [("jump b", (0, 1), ALL), ("jump b", (2,), ALL), ("permit", ALL, ALL)],
         "b": [("maybe permit", (0,), (0, 1)), ("maybe deny", (1,), (0, 1)), ("deny", (0,), (0, 2)),
               ("permit", (1,), (0, 2)), ("deny", (2,), (0,)), ("permit", (2,), (1,))]}],
    "many calls": [
        {"a": [("jump b", (number,), (other,)) for number in ALL for other in ALL] + [("permit", ALL, ALL)],
         "b": [("jump c", ALL, ALL), ("deny", (0,), (1,)), ("jump c", ALL, (2,))],
         "c": [("deny", (1,), (2,)), ("maybe permit", (2,), (0,)), ("permit", (2,), (1,))]}]}
"""Filters in turn, each with its chains, `a` first; what no rule decides is denied."""
BEFORE: dict[str, list[Line]] = {
    "": [], "two corners": [("deny", (1,), (2,), (0,)), ("maybe deny", (1,), (2,), (1,))],
    "a corner denied perhaps": [("maybe deny", (0, 1), (1, 2), (1, 2))]}
"""Rules before the first ones: a third axis is told apart."""


def rule(line: Line, names: dict[str, str], axes: tuple[int, ...]) -> Rule:
    what, *numbers = line
    sets = [SOME, SOME, SOME]
    for axis, some in zip(axes, numbers, strict=False):
        sets[axis] = IntervalSet.of(*((number, number) for number in some))
    action, _, called = what.removeprefix("maybe ").partition(" ")
    unknown = (Opaque("answer", "what the answer is"),) if what.startswith("maybe") else ()
    return Rule(Action(action), AddressSet(sets[0]), AddressSet(sets[1]),
                (service(TCP, ANY_PORT, sets[2]),), 1, unknown, target=names.get(called, ""))


@pytest.mark.parametrize("grouped", GROUPED)
@pytest.mark.parametrize("axes", [*permutations(ALL)], ids=str)
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("name", LISTS)
def test_every_packet_gets_the_verdict_and_the_line_of_the_tracer(
        name: str, before: str, axes: tuple[int, ...], grouped: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    put_into_groups(grouped, monkeypatch)
    chains: dict[str, Chain] = {}
    stages = []
    for number, filters in enumerate(LISTS[name]):
        names = {each: f"{each}{number}" for each in filters}
        chains |= {names[each]: Chain(names[each], [rule(line, names, axes) for line in lines])
                   for each, lines in filters.items()}
        if not number:
            first = [rule(line, names, axes) for line in BEFORE[before]]
            chains["a0"] = Chain("a0", [*first, *chains["a0"].rules])
        stages.append(Stage(f"filter {number}", (names["a"],), DENY_REST))
    found = evaluate(stages, {each.name: each.rules for each in chains.values()}, BOX, Context())
    for packet, verdict in verdicts(found, BOX).items():
        assert trace_packet(stages, chains, packet, Context()).verdict == verdict
    lines_are_those_of_the_tracer(found, stages, chains, BOX)
