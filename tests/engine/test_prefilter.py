"""The prefilter keeps exactly the rules that meet a demand on every axis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.prefilter import FirstCandidates, candidates, first_met
from aclproof.parsers.model.addresses import ANY, Family, single
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import PlainRules
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, TCP
from tests import strategies


def meets(rule: Rule, box: Box) -> bool:
    return (rule.enabled and rule.sources.of(box.family).overlaps(box.sources)
            and rule.destinations.of(box.family).overlaps(box.destinations)
            and any(box.protocol in each.protocols and each.source_ports.overlaps(box.source_ports)
                    and each.destination_ports.overlaps(box.destination_ports) for each in rule.services))


@given(st.lists(strategies.rules(), max_size=8), st.lists(strategies.boxes(), max_size=8))
def test_candidates_are_the_rules_that_overlap(rules: list[Rule], boxes: list[Box]) -> None:
    assert candidates(rules, boxes) == [[each for each in rules if meets(each, box)] for box in boxes]


@given(st.lists(strategies.rules(), max_size=8), st.lists(strategies.boxes(), max_size=8), st.booleans())
def test_rules_in_columns_are_found_like_any_others(rules: list[Rule], boxes: list[Box],
                                                    disabled: bool) -> None:
    assert candidates(PlainRules(rules), boxes, disabled=disabled) == candidates(rules, boxes,
                                                                                 disabled=disabled)


@given(st.lists(strategies.rules(), max_size=12), st.lists(strategies.boxes(), max_size=4))
def test_the_first_wanted_rules(rules: list[Rule], boxes: list[Box]) -> None:
    found = FirstCandidates(boxes, 2).of(PlainRules(rules), lambda rule: rule.action is Action.PERMIT)
    for number, box in enumerate(boxes):
        meeting = [each for each in rules
                   if each.action is Action.PERMIT and meets(each._replace(enabled=True), box)]
        assert found.get(number, []) == meeting[:2]


@given(st.lists(strategies.rules(), max_size=8), st.lists(strategies.boxes(), max_size=8))
def test_rules_are_counted_by_the_first_demand(rules: list[Rule], boxes: list[Box]) -> None:
    counts = first_met(rules, boxes)
    for known in range(len(boxes) + 1):
        met = sum(1 for rule in rules if any(meets(rule, box) for box in boxes[:known]))
        assert sum(counts[number] for number in range(known)) == met


@pytest.mark.parametrize(("wanted", "meets"), [
    ((0, 99), False), ((99, 100), True), ((101, 109), False), ((100, 100), True), ((1090, 1090), True),
    ((1091, 5000), False), ((0, 5000), True), ((555, 560), True), ((551, 559), False)])
def test_a_set_of_many_ranges_is_met_like_any_other(wanted: Range, *, meets: bool) -> None:
    many = single(Family.V4, IntervalSet.of(*((n, n) for n in range(100, 1100, 10))))
    rule = Rule(Action.DENY, many, ANY, (ANY_SERVICE,), 1)
    box = Box(Family.V4, TCP, IntervalSet.of(wanted), IntervalSet.of((7, 7)), ANY_PORT, ANY_PORT)
    assert candidates([rule], [box]) == [[rule] if meets else []]
