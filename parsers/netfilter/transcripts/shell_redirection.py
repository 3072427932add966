"""Connections that bash opens itself: `timeout 3 bash -c '</dev/tcp/10.1.2.5/443' && echo open`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import ConnectionAnswer, Heard
from aclproof.parsers.netfilter.transcripts.connections import TCP, UDP, answer
from aclproof.parsers.netfilter.transcripts.refusals import REASONS
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

_PATH = r"/dev/(?P<protocol>tcp|udp)/(?P<host>[^/\s'\"`$;&|<>()]{1,255})/(?P<port>\d{1,5})"
_SAID = re.compile(rf"\S{{1,40}}: (?:\S{{1,12}} \d{{1,9}}: )?{_PATH}: (?P<reason>.+)")
_QUIET = r"(?: *[12]?> ?(?:/dev/null|&[12]))*"
_OUTCOME = re.compile(rf"(?:[^;&|]* )?['\"(]*(?:[^;&|'\"]* )?[<>0-9]{{0,3}} ?{_PATH}{_QUIET}['\")]?{_QUIET} *"
                      r"(?:&& *echo +(?P<quote>['\"]?)(?P<yes>[\w .!-]{1,40}?)(?P=quote)"
                      r"(?: *\|\| *echo +(?P<also>['\"]?)(?P<no>[\w .!-]{1,40}?)(?P=also))?|"
                      r"; *echo (?P<status>\$\?))['\"]?")
_LONGEST = 300
"""Of a command, in characters."""
_LATE = "124"
"""What `timeout` returns where the time was over."""


def answers(transcript: Source, part: Typed) -> Iterator[ConnectionAnswer]:
    """Yield what bash says, or what the command makes of it."""
    paths = list(re.finditer(_PATH, part.command))
    found = []
    for line, text in part.numbered():
        if said := _SAID.fullmatch(text):
            if paths and said["host"] not in [each["host"] for each in paths]:
                return
            heard = REASONS.get(said["reason"])
            each = answer(transcript, part, line, said["host"], said["port"], heard, protocol=TCP) \
                if said["protocol"] == "tcp" else _refused(transcript, part, line, said, heard)
            found += [each] if each else []
    yield from found
    asked = _OUTCOME.fullmatch(part.command) if len(part.command) < _LONGEST else None
    printed = [(line, text) for line, text in part.numbered() if text]
    if not found and asked and len(paths) == 1 and asked["protocol"] == "tcp" and len(printed) == 1:
        line, text = printed[0]
        each = answer(transcript, part, line, asked["host"], asked["port"], _outcome(asked, text, part))
        if each:
            yield each


def _refused(transcript: Source, part: Typed, line: int, said: re.Match[str],
             heard: Heard | None) -> ConnectionAnswer | None:
    """Of UDP only a refusal is an answer."""
    return answer(transcript, part, line, said["host"], said["port"], heard, protocol=UDP) \
        if heard == "closed" else None


def _outcome(asked: re.Match[str], printed: str, part: Typed) -> Heard | None:
    if asked["status"]:
        if not part.whole_line:
            return None
        return "open" if printed == "0" else "failed" if printed == "1" else \
            "filtered" if printed == _LATE and "timeout" in part.command else None
    yes, no = asked["yes"], asked["no"]
    if yes == no or (not part.whole_line and no and no.startswith(yes)):
        return None
    return "open" if printed == yes else "failed" if no and printed == no else None
