"""In which language a run speaks: the one that was asked for, else the locale's, else that of Windows."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aclproof.linter.reports.language.language import Language

OPTION = "--lang"
LANGUAGES: tuple[Language, ...] = ("de", "en")


def asked_for(arguments: Sequence[str]) -> Language:
    """The language of the option, wherever it stands: what is wrong with the others is told in it too."""
    wished = of_system()
    for word, following in pairwise((*arguments, "")):
        name, _, value = word.partition("=")
        if name == OPTION:
            wished = next((each for each in LANGUAGES if each == (value or following)), wished)
    return wished


def of_system() -> Language:
    """The language of the locale, or where none is set that of Windows; English where it is none of ours."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "") or _of_windows()
    return next((each for each in LANGUAGES if re.match(rf"{each}(?![a-z])", locale)), "en")


def _of_windows() -> str:
    """The locale of what Windows shows its user, such as de_DE; empty elsewhere."""
    if sys.platform == "win32":
        import ctypes
        from locale import windows_locale

        return windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""
