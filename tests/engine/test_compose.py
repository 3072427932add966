"""Outcomes put together, against what is so of each packet: the small universe is counted out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from aclproof.linter.engine import changes, compose
from aclproof.linter.engine.changes import Rewriting
from aclproof.linter.engine.outcomes import Doubt, Outcome, Part
from aclproof.parsers.model.addresses import ANY4, Family
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, TCP

AXIS = range(4)
Cell = tuple[int, int]
"""A source and a destination."""
CELLS = [*product(AXIS, AXIS)]
PORT = IntervalSet.of((1, 1))
LINES = [Rule(Action.PERMIT, ANY4, ANY4, (ANY_SERVICE,), line) for line in range(1, 7)]
FIRST, SECOND = Stage("first", ("first",), DENY_REST), Stage("second", ("second",), DENY_REST)
OPEN = (Opaque("answer", "what the answer is"),)
CHOICE = Doubt(FIRST, LINES[0], (Opaque("", "which one it is"),), ())


class Said(NamedTuple):
    """What is so of one packet: a verdict, and by which lines."""

    verdict: str
    lines: frozenset[tuple[str, int]]


def box(source: int, destination: int) -> Box:
    return Box(Family.V4, TCP, IntervalSet.of((source, source)), IntervalSet.of((destination, destination)),
               PORT, PORT)


def outcome_of(said: Mapping[Cell, tuple[str, int]], stage: Stage) -> Outcome:
    """Make an outcome where one line gives each packet its verdict."""
    def of(verdict: str, line: int) -> list[Box]:
        return [box(*cell) for cell, found in said.items() if found == (verdict, line)]

    parts = {verdict: [(LINES[line], boxes) for line in range(3) if (boxes := of(verdict, line))]
             for verdict in ("permit", "deny", "undecided")}
    permitted, denied, undecided = ([one for _, boxes in found for one in boxes] for found in parts.values())
    permits, denials = (tuple(Part(stage, line, boxes) for line, boxes in parts[verdict])
                        for verdict in ("permit", "deny"))
    doubts = tuple(Doubt(stage, line, OPEN, boxes) for line, boxes in parts["undecided"])
    return Outcome(permitted, denied, undecided, permits, denials, doubts)


def read(outcome: Outcome) -> dict[Cell, Said]:
    """Each packet that it says anything of; in two parts none may be, and no line is told of no packets."""
    told: list[Part | Doubt] = [*outcome.permits, *outcome.denials, *outcome.doubts]
    assert all(size_of(part.boxes) for part in told)
    found = {}
    for cell in CELLS:
        verdicts = [verdict for verdict, boxes in (
            ("permit", outcome.permitted), ("deny", outcome.denied), ("undecided", outcome.undecided))
            for each in boxes if holds(each, cell)]
        assert len(verdicts) <= 1
        lines = {(part.stage.name, part.by.line if isinstance(part.by, Rule) else 0) for part in told
                 for each in part.boxes if holds(each, cell)}
        if verdicts:
            found[cell] = Said(verdicts[0], frozenset(lines))
    return found


def size_of(boxes: Iterable[Box]) -> int:
    return sum(each.size for each in boxes)


def holds(one: Box, cell: Cell) -> bool:
    return cell[0] in one.sources and cell[1] in one.destinations


def line(stage: Stage, number: int) -> tuple[str, int]:
    return stage.name, LINES[number].line


_verdict = st.tuples(st.sampled_from(["permit", "deny", "undecided"]), st.integers(0, 2))
_all = st.lists(_verdict, min_size=16, max_size=16).map(lambda said: dict(zip(CELLS, said, strict=True)))


@given(_all, _all, st.integers(0, 2**16 - 1))
def test_filters_in_turn(one: dict[Cell, tuple[str, int]], two: dict[Cell, tuple[str, int]],
                         half: int) -> None:
    passing = {cell: two[cell] for cell in CELLS if one[cell][0] != "deny"}
    halves = [{cell: said for cell, said in passing.items() if (half >> CELLS.index(cell) & 1) is number}
              for number in range(2)]
    found = read(compose.after(outcome_of(one, FIRST), [outcome_of(each, SECOND) for each in halves]))
    assert set(found) == set(CELLS)
    for cell in CELLS:
        (first, by), (second, also) = one[cell], passing.get(cell, ("deny", None))
        denied = "deny" in (first, second)
        assert found[cell].verdict == (
            "deny" if denied else "undecided" if "undecided" in (first, second) else "permit")
        # A line that leaves open what another one denies is no reason for anything.
        lines = {line(FIRST, by)} if not (denied and first == "undecided") else set()
        assert found[cell].lines == lines | ({line(SECOND, also)} if also is not None else set())


@given(_all, st.integers(0, 2**16 - 1))
def test_different_packets_beside_each_other(said: dict[Cell, tuple[str, int]], half: int) -> None:
    halves = [{cell: each for cell, each in said.items() if (half >> CELLS.index(cell) & 1) is number}
              for number in range(2)]
    found = compose.beside(*(outcome_of(each, FIRST) for each in halves))
    assert read(found) == read(outcome_of(said, FIRST))


@given(_all, _all)
def test_what_is_said_of_packets_that_may_have_passed(one: dict[Cell, tuple[str, int]],
                                                      two: dict[Cell, tuple[str, int]]) -> None:
    found = compose.within(outcome_of(two, SECOND), outcome_of(one, FIRST))
    kept = {cell: said for cell, said in two.items() if one[cell][0] != "deny"}
    assert read(found) == read(outcome_of(kept, SECOND))


BEFORE = Box(Family.V4, TCP, IntervalSet.of((0, 3)), IntervalSet.of((0, 1)), PORT, PORT)
_TRANSLATIONS = [Translate("destination", offset=2), Translate("destination", (3, 3)),
                 Translate("destination", (1, 3)), Translate("source", (2, 2)), Translate("source", (1, 2)),
                 Translate("destination", (0, 3), shifted=True)]


def images(rewriting: Rewriting, cell: Cell) -> Sequence[Cell]:
    """What a packet may become."""
    match rewriting:
        case Rewriting(end="source"):
            return [(source, cell[1]) for source in AXIS if source in rewriting.after.sources]
        case Rewriting(shift=None):
            return [(cell[0], end) for end in AXIS if end in rewriting.after.destinations]
        case _:
            return [(cell[0], cell[1] + (rewriting.shift or 0))]


@given(_all, st.sampled_from(_TRANSLATIONS), st.booleans())
def test_packets_before_their_translation(said: dict[Cell, tuple[str, int]], effect: Translate,
                                          has_choice: bool) -> None:
    """What all images have in common is sure; the rest is open, for each doubt and for the choice."""
    rewriting = changes.rewriting(effect, BEFORE, EMPTY)
    assert rewriting
    after = {cell: said[cell] for cell in CELLS if holds(rewriting.after, cell)}
    outcome = compose.before_translation(outcome_of(after, SECOND), rewriting,
                                         CHOICE if has_choice else None)
    found = read(outcome)
    assert set(found) == {cell for cell in CELLS if holds(BEFORE, cell)}
    for cell, (verdict, lines) in found.items():
        came = [after[image] for image in images(rewriting, cell)]
        verdicts = {each for each, _ in came}
        assert verdict == (verdicts.pop() if len(verdicts) == 1 else "undecided")
        expected = {line(SECOND, by) for each, by in came if each in (verdict, "undecided")}
        if has_choice and verdict == "undecided" and not rewriting.exact:
            expected.add(line(FIRST, 0))
        assert lines == expected


@given(_all, _all, st.sampled_from(_TRANSLATIONS))
def test_lines_of_two_filters_are_told_of_the_packets_before_a_translation(
        one: dict[Cell, tuple[str, int]], two: dict[Cell, tuple[str, int]], effect: Translate) -> None:
    rewriting = changes.rewriting(effect, BEFORE, EMPTY)
    assert rewriting
    after = {cell: one[cell] for cell in CELLS if holds(rewriting.after, cell)}
    passing = {cell: two[cell] for cell, (verdict, _) in after.items() if verdict != "deny"}
    outcome = compose.after(outcome_of(after, FIRST), [outcome_of(passing, SECOND)])
    found, of_images = read(compose.before_translation(outcome, rewriting, None)), read(outcome)
    for cell, said in found.items():
        became = [of_images[image] for image in images(rewriting, cell)]
        if len(became) == 1:
            assert said == became[0]


def test_a_choice_is_a_reason_only_where_it_leaves_something_open() -> None:
    some = changes.rewriting(Translate("destination", (2, 3)), BEFORE, EMPTY)
    assert some
    sure = outcome_of({cell: ("permit", 0) for cell in CELLS if holds(some.after, cell)}, SECOND)
    assert not compose.before_translation(sure, some, CHOICE).doubts


def test_one_reason_opens_a_box() -> None:
    found = compose.open_because(box(1, 2), FIRST, LINES[1], OPEN[0])
    assert read(found) == {(1, 2): Said("undecided", frozenset({line(FIRST, 1)}))}


