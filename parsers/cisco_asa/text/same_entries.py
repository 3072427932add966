"""Entries that are one to the device, wherever they stand: it refuses one that its list has already."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from aclproof.parsers.cisco_asa.words import same_entry


class SameEntries:
    """The `access-list` lines of a file by what they say; each is read once, when somebody first asks."""

    def __init__(self, texts: Sequence[str | None], names: Mapping[str, str]) -> None:
        self._texts, self._names = texts, names
        self._lines: dict[tuple[str, Hashable], list[int]] = {}
        self._known = 0

    def before(self, number: int, words: Sequence[str]) -> list[int]:
        """Return the lines above one that enter what an `access-list` line of these words says."""
        for line in range(self._known + 1, number):
            text = self._texts[line - 1] or ""
            if text.startswith("access-list "):
                self._lines.setdefault(self.key(text.split()), []).append(line)
        self._known = max(self._known, number - 1)
        return self._lines.get(self.key(words), [])

    def key(self, words: Sequence[str]) -> tuple[str, Hashable]:
        """Return what an `access-list` line says, whatever its spelling and its place."""
        at = 4 if words[2:3] == ["line"] else 2
        return " ".join(words[1:2]), same_entry.entry(words[at:], self._names).key
