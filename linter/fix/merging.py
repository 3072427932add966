"""Several permits between the same ends become one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aclproof.linter.fix.missing_permits import Opening
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.services import is_icmp

_Axis = Literal["destination_ports", "source_ports"]


@dataclass(frozen=True, slots=True)
class Merged:
    """One opening for several; it permits what they permit, no packet more."""

    opening: Opening
    parts: tuple[Opening, ...]


def merged(openings: Iterable[Opening]) -> list[Merged]:
    """Join openings of one chain that differ in the ports of one side only, at the first of their places.

    The last place of each chain comes first, so that what is entered there moves none of the others.
    """
    found = [Merged(each, (each,)) for each in openings]
    for axis in ("destination_ports", "source_ports"):
        alike: dict[Opening, list[Merged]] = {}
        for each in found:
            alike.setdefault(_without(each.opening, axis), []).append(each)
        found = [_joined(group, axis) for group in alike.values()]
    return sorted(found, key=lambda each: -each.opening.at)


def _without(opening: Opening, axis: _Axis) -> Opening:
    """What openings have to share; an ICMP type is no port."""
    if is_icmp(opening.box.protocol):
        return replace(opening, at=0, port=0, listener="")
    return replace(_with_ports(opening, axis, EMPTY), at=0, port=0, listener="")


def _with_ports(opening: Opening, axis: _Axis, ports: IntervalSet) -> Opening:
    box = opening.box
    changed = replace(box, source_ports=ports) if axis == "source_ports" else replace(
        box, destination_ports=ports)
    return replace(opening, permit=replace(opening.permit, box=changed))


def _joined(group: Sequence[Merged], axis: _Axis) -> Merged:
    ports = IntervalSet.union(_ports(each.opening, axis) for each in group)
    opening = replace(_with_ports(group[0].opening, axis, ports), at=min(each.opening.at for each in group))
    return Merged(opening, tuple(part for each in group for part in each.parts))


def _ports(opening: Opening, axis: _Axis) -> IntervalSet:
    return opening.box.source_ports if axis == "source_ports" else opening.box.destination_ports
