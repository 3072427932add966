"""Lines of a batch file: which go on, which do nothing, where it ends, what else stands beside a command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.reason import Reason

_COMMENT = re.compile(r"@?rem(?:\s.*)?|::.*", re.IGNORECASE)
_NOTHING = re.compile(
    r"@?(?:echo(?:[ .:].*)?|pause|cls|setlocal|endlocal|title\s.*|chcp(?:\s+\d+)?|ok\.)|"
    r"@?(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+(?:advfirewall\s+)?(?:firewall\s+|monitor\s+|consec\s+)?"
    r"(?:show|dump|export)\b.*", re.IGNORECASE)
_END = re.compile(r"@?(?:exit(?:\s+/b)?(?:\s+\d+)?|goto\s*:eof)", re.IGNORECASE)
_OUTPUT = re.compile(r"\s*[12]?>{1,2}\s*(?:[^\s\"&|<>^]+|\"[^\"]*\")(?:\s+2>&1)?\s*$")
"""Where the output goes."""
_QUOTED = re.compile(r'"[^"]*"')


class CommandError(Exception):
    """What a tool of Windows would not take, or what only the running script knows."""


def lines(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield each line: its number, how many it takes, its text; blank ones are left out."""
    number = 0
    while number < len(texts):
        first = number
        text, number = joined(texts, number)
        if text:
            yield first + 1, number - first, text


def joined(texts: Sequence[str], at: int) -> tuple[str, int]:
    """Read the line at an index, which goes on after `^`; say where the next one is."""
    text, at = texts[at].strip(), at + 1
    while text.endswith("^") and at < len(texts) and not is_comment(text):
        text, at = text[:-1] + " " + texts[at].strip(), at + 1
    return text, at


def is_comment(text: str) -> bool:
    """Return whether a line is a comment of a batch file."""
    return bool(_COMMENT.fullmatch(text))


def does_nothing(text: str) -> bool:
    """Return whether a line leaves the firewall alone: a comment, words on the screen, a command that shows.

    Whether a comment goes on after `^` depends on its words.
    """
    if is_comment(text):
        return not text.endswith("^")
    shown = without_output(text)
    return bool(_NOTHING.fullmatch(shown)) and not joins(shown)


def ends(text: str) -> bool:
    """Return whether a script ends with a line, whatever comes after it."""
    return bool(_END.fullmatch(text))


def joins(text: str) -> bool:
    """Return whether a line holds more than one command, in whatever shell, or a file to read or write."""
    return any(each in _QUOTED.sub("", text) for each in "&|<>^;")


def without_output(text: str) -> str:
    """Leave out where the output of a command goes."""
    return _OUTPUT.sub("", text)


def alone(text: str) -> str:
    """Return a command without the place where its output goes; CommandError where another one is joined."""
    command = without_output(text)
    if joins(command):
        raise CommandError(Reason("write one command on a line"))
    return command
