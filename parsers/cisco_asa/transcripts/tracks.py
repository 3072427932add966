"""`show track`: whether the probe that a route depends on answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command

_TRACK = re.compile(r"Track (\d+)")
_STATE = re.compile(r"\s*Reachability is (Up|Down)")


def read(command: Command) -> Iterator[Settled]:
    """Yield the state of each."""
    number = ""
    for line in command.answer if command.is_show("track") else ():
        if found := _TRACK.fullmatch(line.text):
            number = found[1]
        elif number and (state := _STATE.fullmatch(line.text)):
            yield Settled(f"track {number}", state[1] == "Up", line.number, line.whole)
            number = ""
