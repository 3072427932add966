"""How far the work is: said before each piece of it, to whoever wants to show or to time it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.firewall import Firewall


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """One firewall that is now read or asked: the `number`th of `total` in this round, from 1."""

    place: SiteFirewall
    firewall: Firewall | None
    """The one that is asked; None while it is read."""
    number: int
    total: int


Progress: TypeAlias = Callable[[ProgressEvent], None]


def no_progress(_: ProgressEvent) -> None:
    """Tell nobody."""


def reporting(places: Sequence[SiteFirewall], progress: Progress,
              firewalls: Mapping[str, Firewall] | None = None) -> Iterator[SiteFirewall]:
    """Go through the places of one round, and say so before each; `firewalls` by name, once they are read."""
    known = firewalls or {}
    for number, place in enumerate(places, 1):
        progress(ProgressEvent(place, known.get(place.name), number, len(places)))
        yield place
