"""The prefilter keeps exactly the rules that meet a demand on every axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aclproof.linter.engine.prefilter import Axes, FirstCandidates, candidates, first_met
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


_range = st.tuples(st.integers(0, 9), st.integers(0, 3)).map(
    lambda found: IntervalSet.of((found[0], found[0] + found[1])))


@given(st.lists(st.tuples(_range, _range), max_size=6), st.lists(st.tuples(_range, _range), max_size=6),
       st.sampled_from([list, PlainRules]))
@example([(IntervalSet.of((8, 9)),) * 2], [(IntervalSet.of((1, 2)),) * 2], PlainRules)
def test_only_rules_that_meet_some_demand_are_found(
        ends: list[tuple[IntervalSet, IntervalSet]], demands: list[tuple[IntervalSet, IntervalSet]],
        kind: Callable[[list[Rule]], Sequence[Rule]]) -> None:
    """Ranges on both axes, most of them apart; each rule comes with the demands that it meets."""
    rules = [Rule(Action.DENY, single(Family.V4, one), single(Family.V4, other), (ANY_SERVICE,), 1)
             for one, other in ends]
    boxes = [Box(Family.V4, TCP, *each, ANY_PORT, ANY_PORT) for each in demands]
    expected = [(rule, mask) for rule in rules
                if (mask := sum(1 << at for at, box in enumerate(boxes) if meets(rule, box)))]
    assert [*Axes(boxes).meeting(kind(rules), disabled=False)] == expected


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


@pytest.mark.parametrize("kind", [list, PlainRules])
def test_no_more_of_the_wanted_rules_than_were_asked_for(
        kind: Callable[[list[Rule]], Sequence[Rule]]) -> None:
    """Of disabled ones as well; each demand has its own first."""
    ends = [single(Family.V4, IntervalSet.of(*ranges)) for ranges in (
        [(1, 1)], [(2, 2)], [(1, 2)], [(1, 1), (3, 3)], [(1, 1)], [(2, 2)], [(2, 2)])]
    rules = [Rule(Action.DENY, each, ANY, (ANY_SERVICE,), number, enabled=number % 2 == 0)
             for number, each in enumerate(ends)]
    one, two = (Box(Family.V4, TCP, IntervalSet.of((n, n)), IntervalSet.of((7, 7)), ANY_PORT, ANY_PORT)
                for n in (1, 2))
    found = FirstCandidates([one, two], 2).of(kind(rules), lambda rule: rule.line != 2)
    assert {number: [rule.line for rule in some] for number, some in found.items()} == {
        0: [0, 3], 1: [1, 5]}
    for disabled, lines in (False, [[0, 2, 4], [2, 6]]), (True, [[0, 2, 3, 4], [1, 2, 5, 6]]):
        some = candidates(kind(rules), [one, two], disabled=disabled)
        assert [[rule.line for rule in each] for each in some] == lines


@pytest.mark.parametrize("width", [0, 3])
@pytest.mark.parametrize("wanted", [
    (0, 99), (99, 100), (101, 109), (100, 100), (1090, 1090), (1091, 5000), (1095, 5000), (0, 5000),
    (555, 560), (551, 559), (553, 554), (554, 559)])
def test_a_set_of_many_ranges_is_met_like_any_other(wanted: Range, width: int) -> None:
    many = IntervalSet.of(*((n, n + width) for n in range(100, 1100, 10)))
    rule = Rule(Action.DENY, single(Family.V4, many), ANY, (ANY_SERVICE,), 1)
    box = Box(Family.V4, TCP, IntervalSet.of(wanted), IntervalSet.of((7, 7)), ANY_PORT, ANY_PORT)
    met = any(n <= wanted[1] and n + width >= wanted[0] for n in range(100, 1100, 10))
    assert candidates([rule], [box]) == [[rule] if met else []]
