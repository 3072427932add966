"""Commits and what is in their trees, as far as a history of a site needs them."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

Kind: TypeAlias = Literal["file", "link", "folder", "other"]
"""What a name in a tree stands for; the folder of a submodule is an other, since its files are elsewhere."""


class Commit(Struct, frozen=True):
    """One commit; all of its texts are foreign."""

    id: str
    parents: tuple[str, ...]
    tree: str
    day: date
    """On which its author made it, where that was."""
    author: str
    subject: str

    @property
    def short(self) -> str:
        """The beginning of its id, as Git shows it."""
        return self.id[:10]

    @property
    def is_merge(self) -> bool:
        """Whether it brings in another line of commits."""
        return len(self.parents) > 1


class Entry(Struct, frozen=True):
    """A name in a tree."""

    name: str
    kind: Kind
    id: str
    """Of its content, or of its own tree."""
