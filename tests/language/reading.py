"""Follows an expression in the source back to the strings that it may hold, as templates."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from itertools import product

from tests.language.names import Names, Scope
from tests.language.templates import PHRASE, PHRASES, escaped, letters, placeholders

Note = Callable[[str, Scope, ast.expr, bool], bool]
"""Keeps a template that is part of another one, a single word only if asked to; says whether it is one."""

PLACES = frozenset({"because", "reason", "reasons", "why", "advice", "caveats", "way", "trouble", "doubt",
                     "conditional", "not_assessed", "gains", "loses", "gains_and_loses"})
"""Parameters, fields and functions that hold sentences, by a word of their name."""
_BUILT_IN = frozenset({"len", "list", "sorted", "min", "max", "repr", "int", "hex"})
_MOST = 8
"""So many readings of one string are told apart; of more, the part that varies becomes a placeholder."""


class Reader:
    """Follows an expression back to the strings that it may hold."""

    def __init__(self, names: Names, note: Note) -> None:
        self._names, self._note = names, note
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
                    self._note(between.strip(), scope, node, True)
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
        return [self._returned(last_name(node.func), scope) or _unknown(node)]

    def _returned(self, function: str, scope: Scope) -> str:
        """The kind of placeholder for what a function returns; empty if it returns no sentences."""
        if is_place(function) or function in self._entered:
            return PHRASE if is_place(function) else ""
        self._entered.add(function)
        told = [one for at, made in self._names.named(function, scope) for each in ast.walk(made)
                if isinstance(each, ast.Return) and each.value is not None
                for one in self._keep(each.value, at)]
        self._entered.remove(function)
        return "" if not any(told) else PHRASE if all(told) else PHRASES

    def _keep(self, node: ast.expr, scope: Scope, *, word: bool = False) -> list[bool]:
        """Keep sentences that are parts of others; tell of each reading whether it is one."""
        return [self._note(each, scope, node, word) for each in self.read(node, scope) if each]


def _is_value(reading: str) -> bool:
    """Whether a reading is nothing but a value that is no sentence."""
    return not letters(reading) and bool(placeholders(reading)) and reading not in (PHRASE, PHRASES)


def _unknown(node: ast.expr) -> str:
    name = _name(node)
    return PHRASE if is_place(name) or name == "error" else f"{{{name}}}"


def is_place(name: str) -> bool:
    """Whether a name says that sentences belong there."""
    return not PLACES.isdisjoint(name.split("_"))


def last_name(func: ast.expr) -> str:
    """The name by which something is called."""
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
