"""Whether a text holds what `ip address` or `ip route` prints: asked of every input, so it reads nothing."""

from __future__ import annotations

import re

_ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*)"
NETWORK = rf"{_ADDRESS}(?:/\d{{1,3}})?"
"""What an address or a network looks like."""
STATES = "UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT|TESTING"
"""Of an interface."""
_SHOWN = re.compile(rf"\n(?:\d+: [^\s:@]+(?:@\S+)?: <[A-Z0-9_,-]*> mtu |\d+: \S+\s+inet6? {NETWORK} |"
                    rf"\S+\s+(?:{STATES})\s+{NETWORK}\s|(?:default|{NETWORK}) (?:via \S+ )?dev \S+)")


def is_in(text: str) -> bool:
    """Return whether a text holds such output."""
    return bool(_SHOWN.search(f"\n{text}"))  # a line feed is found much faster than the begin of a line
