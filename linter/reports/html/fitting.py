"""How much text fits into a picture: letters have two widths, narrow and East Asian wide."""

from __future__ import annotations

from unicodedata import east_asian_width

from aclproof.linter.harmless import visible


def cut(text: str, most: int) -> str:
    """Return text of at most so many narrow letters, with an ellipsis where it was longer."""
    shown = visible(text)
    if _fitting(shown, most) == len(shown):
        return shown
    return f"{shown[:_fitting(shown, most - 1)].rstrip()}…"


def two_lines(text: str, most: int) -> tuple[str, ...]:
    """Break text into at most two lines of so many narrow letters, between words where possible."""
    shown = visible(text)
    fits = _fitting(shown, most)
    if fits == len(shown):
        return (shown,)
    space = shown.rfind(" ", 1, fits + 1)
    at = space if space > 0 else fits
    return shown[:at].rstrip(), cut(shown[at:].lstrip(), most)


def _fitting(text: str, most: int) -> int:
    """How many letters of it fit."""
    used = 0
    for number, letter in enumerate(text):
        used += 2 if east_asian_width(letter) in "WF" else 1
        if used > most:
            return number
    return len(text)
