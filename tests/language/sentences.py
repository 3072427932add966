"""Finds the sentences that the core writes in English, as templates with placeholders.

No list of them is kept: a sentence is what goes where sentences belong (a parameter or a field called
`because`, the message of an exception that becomes a note, ...), and from there the syntax tree is followed
back through variables, conditions and calls to the strings. Names are enough to follow it: what is found too
much costs a translation, and what is missed shows when the sites are reported in another language.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.language.names import Names, Scope, Trees, names_of
from tests.language.reading import PLACES, Reader, is_place, last_name
from tests.language.templates import PHRASE, PHRASES, anonymous, letters, numbered, placeholders

ROOT = Path(__file__).parents[2]
_TEXTS = frozenset({"Default", "Near", "NearMiss", "_seen"})
"""What has a sentence in its field or parameter `text`."""
_TOLD = frozenset({"icmp_kind"})
"""Functions that name something for people."""
_ELSEWHERE = frozenset({"UnsupportedInputError", "InputError", "UsageError", "Problem", "DamagedTextError",
                        "NoPolicyError", "KeyError", "SettingError", "MissingSettingError"})
"""Exceptions that end the run and are told on standard error, in English."""


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """A template, and where it stands."""

    template: str
    path: str
    line: int


def core_modules() -> list[Path]:
    """The modules that write sentences for reports, and the reports themselves, which may make some."""
    return [path for room in ("linter", "parsers") for path in sorted((ROOT / room).rglob("*.py"))]


def sentences(paths: Iterable[Path]) -> list[Sentence]:
    """Find all sentences of some modules, sorted."""
    return sentences_in({str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
                         for path in paths})


def sentences_in(trees: Trees) -> list[Sentence]:
    """Find all sentences in syntax trees, sorted; of equal templates the first."""
    finder = _Finder(names_of(trees))
    for path, tree in trees.items():
        finder.visit(tree, Scope(path))
    once: dict[str, Sentence] = {}
    for each in sorted(finder.found):
        once.setdefault(anonymous(each.template), each)
    return list(once.values())


class _Finder:
    """Looks for the places of sentences."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._reader = Reader(names, self.note)
        self.found: list[Sentence] = []

    def visit(self, node: ast.AST, scope: Scope) -> None:
        """Look through a tree."""
        if scope.path.startswith(("linter/reports", "linter/cli")):
            self._asked(node, scope)
            return
        match node:
            case ast.FunctionDef(name=name):
                scope = Scope(scope.path, node)
                if is_place(name) or name in _TOLD:
                    self._take([each.value for each in ast.walk(node)
                                if isinstance(each, ast.Return) and each.value is not None], scope)
            case ast.Raise(exc=ast.expr() as raised) if scope.path.startswith("parsers"):
                for each in (raised.body, raised.orelse) if isinstance(raised, ast.IfExp) else (raised,):
                    if isinstance(each, ast.Call) and last_name(each.func) not in _ELSEWHERE:
                        self._take(each.args, scope)
            case ast.Call(func=func, args=args, keywords=keywords):
                named = [pair for names in self._names.parameters(last_name(func), scope)
                         for pair in zip(names, args, strict=False)]
                self._take([arg for name, arg in named
                            if name in PLACES or (name == "text" and last_name(func) in _TEXTS)], scope)
                self._take([each.value for each in keywords if each.arg in PLACES], scope)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(
                    target=target, value=ast.expr() as value) if _kept(target, scope):
                self._take([value], scope)
            case ast.AugAssign(target=ast.Name(), value=ast.JoinedStr() | ast.Constant(value=str()) as value):
                for reading in self._reader.read(value, scope):
                    if letters(reading):
                        self.note(f"{PHRASES}{reading}", scope, value)
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) | ast.Constant(
                    value=str(start)) if start.startswith("# ") and scope.path.startswith("linter/fix"):
                self._take([node], scope)
                return
            case ast.BinOp(left=ast.Constant(value=str(start))) if start.startswith("# "):
                self._take([node], scope)
                return
            case ast.Return(value=ast.Tuple(elts=[*_, ast.Constant() | ast.JoinedStr() as last])):
                self._take([last], scope)
            case _:
                pass
        for child in ast.iter_child_nodes(node):
            self.visit(child, scope)

    def _asked(self, tree: ast.AST, scope: Scope) -> None:
        """Take what reports let translate that functions of theirs return: `words.sentence(later(part))`."""
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="sentence"), args=[ast.Call(func=ast.Name()) as made]):
                    self._take([made], scope)
                case _:
                    pass

    def note(self, reading: str, scope: Scope, node: ast.expr, word: bool = False) -> bool:
        """Keep a reading if it is a sentence; a single word only on demand."""
        if reading in (PHRASE, PHRASES):
            return True
        sentence = " " in reading and (letters(reading) or "phrase" in placeholders(reading))
        if sentence or (word and reading.isalpha() and reading.islower()):
            self.found.append(Sentence(numbered(reading), scope.path, node.lineno))
        return sentence

    def _take(self, values: Sequence[ast.expr], scope: Scope) -> None:
        for value in values:
            for reading in self._reader.read(value, scope):
                self.note(reading, scope, value)


def _kept(target: ast.expr, scope: Scope) -> bool:
    """Whether something is kept where sentences belong; local variables are followed from where they go."""
    if isinstance(target, ast.Name):
        return scope.function is None and target.id in PLACES
    if isinstance(target, ast.Subscript):
        target = target.value
    return isinstance(target, ast.Attribute) and target.attr in PLACES


if __name__ == "__main__":
    for one in sentences(core_modules()):
        print(f"{one.path}:{one.line}: {one.template}")
