"""`show time-range`: `time-range entry: NAME (active)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command

_ENTRY = re.compile(r"time-range entry: (\S+) \((active|inactive)\)")


def read(command: Command) -> Iterator[Settled]:
    """Yield whether each is active."""
    if command.is_show("time-range"):
        for line in command.answer:
            if found := _ENTRY.fullmatch(line.text):
                yield Settled(f"time-range {found[1]}", found[2] == "active", line.number)
