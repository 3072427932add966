"""What may happen to a file: lines and words are lost, doubled and swapped, bytes change, the end is cut off.

Bytes are looked at as characters of the same number, so that one kind of damage serves texts in any encoding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

_CHARACTERS = " \t\n\r\0\v\f\x1b\x7f\x80\x85\xa0\xad\xff!\"#$%&'()*+,-./0129:;<=>?@AZ[\\]^_`az{|}~"
_ODD = (
    "", "0", "-1", "9" * 40, "0x10", "1e999", "\xe2\x80\xa8", "\xef\xbb\xbf", "\xed\xa0\x80", "null", "any",
    "true", "no", "end", "*", "::", "::/0", "0.0.0.0/0", "10.0.0.0/33", "10.0.0.256", "fe80::1%eth0",
    "255.0.255.0", "!", "--", "\\", '"', "'", "{", "}", "[", "]]>", "<!--", "${x}", "%s", "{0}", "../x",
    "\n\n", " " * 300, "(" * 60, "[" * 2000, '{"a":' * 400)
"""Words that some reader or other is surprised by."""
_NUMBERS = (
    "", "0", "00", "1", "31", "32", "33", "128", "129", "255", "256", "65535", "65536", "4294967295",
    "4294967296", "9" * 20, "9" * 5000, "-1", "+1", "1.5", "0x1", "1e3", "1_000", "1-", "1-2", "2-1",
    "\xd9\xa3", "\xc2\xb2")
"""In the place of a number; the last two are numbers elsewhere: an Arabic three, a raised two."""
_NUMBER = re.compile("[0-9]+")
_MOST = 200_000
"""Characters of a damaged text: what is larger says nothing more, and takes long."""

Change = Callable[[str, Random, Sequence[str]], str]
"""Damages a text; the words are those of its language."""


def damaged(data: bytes, random: Random, words: Sequence[str]) -> bytes:
    """Return a file with a few damages, mostly one or two."""
    text = data.decode("latin-1")
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 6))):
        text = random.choice(_CHANGES)(text, random, words)[:_MOST]
    whole = text.encode("latin-1", "replace")
    return random.choice(_ENCODINGS)(whole) if random.random() < 0.05 else whole


def parts(text: str, random: Random, most: int = 60) -> str:
    """Return some lines of a text, the first of them among these: a small case is soon read."""
    lines = text.splitlines(keepends=True)
    if len(lines) <= most:
        return text
    at, count = random.randrange(len(lines)), random.randint(1, most)
    return "".join(lines[:random.randint(1, 12)] + lines[at:at + count])


def words_of(texts: Sequence[bytes]) -> tuple[str, ...]:
    """Return the words of some texts."""
    return tuple(sorted({word for text in texts for word in text[:_MOST].decode("latin-1").split()
                         if len(word) < 60}))


def _lines(change: Callable[[list[str], int, Random], None]) -> Change:
    def changed(text: str, random: Random, _: Sequence[str]) -> str:
        lines = text.splitlines(keepends=True)
        if lines:
            change(lines, random.randrange(len(lines)), random)
        return "".join(lines)
    return changed


def _lost(lines: list[str], at: int, random: Random) -> None:
    del lines[at:at + random.choice((1, 1, 1, 2, 5))]


def _doubled(lines: list[str], at: int, random: Random) -> None:
    lines.insert(at, lines[at] * random.choice((1, 1, 1, 2, 50)))


def _swapped(lines: list[str], at: int, random: Random) -> None:
    other = random.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _run_together(lines: list[str], at: int, random: Random) -> None:
    lines[at] = lines[at].rstrip("\r\n") + random.choice(("", " ", "\\\n", "\r"))


def _broken(lines: list[str], at: int, random: Random) -> None:
    column = random.randint(0, len(lines[at]))
    lines[at] = lines[at][:column] + random.choice(("\n", "\r\n", "\n ", "\r")) + lines[at][column:]


def _shortened(lines: list[str], at: int, random: Random) -> None:
    lines[at] = lines[at][:random.randint(0, len(lines[at]))].rstrip("\n") + "\n"


def _indented(lines: list[str], at: int, random: Random) -> None:
    lines[at] = random.choice(("", " ", "  ", "\t", "\t\t")) + lines[at].lstrip(" \t")


def _other_word(text: str, random: Random, words: Sequence[str]) -> str:
    """Put another word in the place of one, before it, or nothing."""
    first = random.randint(0, len(text))
    begin = max(text.rfind(each, 0, first) for each in " \n\t") + 1
    ends = [at for at in (text.find(each, first) for each in " \n\t") if at >= 0]
    end = min(ends, default=len(text))
    other = random.choice(words) if words and random.random() < 0.6 else random.choice(_ODD)
    return text[:begin] + random.choice((other, other, f"{other} {text[begin:end]}", "")) + text[end:]


def _other_number(text: str, random: Random, _: Sequence[str]) -> str:
    found = _NUMBER.search(text, random.randint(0, len(text))) or _NUMBER.search(text)
    return text[:found.start()] + random.choice(_NUMBERS) + text[found.end():] if found else text


def _other_character(text: str, random: Random, _: Sequence[str]) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(_CHARACTERS) + text[at + random.choice((0, 1, 1, 1)):]


def _flipped(text: str, random: Random, _: Sequence[str]) -> str:
    if not text:
        return text
    at = random.randrange(len(text))
    return text[:at] + chr(ord(text[at]) & 255 ^ 1 << random.randrange(8)) + text[at + 1:]


def _lost_piece(text: str, random: Random, _: Sequence[str]) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at + random.choice((1, 1, 2, 8, 200)):]


def _moved_piece(text: str, random: Random, _: Sequence[str]) -> str:
    at, other = random.randint(0, len(text)), random.randint(0, len(text))
    return text[:other] + text[at:at + random.choice((1, 8, 60, 400))] + text[other:]


def _cut(text: str, random: Random, _: Sequence[str]) -> str:
    at = random.randint(0, len(text))
    return text[at:] if random.random() < 0.2 else text[:at]


_CHANGES: tuple[Change, ...] = (
    *map(_lines, (_lost, _doubled, _swapped, _run_together, _broken, _shortened, _indented)),
    _other_word, _other_word, _other_word, _other_number, _other_number, _other_character, _other_character,
    _flipped, _lost_piece,
    _moved_piece, _cut)


def _in(encoding: str) -> Callable[[bytes], bytes]:
    return lambda data: data.decode("utf-8", "replace").encode(encoding, "replace")


_ENCODINGS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: data.replace(b"\r", b"").replace(b"\n", b"\r\n"), lambda data: data.replace(b"\n", b"\r"),
    _in("utf-8-sig"), _in("utf-16"), _in("utf-16-le"), _in("utf-16-be"), _in("cp850"), _in("cp1252"),
    lambda data: data * 2, lambda data: data.replace(b" ", b"\xc2\xa0"), lambda data: data.upper())
"""What tools and editors make of a whole file."""
