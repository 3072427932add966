"""A console's output decoded again: what was written in one code page and read as another."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from functools import cache, partial

_MEANT = ("cp850", "cp437", "cp858", "cp1252", "cp932")
"""Code pages of consoles and of Windows, for the languages whose words are known."""
_READ_AS = ("cp1252", "cp437", "cp850")
"""What PowerShell, an editor or this tool takes bytes for, where nothing says so."""


Decode = Callable[[str], str]


def readings(text: str, head: str) -> Iterator[tuple[str, Decode]]:
    """Yield the head of a text as it is, then in every code page in which the text's bytes may be meant, each
    with what makes the whole text read so."""
    yield head, str
    if text.isascii():
        return
    seen = {head}
    for reason in _READ_AS:
        if _bytes(text, reason):
            for right in _MEANT:
                decode = partial(_again, read_as=reason, meant=right)
                again = decode(head)
                if again not in seen:
                    seen.add(again)
                    yield again, decode


def _again(text: str, read_as: str, meant: str) -> str:
    return _bytes(text, read_as).decode(meant, errors="replace")


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
