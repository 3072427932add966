"""In which language a site file is drafted: what this room needs of the words of reports."""

from __future__ import annotations

from typing import Protocol

from aclproof.reason import Reason
from aclproof.rules.pack import Text


class Wording(Protocol):
    """The words of one language."""

    def sentence(self, text: str) -> str:
        """Return a reason in this language; other texts stay."""

    def quoted(self, text: str) -> str:
        """Return what a pack has in English only."""

    def of(self, text: Text) -> str:
        """Return a text of the pack, which carries both languages."""


def said(text: str, words: Wording) -> str:
    """Return what suggests a value: a reason, or the pack's own words."""
    return words.sentence(text) if isinstance(text, Reason) else words.quoted(text)
