"""What would follow of what is undecided, and the answers as they are pasted into a site file."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.harmless import yaml_text
from aclproof.linter.questions import FILL_IN, Question
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing.wording import few
from aclproof.linter.result import Conditional, MethodResult, MethodVerdict

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
    named = [_quoted(each.fact) for each in conditional.answers]
    facts = f" {words('and')} ".join(named) if len(named) <= _MOST_ANSWERS else few(named, words=words)
    works = conditional.verdict is MethodVerdict.WORKS
    text = words("works if {facts}", facts=facts) if works else words("is blocked if {facts}", facts=facts)
    if conditional.otherwise is MethodVerdict.BLOCKED:
        return words("{text}; else it is blocked", text=text)
    if conditional.otherwise is MethodVerdict.WORKS:
        return words("{text}; else it works", text=text)
    return text


def _quoted(fact: str) -> str:
    return f'"{fact}"' if "'" in fact else f"'{fact}'"


def facts_to_paste(questions: Sequence[Question], words: Words = ENGLISH) -> list[str]:
    """Write questions as lines of YAML, for a site file: with the usual answer, where there is one, and with
    what may be answered as a comment."""
    return ["facts:", *(f"  {yaml_text(each.key)}: {_value(each, words)}" for each in questions)]


def _value(question: Question, words: Words) -> str:
    """The usual answer; where there is none, a word that no site file takes: nobody has to guess."""
    if question.answers == "addresses":
        return f"[{FILL_IN}]  # {words('which addresses')}"
    one, other = question.word(True), question.word(False)
    choices = words("{one} or {other}", one=one, other=other)
    if question.usual is None:
        return f"{FILL_IN}  # {choices}"
    return f"{question.word(question.usual)}  # {choices}; {words('this is usual')}"
