"""The small changes that a mistake could have made, one place of a syntax tree at a time.

Only what runs inside functions is changed. What a message says is not: other tests look at texts.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.FloorDiv: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift}
_OTHER_CALL = {"min": "max", "max": "min", "any": "all", "all": "any"}
_TEXTS = {"Reason", "message", "words", "assert_never"}
"""Calls that are left as they are, with all that is in them."""
_CONDITIONS = {("If", "test"), ("IfExp", "test"), ("While", "test"), ("comprehension", "ifs"),
               ("match_case", "guard")}
_LEFT_OUT = {"decorator_list", "annotation", "returns", "defaults", "kw_defaults", "msg", "cls", "type"}
"""Fields that run when a module is imported, or that no decision hangs on."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    function: str
    """The outermost function or method that is changed, as `Class.method`."""
    first_line: int
    """Of the function, decorators included."""
    line: int
    """Of the change."""
    change: str
    """`before -> after`, numbered where a function has several alike."""
    node: ast.AST
    field: str
    index: int | None
    after: Any
    """What takes the place of the field of the node, or of one of the field's list; None: it is taken out."""

    @property
    def name(self) -> str:
        """What stays the same when other lines of the file move."""
        return f"{self.function}: {self.change}"

    def apply(self) -> None:
        """Change the tree that the mutant was made of."""
        if self.index is None:
            setattr(self.node, self.field, self.after)
        else:
            after = [] if self.after is None else [self.after]
            getattr(self.node, self.field)[self.index:self.index + 1] = after


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Yield every mutant of a module, from top to bottom."""
    for name, function in _functions(tree, ""):
        first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
        seen: Counter[str] = Counter()
        for node, field, index, before, after in _changes(function):
            change = f"{_brief(before)} -> {_brief(after)}"
            seen[change] += 1
            number = f" (no. {seen[change]})" if seen[change] > 1 else ""
            line = getattr(before, "lineno", getattr(node, "lineno", first))
            yield Mutant(name, first, line, change + number, node, field, index, after)


def _functions(node: ast.AST, within: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module and the methods of its classes; those inside them are parts of them."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef):
            yield within + each.name, each
        elif isinstance(each, ast.ClassDef):
            yield from _functions(each, f"{within}{each.name}.")


def _brief(node: ast.AST | None) -> str:
    return ast.unparse(node).strip().split("\n")[0] if node else "nothing"


_Change = tuple[ast.AST, str, "int | None", ast.AST, "ast.AST | None"]
"""Where (the node, its field, the place in the field's list), what was there, and what takes its place."""


def _changes(node: ast.AST) -> Iterator[_Change]:
    for field, value in ast.iter_fields(node):
        if field in _LEFT_OUT or (isinstance(node, ast.keyword) and node.arg == "strict"):
            continue
        many = isinstance(value, list)
        for index, child in enumerate(value if many else [value]):
            if not isinstance(child, ast.AST) or _is_text(child):
                continue
            at = index if many else None
            for after in _conditions(node, field, child):
                yield node, field, at, child, ast.copy_location(after, child)
            for after in _others(child):
                yield node, field, at, child, ast.copy_location(after, child)
            if many and _may_go(child, value):
                yield node, field, at, child, _nothing(child)
            yield from _changes(child)


def _is_text(node: ast.AST) -> bool:
    """A message, a docstring, or what never runs."""
    value = node.value if isinstance(node, ast.Expr | ast.Return) else node
    if isinstance(node, ast.Expr) and isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in _TEXTS
    return isinstance(node, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom)


def _conditions(parent: ast.AST, field: str, node: ast.AST) -> Iterator[ast.AST]:
    if (type(parent).__name__, field) in _CONDITIONS:
        yield ast.Constant(False)
        if not isinstance(parent, ast.While):
            yield ast.Constant(True)
    if isinstance(parent, ast.BoolOp) and field == "values":
        yield ast.Constant(isinstance(parent.op, ast.And))  # as if it were not there


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of an expression."""
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                yield _with(node, "ops", [*ops[:at], _OTHER[type(op)](), *ops[at + 1:]])
        case ast.BoolOp(op=op):
            yield _with(node, "op", _OTHER[type(op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _OTHER:
            yield _with(node, "op", _OTHER[type(op)]())
            yield left
            if isinstance(op, ast.BitOr):
                yield right
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER_CALL:
            yield _with(node, "func", ast.copy_location(ast.Name(_OTHER_CALL[name], ast.Load()), node))
        case _:
            pass


def _with(node: ast.AST, field: str, value: object) -> ast.AST:
    changed = copy.copy(node)
    setattr(changed, field, value)
    return changed


def _may_go(node: ast.AST, among: list[ast.AST]) -> bool:
    """Whether what is left is still a program, and one that may do otherwise."""
    if isinstance(node, ast.match_case):
        pattern = node.pattern
        return len(among) > 1 and not (isinstance(pattern, ast.MatchAs) and pattern.pattern is None)
    if isinstance(node, ast.Assign):
        return not all(isinstance(each, ast.Name | ast.Tuple) for each in node.targets)
    return isinstance(node, ast.Expr | ast.AugAssign | ast.Continue | ast.Break | ast.Delete | ast.Starred)


def _nothing(node: ast.AST) -> ast.AST | None:
    return None if isinstance(node, ast.match_case | ast.Starred) else ast.copy_location(ast.Pass(), node)
