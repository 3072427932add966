"""Lines with thousands of elements, which nft prints for sets without a name, and JSON for every set."""

from __future__ import annotations

import re

from aclproof.parsers.source import Source

_MOST = 48 * 1024
"""A longer line is broken, in pieces of half of that."""
_LONG = re.compile(f"[^\n]{{{_MOST},}}")
_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*"|,')


def cuts(line: str) -> list[int]:
    """Return where a long line may be broken: after commas that are in no string."""
    found: list[int] = []
    if len(line) < _MOST:
        return found
    last = 0
    for comma in _COMMA.finditer(line):
        if comma[0] == "," and comma.end() - last > _MOST // 2:
            last = comma.end()
            found.append(last)
    return found


def break_up(source: Source) -> None:
    """Break the long lines of a text; their pieces keep the number of the line."""
    found = [line.start() + cut for line in _LONG.finditer(source.text) for cut in cuts(line[0])]
    if found:
        source.break_lines(found)
