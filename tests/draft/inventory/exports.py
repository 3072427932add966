"""Exports to be changed in one place by a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "fixtures" / "configmgr"

Export = dict[str, Any]


def small() -> Export:
    """One site, one group, two servers."""
    return _read("small.json")


def large() -> Export:
    """A hierarchy of four sites with six groups."""
    return _read("large.json")


def _read(name: str) -> Export:
    export: Export = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return export


def written(export: object, folder: Path) -> Path:
    """Write an export, and return the file."""
    path = folder / "export.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    return path
