from __future__ import annotations

import ast

from tests.language.sentences import sentences_in

CORE = """
from typing import Literal
Side = Literal["source", "destination"]
WAYS = {"in": "coming in", "out": "going out"}
TROUBLE = "the line is cut short"

class Opaque:
    key: str
    because: str

class Ends:
    side: Side
    because: str = "only some ends do"

    @property
    def reason(self) -> str:
        return f"whether the {self.side} is meant"

def parse(self, text, names, way, deep):
    if deep:
        raise RuleError(f"{text} is nested too deep" if names else TROUBLE)
    hint = " (a name)" if names else ""
    why = self.why or "it was not read"
    yield Opaque(f"no sentence {text}", f"what {text.strip()} means{hint}: {why}")
    yield Opaque("", because=f"whether it is {WAYS[way]} by {' and '.join(names)}")
    self.reasons[3] = "open: " + "; ".join(each.because for each in names)
    note(way, said(text))
    print("this is no sentence either")
    raise UnsupportedInputError("told on standard error")

def note(way, reason):
    ...

def said(text):
    return f"said of {text}"
"""
REPORT = """
def later(part):
    return "first this" if part else "then that"

def render(words, part):
    print(words.sentence(later(part)), "not in the core", words("a message"))
"""


def test_sentences_are_followed_back_to_their_strings() -> None:
    found = sentences_in({"parsers/core.py": ast.parse(CORE), "linter/reports/report.py": ast.parse(REPORT)})
    assert {each.template for each in found} == {
        "the line is cut short", "{text} is nested too deep", "only some ends do",
        "whether the source is meant", "whether the destination is meant",
        "what {text} means: {phrase}", "what {text} means: it was not read",
        "what {text} means (a name): {phrase}", "what {text} means (a name): it was not read",
        "whether it is coming in by {phrases}", "whether it is going out by {phrases}", "and",
        "open: {phrase}", "said of {text}", "first this", "then that"}
    assert {each.line for each in found if each.template == "only some ends do"} == {13}
