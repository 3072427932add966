"""A console's output decoded again: what was written in one code page and read as another."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache

_MEANT = ("cp850", "cp437", "cp858", "cp1252", "cp932")
"""Code pages of consoles and of Windows, for the languages whose words are known."""
_READ_AS = ("cp1252", "cp437", "cp850")
"""What PowerShell, an editor or this tool takes bytes for, where nothing says so."""


def readings(text: str) -> Iterator[str]:
    """Yield the text as it is, then in every code page in which its bytes may be meant."""
    yield text
    if text.isascii():
        return
    seen = {text}
    for reason in _READ_AS:
        data = _bytes(text, reason)
        for again in (data.decode(right, errors="replace") for right in _MEANT if data):
            if again not in seen:
                seen.add(again)
                yield again


def _bytes(text: str, encoding: str) -> bytes:
    """What the text was before it was decoded; nothing when that encoding could not have made it."""
    try:
        return codecs.charmap_encode(text, "strict", _table(encoding))[0]
    except UnicodeEncodeError:
        return b""


@cache
def _table(encoding: str) -> dict[int, int]:
    """Each letter's byte; bytes that are no letter there stay as they are, and what is missing is a `?`."""
    table = {_LOST: ord("?")}
    for byte in range(256):
        letter = ord(bytes([byte]).decode(encoding, errors="replace"))
        table[byte if letter == _LOST else letter] = byte
    return table


_LOST = 0xFFFD
