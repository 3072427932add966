"""JSON Schemas of all that is written (reports) and read (site file); the pack's is in `rules/`.

A schema is a file here: NAME.schema.json, or for a report NAME-vN, as its own field `schema` says.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, TypeAlias

from aclproof import rules
from aclproof.rules.suggest import unknown

Schema: TypeAlias = dict[str, Any]

_SUFFIX = ".schema.json"


def names() -> tuple[str, ...]:
    """What there are schemas of, sorted."""
    return tuple(sorted(_files()))


def load(name: str) -> Schema:
    """Return the newest schema of this name; ValueError names those that there are."""
    files = _files()
    if name not in files:
        raise ValueError(unknown("schema", name, sorted(files)))
    room, file = files[name]
    schema: Schema = json.loads(resources.files(room).joinpath(file).read_text(encoding="utf-8"))
    return schema


def _files() -> dict[str, tuple[str, str]]:
    """Name to the room and the file; a higher version comes later and wins."""
    found = [(0, "pack", (rules.__name__, f"pack{_SUFFIX}"))]
    for file in (each.name for each in resources.files(__name__).iterdir() if each.name.endswith(_SUFFIX)):
        name, _, version = file.removesuffix(_SUFFIX).partition("-v")
        found.append((int(version or 0), name, (__name__, file)))
    return {name: place for _, name, place in sorted(found)}
