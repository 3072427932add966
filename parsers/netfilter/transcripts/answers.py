"""All that a transcript of a Linux host shows, whatever makes its rules."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import ConnectionAnswer, FactAnswer, with_source
from aclproof.parsers.netfilter.transcripts import (
    facts,
    netcat,
    session,
    shell_redirection,
    sources,
    transfers,
)
from aclproof.parsers.source import Source


def answers(transcript: Source) -> Iterator[ConnectionAnswer | FactAnswer]:
    """Yield it in the order of the commands."""
    parts = list(session.standing(transcript))
    known = sources.of_routes([part for part, _ in parts])
    for part, stands in parts:
        for read in (netcat.answers, shell_redirection.answers, transfers.answers):
            for each in read(transcript, part):
                yield with_source(each, known)
        yield from (session.as_of(each, stands=stands) for each in facts.answers(transcript, part))
