"""Where routes lead."""

from __future__ import annotations

from msgspec import Struct

from aclproof.parsers.model.intervals import IntervalSet


class RoutedTo(Struct, frozen=True):
    """Addresses to which one interface leads, or none that is known."""

    interface: str
    addresses: IntervalSet
    reason: str = ""
    """Why it is not certain."""
    certain: bool = True
    """Whether it is no default route that leads there."""
    down: bool = False
    """Whether the link that leads there is shown to be down."""
