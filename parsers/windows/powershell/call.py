"""One line of PowerShell that calls a cmdlet with plain values: names and texts, nothing to be worked out.

Variables, loops, splatting and calls of other commands are CommandError: only the running script knows what
they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aclproof.parsers.model.reason import Reason
from aclproof.parsers.windows.netsh.script import CommandError

_BARE = re.compile(r"[^\s'\",;|&<>(){}$`@#\[\]]+")
_BOOLEANS = {"$true": "True", "$false": "False"}


class Call(NamedTuple):
    """A cmdlet and its parameters in lower case; a switch has no value."""

    cmdlet: str
    parameters: dict[str, list[str]]
    positional: list[str]


def lines(texts: list[str]) -> Iterator[tuple[int, str]]:
    """Yield each command with the line where it begins: a backtick, a comma or a pipe at the end goes on."""
    number = 0
    while number < len(texts):
        first, text = number + 1, texts[number].strip("\r\t \ufeff")
        while text.endswith(("`", ",", "|")) and number + 1 < len(texts):
            number += 1
            text = text.removesuffix("`") + " " + texts[number].strip("\r\t ")
        number += 1
        yield first, text


def calls(text: str) -> list[Call]:
    """Read the cmdlets of one line, those of a pipeline in their order."""
    found: list[list[tuple[str, bool]]] = [[]]
    at = 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif character == "#":
            break
        elif character == "|":
            found.append([])
            at += 1
        elif character == ",":
            found[-1].append((",", False))
            at += 1
        elif character in "'\"":
            word, at = _quoted(text, at)
            found[-1].append((word, True))
        elif text.startswith("@(", at) or character in "()":  # an array is a list with commas
            at += 2 if character == "@" else 1
        elif boolean := next((each for each in _BOOLEANS if text.lower().startswith(each, at)), ""):
            found[-1].append((_BOOLEANS[boolean], True))
            at += len(boolean)
        elif bare := _BARE.match(text, at):
            word, at = bare[0], bare.end()
            name, colon, value = word.partition(":") if word[0] == "-" else (word, "", "")
            found[-1].append((name, False))
            if colon and value:
                found[-1].append((value, True))
        else:
            raise CommandError(Reason("'{character}' is for PowerShell to work out; write the commands as "
                                      "they are run", character=character))
    return [_call(words) for words in found]


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Read a text in quotes; doubled, the quote means itself."""
    quote = text[at]
    parts: list[str] = []
    at += 1
    while True:
        end = text.find(quote, at)
        if end < 0:
            raise CommandError(Reason("a quote is not closed"))
        parts.append(text[at:end])
        if text[end + 1:end + 2] != quote:
            break
        parts.append(quote)
        at = end + 2
    word = "".join(parts)
    if quote == '"' and ("$" in word or "`" in word):
        raise CommandError(Reason("a text with '$' or '`' is for PowerShell to work out; write it as it "
                                  "is meant"))
    return word, end + 1


def _call(words: list[tuple[str, bool]]) -> Call:
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
