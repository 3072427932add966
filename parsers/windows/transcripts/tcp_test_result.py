"""One result of `Test-NetConnection`, whatever form it was written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.answer_ends import address, port_number
from aclproof.parsers.model.services import TCP
from aclproof.parsers.model.shown_by_device import ConnectionAnswer
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source
from aclproof.parsers.windows.transcripts.tcp_test_asked import asked

_HOST = re.compile(r"[\w.:%-]{1,255}")


def answer(transcript: Source, part: Typed, line: int, fields: Mapping[str, Any]) -> ConnectionAnswer | None:
    """Read the properties of a result; None where no port was tried, or they contradict each other."""
    succeeded = {"true": True, "false": False}.get(str(fields.get("tcptestsucceeded")).lower())
    port = port_number(fields.get("remoteport"))
    host = str(fields.get("computername") or "")
    remote, own = address(fields.get("remoteaddress")), address(fields.get("sourceaddress"))
    literal = address(host)
    if succeeded is None or port is None or not (_HOST.fullmatch(host) if host else remote):
        return None
    if "remoteaddress" in fields and remote is None:  # no name was resolved, so no port was tried
        return None
    if literal and remote and literal != remote:
        return None
    if not _was_asked(part.command, host, port):
        return None
    to = remote or literal
    family = to[0] if to else None
    return ConnectionAnswer(
        span=transcript.span(line), device=str(fields.get("pscomputername") or part.device), at=part.at,
        protocol=TCP, family=family, source=own[1] if own and _fits(own[0], family) else None,
        destination=to[1] if to else None, name="" if literal else host, port=port,
        heard="open" if succeeded else "failed")


def _fits(own: Family, family: Family | None) -> bool:
    return family is None or own is family


def _was_asked(command: str, host: str, port: int) -> bool:
    """Whether the command, where it is shown and says so, asked for this."""
    wanted = asked(command)
    if wanted is None:
        return True
    asked_for, tried = address(wanted.host), address(host)
    return wanted.port in (None, port) and (not wanted.host or (
        asked_for == tried if asked_for and tried else
        bool(asked_for or tried) or wanted.host.lower() == host.lower()))
