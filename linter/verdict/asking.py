"""What is asked about packets that an open condition leaves undecided."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.demands.demands import Leg
from aclproof.linter.questions import Question
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.fact_kinds import answers_of
from aclproof.reason import Reason


def asked(conditions: Sequence[Condition]) -> Sequence[Condition]:
    """Return the conditions of a rule that are worth a question: those that nobody can answer are not where
    the usual answer to another one takes the rule away."""
    settles = any(isinstance(each, Opaque) and each.key and each.usual is each.negated
                  for each in conditions)
    return [each for each in conditions if each.key] if settles else conditions


def question(condition: Condition, leg: Leg, *, permits: bool) -> Question:
    """Ask what would settle a condition of a rule that permits, or stops, the packets of a leg."""
    because = _with_roles(condition.because, leg)
    passing = permits != getattr(condition, "negated", False)
    answers = answers_of(condition) if condition.key else None
    if isinstance(condition, Opaque):
        return Question(because, condition.key, answers, condition.usual, condition.find_out, passing)
    return Question(because, condition.key, answers, passing=passing)


def _with_roles(because: str, leg: Leg) -> str:
    """Name the roles of the two ends in a question that leaves them open."""
    roles = {"sender": leg.source, "receiver": leg.destination}
    if isinstance(because, Reason):
        return because.again({**because.values, **roles})
    return because
