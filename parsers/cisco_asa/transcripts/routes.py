"""`show route`: by which interfaces a default route leads. That there is none answers for no interface."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.screen import WIDTH
from aclproof.parsers.cisco_asa.transcripts.session import Command

_DEFAULT = re.compile(r"[A-Z][A-Za-z0-9]*\*?\s+0\.0\.0\.0 0\.0\.0\.0 \[\d+/\d+\] via \d+(?:\.\d+){3}, (\S+)")


def read(command: Command) -> Iterator[Settled]:
    """Yield the interfaces with a default route; of a name that may go on in the next line nothing."""
    if not command.is_show("route") or len(command.words) > 2:
        return
    for line in command.answer:
        if (found := _DEFAULT.fullmatch(line.text)) and line.whole and len(line.text) < WIDTH - 1:
            yield Settled(f"default route {found[1]}", True, line.number)
