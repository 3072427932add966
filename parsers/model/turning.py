"""Packets that come out of one tunnel and go into another at the same interface: hub and spokes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.intervals import IntervalSet


class Selected(Struct, frozen=True):
    """Packets that a tunnel surely takes at the interface where it ends."""

    interface: str
    tunnel: int
    """A number of its own."""
    sources: AddressSet
    destinations: AddressSet


def turning(selected: Iterable[Selected], interface: str, family: Family, sources: IntervalSet,
            destinations: IntervalSet) -> Iterator[tuple[IntervalSet, IntervalSet]]:
    """Yield the sources and destinations of packets that one tunnel takes, and another one their answers.

    These products may overlap.
    """
    here = [each for each in selected if each.interface == interface]
    going = [(each.tunnel, near, far) for each in here
             if (near := each.sources.of(family) & sources)
             and (far := each.destinations.of(family) & destinations)]
    coming = [(each.tunnel, far, near) for each in here if going
              and (far := each.destinations.of(family) & sources)
              and (near := each.sources.of(family) & destinations)]
    for tunnel, near, far in going:
        for other, come, to in coming:
            if other != tunnel and near.overlaps(come) and far.overlaps(to):
                yield near & come, far & to
