"""One demand cut into classes: from bitsets back to packets, only when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import lshift
from typing import overload

from msgspec import Struct

from aclproof.linter.engine.cells import Area
from aclproof.linter.engine.classes import Classes
from aclproof.parsers.model.packets import Box, Boxes


class Space(Struct, frozen=True):
    """A demand and the classes that its rules distinguish.

    The axes of an `Area` are sources, destinations and services, put in `order`: place 0, 1 or 2 of the area
    for each. Bit i * width + k of a services bitset is source port class i with destination port class k.
    """

    demand: Box
    sources: Classes
    destinations: Classes
    source_ports: Classes
    destination_ports: Classes
    order: tuple[int, int, int]

    @property
    def everything(self) -> Area:
        """The whole demand."""
        services = len(self.source_ports.members) * len(self.destination_ports.members)
        return self.area(self.sources.all, self.destinations.all, (1 << services) - 1)

    def area(self, sources: int, destinations: int, services: int) -> Area:
        """Put the three axes in order."""
        axes = dict(zip(self.order, (sources, destinations, services), strict=True))
        return Area(axes[0], axes[1], axes[2])

    def products(self, area: Area) -> Iterator[tuple[int, int, int, int]]:
        """Yield classes of sources, destinations, source and destination ports: together the area."""
        sources, destinations, services = (area[place] for place in self.order)
        width = len(self.destination_ports.members)
        alike: dict[int, int] = {}
        for i in range(len(self.source_ports.members)):
            mask = services >> (i * width) & self.destination_ports.all
            if mask:
                alike[mask] = alike.get(mask, 0) | 1 << i
        for ports, source_ports in alike.items():
            yield sources, destinations, source_ports, ports


class LazyBoxes(Boxes):
    """The boxes of some areas, made one by one on demand: there may be thousands, of thousands of ranges.

    Each area is kept without the zeros at the low ends of its masks: the parts that thousands of lines decide
    are of one class each, and would take as many bits as there are classes.
    """

    def __init__(self, space: Space, areas: Sequence[Area]) -> None:
        self._space, self._areas = space, list(map(_shortened, areas))

    @property
    def size(self) -> int:
        """How many packets they hold."""
        axes = self._axes()
        total = 0
        for product in self._products():
            part = 1
            for classes, mask in zip(axes, product, strict=True):
                part *= classes.count(mask)
            total += part
        return total

    def __len__(self) -> int:
        return sum(1 for _ in self._products())

    def __bool__(self) -> bool:
        return bool(self._areas)

    def __iter__(self) -> Iterator[Box]:
        return map(self._box, self._products())

    @overload
    def __getitem__(self, index: int) -> Box: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Box]: ...
    def __getitem__(self, index: int | slice) -> Box | Sequence[Box]:
        chosen = list(self._products())[index]
        return tuple(map(self._box, chosen)) if isinstance(chosen, list) else self._box(chosen)

    def _products(self) -> Iterator[tuple[int, int, int, int]]:
        return (product for area in self._areas
                for product in self._space.products(Area(*map(lshift, area[:3], area[3:]))))

    def _axes(self) -> tuple[Classes, Classes, Classes, Classes]:
        space = self._space
        return space.sources, space.destinations, space.source_ports, space.destination_ports

    def _box(self, product: tuple[int, int, int, int]) -> Box:
        numbers = [classes.of(mask) for classes, mask in zip(self._axes(), product, strict=True)]
        return Box(self._space.demand.family, self._space.demand.protocol, *numbers)


def _shortened(area: Area) -> tuple[int, ...]:
    """The masks without the zeros at their low ends, and how many these are."""
    zeros = [max((mask & -mask).bit_length() - 1, 0) for mask in area]
    return (*(mask >> few if few else mask for mask, few in zip(area, zeros, strict=True)), *zeros)
