"""One rule or profile as a tool lists it in columns: texts by name, and how such texts are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct, field

from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.rule import PROFILES, Profile
from aclproof.parsers.windows.records.spelling import PROTOCOLS
from aclproof.reason import Reason

_NUMBER = re.compile(r"[0-9]{1,3}")
_LAST_PROTOCOL = 255
_EVERY = {"any", "all"}

T = TypeVar("T")


class Record(Struct):
    """One object: texts by column in lower case; an empty text where the tool had nothing."""

    line: int
    fields: dict[str, str]
    lines: list[range] = field(default_factory=list)
    """All that it takes, with those of what was joined to it."""

    def text(self, *names: str) -> str:
        """Return the first of some columns that says something."""
        for each in names:
            if found := self.fields.get(each):
                return found
        return ""

    def word(self, name: str, words: Mapping[str, T]) -> T:
        """Look the text of a column up; ValueError for one that is not known, or missing."""
        written = self.text(name)
        if written.lower() not in words:
            raise ValueError(Reason("'{written}' is no value of {name}", written=written,
                                    name=name.capitalize()) if written
                             else Reason("it has no {name}", name=name.capitalize()))
        return words[written.lower()]

    def one(self, name: str) -> str:
        """Return a text, which is empty for any."""
        written = self.text(name)
        return "" if written.lower() == "any" else written

    def listed(self, name: str, spell: Callable[[str], str] = str.strip) -> tuple[str, ...]:
        """Return the items of a list with commas; none for any; ValueError for a damaged list."""
        items = spelling.items(self.text(name))
        return () if any(each.lower() == "any" for each in items) else tuple(map(spell, items))

    def ports(self, name: str, *, local: bool) -> tuple[str, ...]:
        """Return ports, in the registry's spelling."""
        return self.listed(name, lambda each: spelling.one_way(each, local=local))

    def protocol(self, others: Mapping[str, int] | None = None) -> int | None:
        """Return the protocol's number, None for any or where it is not shown; ValueError for none."""
        written = self.one("protocol").lower()
        named = PROTOCOLS.get(written, (others or {}).get(written))
        if not written or named is not None:
            return named
        if _NUMBER.fullmatch(written) and int(written) <= _LAST_PROTOCOL:
            return int(written)
        raise ValueError(Reason("'{text}' is no protocol", text=self.text('protocol')))


def profiles(written: str) -> tuple[Profile, ...]:
    """Read names of profiles, `Any` and `All`; ValueError for another name."""
    names = {each.strip().lower() for each in written.split(",")}
    if names & _EVERY:
        return PROFILES
    strange = names.difference(each.lower() for each in PROFILES)
    if strange:
        raise ValueError(Reason("'{word}' is no profile", word=min(strange)))
    return tuple(each for each in PROFILES if each.lower() in names)
