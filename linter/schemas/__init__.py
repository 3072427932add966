"""JSON Schemas of all that is written (reports) and read (site file); the pack's stands in `rules/`.

A schema is a file here, NAME-vN.schema.json; a report says the same name and version in its field `schema`.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, TypeAlias

from rules.suggest import unknown

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
    mine = (each.name for each in resources.files(__name__).iterdir() if each.name.endswith(_SUFFIX))
    found = sorted((int(version), name, file) for file in mine
                   for name, _, version in [file.removesuffix(_SUFFIX).rpartition("-v")])
    return {"pack": ("rules", f"pack{_SUFFIX}"), **{name: (__name__, file) for _, name, file in found}}
