"""All that a transcript of a Linux host shows, whatever makes its rules."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import ConnectionAnswer, FactAnswer
from aclproof.parsers.netfilter.transcripts import facts, netcat, session, shell_redirection, transfers
from aclproof.parsers.source import Source


def answers(transcript: Source) -> Iterator[ConnectionAnswer | FactAnswer]:
    """Yield it in the order of the commands."""
    for part in session.parts(transcript):
        yield from netcat.answers(transcript, part)
        yield from shell_redirection.answers(transcript, part)
        yield from transfers.answers(transcript, part)
        yield from facts.answers(transcript, part)
