"""What the people who wrote a configuration call things: hints for guesses, never for verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from aclproof.parsers.model.addresses import NOWHERE, AddressSet


class Named(Struct, frozen=True):
    """An object, an interface or a rule, and what its configuration notes about it; or a remark by itself."""

    kind: Literal["object", "interface", "rule", "remark"]
    name: str
    """As the configuration has it; empty for a rule and a remark."""
    line: int
    addresses: AddressSet = NOWHERE
    """Of an object, as far as they are in the file; of services none."""
    about: str = ""
    """Its description or comment: free text, which may hold anything and is never shown."""

    def __repr__(self) -> str:
        return f"Named({self.kind!r}, {self.name!r}, {self.line}, {self.addresses!r})"


class Shown(Struct, frozen=True):
    """What an input shows of the machine that it is of, besides what that filters."""

    name: str = ""
    """Of the machine; empty where nothing shows it."""
    line: int = 0
    """That shows the name."""
    parts: frozenset[str] = frozenset()
    """Which parts of a configuration it holds, where these come in several files; empty for all of it."""
    contexts: tuple[str, ...] = ()
    """The firewalls in it, where one file holds several."""


HOST_NAME = r"(?!localhost\b)[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
"""What the name of a machine looks like, for patterns."""


def first_name(patterns: Iterable[str], text: str) -> tuple[str, int]:
    """Return what the first of some patterns finds as group `name`, and its line; nothing for none."""
    for pattern in patterns:
        if found := re.search(pattern, text):
            return found["name"], text.count("\n", 0, found.start("name")) + 1
    return "", 0
