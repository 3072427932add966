"""A demand's outcome and the deciding rules."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Default, Rule, Stage


class Part(Struct, frozen=True):
    """Packets that one line decided, at one stage."""

    stage: Stage
    by: Rule | Default
    boxes: Sequence[Box]


class Doubt(Struct, frozen=True):
    """A rule that keeps packets undecided, and what would settle it."""

    stage: Stage
    by: Rule
    open: tuple[Condition, ...]
    boxes: Sequence[Box]


class EffectHit(Struct, frozen=True):
    """Packets that a line with an effect surely met, and those that it may have met."""

    stage: Stage
    by: Rule
    open: tuple[Condition, ...]
    sure: Sequence[Box]
    maybe: Sequence[Box]


class Outcome(Struct, frozen=True):
    """The three disjoint parts of a demand, and the lines that decide them."""

    permitted: Sequence[Box]
    denied: Sequence[Box]
    undecided: Sequence[Box]
    permits: tuple[Part, ...]
    denials: tuple[Part, ...]
    doubts: tuple[Doubt, ...]
    effect_hits: tuple[EffectHit, ...] = ()
    """In the order in which packets meet the lines."""
