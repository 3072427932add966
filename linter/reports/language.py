"""In which language reports for people are written; machine formats stay English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.pack import Text

Language = Literal["en", "de"]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: Language = "en"

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the report's own message in this language, with `{name}` filled from `values`."""
        return message.format(**values)

    def sentence(self, text: str) -> str:
        """Return a sentence that the core wrote in English (a reason, a default, an advice)."""
        return text

    def of(self, text: Text) -> str:
        """Return a text of the pack, which carries both languages."""
        return text.de if self.language == "de" else text.en
