"""The message catalogues, one for each language but English (docs/languages.md)."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "aclproof"
REASON = "reason"
"""The context of the core's reasons in a catalogue; messages of reports have none."""
QUOTED = "quoted"
"""The context of what a pack has in English only, as its source has it."""


def messages(language: str) -> gettext.NullTranslations:
    """Read the messages, reasons and quotations in a language other than English."""
    return _read(language)


def perhaps(language: str, word: str) -> str:
    """Return a word as reports may print it in a language; itself where the catalogue does not have it."""
    return _read(language).gettext(word)


@cache
def _read(language: str) -> gettext.NullTranslations:
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)
