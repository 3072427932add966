"""What else uses an access list than an interface: a login, a tunnel, a class, a translation, a cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import Section

_NAMED_AFTER = frozenset({"match", "address", "access-list", "redirect-list", "value"})


def uses(reader: Reader, sections: Sequence[Section]) -> dict[str, int]:
    """Return for each list that is used the first line that does so."""
    names = {name for name, _ in reader.lists}
    found: dict[str, int] = {}
    for words, line in _lines(reader, sections):
        for before, name in pairwise(words):
            if name in names and before in _NAMED_AFTER:
                found.setdefault(name, line)
    return found


def _lines(reader: Reader, sections: Sequence[Section]) -> Iterator[tuple[Sequence[str], int]]:
    for command, lines in reader.flat.items():
        if command != "access-group":
            yield from lines
    for line, words, _ in reader.nat:
        yield words, line
    for section in sections:
        for child in section.children:
            yield child.words, child.line
