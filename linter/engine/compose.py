"""One answer out of several: filters in turn, and packets that are translated on the way."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from aclproof.linter.engine.algebra import split
from aclproof.linter.engine.changes import Rewriting, common
from aclproof.linter.engine.outcomes import Doubt, Outcome, Part
from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule, Stage


def after(first: Outcome, rest: Sequence[Outcome]) -> Outcome:
    """Put a filter before others: `rest` judged the packets that may have passed `first`, each part once."""
    passed: list[Box] = []
    denied = list(first.denied)
    undecided: list[Box] = []
    permits, denials = list(first.permits), list(first.denials)
    doubts: list[Doubt] = []
    for outcome in rest:
        passed += outcome.permitted
        denied += outcome.denied
        undecided += outcome.undecided
        permits += outcome.permits
        denials += outcome.denials
        doubts += outcome.doubts
    undecided += common(passed, first.undecided)
    permitted = list(common(passed, first.permitted))
    still_open = [replace(doubt, boxes=tuple(common(doubt.boxes, undecided))) for doubt in first.doubts]
    doubts = [*(doubt for doubt in still_open if doubt.boxes), *doubts]
    return Outcome(permitted, denied, undecided, tuple(permits), tuple(denials), tuple(doubts))


def beside(one: Outcome, other: Outcome) -> Outcome:
    """Put together what the same filter makes of different packets."""
    return Outcome([*one.permitted, *other.permitted], [*one.denied, *other.denied],
                   [*one.undecided, *other.undecided], one.permits + other.permits,
                   one.denials + other.denials, one.doubts + other.doubts)


def within(outcome: Outcome, first: Outcome) -> Outcome:
    """Keep what an outcome says of packets that may have passed a first one."""
    passing = [*first.permitted, *first.undecided]

    def kept(boxes: Sequence[Box]) -> tuple[Box, ...]:
        return tuple(common(boxes, passing))

    def parts(found: Sequence[Part]) -> tuple[Part, ...]:
        clipped = [replace(part, boxes=kept(part.boxes)) for part in found]
        return tuple(part for part in clipped if part.boxes)

    doubts = [replace(doubt, boxes=kept(doubt.boxes)) for doubt in outcome.doubts]
    return Outcome(kept(outcome.permitted), kept(outcome.denied), kept(outcome.undecided),
                   parts(outcome.permits), parts(outcome.denials),
                   tuple(doubt for doubt in doubts if doubt.boxes))


def before_translation(outcome: Outcome, rewriting: Rewriting, choice: Doubt | None) -> Outcome:
    """Map an outcome from packets after a translation back to those before it.

    Where a packet may be translated in several ways, only what holds for all of them is sure; `choice` says
    so of the rest, and is None where there is none.
    """
    def back(boxes: Sequence[Box]) -> list[Box]:
        return [rewriting.back(box) for box in boxes]

    whole = rewriting.before
    permitted = split(whole, back([*outcome.denied, *outcome.undecided]))[1]
    denied = split(whole, back([*outcome.permitted, *outcome.undecided]))[1]
    undecided = split(whole, [*permitted, *denied])[1]
    doubts = [replace(each, boxes=tuple(back(each.boxes))) for each in outcome.doubts]
    if choice and undecided and not rewriting.exact:
        doubts.append(replace(choice, boxes=tuple(undecided)))
    return Outcome(permitted, denied, undecided, _parts(outcome.permits, rewriting, permitted),
                   _parts(outcome.denials, rewriting, denied), tuple(doubts))


def _parts(parts: Sequence[Part], rewriting: Rewriting, where: Sequence[Box]) -> tuple[Part, ...]:
    found = []
    for part in parts:
        boxes = [rewriting.back(box) for box in part.boxes]
        kept = tuple(boxes if rewriting.exact else common(boxes, where))
        if kept:
            found.append(replace(part, boxes=kept))
    return tuple(found)


def open_because(box: Box, stage: Stage, by: Rule, condition: Condition) -> Outcome:
    """Leave all packets of a box open, for one reason."""
    return Outcome((), (), (box,), (), (), (Doubt(stage, by, (condition,), (box,)),))
