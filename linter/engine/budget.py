"""How much work an evaluation may be: what would take too long is an honest undecided, not a hang.

Counted in steps of the engine and not in seconds, so that the same input gives the same answer everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf

STEPS_OF_A_RUN = 1_000_000
"""Of all evaluations at all firewalls together, some 10 microseconds each: 18 times what the largest real
rule set takes that was tried."""
STEPS_OF_A_PART = 250_000
"""Of one evaluation."""
STEPS_OF_A_POOR_PART = 20_000
"""Of one evaluation, however many were spent before: an ordinary list of rules needs no more. There
are so many such evaluations as `STEPS_ON_CREDIT` allow."""
STEPS_ON_CREDIT = 250_000
"""Of all evaluations after the run has none left."""


class OverBudgetError(Exception):
    """An evaluation would take more steps than it may."""


class Budget:
    """Steps that are left."""

    def __init__(self, steps: float) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take some away; OverBudgetError when they are not there."""
        self.left -= steps
        if self.left < 0:
            raise OverBudgetError


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def current() -> Budget:
    """Return the budget of the evaluation that runs now; without one nothing is limited."""
    return _CURRENT.get() or Budget(inf)


@contextmanager
def part_of(run: Budget, most: int = STEPS_OF_A_PART) -> Iterator[None]:
    """Limit one evaluation, by what the run has left; what it spends is gone for the run."""
    poor = STEPS_OF_A_POOR_PART if run.left > -STEPS_ON_CREDIT else 0
    given = min(max(run.left, poor), most)
    part = Budget(given)
    token = _CURRENT.set(part)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        run.left -= given - max(part.left, 0)
