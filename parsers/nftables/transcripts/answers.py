"""What nft says in a transcript of a Linux host; all the rest comes from the room of iptables."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.shown_by_device import DeviceAnswer
from aclproof.parsers.netfilter.transcripts import session
from aclproof.parsers.nftables.transcripts import counts, trace
from aclproof.parsers.source import Source


def answers(transcript: Source) -> Iterator[DeviceAnswer]:
    """Yield it in the order of the commands."""
    for part in session.parts(transcript):
        yield from trace.answers(transcript, part)
        yield from counts.answers(transcript, part)
