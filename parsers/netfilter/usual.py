"""What hosts usually do, where rules ask how much of it there is."""

from __future__ import annotations

_MANY_CONNECTIONS = 10
"""More than one host usually has to another."""
LEAST_SEGMENT = 536
"""Which hosts take of IPv4 without being asked, and more where their links do (RFC 9293, 3.7.1)."""


def stays_below(connections: int) -> bool | None:
    """Whether a host usually has no more connections than so many; None where that is anybody's guess."""
    return True if connections >= _MANY_CONNECTIONS else None
