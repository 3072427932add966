"""One line of PowerShell that calls a cmdlet with plain values: names and texts, nothing to be worked out.

Variables, loops, splatting and calls of other commands are CommandError: only the running script knows what
they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.reason import Reason

_SINGLE, _DOUBLE = "'‘’‚‛", '"“”„'
"""What PowerShell takes for a quote; any of a kind ends what another of its kind began."""
_BARE = re.compile(rf"[^\s{_SINGLE}{_DOUBLE},;|&<>(){{}}$`@#\[\]]+")
_SPACE = re.compile(r"(?:\s|@\(|[()])+")
"""Between words; an array is a list with commas, so its brackets mean nothing."""
_BEFORE_COMMENT = " \t,;|()"
"""Elsewhere `#` is a part of a word."""
_BOOLEANS = {"$true": "True", "$false": "False"}


class Call(NamedTuple):
    """A cmdlet and its parameters in lower case; a switch has no value."""

    cmdlet: str
    parameters: dict[str, list[str]]
    positional: list[str]


def joined(texts: Sequence[str], at: int) -> tuple[str, int]:
    """Read the command at an index without its comments, and say where the next one is.

    A backtick, a comma or a pipe at the end goes on, in no comment and no text.
    """
    (text, more), at = _code(texts[at].lstrip("\ufeff")), at + 1
    while more and at < len(texts):
        (further, more), at = _code(texts[at]), at + 1
        text = text.removesuffix("`") + " " + further
    return text, at


def _code(line: str) -> tuple[str, bool]:
    """Cut the comment off a line, and say whether it goes on: not after a backtick for a blank."""
    line = line.strip("\r")
    quotes, before = "", " "
    for at, character in enumerate(line):
        if quotes:
            quotes = "" if character in quotes else quotes
        elif character in _SINGLE + _DOUBLE:
            quotes = _SINGLE if character in _SINGLE else _DOUBLE
        elif character == "#" and before in _BEFORE_COMMENT:
            code = line[:at].strip(" \t")
            return code, code.endswith((",", "|"))
        before = character
    code = line.strip(" \t")
    return code, not quotes and (code.endswith((",", "|")) or line.endswith("`"))


def code(line: str) -> str:
    """Return a line without its comment."""
    return _code(line)[0]


def calls(text: str) -> list[Call]:
    """Read the cmdlets of one line, those of a pipeline in their order."""
    found: list[list[_Word]] = [[]]
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
        elif text[at] == "|":
            found.append([])
            at += 1
        else:
            words, at = _words(text, at)
            found[-1] += words
    return [_call(words) for words in found]


_Word = tuple[str, bool]
"""A word, and whether it is a value in any case: in quotes, or a boolean."""


def _words(text: str, at: int) -> tuple[list[_Word], int]:
    """Read the words at one place, and return where the text goes on."""
    if text[at] == ",":
        return [(",", False)], at + 1
    if text[at] in _SINGLE + _DOUBLE:
        word, end = _quoted(text, at)
        return [(word, True)], end
    if boolean := next((each for each in _BOOLEANS if text.lower().startswith(each, at)), ""):
        return [(_BOOLEANS[boolean], True)], at + len(boolean)
    bare = _BARE.match(text, at)
    if not bare:
        raise CommandError(Reason("'{character}' is for PowerShell to work out; write the commands as "
                                  "they are run", character=text[at]))
    name, colon, value = bare[0].partition(":") if bare[0][0] == "-" else (bare[0], "", "")
    return [(name, False), (value, True)] if colon and value else [(name, False)], bare.end()


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Read a text in quotes; doubled, the quote means itself."""
    quotes = _SINGLE if text[at] in _SINGLE else _DOUBLE
    parts: list[str] = []
    at += 1
    while True:
        end = next((end for end in range(at, len(text)) if text[end] in quotes), -1)
        if end < 0:
            raise CommandError(Reason("a quote is not closed"))
        parts.append(text[at:end])
        second = text[end + 1:end + 2]
        if not second or second not in quotes:
            break
        parts.append(second)
        at = end + 2
    word = "".join(parts)
    if quotes is _DOUBLE and ("$" in word or "`" in word):
        raise CommandError(Reason("a text with '$' or '`' is for PowerShell to work out; write it as it "
                                  "is meant"))
    return word, end + 1


def _call(words: list[_Word]) -> Call:
    if not words or words[0][1]:
        raise CommandError(Reason("expected a cmdlet"))
    found = Call(words[0][0].lower(), {}, [])
    values: list[str] | None = None
    more = False
    for word, quoted in words[1:]:
        if word == "," and not quoted:
            more = True
        elif word[:1] == "-" and len(word) > 1 and not quoted and not word[1].isdecimal():
            name = word[1:].lower()
            if name in found.parameters:
                raise CommandError(Reason("-{word} stands in it twice", word=word[1:]))
            values = found.parameters[name] = []
        elif values is not None and (more or not values):
            values.append(word)
            more = False
        else:
            found.positional.append(word)
    return found
