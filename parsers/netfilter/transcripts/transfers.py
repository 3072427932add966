"""`curl -v`, whatever it was to fetch: the connection is what counts (`curl -v telnet://10.1.2.5:445`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import ConnectionAnswer
from aclproof.parsers.netfilter.transcripts.connections import answer
from aclproof.parsers.netfilter.transcripts.refusals import REASONS
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

_OPENED = re.compile(r"\* +Connected to (?P<host>\S+) \((?P<address>\S+)\) port (?P<port>\d{1,5})"
                     r"(?: \(#\d+\))?$|"
                     r"\* +Established connection to (?P<name>\S+) \((?P<at>\S+) port (?P<its>\d{1,5})\) "
                     r"from (?P<own>\S+) port \d+ ?$")
_NOT_OPENED = re.compile(r"\* +connect to (?P<address>\S+) port (?P<port>\d{1,5})"
                         r"(?: from (?P<own>\S+) port \d+)? failed: (?P<reason>.+)$")
_TRYING = re.compile(r"\* +Trying \[?(?P<address>[^\s\]]+?)\]?:(?P<port>\d{1,5})\.\.\.$")
_LATE = re.compile(r"curl: \(28\) (?:Failed to connect to (?P<host>\S+) port (?P<port>\d{1,5}) after \d+ ms: "
                   r"(?:Timeout was reached|Connection timed out|Connection timeout)|"
                   r"Connection timed out after \d+ milliseconds|Connection timeout after \d+ ms)")
_OVER_UDP = re.compile(r"QUIC|HTTP/?3", re.IGNORECASE)


def answers(transcript: Source, part: Typed) -> Iterator[ConnectionAnswer]:
    """Yield what became of each address that was tried."""
    lines = list(part.numbered())
    if any(_OVER_UDP.search(text) for text in (part.command, *part.printed)):
        return
    tried: dict[tuple[str, str], int] = {}
    settled = False
    for line, text in lines if part.whole_line else lines[:-1]:
        if found := _OPENED.search(text):
            settled = True
            each = answer(transcript, part, line, found["host"] or found["name"],
                          found["port"] or found["its"], "open", literal=found["address"] or found["at"],
                          source=found["own"] or "")
        elif found := _NOT_OPENED.search(text):
            tried.pop((found["address"], found["port"]), None)
            each = answer(transcript, part, line, found["address"], found["port"],
                          REASONS.get(found["reason"]), source=found["own"] or "")
        else:
            if found := _TRYING.search(text):
                tried[found["address"], found["port"]] = line
            if not settled and len(tried) == 1 and _LATE.fullmatch(text):
                (host, port), = tried
                each = answer(transcript, part, line, host, port, "filtered")
            else:
                continue
        if each:
            yield each
