"""The parts of a change script, by the firewall that a comment above each of them names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aclproof.parsers.source import Source

_HEADER = re.compile(r"\s*[!#] ?(\S.*): (?:enter in this order|in dieser Reihenfolge eingeben)\s*")
"""The comment of `aclproof fix`, in each of its languages."""
_DECORATION = "!#=*- \t\r"
_KINDS = ("firewall", "hostname", "host", "device")
_COMMENT = ("!", "#")


class Part(NamedTuple):
    """Lines for one firewall, at their numbers in the whole file."""

    firewall: str
    """Empty where no comment names one."""
    header: int
    """The line of that comment; 0 for none."""
    script: Source


def parts(script: Source, known: Sequence[str]) -> list[Part]:
    """Part a script by the firewalls that its comments name; `known` are the names of the site.

    What holds no command is left out.
    """
    lines = script.lines()
    headers = list(_headers(lines, known))
    ends = [*(header - 1 for header, _ in headers), len(lines)]
    found = [_part(script, lines, ("", 0), 0, ends[0])]
    found += [_part(script, lines, (name, header), header, end)
              for (header, name), end in zip(headers, ends[1:], strict=True)]
    return [each for each in found if _has_commands(each.script)]


def _headers(lines: Sequence[str], known: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that name the firewall which the lines after them are for."""
    for number, line in enumerate(lines, 1):
        if not line.lstrip().startswith(_COMMENT):
            continue
        named = _HEADER.fullmatch(line)
        alone = _alone(line)
        if named:
            yield number, named[1]
        elif alone in known:
            yield number, alone


def _alone(comment: str) -> str:
    """The text of a comment that may be a name, as people write it: `! --- firewall fw-a ---`."""
    text = comment.strip(_DECORATION).rstrip(":")
    kind, _, rest = text.partition(" ")
    return rest.strip() if kind.lower().rstrip(":") in _KINDS and rest else text


def _part(script: Source, lines: Sequence[str], about: tuple[str, int], first: int, end: int) -> Part:
    """Cut lines out; empty lines stand for those before them."""
    if (first, end) == (0, len(lines)):
        return Part(*about, script)
    text = "\n" * first + "".join(f"{line}\n" for line in lines[first:end])
    return Part(*about, Source(script.name, script.sha256, text, script.encoding))


def _has_commands(script: Source) -> bool:
    return any(line.strip() and not line.lstrip().startswith(_COMMENT) for line in script.lines())
