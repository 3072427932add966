"""The causes of many findings: the lines that stop packets and the questions that leave them open.

A line that stops four requirements is one cause, and so is a question that nine of them hang on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from aclproof.linter.questions import Question
from aclproof.linter.result import DemandResult, Line, Missing, NearMiss, Result, Verdict


class Blocker(Struct, frozen=True):
    """A line that stops packets of some requirements."""

    line: Line
    parts: tuple[tuple[DemandResult, Missing], ...]
    """What it stops, in the order of the requirements."""

    @property
    def demands(self) -> tuple[DemandResult, ...]:
        """The requirements of which it stops something."""
        return tuple({demand.requirement.id: demand for demand, _ in self.parts}.values())

    @property
    def ways(self) -> tuple[str, ...]:
        """On which ways through the firewall it stops them."""
        return tuple(dict.fromkeys(part.way for _, part in self.parts if part.way))

    @property
    def near(self) -> tuple[NearMiss, ...]:
        """The rules that almost permit some of it, each once."""
        return tuple(dict.fromkeys(near for _, part in self.parts for near in part.near))

    @property
    def advice(self) -> tuple[str, ...]:
        """What the vendor's own knowledge adds."""
        return tuple(dict.fromkeys(part.advice for _, part in self.parts if part.advice))


class OpenQuestion(Struct, frozen=True):
    """A question, and the requirements that it leaves open."""

    question: Question
    demands: tuple[DemandResult, ...]


def blockers(demands: Iterable[DemandResult]) -> list[Blocker]:
    """Return the lines that stop something of these requirements, those that stop most requirements first."""
    found: dict[tuple[str, str, int, str, str], list[tuple[DemandResult, Missing]]] = {}
    for demand in demands:
        for part in demand.missing:
            line = part.blocked_by
            place = (line.firewall, line.span.file, line.span.first_line, line.kind, line.text)
            found.setdefault(place, []).append((demand, part))
    return sorted((Blocker(parts[0][1].blocked_by, tuple(parts)) for parts in found.values()),
                  key=lambda each: -effect(each.demands))


def open_questions(demands: Iterable[DemandResult]) -> list[OpenQuestion]:
    """Return the questions that leave something of these requirements open, those with most of them first.

    Of one fact one question, which may be worded for the line that it was met at; and where the same is asked
    with and without a fact, the fact answers it.
    """
    asked = [(demand, question) for demand in demands for part in demand.undecided
             for question in part.questions]
    with_fact = {question.because: question for _, question in asked if question.key}
    found: dict[str, tuple[Question, dict[str, DemandResult]]] = {}
    for demand, each in asked:
        question = each if each.key else with_fact.get(each.because, each)
        found.setdefault(question.identity, (question, {}))[1][demand.requirement.id] = demand
    return sorted((OpenQuestion(question, tuple(of.values())) for question, of in found.values()),
                  key=lambda each: -effect(each.demands))


def effect(demands: Sequence[DemandResult]) -> int:
    """Return how many requirements a cause concerns; what the pack only warns of does not count."""
    return sum(1 for each in demands if not each.is_warning)


def unproven(result: Result, verdict: Verdict) -> list[DemandResult]:
    """Return the requirements that ended so and are not tolerated."""
    return [each for each in result.demands if each.verdict is verdict and not each.tolerated]


def if_usual(result: Result) -> list[DemandResult]:
    """Return what the usual answers would prove of the undecided requirements, where it is something."""
    return [each.usually for each in unproven(result, Verdict.UNDECIDED) if each.usually]


def ids(demands: Sequence[DemandResult]) -> list[str]:
    """Return the ids of requirements."""
    return [each.requirement.id for each in demands]
