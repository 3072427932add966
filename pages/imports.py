"""Which room imports which, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache
from pathlib import Path

from pages import ROOT

Arrows = Mapping[str, Set[str]]
"""Each room with those that it imports."""


def arrows(folder: str) -> Arrows:
    """Between what lies directly in a folder, as `linter`: its folders, and its modules by their names."""
    rooms = _rooms(folder)
    found: dict[str, set[str]] = {room: set() for room in rooms}
    prefix = f"aclproof.{folder.replace('/', '.')}."
    for room, files in rooms.items():
        for imported in _imported(files):
            target = imported.removeprefix(prefix).split(".")[0]
            if imported.startswith(prefix) and target in rooms and target != room:
                found[room].add(target)
    return found


def layers(graph: Arrows) -> list[list[str]]:
    """Rooms by their height: what imports nothing of the others is last. ValueError for a circle."""
    below: dict[str, int] = {}
    left = dict(graph)
    while left:
        ready = [room for room, targets in left.items() if targets <= below.keys()]
        if not ready:
            raise ValueError(f"imports go in a circle: {', '.join(sorted(left))}")
        heights = {room: max((below[target] + 1 for target in left[room]), default=0) for room in ready}
        below.update(heights)
        left = {room: targets for room, targets in left.items() if room not in heights}
    return [sorted(room for room in below if below[room] == height)
            for height in range(max(below.values()), -1, -1)]


def reduced(graph: Arrows) -> Arrows:
    """The arrows without those that a longer way implies."""
    return {room: {target for target in targets
                   if not any(target in _reached(graph, other) for other in targets - {target})}
            for room, targets in graph.items()}


def _reached(graph: Arrows, room: str) -> set[str]:
    found: set[str] = set()
    waiting = [room]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _rooms(folder: str) -> dict[str, list[Path]]:
    rooms: dict[str, list[Path]] = {}
    for path in sorted((ROOT / folder).iterdir()):
        if path.is_dir() and (path / "__init__.py").exists():
            rooms[path.name] = sorted(path.rglob("*.py"))
        elif path.suffix == ".py" and not path.name.startswith("__"):
            rooms[path.stem] = [path]
    return rooms


def _imported(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        yield from _of_file(file)


@cache
def _of_file(file: Path) -> list[str]:
    """Every imported name in full: `from aclproof.parsers import model` is `aclproof.parsers.model`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names
