"""What would follow of what is undecided: the proof is repeated with answers to its questions.

Nothing of it counts as proven. A method 'works if' the answers are so, or is 'blocked whatever they are':
each such sentence is computed, never guessed from the questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import product

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.questions import Answer, Question
from aclproof.linter.result import (
    Conditional,
    DemandResult,
    MethodResult,
    MethodVerdict,
    Verdict,
)
from aclproof.linter.verdict import decide
from aclproof.linter.verdict.causes import open_questions

_MOST_ROUNDS = 8
"""An answer may lead to another question: so often."""
_MOST_TRIED = 4
"""So many questions of a method without a usual answer are answered in every way."""
_MOST_ANSWERS = 12
"""Of more answers than that no smallest set is sought."""

Answers = Mapping[str, bool]


Prover = Callable[[Answers, Set[str]], Mapping[str, DemandResult]]
"""Repeats the proof of the requirements with these ids, with facts besides those of the site."""


class Tries(Struct):
    """Repeats the proof of what is undecided, each set of answers once, as long as that may go on."""

    prove: Prover
    open: Mapping[str, DemandResult]
    """The undecided demands, by requirement."""
    left: int
    """So many proofs are still made."""
    _known: dict[frozenset[tuple[str, bool]], Mapping[str, DemandResult]] = field(default_factory=dict)

    def results(self, answers: Answers) -> Mapping[str, DemandResult]:
        """Return the results of what was undecided; as it was where no more proofs may be made."""
        asked = frozenset(answers.items())
        if not asked:
            return self.open
        if asked not in self._known:
            if self.left <= 0:
                return self.open
            self.left -= 1
            self._known[asked] = self.prove(answers, self.open.keys())
        return self._known[asked]

    def asked_of(self, requirements: Sequence[str], answers: Answers) -> dict[str, bool]:
        """Return those of the answers that answer a question about these requirements."""
        asked = {each.key for found in (self.open, *self._known.values())
                 for each in questions(found[name] for name in requirements)}
        return {key: value for key, value in answers.items() if key in asked}

    def verdict(self, requirements: Iterable[str], answers: Answers) -> MethodVerdict:
        """Judge a method by those of its demands that were undecided: the others are met."""
        found = self.results(answers)
        return decide.judged(found[each] for each in requirements)


def usual_answers(tries: Tries) -> dict[str, Question]:
    """Return the questions with a usual answer that stand in the way, by key, until no more come up."""
    asked: dict[str, Question] = {}
    for _ in range(_MOST_ROUNDS):
        found = tries.results(_usual(asked))
        new = {each.key: each for each in questions(found.values())
               if each.usual is not None and each.key not in asked}
        if not new:
            break
        asked |= new
    return asked


def later_questions(tries: Tries, asked: Mapping[str, Question]) -> tuple[Question, ...]:
    """Return the questions that come up once those that were asked have their usual answers."""
    now = {each.question.identity for each in open_questions(tries.open.values())}
    then = open_questions(tries.results(_usual(asked)).values())
    found = {each.identity: each for each in (*asked.values(), *(each.question for each in then))}
    return tuple(each for identity, each in found.items() if identity not in now)


def questions(demands: Iterable[DemandResult]) -> Iterator[Question]:
    """Yield the questions that a yes or no answers, in the order of the demands."""
    for demand in demands:
        for part in demand.undecided:
            yield from (each for each in part.questions if each.key and each.answers != "addresses")


def _usual(asked: Mapping[str, Question]) -> dict[str, bool]:
    return {key: bool(each.usual) for key, each in asked.items()}


def with_usual(results: Sequence[DemandResult], tries: Tries,
               asked: Mapping[str, Question]) -> tuple[DemandResult, ...]:
    """Add to each undecided demand what the usual answers make of it."""
    found = tries.results(_usual(asked))
    return tuple(replace(each, usually=found[each.requirement.id])
                 if found.get(each.requirement.id, each).verdict is not each.verdict else each
                 for each in results)


def with_conditions(methods: Iterable[MethodResult], tries: Tries,
                    asked: Mapping[str, Question]) -> list[MethodResult]:
    """Add to each undecided method what would follow, and from which answers."""
    given = list(methods)
    of = {each.id: _Method(tries, asked, each) for each in given if each.verdict is MethodVerdict.UNDECIDED}
    for each in of.values():  # all of them before the smallest sets of answers, which take most proofs
        each.settle()
    return [replace(each, conditional=of[each.id].conditional()) if each.id in of else each for each in given]


class _Method:
    """One undecided method, and the answers that are tried for it."""

    def __init__(self, tries: Tries, asked: Mapping[str, Question], method: MethodResult) -> None:
        self._tries = tries
        self._open = [each for each in method.requirements if each in tries.open]
        self._asked = dict(asked)
        self._answers: dict[str, bool] = {}
        self._settled = MethodVerdict.UNDECIDED

    def settle(self) -> None:
        """Look for answers that settle it."""
        self._answers = _usual(self._asked)
        self._settled = self._verdict(self._answers)
        if self._settled is MethodVerdict.UNDECIDED:
            self._answers, self._settled = self._tried_both_ways(self._answers)

    def conditional(self) -> Conditional | None:
        """Return what follows from the fewest answers; None where none were found that settle it."""
        verdict = self._settled
        if verdict is MethodVerdict.UNDECIDED:
            return None
        own = self._tries.asked_of(self._open, self._answers)
        answers = self._fewest(own if self._verdict(own) is verdict else self._answers, verdict)
        if verdict is MethodVerdict.BLOCKED and self._always_blocked({}, list(answers)):
            return Conditional(verdict, ())
        return Conditional(verdict, tuple(Answer(self._asked[key], value) for key, value in answers.items()),
                           self._otherwise(answers, verdict))

    def _verdict(self, answers: Answers) -> MethodVerdict:
        return self._tries.verdict(self._open, answers)

    def _tried_both_ways(self, answers: dict[str, bool]) -> tuple[dict[str, bool], MethodVerdict]:
        """Answer also what has no usual answer: so that it works, else so that it is blocked."""
        found = self._tries.results(answers)
        rest = {each.key: each for each in questions(found[name] for name in self._open)
                if each.key not in self._asked}
        if not rest:
            return answers, MethodVerdict.UNDECIDED
        self._asked |= rest
        passing = answers | {key: each.passing for key, each in rest.items()}
        if self._verdict(passing) is MethodVerdict.WORKS:
            return passing, MethodVerdict.WORKS
        if len(rest) > _MOST_TRIED:
            return answers, MethodVerdict.UNDECIDED
        verdicts: dict[tuple[bool, ...], MethodVerdict] = {}
        for values in product((True, False), repeat=len(rest)):
            tried = answers | dict(zip(rest, values, strict=True))
            verdicts[values] = self._verdict(tried)
            if verdicts[values] is MethodVerdict.WORKS:
                return tried, MethodVerdict.WORKS
        blocked = next((values for values, each in verdicts.items() if each is MethodVerdict.BLOCKED), None)
        if blocked is None:
            return answers, MethodVerdict.UNDECIDED
        return answers | dict(zip(rest, blocked, strict=True)), MethodVerdict.BLOCKED

    def _fewest(self, answers: dict[str, bool], verdict: MethodVerdict) -> dict[str, bool]:
        """Leave out what the verdict does not need, one after the other."""
        if len(answers) > min(_MOST_ANSWERS, self._tries.left):
            return answers
        kept = answers
        for key in answers:
            fewer = {other: value for other, value in kept.items() if other != key}
            if self._verdict(fewer) is verdict:
                kept = fewer
        return kept

    def _always_blocked(self, answers: dict[str, bool], rest: list[str]) -> bool:
        """Whether every way to answer the rest blocks it, which is seen as soon as some of it is answered."""
        verdict = self._verdict(answers)
        if verdict is not MethodVerdict.UNDECIDED or not rest or len(rest) > _MOST_TRIED:
            return verdict is MethodVerdict.BLOCKED
        key, *others = rest
        return all(self._always_blocked(answers | {key: value}, others) for value in (True, False))

    def _otherwise(self, answers: dict[str, bool], verdict: MethodVerdict) -> MethodVerdict | None:
        """What follows if any one of the answers is the other one, where that is certain."""
        if len(answers) > min(_MOST_ANSWERS, self._tries.left):
            return None
        others = {self._verdict({key: not value}) for key, value in answers.items()}
        other = others.pop() if len(others) == 1 else MethodVerdict.UNDECIDED
        return None if other in (MethodVerdict.UNDECIDED, verdict) else other


def undecided(results: Iterable[DemandResult]) -> dict[str, DemandResult]:
    """Return the undecided demands, by requirement."""
    return {each.requirement.id: each for each in results if each.verdict is Verdict.UNDECIDED}
