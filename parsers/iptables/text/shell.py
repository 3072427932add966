"""One line of a shell script that only calls programs: words, as a shell hands them on.

What a shell would work out first (variables, pipes, patterns, loops) is RuleError: only running it shows.
"""

from __future__ import annotations

from aclproof.parsers.iptables.text.rule import Quoted
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.reason import Reason

_SPECIAL = frozenset("$`;&|<>(){}*?[]~")
_SPECIAL_IN_QUOTES = frozenset("$`")


def words(text: str, plain: frozenset[str] = frozenset()) -> list[str]:
    """Cut a command into words; one that was quoted is `Quoted`, and never an option.

    `plain` are characters that this program uses, and a shell hands on as long as they stand alone.
    """
    found: list[str] = []
    at, size = 0, len(text)
    while at < size:
        if text[at].isspace():
            at += 1
        elif text[at] == "#":
            break
        else:
            word, at = _word(text, at, plain)
            found.append(word)
    return found


def _word(text: str, at: int, plain: frozenset[str]) -> tuple[str, int]:
    start = at
    parts: list[str] = []
    quoted = False
    while at < len(text) and not text[at].isspace():
        character = text[at]
        at += 1
        if character == "'":
            end = text.find("'", at)
            if end < 0:
                raise RuleError(Reason("a quote is not closed"))
            parts.append(text[at:end])
            quoted, at = True, end + 1
        elif character == '"':
            at = _double(text, at, parts)
            quoted = True
        elif character == "\\":
            parts.append(text[at:at + 1])
            at += 1
        elif character in _SPECIAL and not (character in plain and _stands_alone(text, start)):
            raise RuleError(Reason("'{character}' is for a shell to work out; write the commands as they "
                                   "are run", character=character))
        else:
            parts.append(character)
    whole = "".join(parts)
    return (Quoted(whole) if quoted and whole != "!" else whole), at  # '!' is quoted for the shell's sake


def _stands_alone(text: str, start: int) -> bool:
    """Whether a shell sees no pair of braces in a word, which it would make several words of."""
    word = text[start:].split(None, 1)[0]
    return not ("{" in word and "}" in word)


def _double(text: str, at: int, parts: list[str]) -> int:
    while at < len(text) and text[at] != '"':
        if text[at] in _SPECIAL_IN_QUOTES:
            raise RuleError(Reason("'{text}' is for a shell to work out; write the commands as they are "
                                   "run", text=text[at]))
        if text[at] == "\\" and text[at + 1:at + 2] in ('"', "\\", "$", "`"):
            at += 1
        parts.append(text[at:at + 1])
        at += 1
    if at >= len(text):
        raise RuleError(Reason("a quote is not closed"))
    return at + 1


def saved(found: list[str]) -> str:
    """Write words as iptables-save does."""
    return " ".join(_quoted(word) if isinstance(word, Quoted) or _needs_quotes(word) else word
                    for word in found)


def _needs_quotes(word: str) -> bool:
    return not word or any(character.isspace() or character in "\"'" for character in word)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
