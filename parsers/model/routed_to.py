"""Where routes and tunnels lead."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.parsers.model.addresses import AddressSet
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
    gateways: tuple[int, ...] = ()
    """The next routers that are known."""
    refused: str = ""
    """Why what is sent there is dropped; empty where it is not."""


class Selected(Struct, frozen=True):
    """Packets that a tunnel surely takes at the interface where it ends."""

    interface: str
    tunnel: int
    """A number of its own."""
    sources: AddressSet
    destinations: AddressSet


class Leading(Struct, frozen=True):
    """A table of routes, cut so that no address is in two pieces."""

    routes: Sequence[RoutedTo]
    """By falling prefix length."""
    pieces: Sequence[tuple[int, int, int]]
    """The first and the last address of each, and the number of its route; sorted."""
    by_interface: Mapping[str, IntervalSet]
    """To which addresses routes by it lead, whether or not better ones lead elsewhere."""
    in_tunnels: Mapping[str, IntervalSet]
    """By interface, what lies at the far ends of tunnels that end there."""

    def between(self, low: int, high: int) -> Iterator[tuple[int, int, int]]:
        """Yield the pieces of a range of addresses."""
        at = bisect_left(self.pieces, (low,))
        if at and self.pieces[at - 1][1] >= low:
            at -= 1
        while at < len(self.pieces) and self.pieces[at][0] <= high:
            first, last, route = self.pieces[at]
            yield max(low, first), min(high, last), route
            at += 1
