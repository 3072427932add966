"""What a baseline remembers of a check, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from aclproof.parsers.model.packets import Box

State: TypeAlias = Literal["new", "grown", "unchanged", "shrunk"]
"""Of what is not proven, compared with a baseline that has nothing of it, less, the same, or more."""
Proven: TypeAlias = Literal["missing", "undecided"]
Key: TypeAlias = tuple[str, str, str, Proven]
"""Requirement, firewall, leg, and what was proven; no line, so that it stays when lines move or change."""
KNOWN: tuple[State, ...] = ("unchanged", "shrunk")


class Gap(Struct, frozen=True):
    """All that is missing, or undecided, of a requirement at one firewall in one direction."""

    requirement: str
    firewall: str
    """Empty where it is none of the site's."""
    leg: str
    verdict: Proven
    boxes: tuple[Box, ...]
    """In their canonical form, as they are at the firewall."""
    sent: tuple[Box, ...] = ()
    """Where the firewall sees some of them translated: those that open the connections, as they are sent.
    Many of them may be the same packets here."""

    @property
    def key(self) -> Key:
        """What it is about, without the packets."""
        return self.requirement, self.firewall, self.leg, self.verdict


Gaps: TypeAlias = tuple[Gap, ...]
"""Those of one site, in the order of their keys."""
SeenKey: TypeAlias = tuple[str, str, str, int]
"""Check, firewall, the line without what changes from one export to the next, and which of equal ones."""


class Seen(Struct, frozen=True):
    """A line that a check of an audit names."""

    key: SeenKey
    surplus: tuple[Box, ...] = ()
    """Where the check says that it opens more than is needed: that, in its canonical form."""
    perhaps: bool = False
    """Whether it depends on what is not known."""

    @property
    def check(self) -> str:
        """The check that names it."""
        return self.key[0]


class Known(Struct, frozen=True):
    """All that a baseline has of one site."""

    gaps: Gaps = ()
    seen: tuple[Seen, ...] = ()
    """In the order of their keys."""


def by_key(gaps: Iterable[Gap]) -> Mapping[Key, Gap]:
    """Return gaps by what they are about."""
    return {each.key: each for each in gaps}


class BaselineUse(Struct, frozen=True):
    """The baseline that a result was compared with."""

    file: str
    cured: Gaps = ()
    """What it has and the site has not any more."""
    gone: tuple[Seen, ...] = ()
    """What it has of the checks of this run, and they name no more."""
