"""A waiver: somebody's word for a gap, and what became of it in a run."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct, field

from aclproof.parsers.model.notes import Span


class Waiver(Struct, frozen=True):
    """Somebody's word that a requirement may stay unproven for a while; it proves nothing."""

    id: str
    requirement: str
    reason: str
    owner: str
    expires: date
    """The last day on which it applies."""
    firewall: str = ""
    """Only what this firewall stops or leaves open; empty for any."""
    approved_by: str = ""
    ticket: str = ""
    span: Span = field(default_factory=lambda: Span("", 0, 0, ""))
    """Where it was written down."""
    created: date | None = None
    sites: tuple[str, ...] = ()
    """The site files that it is for, as they are written in the waiver file; empty for all."""

    def days_left(self, as_of: date) -> int:
        """Return the days from a day to the last one on which it applies; negative when that is over."""
        return (self.expires - as_of).days


SOON = 30
"""So many days before a waiver ends, it is time to look."""
WaiverState = Literal["applied", "unused", "expired"]


class WaiverUse(Struct, frozen=True):
    """A waiver, and what became of it in this run."""

    waiver: Waiver
    state: WaiverState
    because: str = ""
    """Why it is unused."""
