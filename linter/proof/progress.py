"""Progress events, emitted before each firewall is read or evaluated, and before packets are judged again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.firewall import Firewall


class ProgressEvent(Struct, frozen=True):
    """One firewall that is now read or evaluated: the `number`th of `total` in this round, from 1."""

    place: SiteFirewall
    firewall: Firewall | None
    """The one that is evaluated; None while it is read."""
    number: int
    total: int


class JudgingEvent(Struct, frozen=True):
    """One requirement whose packets are now judged again: the `number`th of `total`, from 1."""

    requirement: str
    number: int
    total: int


AnyEvent: TypeAlias = ProgressEvent | JudgingEvent
Progress: TypeAlias = Callable[[AnyEvent], None]


def no_progress(_: AnyEvent) -> None:
    """Ignore progress."""


def reporting(places: Sequence[SiteFirewall], progress: Progress,
              firewalls: Mapping[str, Firewall] | None = None) -> Iterator[SiteFirewall]:
    """Yield the places of one round, with an event before each; `firewalls` by name, once they are read."""
    known = firewalls or {}
    for number, place in enumerate(places, 1):
        progress(ProgressEvent(place, known.get(place.name), number, len(places)))
        yield place
