"""The message catalogues, one for each language but English (docs/languages.md)."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aclproof.linter.reports.language.sentence_templates import Sentences

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "aclproof"
SENTENCE = "sentence"
"""The context of the core's sentences in a catalogue; messages of reports have none."""


class _Catalogue(gettext.GNUTranslations):
    _catalog: dict[str | tuple[str, int], str]

    def of_context(self, context: str) -> Mapping[str, str]:
        """All messages of one context, with their translations."""
        start = self.CONTEXT % (context, "")
        return {key.removeprefix(start): text for key, text in self._catalog.items()
                if isinstance(key, str) and key.startswith(start)}


def messages(language: str) -> gettext.NullTranslations:
    """The messages of reports in a language other than English."""
    return _read(language)


@cache
def sentences(language: str) -> Sentences:
    """What translates the core's sentences into such a language."""
    return Sentences(templates(language))


def templates(language: str) -> Mapping[str, str]:
    """The templates of the core's sentences, with their translations."""
    return _read(language).of_context(SENTENCE)


@cache
def _read(language: str) -> _Catalogue:
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return _Catalogue(file)
