"""`show vpn-sessiondb l2l`: peers with which a tunnel is up. One that is down is opened when it is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command

_PEER = re.compile(r"Index\s*: \d+\s+IP Addr\s*: (\S+)")
_PROTOCOL = re.compile(r"Protocol\s*: (.*)")


def read(command: Command) -> Iterator[Settled]:
    """Yield the peers whose sessions carry packets, and not only keys."""
    said = command.words[2:]
    if not command.is_show("vpn-sessiondb") or said not in (["l2l"], ["detail", "l2l"]):
        return
    peer, number = "", 0
    for line in command.answer:
        if found := _PEER.fullmatch(line.text):
            peer, number = found[1], line.number
        elif peer and (protocol := _PROTOCOL.fullmatch(line.text)):
            if "IPsec" in protocol[1].replace("OverNatT", " "):
                yield Settled(f"vpn {peer}", True, number)
            peer = ""
