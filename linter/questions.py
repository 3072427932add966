"""Questions that configurations leave open, and answers to them."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from aclproof.parsers.model.fact_kinds import Answers, word

FILL_IN = "FILL-IN"
"""Stands in a site file for what nothing suggests: none with it is accepted."""


class Question(Struct, frozen=True):
    """What is not known of some packets."""

    because: str
    """The question: `whether ...`."""
    key: str = ""
    """The fact that answers it; empty where none can."""
    answers: Answers | None = None
    """What the fact may say."""
    usual: bool | None = None
    """The usual answer, where there is one."""
    find_out: str = ""
    """The command or the place that shows the answer."""
    passing: bool = True
    """The answer with which the rule that asks lets more pass: a permit that holds, a deny that does not."""

    @property
    def identity(self) -> str:
        """Equal for two questions of one fact, and for two of the same words where no fact answers them."""
        return f"fact {self.key}" if self.key else self.because

    def is_same(self, other: Question) -> bool:
        """Whether one answer settles both: of one fact, or where one of them has none, of the same words."""
        return self.key == other.key if self.key and other.key else self.because == other.because

    def word(self, answer: bool) -> str:
        """Write an answer as a fact is written."""
        return word(self.answers or "yes-no", answer)


class Answer(Struct, frozen=True):
    """One answer to a question, as if it were a fact."""

    question: Question
    value: bool

    @property
    def fact(self) -> str:
        """The key and the word, as they stand in a site file."""
        return f"{self.question.key}: {self.question.word(self.value)}"


def told_once(questions: Collection[Question]) -> tuple[Question, ...]:
    """Leave out what stays open of a question after its fact: whoever answers it as usual is done."""
    asked = {each.because for each in questions if each.key}
    return tuple(dict.fromkeys(each for each in questions if each.key or each.because not in asked))
