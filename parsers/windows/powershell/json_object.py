"""One object of a JSON text, and what shows that the text is not as PowerShell wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from functools import lru_cache
from typing import Any

from aclproof.reason import Reason

_WRAPPED = {"value", "Count"}


class UnsoundError(ValueError):
    """An object with a name twice, or a list without all of its items."""


def made(members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its members; UnsoundError where it is not as PowerShell writes one."""
    found = dict(members)
    if _different(tuple(found)) < len(members) or miscounted(found):
        raise UnsoundError
    return found


@lru_cache
def _different(names: tuple[str, ...]) -> int:
    """Count the columns of some names, whose case means nothing: most records have the same."""
    return len({each.lower() for each in names})


def is_wrapped(value: Any) -> bool:
    """Whether a value is a list that PowerShell wrapped in an object, with the number of its items."""
    return isinstance(value, dict) and value.keys() == _WRAPPED


def miscounted(found: Mapping[str, Any]) -> str:
    """Say that a wrapped list has not as many items as it says; empty of any other object."""
    if not is_wrapped(found):
        return ""
    count, value = found["Count"], found["value"]
    holds = _size(value)
    return "" if str(count) == str(holds) else Reason(
        "a list says that it has {count} items, and holds {holds}; export the rules again", count=count,
        holds=holds)


def _size(value: Any) -> int:
    if value is None:
        return 0
    return len(value) if isinstance(value, Sized) and not isinstance(value, str | dict) else 1
