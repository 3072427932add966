"""The words of one language in netsh's output, and how a text's words are found among them.

A console whose code page lacks a letter writes `?` for it, and a wrong decoder leaves U+FFFD: either stands
for any one letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

from aclproof.parsers.windows.records.rule import Action, Direction, Edge, InterfaceType, Profile, Store

Field = Literal[
    "name", "description", "enabled", "direction", "profiles", "group", "local addresses",
    "remote addresses", "protocol", "local ports", "remote ports", "edge", "program", "service",
    "interface types", "computers", "users", "security", "source", "action"]
Setting = Literal["state", "policy", "local rules", "unicast response", "log blocked"]

T = TypeVar("T")
_LOST = "?\ufffd"


class Words(Struct, Generic[T], frozen=True):
    """What each word of a kind means; several words may mean the same."""

    meanings: Mapping[str, T]

    def find(self, word: str) -> T | None:
        """Look a word up, with replaced letters as wildcards; None when it is unknown or could be several."""
        plain = normal(word)
        if plain in self.meanings:
            return self.meanings[plain]
        if not any(letter in plain for letter in _LOST):
            return None
        pattern = _wild(plain)
        found = {meaning for known, meaning in self.meanings.items() if pattern.fullmatch(known)}
        return found.pop() if len(found) == 1 else None


def words(table: Mapping[str, T]) -> Words[T]:
    """Make a lookup of `{"one|two": meaning}`."""
    return Words({normal(word): meaning for spelled, meaning in table.items() for word in spelled.split("|")})


@lru_cache(maxsize=1024)
def normal(word: str) -> str:
    """Write a word as it is compared: blanks of every kind are one, case and apostrophes do not matter."""
    return " ".join(word.replace("\u2019", "'").split()).casefold()


@lru_cache(maxsize=256)
def _wild(plain: str) -> re.Pattern[str]:
    return re.compile("".join("." if letter in _LOST else re.escape(letter) for letter in plain))


class Language(Struct, frozen=True):
    """How netsh speaks in one language."""

    name: str
    labels: Words[Field]
    yes_no: Words[bool]
    directions: Words[Direction]
    profiles: Words[Profile]
    actions: Words[Action]
    any: Words[bool]
    edges: Words[Edge]
    headings: Words[Profile]
    """Of the sections of `show allprofiles`, without the colon."""
    settings: Words[Setting]
    states: Words[bool]
    switches: Words[bool]
    """Enable and Disable."""
    interface_types: Words[InterfaceType] = field(default_factory=lambda: words({}))
    sources: Words[Store] = field(default_factory=lambda: words({}))
    no_rules: str = ""
    """What it prints where nothing matches."""
