"""What is asked about packets that an open condition leaves undecided."""

from __future__ import annotations

from aclproof.linter.demands.demands import Leg
from aclproof.linter.questions import FactKind, Question
from aclproof.parsers.model.conditions import Condition, IsItself, Membership, Opaque, TimeRange
from aclproof.reason import Reason


def question(condition: Condition, leg: Leg, *, permits: bool) -> Question:
    """Ask what would settle a condition of a rule that permits, or stops, the packets of a leg."""
    because = _with_roles(condition.because, leg)
    passing = permits != getattr(condition, "negated", False)
    kind: FactKind = "yes-no" if condition.key else ""
    match condition:
        case Opaque(usual=usual, find_out=find_out):
            return Question(because, condition.key, kind, usual, find_out, passing)
        case Membership() | IsItself():
            kind = "addresses"
        case TimeRange():
            kind = "active-inactive"
        case _:
            pass
    return Question(because, condition.key, kind, passing=passing)


def _with_roles(because: str, leg: Leg) -> str:
    """Name the roles of the two ends in a question that leaves them open."""
    roles = {"sender": leg.source, "receiver": leg.destination}
    if isinstance(because, Reason) and roles.keys() & because.values.keys():
        return because.again({**because.values, **roles})
    return because
