"""What PortQry prints, on the command line and in PortQryUI.

Of UDP only an answer proves something: `LISTENING or FILTERED` says that none came, and `FILTERED` the same.
So `LISTENING` is read of UDP only in the line that comes after an answer (`UDP port 389 is LISTENING`), which
is no part of the other one.
Syntax: learn.microsoft.com, "Using the PortQry command-line tool".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from aclproof.parsers.model.answer_ends import address, port_number
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, EndpointsAnswer, Heard
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source
from aclproof.parsers.windows.transcripts import endpoint_list

_BEGIN = re.compile(r"\s*Querying target system called:\s*(?P<host>\S+)?")
_UI = re.compile(r"\s*Starting portqry(?:\.exe)? .*|portqry(?:\.exe)? .* exits with return code .*",
                 re.IGNORECASE)
_RESOLVING = re.compile(r"Attempting to resolve (?:name to IP address|IP address to a name)\.{3}|"
                        r"Attempting to resolve (?:name to IP address|IP address to a name)…")
_RESOLVED = re.compile(r"Name resolved to (?P<address>\S+)")
_QUERYING = re.compile(r"querying\.\.\.", re.IGNORECASE)
_STATUS = re.compile(r"(?P<protocol>TCP|UDP) port (?P<port>\d{1,5}) "
                     r"(?:[(<].{1,40} service[)>]: |(?P<after>is ))"
                     r"(?P<status>LISTENING or FILTERED|LISTENING|NOT LISTENING|FILTERED)")
_ASKED = re.compile(r"portqry(?:\.exe)?\b.*?\s-n\s+(?P<host>\S+)", re.IGNORECASE)
_HEARD: dict[tuple[str, str], Heard] = {
    ("TCP", "LISTENING"): "open", ("TCP", "NOT LISTENING"): "closed", ("TCP", "FILTERED"): "filtered",
    ("UDP", "LISTENING"): "open", ("UDP", "NOT LISTENING"): "closed"}
_PROTOCOLS = {"TCP": 6, "UDP": 17}
_MAPPER = 135


class _Target(Struct):
    """The host that is asked, as far as the lines have told."""

    host: str = ""
    address: str = ""
    resolving: bool = False
    querying: bool = False


def answers(transcript: Source, part: Typed) -> Iterator[ConnectionAnswer | EndpointsAnswer]:
    """Yield what each port was found to be, and the ports that an endpoint mapper names."""
    wanted = _ASKED.search(part.command)
    target: _Target | None = None
    lines = list(part.numbered())
    for at, (line, text) in enumerate(lines):
        text = text.strip()
        if begin := _BEGIN.fullmatch(text):
            target = _Target(begin["host"] or "")
        elif _UI.fullmatch(text):
            target = None
        elif target and text and not target.querying:
            target = _head(target, text)
        elif target and (_RESOLVING.fullmatch(text) or _RESOLVED.fullmatch(text)):
            target = None  # the head of another query, whose target is lost
        elif target and (found := _STATUS.fullmatch(text)):
            first = found["protocol"] == "UDP" and not found["after"] and found["status"] == "LISTENING"
            if not first and (wanted is None or wanted["host"].lower() == target.host.lower()):
                yield from _answer(transcript, part, target, line, found, lines[at + 1:])


def _head(target: _Target, text: str) -> _Target | None:
    """Read a line before the results; None where it is none that belongs there."""
    if not target.host:
        target.host = text
        return target if " " not in text else None
    if _QUERYING.fullmatch(text):
        target.querying = True
    elif _RESOLVING.fullmatch(text) and not target.resolving:
        target.resolving = True
    elif resolved := _RESOLVED.fullmatch(text):
        target.address = target.address or resolved["address"]
    elif not re.match(r"IP address resolved to |Failed to resolve ", text):
        return None
    return target


def _answer(transcript: Source, part: Typed, target: _Target, line: int, found: re.Match[str],
            after: list[tuple[int, str]]) -> Iterator[ConnectionAnswer | EndpointsAnswer]:
    heard = _HEARD.get((found["protocol"], found["status"]))
    port = port_number(found["port"])
    literal = address(target.host)
    to = literal or address(target.address)
    if heard is None or port is None or (target.address and not to):
        return
    asks_mapper = found["protocol"] == "TCP" and port == _MAPPER and heard == "open"
    family, destination = to or (None, None)
    name = "" if literal else target.host
    yield ConnectionAnswer(
        span=transcript.span(line), device=part.device, at=part.at, protocol=_PROTOCOLS[found["protocol"]],
        family=family, destination=destination, name=name, port=port, heard=heard)
    if asks_mapper and (ports := endpoint_list.ports(text for _, text in after)):
        yield EndpointsAnswer(span=transcript.span(line), device=part.device, at=part.at, family=family,
                              destination=destination, name=name, ports=ports)
