"""What the names in the source stand for: functions, fields, constants, and words that a name may hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Trees = Mapping[str, ast.Module]
"""Syntax trees by the path of their module."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands."""

    path: str
    function: ast.FunctionDef | None = None


@dataclass(slots=True)
class Names:
    """The names of all modules together; equal names are not told apart."""

    functions: dict[str, list[tuple[Scope, ast.FunctionDef]]] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    """The fields of a class, in order."""
    constants: dict[str, list[tuple[Scope, ast.expr]]] = field(default_factory=dict)
    choices: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Fields and parameters that hold one of a few words (`Literal`), by module or folder and name."""

    def parameters(self, name: str, scope: Scope) -> list[list[str]]:
        """The parameters of the functions, or the fields of the class, that a call may mean."""
        if name in self.fields:
            return [self.fields[name]]
        found = []
        for _, function in self.named(name, scope):
            parameters = [each.arg for each in function.args.args]
            found.append(parameters[1:] if parameters[:1] == ["self"] else parameters)
        return found

    def named(self, name: str, scope: Scope) -> list[tuple[Scope, ast.FunctionDef]]:
        """The functions of a name: those of the module where it is used, else all that it may import."""
        known = [each for each in self.functions.get(name, ()) if _level(each[0]) <= _level(scope)]
        return [each for each in known if each[0].path == scope.path] or known

    def words(self, name: str, scope: Scope) -> list[str]:
        """The few words that a field or parameter may hold; empty if it is no such."""
        for place in (scope.path, _room(scope.path), "parsers/model"):
            if found := self.choices.get((place, name)):
                return found
        return []

    def values(self, name: str, scope: Scope) -> list[tuple[Scope, ast.expr | None]]:
        """What a name may hold where it stands; None for what cannot be told."""
        if scope.function is None:
            return list(self.constants.get(name, ()))
        local: list[tuple[Scope, ast.expr | None]] = [
            (scope, value) for node in ast.walk(scope.function) for value in _bound(node, name)]
        arguments = scope.function.args
        if local or name in [each.arg for each in (*arguments.args, *arguments.kwonlyargs)]:
            return local
        return list(self.constants.get(name, ()))


def _room(path: str) -> str:
    """The folder in which names have one meaning: a vendor's whole, else that of the module."""
    parts = Path(path).parts
    return str(Path(*parts[:2])) if parts[0] == "parsers" else str(Path(path).parent)


def _level(scope: Scope) -> int:
    """How high a module stands: imports only go down."""
    reports = scope.path.startswith(("linter/reports", "linter/cli"))
    return 2 if reports else int(scope.path.startswith("linter"))


def names_of(trees: Trees) -> Names:
    """Read the names of some modules."""
    names = Names()
    aliases: dict[str, list[list[str]]] = {}
    for path, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                names.constants.setdefault(ast.unparse(target), []).append((Scope(path), node.value))
                if choices := _choices(node.value, {}):
                    aliases.setdefault(f"{_room(path)}.{ast.unparse(target)}", []).append(choices)
                    aliases.setdefault(ast.unparse(target), []).append(choices)
    found: dict[tuple[str, str], list[list[str]]] = {}
    for path, name, annotation in _annotated(trees, names):
        folder = _room(path)
        near = {key.removeprefix(f"{folder}."): value for key, value in aliases.items() if folder in key}
        for place in (path, folder):
            found.setdefault((place, name), []).append(_choices(annotation, aliases | near))
    names.choices = {key: every[0] for key, every in found.items() if all(each == every[0] for each in every)}
    return names


def _annotated(trees: Trees, names: Names) -> Iterator[tuple[str, str, ast.expr | None]]:
    """Fill in functions and fields, and yield what carries an annotation: module, name, annotation."""
    for path, tree in trees.items():
        for each in ast.walk(tree):
            if isinstance(each, ast.FunctionDef):
                names.functions.setdefault(each.name, []).append((Scope(path, each), each))
                yield from ((path, arg.arg, arg.annotation)
                            for arg in (*each.args.args, *each.args.kwonlyargs))
            elif isinstance(each, ast.ClassDef):
                own = [item for item in each.body if isinstance(item, ast.AnnAssign)]
                names.fields[each.name] = [ast.unparse(item.target) for item in own]
                yield from ((path, ast.unparse(item.target), item.annotation) for item in own)


def _choices(annotation: ast.expr | None, aliases: Mapping[str, list[list[str]]]) -> list[str]:
    if isinstance(annotation, ast.Name):
        known = aliases.get(annotation.id, [[]])
        return known[0] if all(each == known[0] for each in known) else []
    if not isinstance(annotation, ast.Subscript):
        return []
    items = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    if ast.unparse(annotation.value) in ("frozenset", "tuple"):
        return _choices(items[0], aliases)
    if ast.unparse(annotation.value) != "Literal":
        return []
    return [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def _bound(node: ast.AST, name: str) -> Iterator[ast.expr | None]:
    """What one statement or loop binds to a name."""
    match node:
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(
                target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield from _unpacked(target, [value], name)
        case ast.For(target=target, iter=ast.Tuple(elts=items)):
            yield from _unpacked(target, items, name)
        case ast.For(target=target) | ast.comprehension(target=target):
            yield from (None for each in ast.walk(target) if isinstance(each, ast.Name) and each.id == name)
        case _:
            pass


def _unpacked(target: ast.expr, values: Iterable[ast.expr], name: str) -> Iterator[ast.expr | None]:
    match target:
        case ast.Name(id=found) if found == name:
            yield from values
        case ast.Tuple(elts=targets):
            for at, each in enumerate(targets):
                if isinstance(each, ast.Name) and each.id == name:
                    yield from (value.elts[at] if isinstance(value, ast.Tuple) else None for value in values)
        case _:
            pass
