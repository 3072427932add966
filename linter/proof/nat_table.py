"""Which line of a translation table decides one end of packets, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aclproof.linter.engine import changes
from aclproof.linter.engine.changes import Rewriting
from aclproof.linter.engine.evaluate import evaluate
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import DENY_REST, Action, Rule, Stage

_TABLE = Stage("translation", ("table",), DENY_REST)


@dataclass(frozen=True, slots=True)
class NatMatch:
    """Packets, and the line that decides what one end of them becomes; None where no line does."""

    box: Box
    by: Translation | None = None

    @property
    def rewriting(self) -> Rewriting | None:
        """What the line makes of them, where it does anything that is known."""
        if self.by is None or self.by.effect is None or self.by.because:
            return None
        return changes.rewriting(self.by.effect, self.box, IntervalSet())


def first_nat_matches(firewall: Firewall, end: End, box: Box, entry: str,
                      leave: str | None = None) -> Iterator[NatMatch]:
    """Cut packets by the first line that matches; `leave` None stands for every way out."""
    lines = [each for each in firewall.translations if each.end == end and each.entry in (None, entry)
             and (leave is None or each.leave in (None, leave))]
    if not lines:
        yield NatMatch(box)
        return
    rules = [Rule(Action.PERMIT, each.sources, each.destinations, each.services, number)
             for number, each in enumerate(lines)]
    outcome = evaluate([_TABLE], {"table": rules}, box, Context())
    for part in outcome.permits:
        assert isinstance(part.by, Rule)
        yield from (NatMatch(each, lines[part.by.line]) for each in part.boxes)
    yield from (NatMatch(each) for each in outcome.denied)
