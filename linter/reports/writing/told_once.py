"""What findings have in common: a line that stops packets, or a question that leaves them open, told once.

Where many firewalls stop the same requirements by the same words, that is told once as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from aclproof.linter.questions import Question
from aclproof.linter.reports.writing.alike import by_question
from aclproof.linter.result import DemandResult, Line, Undecided, Verdict
from aclproof.linter.verdict.causes import Blocker, blockers, effect, ids, open_questions

_FEW = 3
"""So many that are alike are still told one by one."""


class Stop(Struct, frozen=True):
    """A line that stops packets."""

    blocker: Blocker
    others: tuple[Line, ...]
    """The same words at other places, which stop packets of the same requirements."""

    @property
    def demands(self) -> tuple[DemandResult, ...]:
        """The requirements of which it stops something."""
        return self.blocker.demands


class Open(Struct, frozen=True):
    """A question that leaves packets open."""

    question: Question
    demands: tuple[DemandResult, ...]
    others: tuple[Question, ...]
    """The same question with other names, which leaves the same requirements open."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """It, and those like it."""
        return self.question, *self.others

    @property
    def parts(self) -> list[tuple[DemandResult, Undecided]]:
        """What it leaves open, in the order of the requirements."""
        return [(demand, part) for demand in self.demands for part in demand.undecided
                if any(map(self.question.is_same, part.questions))]


class _Cause(Protocol):
    @property
    def demands(self) -> tuple[DemandResult, ...]: ...


_AnyCause = TypeVar("_AnyCause", bound=_Cause)


def stops(demands: Sequence[DemandResult]) -> list[Stop]:
    """Return the lines that stop packets of these requirements, most effect first, then most firewalls."""
    same = by_question(blockers(demands), lambda each: each.line.text,
                       lambda each: (each.line.kind, *_of(each)))
    found = [Stop(first, tuple(each.line for each in others)) for first, others in _folded(same)]
    return sorted(found, key=lambda each: (-effect(each.demands), -len(each.others)))


def opens(demands: Sequence[DemandResult]) -> list[Open]:
    """Return the questions that leave packets of these requirements open, most effect first."""
    asked = open_questions(each for each in demands if each.verdict is not Verdict.MET)
    same = by_question(asked, lambda each: each.question.because, _of)
    return [Open(first.question, first.demands, tuple(each.question for each in others))
            for first, others in _folded(same)]


def causes_of(demand: DemandResult, found: Iterable[_AnyCause]) -> list[tuple[int, _AnyCause]]:
    """Return the causes of one requirement, with their places among all, counted from 1."""
    return [(number, each) for number, each in enumerate(found, 1)
            if demand.requirement.id in ids(each.demands)]


def _of(cause: _Cause) -> tuple[str, ...]:
    return tuple(ids(cause.demands))


def _folded(groups: Iterable[Sequence[_AnyCause]]) -> list[tuple[_AnyCause, Sequence[_AnyCause]]]:
    """The first of each group with the others, where they are many; else each alone."""
    found: list[tuple[_AnyCause, Sequence[_AnyCause]]] = []
    for group in groups:
        found += [(group[0], group[1:])] if len(group) > _FEW else [(each, ()) for each in group]
    return found
