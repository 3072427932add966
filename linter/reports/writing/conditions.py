"""What would follow of what is undecided, and the answers as they are pasted into a site file."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.harmless import yaml_text
from aclproof.linter.questions import Question
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing.wording import few
from aclproof.linter.result import Conditional, MethodResult, MethodVerdict, Result

_MOST_ANSWERS = 12
"""Of more, most are counted."""


def brief(method: MethodResult, words: Words = ENGLISH) -> str:
    """Write what would follow of an undecided method, for a table; empty where that is not known."""
    conditional = method.conditional
    if conditional is None:
        return ""
    works = conditional.verdict is MethodVerdict.WORKS
    number = len(conditional.answers)
    if not number:
        return words("blocked whatever the answers are")
    if works:
        return words.count("works if {n} thing is so", "works if {n} things are so", number)
    return words.count("blocked if {n} thing is so", "blocked if {n} things are so", number)


def follows(conditional: Conditional, words: Words = ENGLISH) -> str:
    """Write what would follow of a method, and of which answers."""
    if not conditional.answers:
        return words("blocked whatever the answers are")
    named = [f"'{each.fact}'" for each in conditional.answers]
    facts = f" {words('and')} ".join(named) if len(named) <= _MOST_ANSWERS else few(named, words=words)
    works = conditional.verdict is MethodVerdict.WORKS
    text = words("works if {facts}", facts=facts) if works else words("is blocked if {facts}", facts=facts)
    if conditional.otherwise is MethodVerdict.BLOCKED:
        return words("{text}; else it is blocked", text=text)
    if conditional.otherwise is MethodVerdict.WORKS:
        return words("{text}; else it works", text=text)
    return text


def facts_to_paste(result: Result, questions: Sequence[Question], words: Words = ENGLISH) -> list[str]:
    """Write answers as lines of YAML, for a site file: of each question one, with the others as a comment."""
    works = {answer.question.key: answer.value for each in result.methods if each.conditional
             for answer in each.conditional.answers}
    answers = [f"  {yaml_text(each.key)}: "
               f"{_value(each, words, works=works.get(each.key, each.passing))}" for each in questions]
    return ["facts:", *answers]


def _value(question: Question, words: Words, *, works: bool) -> str:
    """An answer as YAML, with the allowed ones as a comment; `works`: the one that lets a method work."""
    if question.kind == "addresses":
        return f"[]  # {words('which addresses')}"
    one, other = question.word(True), question.word(False)
    choices = words("{one} or {other}", one=one, other=other)
    if question.usual is None:
        return f"{question.word(works)}  # {choices}"
    return f"{question.word(question.usual)}  # {choices}; {words('this is usual')}"
