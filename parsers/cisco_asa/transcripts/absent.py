"""What a device says that there is none of: nobody logged in, no host shunned, no cache for a service.

That there is one does not answer the question: it may be another user, another host, another kind of packet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command

_USERS = re.compile(r"Authenticated Users\s+0\s+\d+")
_SHUNNED = "Shunned Host List:"
_SERVICE = re.compile(r"\s*Service Identifier:\s+(\S+)")
_CACHES = re.compile(r"\s*Number of Cache Engines:\s+(\d+)")


def users(command: Command) -> Iterator[Settled]:
    """`show uauth`."""
    if command.is_show("uauth") and len(command.words) == 2:
        yield from (Settled("logged in", False, line.number, line.whole) for line in command.answer
                    if _USERS.fullmatch(line.text.strip()))


def shunned(command: Command) -> Iterator[Settled]:
    """`show threat-detection shun`."""
    lines = [line for line in command.answer if line.text]
    if command.is_show("threat-detection", "shun") and [line.text.strip() for line in lines] == [_SHUNNED]:
        yield Settled("scanning-threat shun", False, lines[0].number, command.ended and not command.filtered)


def caches(command: Command) -> Iterator[Settled]:
    """`show wccp`."""
    service = ""
    for line in command.answer if command.is_show("wccp") else ():
        if found := _SERVICE.fullmatch(line.text):
            service = found[1]
        elif service and (number := _CACHES.fullmatch(line.text)) and line.whole:
            if number[1] == "0":
                yield Settled(f"wccp {service}", False, line.number)
            service = ""
