"""Which packets of a demand to judge again: where something changes, then any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from random import Random

from aclproof.linter.demands.demands import Demand
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.taking_part import remaining
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet

_MOST_BOXES = 64
"""Of one part; the order in which they come is that of the proof."""


def packets(demand: Demand, proofs: Sequence[Proof], most: int) -> list[Packet]:
    """Return so many first packets of a demand, as they are sent, or all if there are no more.

    The corners of all that it needs; the corners and edges of each part that the proof found, and the values
    beside them; then any packets, of the whole and of parts. The same demand gives the same packets.
    """
    whole = [box for each in demand.request.boxes if all(_axes(box := remaining(demand, each)))]
    if not whole:
        return []
    random = Random(f"{demand.requirement.id} {whole}")
    parts = _parts(proofs, whole, random, most)
    chosen = dict.fromkeys(packet for box in whole for packet in _corners(box))
    edges = dict.fromkeys(packet for box, around in parts for packet in _edges(box, around, random))
    fresh = [packet for packet in edges if packet not in chosen]
    chosen |= dict.fromkeys(random.sample(fresh, min(len(fresh), max(most - len(chosen), 0))))
    pool = [*whole, *(box for box, _ in parts)]
    for _ in range(2 * most):  # of few packets the same is drawn again
        if len(chosen) >= most:
            break
        box = random.choice(pool)
        chosen[Packet(box.family, box.protocol, *(_any(axis, random) for axis in _axes(box)))] = None
    return list(islice(chosen, most))


_Part = tuple[Box, Box]
"""Packets of one part as they are sent, and the box of the demand that they lie in."""


def _parts(proofs: Sequence[Proof], whole: Sequence[Box], random: Random, most: int) -> list[_Part]:
    """What was proven to be treated alike; of very many parts some."""
    found: list[tuple[Proof, Sequence[Box]]] = []
    for proof in proofs:
        if isinstance(proof.finding, Judged):
            outcome = proof.finding.outcome
            found += [(proof, each.boxes) for each in (*outcome.denials, *outcome.permits)]
            found += [(proof, each.boxes) for each in outcome.doubts]
    parts: list[_Part] = []
    for proof, boxes in random.sample(found, min(len(found), most)):
        for sent in proof.as_sent(list(islice(boxes, _MOST_BOXES))):
            parts += [(common, around) for around in whole if (common := sent & around)]
    return parts


def _edges(box: Box, around: Box, random: Random) -> Iterator[Packet]:
    """The corners of a box; then each value at which something begins or ends, with others of the box."""
    yield from _corners(box)
    for number, (axis, outer) in enumerate(zip(_axes(box), _axes(around), strict=True)):
        for value in _ends(axis, outer):
            numbers = [_any(each, random) for each in _axes(box)]
            numbers[number] = value
            yield Packet(box.family, box.protocol, *numbers)


def _ends(axis: IntervalSet, outer: IntervalSet) -> list[int]:
    """The first and last value of each range, and the ones just outside that are of the demand."""
    known = {value for low, high in axis.ranges[:_MOST_BOXES] for value in (low - 1, low, high, high + 1)}
    return sorted(value for value in known if value in outer)


def _corners(box: Box) -> Iterator[Packet]:
    ends = [sorted({axis.ranges[0][0], axis.ranges[-1][1]}) for axis in _axes(box)]
    return (Packet(box.family, box.protocol, *each) for each in product(*ends))


def _axes(box: Box) -> tuple[IntervalSet, IntervalSet, IntervalSet, IntervalSet]:
    return box.sources, box.destinations, box.source_ports, box.destination_ports


def _any(axis: IntervalSet, random: Random) -> int:
    return random.randint(*random.choice(axis.ranges))
