"""One form for each set of packets, however it was cut into boxes: equal sets have equal forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from aclproof.parsers.model import products
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.products import Axes

_Known = TypeVar("_Known")


def canonical(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Return the same packets as disjoint boxes that depend on the set alone, in their order.

    Sources that go with the same rest are put together, then destinations, then ports.
    """
    found: dict[tuple[Family, int], list[Axes]] = {}
    for each in boxes:
        axes = (each.sources, each.destinations, each.source_ports, each.destination_ports)
        found.setdefault((each.family, each.protocol), []).append(axes)
    return tuple(Box(family, protocol, *axes) for (family, protocol), of_one in sorted(found.items())
                 for axes in products.canonical(of_one))


def within(boxes: Iterable[Box], others: Sequence[Box]) -> bool:
    """Return whether all packets of these boxes are in the others, which are in their canonical form."""
    return canonical((*boxes, *others)) == tuple(others)


def joined(parts: Iterable[tuple[Box, _Known]]) -> list[tuple[Box, _Known]]:
    """Return the same packets with what is known of them, put together where that is equal."""
    alike: list[tuple[_Known, list[Box]]] = []  # nothing says that it can be hashed
    for box, known in parts:
        boxes = next((boxes for each, boxes in alike if each == known), None)
        if boxes is None:
            alike.append((known, boxes := []))
        boxes.append(box)
    return [(box, known) for known, boxes in alike for box in canonical(boxes)]
