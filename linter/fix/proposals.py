"""What a vendor's writer answers: lines to enter, and the firewall as it is with them."""

from __future__ import annotations

from dataclasses import dataclass

from aclproof.linter.fix.missing_permits import Opening
from aclproof.parsers.model.firewall import Firewall


@dataclass(frozen=True, slots=True)
class Written:
    """Lines that go together."""

    lines: tuple[str, ...]
    """As they are entered; comments among them are in the firewall's own way."""
    openings: tuple[Opening, ...]
    """What they are for."""
    permits: int
    """How many new permits these are."""
    advice: tuple[str, ...] = ()
    """What one should know beside."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What cannot be written without opening more, and why."""

    openings: tuple[Opening, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What opens as much as can be opened now."""

    written: tuple[Written, ...]
    after: Firewall
    """With all lines entered."""
    refused: tuple[Refusal, ...] = ()
