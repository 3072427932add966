"""Union and remainder of boxes, by the same machine that walks chains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclproof.linter.engine.evaluate import evaluate
from aclproof.parsers.model.addresses import single
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.services import service

_NOTHING_ELSE = Stage("union", ("boxes",), Default(Action.DENY, "", "", Span("", 0, 0, "")))


def split(whole: Box, boxes: Iterable[Box]) -> tuple[Sequence[Box], Sequence[Box]]:
    """Cut `whole` into the part that lies in any of `boxes`, and the rest; both as disjoint boxes."""
    rules = [Rule(Action.PERMIT, single(box.family, box.sources), single(box.family, box.destinations),
                  (service(box.protocol, box.source_ports, box.destination_ports),), 0) for box in boxes]
    outcome = evaluate([_NOTHING_ELSE], {"boxes": rules}, whole, Context())
    return outcome.permitted, outcome.denied
