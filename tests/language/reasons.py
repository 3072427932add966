"""Finds the reasons of the core: what `Reason(...)` is called with, wherever it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract_from_file

ROOT = Path(__file__).parents[2]
_KEYWORDS = {"Reason": None}


@dataclass(frozen=True, slots=True, order=True)
class Template:
    """The template of a reason, and where it is."""

    text: str
    path: str
    line: int


def core_modules() -> list[Path]:
    """The modules that may say why: all rooms."""
    rooms = ("aclproof", "linter", "parsers", "rules")
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def templates(paths: Iterable[Path]) -> list[Template]:
    """Find all templates of some modules, sorted; of equal ones the first."""
    found = sorted(Template(text, str(path.relative_to(ROOT)), line) for path in paths
                   for line, text, _, _ in extract_from_file("python", path, _KEYWORDS)
                   if isinstance(text, str))
    once: dict[str, Template] = {}
    for template in found:
        once.setdefault(template.text, template)
    return list(once.values())
