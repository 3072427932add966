"""Reasons in the source: whoever makes one writes a literal, so that the catalogues can have it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from tests.language.reasons import ROOT, core_modules, templates

MAKER = ROOT / "aclproof" / "reason.py"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in core_modules() if path != MAKER}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_template_is_a_literal() -> None:
    assert [place for place, call in calls() if not isinstance(literal(call), str)] == []


def test_every_template_is_given_just_its_values() -> None:
    assert [place for place, call in calls()
            if all(key.arg for key in call.keywords)  # what `**values` holds shows when it is made
            and {key.arg for key in call.keywords} != names(str(literal(call)))] == []


def test_nobody_calls_it_by_another_name() -> None:
    """The catalogues are filled by the name of the call."""
    assert [path for path, tree in TREES.items() for node in ast.walk(tree)
            if isinstance(node, ast.alias) and node.name == "Reason" and node.asname] == []
    assert [path for path, tree in TREES.items() for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == "Reason"] == []


def test_all_of_them_are_found() -> None:
    assert len(list(calls())) > 500
    assert {literal(call) for _, call in calls()} == {each.text for each in templates(TREES)}


def literal(call: ast.Call) -> object:
    match call.args:
        case [ast.Constant(value=value)]:
            return value
        case _:
            return None


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_templates_are_found_by_their_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.language.reasons.ROOT", tmp_path)
    module = tmp_path / "core.py"
    module.write_text('''
PLAIN = Reason("the line is cut short")
def why(name):
    return Reason("what {name} "
                  "means: {why}", name=name, why=Reason("the line is cut short")) if name else other("no")
''')
    found = templates([module])
    assert [(each.text, each.path, each.line) for each in found] == [
        ("the line is cut short", "core.py", 2), ("what {name} means: {why}", "core.py", 4)]
