"""Questions that are the same but for the names in them, so that 50 firewalls do not ask one 50 times."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from aclproof.reason import Reason

_Item = TypeVar("_Item")


def by_question(items: Iterable[_Item], question: Callable[[_Item], str],
                rest: Callable[[_Item], Hashable] = lambda _: None) -> list[list[_Item]]:
    """Group items whose question has the same template and whose `rest` is equal, in order of the first."""
    found: dict[Hashable, list[_Item]] = {}
    for item in items:
        asked = question(item)
        template = asked.template if isinstance(asked, Reason) else asked
        found.setdefault((template, rest(item)), []).append(item)
    return list(found.values())
