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
from itertools import product
from pathlib import Path

from tests.language.names import Names, Scope, names_of
from tests.language.templates import PHRASE, PHRASES, anonymous, escaped, letters, numbered, placeholders

ROOT = Path(__file__).parents[2]
_PLACES = frozenset({"because", "reason", "reasons", "why", "advice", "caveats", "way", "trouble", "doubt",
                     "conditional", "not_assessed"})
"""Parameters, fields and functions that hold sentences, by a word of their name."""
_TEXTS = frozenset({"Default", "Near", "NearMiss", "_seen"})
"""What has a sentence in its field or parameter `text`."""
_TOLD = frozenset({"icmp_kind"})
"""Functions that name something for people."""
_ELSEWHERE = frozenset({"Unusable", "InputError", "UsageError", "Problem", "Lost", "Nothing", "KeyError",
                        "SettingError", "NeedsSetting"})
"""Exceptions that end the run and are told on standard error, in English."""
_BUILT_IN = frozenset({"len", "list", "sorted", "min", "max", "repr", "int", "hex"})
_MOST = 8
"""So many readings of one string are told apart; of more, the part that varies becomes a placeholder."""


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
    trees = {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
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
        self._reader = _Reader(names, self)
        self.found: list[Sentence] = []

    def visit(self, node: ast.AST, scope: Scope) -> None:
        """Look through a tree."""
        if scope.path.startswith(("linter/reports", "linter/cli")):
            self._asked(node, scope)
            return
        match node:
            case ast.FunctionDef(name=name):
                scope = Scope(scope.path, node)
                if _is_place(name) or name in _TOLD:
                    self._take([each.value for each in ast.walk(node)
                                if isinstance(each, ast.Return) and each.value is not None], scope)
            case ast.Raise(exc=ast.expr() as raised) if scope.path.startswith("parsers"):
                for each in (raised.body, raised.orelse) if isinstance(raised, ast.IfExp) else (raised,):
                    if isinstance(each, ast.Call) and _last(each.func) not in _ELSEWHERE:
                        self._take(each.args, scope)
            case ast.Call(func=func, args=args, keywords=keywords):
                named = [pair for names in self._names.parameters(_last(func), scope)
                         for pair in zip(names, args, strict=False)]
                self._take([arg for name, arg in named
                            if name in _PLACES or (name == "text" and _last(func) in _TEXTS)], scope)
                self._take([each.value for each in keywords if each.arg in _PLACES], scope)
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

    def note(self, reading: str, scope: Scope, node: ast.expr, *, word: bool = False) -> bool:
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


class _Reader:
    """Follows an expression back to the strings that it may hold."""

    def __init__(self, names: Names, finder: _Finder) -> None:
        self._names, self._finder = names, finder
        self._entered: set[str] = set()
        """Functions whose results are being read."""

    def read(self, node: ast.expr | None, scope: Scope, depth: int = 0) -> list[str]:
        """Return what an expression may hold, as templates; a placeholder for what cannot be told."""
        deeper = depth + 1
        if node is None or depth > 8:
            return ["{value}"]  # replaced by the name of whatever holds it
        match node:
            case ast.Constant(value=str(text)):
                return [escaped(text)]
            case ast.Constant(value=None):
                return []
            case ast.JoinedStr(values=parts):
                return self._joined(parts, scope, deeper)
            case ast.FormattedValue(value=value):
                return self._part(value, scope, deeper)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([left, right], scope, deeper)
            case ast.IfExp(body=first, orelse=second):
                return self._any([first, second], scope, deeper)
            case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
                return self._any(values, scope, deeper)
            case ast.Dict(values=values):
                return self._any(values, scope, deeper)
            case ast.GeneratorExp(elt=value) | ast.ListComp(elt=value) | ast.Subscript(value=value):
                return self.read(value, scope, deeper)
            case ast.DictComp(value=value):
                return self.read(value, scope, deeper)
            case ast.Call():
                return self._call(node, scope, deeper)
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self._named(node, name, scope, deeper)
            case _:
                return [_unknown(node)]

    def _named(self, node: ast.expr, name: str, scope: Scope, depth: int) -> list[str]:
        known = self._names.values(name, scope) if isinstance(node, ast.Name) else []
        if not known:
            return self._names.words(name, scope) or [_unknown(node)]
        found = [each for at, value in known for each in self.read(value, at, depth)]
        return [_unknown(node) if _is_value(each) else each for each in found]

    def _any(self, nodes: Sequence[ast.expr], scope: Scope, depth: int) -> list[str]:
        return [each for node in nodes for each in self.read(node, scope, depth)]

    def _joined(self, nodes: Sequence[ast.expr], scope: Scope, depth: int) -> list[str]:
        return ["".join(each) for each in product(*(self._part(node, scope, depth) for node in nodes))]

    def _part(self, node: ast.expr, scope: Scope, depth: int) -> list[str]:
        """Read a part of a longer string: what varies too much becomes a placeholder."""
        if isinstance(node, ast.BinOp) and "'" not in ast.unparse(node):
            return ["{number}"]
        found = list(dict.fromkeys(self.read(node, scope, depth)))
        if any(map(_is_value, found)):  # which stands for names and signs, too
            found = [each for each in found if placeholders(each) or any(one.islower() for one in each)]
        return found if len(found) <= _MOST else [_unknown(node)]

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> list[str]:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(between)), attr="join"), args=[of]):
                if between in (", ", "; ", " and ", " or "):
                    self._keep(of, scope, word=True)
                    self._finder.note(between.strip(), scope, node, word=True)
                    return [PHRASE if between == "; " else PHRASES]
                return [_unknown(of)]
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, *default]):
                return self._any([table, *default], scope, depth)
            case ast.Call(func=ast.Attribute(value=value, attr="rstrip" | "strip")):
                return self.read(value, scope, depth)
            case ast.Call(func=ast.Attribute(attr="fromkeys") | ast.Name(id="tuple" | "str"), args=[value]):
                return self.read(value, scope, depth)
            case ast.Call(func=ast.Name(id="sorted"), args=[value, *_]):
                return self.read(value, scope, depth)
            case ast.Call(func=ast.Name(id=name)) if name in _BUILT_IN:
                return [_unknown(node)]
            case _:
                pass
        return [self._returned(_last(node.func), scope) or _unknown(node)]

    def _returned(self, function: str, scope: Scope) -> str:
        """The kind of placeholder for what a function returns; empty if it returns no sentences."""
        if _is_place(function) or function in self._entered:
            return PHRASE if _is_place(function) else ""
        self._entered.add(function)
        told = [one for at, made in self._names.named(function, scope) for each in ast.walk(made)
                if isinstance(each, ast.Return) and each.value is not None
                for one in self._keep(each.value, at)]
        self._entered.remove(function)
        return "" if not any(told) else PHRASE if all(told) else PHRASES

    def _keep(self, node: ast.expr, scope: Scope, *, word: bool = False) -> list[bool]:
        """Keep sentences that are parts of others; tell of each reading whether it is one."""
        return [self._finder.note(each, scope, node, word=word) for each in self.read(node, scope) if each]


def _is_value(reading: str) -> bool:
    """Whether a reading is nothing but a value that is no sentence."""
    return not letters(reading) and bool(placeholders(reading)) and reading not in (PHRASE, PHRASES)


def _unknown(node: ast.expr) -> str:
    name = _name(node)
    return PHRASE if _is_place(name) or name == "error" else f"{{{name}}}"


def _is_place(name: str) -> bool:
    return not _PLACES.isdisjoint(name.split("_"))


def _kept(target: ast.expr, scope: Scope) -> bool:
    """Whether something is kept where sentences belong; local variables are followed from where they go."""
    if isinstance(target, ast.Name):
        return scope.function is None and target.id in _PLACES
    if isinstance(target, ast.Subscript):
        target = target.value
    return isinstance(target, ast.Attribute) and target.attr in _PLACES


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _name(node: ast.expr) -> str:
    """A name for a value, for whoever translates the template."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(value=value):
            return _name(value)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _BUILT_IN:
            return _name(first)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)) | ast.Call(
                func=ast.Name(id=name)):
            return name.strip("_")
        case ast.Call(func=ast.Attribute(value=value)):
            return _name(value)
        case _:
            return "value"


if __name__ == "__main__":
    for one in sentences(core_modules()):
        print(f"{one.path}:{one.line}: {one.template}")
