"""Where the kernel of a host calls a chain."""

from __future__ import annotations

from msgspec import Struct


class HookPoint(Struct, frozen=True):
    """The place of one chain among all that the kernel calls."""

    hook: str
    """`prerouting`, `input`, `forward`, `output` or `postrouting`."""
    priority: int
    """The lower is asked earlier."""
    table: str
    """Whose chain it is."""
    title: str
    """Names the filter for people."""
    translates: bool = False
    """Whether only the first packet of a connection is evaluated there, and may be translated."""
    rank: int = 0
    """The order among chains of the same priority; the lower is asked earlier."""
