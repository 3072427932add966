"""The packets of a demand as they come to one firewall: those before it may have translated them."""

from __future__ import annotations

from msgspec import Struct

from aclproof.linter.demands.demands import Demand, Leg
from aclproof.linter.engine import compose
from aclproof.linter.engine.changes import Rewriting
from aclproof.linter.engine.outcomes import Doubt, Outcome
from aclproof.linter.result import Line
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import NO_LINE, Action, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.reason import Reason


class Step(Struct, frozen=True):
    """What one firewall did to the packets on the way, and by which line."""

    rewriting: Rewriting
    by: Line


class IncomingFlow(Struct, frozen=True):
    """Packets of a demand that come to a firewall."""

    demand: Demand
    legs: tuple[Leg, ...]
    """As they are here; the request first."""
    steps: tuple[Step, ...] = ()
    """What was done to them before, in order."""

    @property
    def request(self) -> Leg:
        """The leg that opens the connection."""
        return self.legs[0]

    def as_sent(self, box: Box) -> Box:
        """Return the packets, as they were sent, that come here as `box`."""
        for step in reversed(self.steps):
            box = step.rewriting.back(box)
        return box

    def with_pool_doubt(self, outcome: Outcome, box: Box, stage: Stage) -> Outcome:
        """Make verdicts undecided that hold for only part of a NAT pool.

        It is for all of these or for none: a pool's addresses are not the sender's to choose.
        """
        for step in self.steps:
            choice = step.rewriting
            if choice.exact:
                continue
            which = Opaque("", Reason("which of its addresses the translation in {span} picks",
                                      span=step.by.span))
            outcome = compose.before_translation(outcome, choice.spread(box, choice.end),
                                                 Doubt(stage, _ELSEWHERE, (which,), ()))
        return outcome


_ELSEWHERE = Rule(Action.CONTINUE, ANY, ANY, (ANY_SERVICE,), NO_LINE)
"""Stands for a line of another firewall."""


def untranslated(demand: Demand) -> IncomingFlow:
    """Return the packets of a demand as they are sent."""
    return IncomingFlow(demand, demand.legs)
