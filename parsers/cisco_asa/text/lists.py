"""Access lists as lines, before their words are read: order, insertions, remarks, listings."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from itertools import pairwise

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.objects import Objects

_LISTING = re.compile(r"; \d+ elements")
_HITS = r"access-list \S+ line \d+ (?!remark).*\(hitcnt="
_HEAD = 2**16
"""A listing announces itself in its first lines."""
_HEADER = (r"access-list (?:\S+; \d+ elements.*|(?:\S+ )?compiled|cached ACL log flows.*|mode \S+|"
           r"(?:alert-interval|deny-flow-max) \d+)$")
_COUNT = r"(?:ipv6 )?access-list \S+; (\d+) elements"
"""These are in listings only: `re` compiles them when they are first matched."""

_MOST_LINES = 2**31
"""No list is longer: a larger number is no line number."""


def is_listing(text: str) -> bool:
    """Return whether a text is what `show access-list` prints, and no configuration."""
    return bool(("(hitcnt=" in text and re.search(_HITS, text)) or _LISTING.search(text, 0, _HEAD))


def is_header(line: str) -> bool:
    """Return whether a line says something about lists, and is no entry of one."""
    return re.match(_HEADER, line) is not None


def announced(line: str) -> int:
    """Return how many elements the header of a list announces, 0 where it is none."""
    found = re.match(_COUNT, line)
    return literals.number(found[1], _MOST_LINES) or 0 if found else 0


class AccessList(Struct):
    """The lines of one list in the order in which the device tries them."""

    name: str
    ipv6: bool = False
    entries: array[int] = field(default_factory=lambda: array("q"))
    """Line numbers; a remark, which only takes a place, is negative."""
    elements: dict[int, list[int]] = field(default_factory=dict)
    """In a listing: the expanded elements under the line that they belong to."""
    doubts: list[int] = field(default_factory=list)
    """Lines that may have changed the list, and cannot be followed."""
    shown_twice: int = 0
    """A second header of the list in a listing, 0 where there is none."""
    announced: int = 0
    """How many elements the listing says that the list has, remarks not counted."""
    gaps: set[int] = field(default_factory=set)
    """In a listing: entries before which others are lacking."""
    placed: set[int] = field(default_factory=set)
    """Lines that say at which place they are entered, in a configuration."""
    _header: int = 0
    _last_number: str = ""
    _numbered: int = 0
    """The line of the entry with that number."""

    def announce(self, line: int, elements: int) -> None:
        """Take in the header of a listing."""
        if self.entries:
            self.shown_twice = line
        self.announced, self._header = elements, line

    def add(self, line: int, words: list[str], *, listing: bool) -> None:
        """Take a line in: at its end, at `line N`, or in a listing under its parent."""
        at = 2
        number = ""
        if len(words) > 3 and words[2] == "line" and literals.number(words[3], _MOST_LINES):
            number, at = words[3], 4
        if listing and number and number == self._last_number and self.entries:
            self.elements.setdefault(self._numbered, []).append(line)
            return
        if listing and number:
            before = int(self._last_number) if self._last_number else 0
            if int(number) != before + 1:
                self.gaps.add(line)
        if number:  # an entry that a script enters has none
            self._last_number, self._numbered = number, line
        entry = -line if words[at:at + 1] == ["remark"] else line
        if number and not listing:
            self.entries.insert(max(int(number), 1) - 1, entry)
            self.placed.add(line)
        else:
            self.entries.append(entry)

    @property
    def lacking(self) -> bool:
        """Whether fewer elements are there than the listing announces."""
        entries = (each for each in self.entries if each > 0)
        return self.announced > 0 and sum(len(self.elements.get(each, [])) or 1
                                          for each in entries) < self.announced

    @property
    def end(self) -> int:
        """The line after which a listing lacks what it lacks at its end."""
        return abs(self.entries[-1]) if self.entries else self._header

    @property
    def size(self) -> int:
        """How many lines of the file the list takes, remarks and expanded elements included."""
        return len(self.entries) + sum(map(len, self.elements.values()))

    def lines(self, text: Callable[[int], str], objects: Objects) -> Iterator[int]:
        """Yield the lines to read as rules: of a listing either the parent or its elements, never both."""
        for entry in self.entries:
            if entry < 0:
                continue
            elements = self.elements.get(entry, [])
            if elements and not _resolvable(text(entry).split(), objects):
                yield from elements
            else:
                yield entry


def _resolvable(words: list[str], objects: Objects) -> bool:
    """Whether the file itself defines what the parent means: it names groups, and they are all defined.

    Otherwise the device's own expansion knows more (aliases, interfaces and names become addresses there).
    """
    named = [objects.kind(name) for word, name in pairwise(words) if word in ("object", "object-group")]
    return bool(named) and None not in named
