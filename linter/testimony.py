"""What devices and hosts said of a site, and how that stands to the proof: pure data, for the reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Literal

from msgspec import Struct

from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.shown_by_device import Count, DeviceAnswer, PacketAnswer

Standing = Literal["contradicted", "unexplained", "settled", "confirmed", "proves-nothing"]
"""The device says otherwise of this packet; no connection came about, and no firewall explains that; it says
what was open, of this packet or of a question; it says the same; its answer proves nothing here."""


class Said(Struct, frozen=True):
    """One answer, and how it stands to the proof."""

    standing: Standing
    answer: DeviceAnswer
    firewall: str = ""
    """Of the site; empty where it is about the whole way, or about no firewall of it."""
    says: str = ""
    """What differs, what is settled, or why it proves nothing."""
    decided_by: Span | None = None
    """The line of the configuration that decides the same packet, where one surely does."""
    requirements: tuple[str, ...] = ()
    """Those that the packet is of, or that ask the question."""


class Transcript(Struct, frozen=True):
    """A file of answers."""

    name: str
    sha256: str
    answers: int
    """How many were read of it."""
    remarks: tuple[str, ...] = ()
    """Whose its answers were taken to be, where their host names do not say that."""


class Unasked(Struct, frozen=True):
    """What `aclproof probe` prints, and no transcript has."""

    machine: str
    """The firewall, or the address of the host."""
    role: str
    """Of a host; empty for a firewall."""
    commands: tuple[str, ...]
    requirements: tuple[str, ...]


Mark = Standing | Literal["not-asked"]
MARKS: tuple[Mark, ...] = ("contradicted", "unexplained", "settled", "confirmed", "not-asked")
"""What is said of a requirement: how the answers about it stand, and what was not asked."""


class Testimony(Struct, frozen=True):
    """All that was said of a site."""

    transcripts: tuple[Transcript, ...]
    said: tuple[Said, ...]
    """In the order of the files and of their lines."""
    not_asked: tuple[Unasked, ...] = ()

    def of(self, standing: Standing) -> tuple[Said, ...]:
        """Return the answers that stand so; counters of lines, of which there are many, are the last."""
        return tuple(sorted((each for each in self.said if each.standing == standing),
                            key=lambda each: isinstance(each.answer, Count)))

    def marks(self, requirement: str) -> Mapping[Mark, int]:
        """Count the answers about a requirement by how they stand, and what was not asked of it."""
        of_it: Counter[Mark] = Counter(
            each.standing for each in self.said if requirement in each.requirements)
        of_it["not-asked"] = sum(requirement in each.requirements for each in self.not_asked)
        return {mark: of_it[mark] for mark in MARKS if of_it[mark]}

    def drops(self, requirements: Collection[str]) -> bool:
        """Whether a device drops a packet of some requirements, of which configurations leave that open."""
        return any(isinstance(each.answer, PacketAnswer) and each.answer.allowed is False
                   and not set(requirements).isdisjoint(each.requirements) for each in self.of("settled"))
