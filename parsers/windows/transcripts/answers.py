"""All that a transcript of a computer with Windows shows."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import DeviceAnswer
from aclproof.parsers.source import Source
from aclproof.parsers.windows.transcripts import port_query, profiles, session, tcp_test


def answers(transcript: Source) -> Iterator[DeviceAnswer]:
    """Yield it in the order of the commands."""
    for part in session.parts(transcript):
        yield from tcp_test.answers(transcript, part)
        yield from port_query.answers(transcript, part)
        yield from profiles.answers(transcript, part)
