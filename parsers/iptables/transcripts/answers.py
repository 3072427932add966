"""All that a transcript of a Linux host shows, but what nft prints."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.iptables.transcripts import counts, members
from aclproof.parsers.model.shown_by_device import DeviceAnswer
from aclproof.parsers.netfilter.transcripts import answers as of_host
from aclproof.parsers.netfilter.transcripts import session
from aclproof.parsers.source import Source


def answers(transcript: Source) -> Iterator[DeviceAnswer]:
    """Yield the answers of the host, then of ipset and iptables."""
    yield from of_host.answers(transcript)
    for part, stands in session.standing(transcript):
        yield from (session.as_of(each, stands=stands) for each in members.answers(transcript, part))
        yield from counts.answers(transcript, part)
