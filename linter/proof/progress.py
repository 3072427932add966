"""Progress events, emitted before each firewall is read or evaluated."""

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


Progress: TypeAlias = Callable[[ProgressEvent], None]


def no_progress(_: ProgressEvent) -> None:
    """Ignore progress."""


def reporting(places: Sequence[SiteFirewall], progress: Progress,
              firewalls: Mapping[str, Firewall] | None = None) -> Iterator[SiteFirewall]:
    """Yield the places of one round, with an event before each; `firewalls` by name, once they are read."""
    known = firewalls or {}
    for number, place in enumerate(places, 1):
        progress(ProgressEvent(place, known.get(place.name), number, len(places)))
        yield place
