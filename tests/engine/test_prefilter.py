"""The prefilter keeps exactly the rules that meet a demand on every axis."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine.prefilter import candidates
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule
from tests import strategies


def meets(rule: Rule, box: Box) -> bool:
    return (rule.enabled and rule.sources.of(box.family).overlaps(box.sources)
            and rule.destinations.of(box.family).overlaps(box.destinations)
            and any(box.protocol in each.protocols and each.source_ports.overlaps(box.source_ports)
                    and each.destination_ports.overlaps(box.destination_ports) for each in rule.services))


@given(st.lists(strategies.rules(), max_size=8), st.lists(strategies.boxes(), max_size=8))
def test_candidates_are_the_rules_that_overlap(rules: list[Rule], boxes: list[Box]) -> None:
    assert candidates(rules, boxes) == [[each for each in rules if meets(each, box)] for box in boxes]
