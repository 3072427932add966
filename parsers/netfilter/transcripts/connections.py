"""One connection that a program tried."""

from __future__ import annotations

from aclproof.parsers.model.answer_ends import address, port_number
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, Heard
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

TCP, UDP = 6, 17


def answer(transcript: Source, part: Typed, line: int, host: str, port: str, heard: Heard | None, *,
           literal: str = "", source: str = "", protocol: int = TCP) -> ConnectionAnswer | None:
    """Put an answer together; None where an end is not known, or nothing is said.

    `host` is what was asked for, `literal` the address that the program printed, if any.
    """
    to = address(literal) or address(host)
    number = port_number(port)
    if heard is None or number is None or not host or (literal and not address(literal)):
        return None
    own = address(source)
    return ConnectionAnswer(
        span=transcript.span(line), device=part.device, at=part.at, protocol=protocol,
        family=to[0] if to else None, source=own[1] if own and (to is None or own[0] is to[0]) else None,
        destination=to[1] if to else None, name="" if address(host) else host, port=number, heard=heard)
