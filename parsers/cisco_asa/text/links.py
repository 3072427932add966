"""Links that `show interface` and `show interface ip brief` show to be down, in a capture with the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_LINK = re.compile(r'\s*Interface (?P<hardware>\S+) "[^"]*", is (?P<state>[\w ]+), '
                   r"line protocol is (?P<protocol>\w+)\s*")
_BRIEF = re.compile(r"\s*(?P<hardware>[A-Z][\w-]*\d[\w/.]*) +(?:unassigned|[\d.]+) +YES +\w+ +"
                    r"(?P<state>up|(?:administratively )?down) +(?P<protocol>\w+)\s*")


def down(lines: Sequence[str | None]) -> Mapping[str, int]:
    """Return what is shown to be down, by its hardware in small letters, with the line: the latest counts."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if line and ("line protocol is" in line or "YES" in line) and (
                shown := _LINK.fullmatch(line) or _BRIEF.fullmatch(line)):
            hardware = shown["hardware"].lower()
            found.pop(hardware, None)
            if (shown["state"], shown["protocol"]) != ("up", "up"):
                found[hardware] = number
    return found
