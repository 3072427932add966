"""Which descriptions and comments may be quoted: people write anything there, passwords as well."""

from __future__ import annotations

import re

_LONGEST = 60
_WORD = re.compile(r"[(\"']?[^\W\d_]{1,24}[\"').,:;]?|[^\W\d_]{1,16}(?:[-/][^\W\d_]{1,16}){1,3}|"
                   r"\d{1,4}[.,]?|[-/&+,]")
"""A word of letters, a short number, a sign between words: no mixture, as keys and passwords are."""
_SECRET = re.compile(
    r"pass|pwd|\bpw\b|secret|\bkeys?\b|psk|communit|kennwort|geheim|schl(?:ü|ue)ssel|login|\buser\b|"
    r"credential|token|\bpin\b|\bcode\b|clave|contrase|mot de|\bmdp\b", re.IGNORECASE)
"""Beside such a word any other one may be a secret."""
_SHOUTED = re.compile(r"[^\Wa-z\d_]{6}")
"""Longer than abbreviations are."""


def quotable(text: str) -> bool:
    """Return whether a free text is short, of plain words, and speaks of no secret."""
    return 0 < len(text) <= _LONGEST and not _SECRET.search(text) and not _SHOUTED.search(text) and \
        all(_WORD.fullmatch(word) for word in text.split())
