"""Union, intersection and difference of boxes, by the same machine that evaluates chains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclproof.linter.engine.evaluate import evaluate
from aclproof.parsers.model.addresses import single
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, NO_LINE, Action, Rule, Stage
from aclproof.parsers.model.services import service

_BOXES = Stage("union", ("boxes",), DENY_REST)


def permit(box: Box) -> Rule:
    """Make the rule that permits exactly these packets."""
    return Rule(Action.PERMIT, single(box.family, box.sources), single(box.family, box.destinations),
                (service(box.protocol, box.source_ports, box.destination_ports),), NO_LINE)


def split(whole: Box, boxes: Sequence[Box]) -> tuple[Sequence[Box], Sequence[Box]]:
    """Cut `whole` into the part that lies in any of `boxes`, and the rest; both as disjoint boxes."""
    if not boxes:
        return (), (whole,)
    if whole in boxes:
        return (whole,), ()
    rules = [permit(box) for box in boxes]
    outcome = evaluate([_BOXES], {"boxes": rules}, whole, Context())
    return outcome.permitted, outcome.denied


def minus(boxes: Iterable[Box], others: Sequence[Box]) -> list[Box]:
    """Return the packets that are in none of the others."""
    if not others:
        return list(boxes)
    return [part for box in boxes for part in split(box, others)[1]]
