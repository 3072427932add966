"""JSON and YAML with an odd value in them: damage to their text mostly makes what is no JSON at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 65536, 2**32, 2**64, 10**400, 0.5, float("inf"), "", " ", "x", "0", "-1",
    "445",
    "80-90", "90-80", "any", "10.0.0.0/8", "10.0.0.1-10.0.0.9", "::1", "\ud800", "\x1b[31m", "\u202e", "é",
    "x" * 5000,
    [], {}, [[]], [None], [{}], {"": ""}, {"a": {"b": 1}}, [1, "a", None])


def changed(data: Any, random: Random) -> Any:
    """Return data with one or a few values, keys or entries changed, lost, doubled or swapped."""
    found = deepcopy(data)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        places = list(_places(found))
        if not places:
            return deepcopy(random.choice(_VALUES))
        inside, key = random.choice(places)
        match random.randrange(6):
            case 0:
                del inside[key]
            case 1:
                inside[key] = [inside[key]] * random.choice((1, 2, 60))
            case 2:
                other, its = random.choice(places)
                inside[key] = deepcopy(other[its]) if its in _keys(other) else None
            case 3 if isinstance(inside, dict):
                inside[random.choice((f"{key}x", str(key)[1:], str(key).upper(), ""))] = inside.pop(key)
            case 4 if isinstance(inside[key], str):
                inside[key] = _other_text(inside[key], random)
            case _:
                inside[key] = deepcopy(random.choice(_VALUES))
    return found


def as_json(data: Any, random: Random) -> bytes:
    """Write data as some tool would: dense, or one value in a line."""
    return json.dumps(data, indent=random.choice((None, 1, 4)), ensure_ascii=random.random() < 0.7).encode(
        "utf-8", "surrogatepass")


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every value of data, as what it is in and its key there."""
    for key in _keys(data):
        yield data, key
        yield from _places(data[key])


def _keys(data: Any) -> list[Any]:
    return list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []


def _other_text(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(("", "0", ",", "-", " ", "/", ":", "|", "\\", "\n",
                                      "€")) + text[at + random.choice((0, 1)):]
