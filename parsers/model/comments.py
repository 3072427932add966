"""What people wrote beside rules."""

from __future__ import annotations

from msgspec import Struct


class Comment(Struct, frozen=True):
    """Remarks that stand together, or a comment or description of some rules: it filters nothing."""

    lines: tuple[tuple[int, str], ...]
    """Each line with what it says: free text, which may hold anything and is never shown as a whole."""
    rules: tuple[int, ...]
    """The lines of all rules that it may be about."""

    def __repr__(self) -> str:
        return f"Comment({[line for line, _ in self.lines]}, {self.rules})"
