"""Finds the messages of reports: what `words(...)`, `words.count(...)` and `message(...)` are called with."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.language.reasons import ROOT

_WORDS = frozenset({"words", "_words", "_"})
"""What a `Words` is called in code and in templates."""


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A key of the catalogue, and where it is; `many` is the key of more than one thing."""

    key: str
    many: str
    path: str
    line: int


def report_modules() -> list[Path]:
    """The modules and templates that write for people."""
    rooms = (ROOT / "linter" / "reports", ROOT / "linter" / "cli", ROOT / "linter" / "fleet")
    return sorted(path for room in rooms for ending in ("*.py", "*.j2") for path in room.rglob(ending))


def messages(paths: Iterable[Path]) -> list[Message]:
    """Find all messages of some modules and templates, sorted."""
    return sorted({Message(*keys, str(path.relative_to(ROOT)), line) for path in paths
                   for line, keys in found_in(path.read_text(encoding="utf-8"), path.suffix)})


def found_in(text: str, suffix: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield line and keys of each message in the text of a module or a template."""
    if suffix == ".j2":
        yield from _in_template(text)
        return
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(
                    value=str(key)), *_]) if name in _WORDS or name == "message":
                yield node.lineno, (key, "")
            case ast.Call(
                    func=ast.Attribute(attr="count", value=ast.Name(id=name) | ast.Attribute(attr=name)),
                    args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), _, *_]) \
                    if name in _WORDS:
                yield node.lineno, (one, many)
            case _:
                pass


def _in_template(text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    from jinja2 import Environment, nodes

    for call in Environment().parse(text).find_all(nodes.Call):
        texts = [each.value for each in call.args[:2] if isinstance(each, nodes.Const)]
        match call.node:
            case nodes.Name(name=name) if name in _WORDS and texts:
                yield call.lineno, (texts[0], "")
            case nodes.Getattr(node=nodes.Name(name=name), attr="count") if name in _WORDS and texts[1:]:
                yield call.lineno, (texts[0], texts[1])
            case _:
                pass
