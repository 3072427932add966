"""In which language reports for people are written; machine formats stay English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from msgspec import Struct

from aclproof.reason import Reason
from aclproof.rules.pack import Text

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Words(Struct, frozen=True):
    """The words of one language; English needs no catalogue, and what a catalogue lacks stays English."""

    language: Language = "en"

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the report's own message in this language, with `{name}` filled from `values`."""
        if self.language != "en":
            from aclproof.linter.reports.language import catalogue

            message = catalogue.messages(self.language).gettext(message)
        return message.format(**self._written(values))

    def perhaps(self, word: str) -> str:
        """Return a word that reports may print, in this language; itself where none does."""
        if self.language == "en":
            return word
        from aclproof.linter.reports.language import catalogue

        return catalogue.perhaps(self.language, word)

    def count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return a message about `n` things, which is in it as `{n}`: `{n} line`, `{n} lines`."""
        values = self._written(values)
        if self.language == "en":
            return (one if n == 1 else many).format(n=n, **values)
        from aclproof.linter.reports.language import catalogue

        return catalogue.messages(self.language).ngettext(one, many, n).format(n=n, **values)

    def sentence(self, text: str) -> str:
        """Return a sentence that the core wrote in English, if it is a reason; names and the like stay."""
        if self.language == "en" or not isinstance(text, Reason):
            return text
        from aclproof.linter.reports.language import catalogue

        template = catalogue.messages(self.language).pgettext(catalogue.REASON, text.template)
        return template.format_map(self._written(text.values))

    def day(self, day: date) -> str:
        """Write a day: 2026-11-28, in German 28.11.2026."""
        return f"{day:%d.%m.%Y}" if self.language == "de" else day.isoformat()

    def command(self, text: str) -> str:
        """Return a command as it is; where the place that shows something is described, the sentence."""
        return self.sentence(text) if isinstance(text, Reason) else text

    def quoted(self, text: str) -> str:
        """Return what a pack has in English only, because its source says so."""
        if self.language == "en":
            return text
        from aclproof.linter.reports.language import catalogue

        return catalogue.messages(self.language).pgettext(catalogue.QUOTED, text)

    def of(self, text: Text) -> str:
        """Return a text of the pack, which carries both languages."""
        return text.de if self.language == "de" else text.en

    def _written(self, values: Mapping[str, object]) -> dict[str, object]:
        """The values of a message as this language has them: reasons inside of it, and days."""
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: object) -> object:
        match value:
            case Reason():
                return self.sentence(value)
            case date():
                return self.day(value)
            case _:
                return value


ENGLISH = Words()


def message(text: str) -> str:
    """Mark a message that is kept in a table and looked up later, so that it comes into the catalogue."""
    return text
