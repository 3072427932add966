"""Packets changed by one slip: a rule that permits these almost permits those that are needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aclproof.linter.engine import changes
from aclproof.linter.proof.near.records import Blocked, Needed
from aclproof.linter.result import NearKind
from aclproof.parsers.model.conditions import Side
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, TCP, UDP


@dataclass(frozen=True, slots=True)
class Slip:
    """Packets that differ from the needed ones in one thing."""

    kind: NearKind | None
    """None: the packets themselves."""
    box: Box
    side: Side = "destination"
    """Which of their ends is another, where one is."""
    line: Translation | None = None
    """That makes one of these addresses of the other."""
    mapped: bool = False
    """Whether it is the mapped address, and not the real one."""


def of_part(blocked: Blocked) -> Iterator[Slip]:
    """Yield the slips in which just the packets that one line stops matter."""
    box = blocked.box
    yield Slip("reversed", replace(box, sources=box.destinations, destinations=box.sources))
    if box.protocol in (TCP, UDP):
        yield Slip("other-protocol", replace(box, protocol=UDP if box.protocol == TCP else TCP))
        yield Slip("source-side", replace(box, source_ports=box.destination_ports,
                                          destination_ports=ANY_PORT))


def of_all(firewall: Firewall, needed: Needed) -> Iterator[Slip]:
    """Yield the slips that are the same for all lines that stop some of the packets."""
    box, everywhere = needed.box, IntervalSet.of((0, needed.box.family.last))
    yield Slip("other-network", replace(box, destinations=everywhere - box.destinations))
    yield Slip("other-network", replace(box, sources=everywhere - box.sources), "source")
    if box.protocol in (TCP, UDP):
        yield from _other_ports(needed)
    yield from _translated(firewall, box)


def _other_ports(needed: Needed) -> Iterator[Slip]:
    box = needed.box
    others = needed.service_ports - box.destination_ports
    if others:
        yield Slip("other-port", replace(box, destination_ports=others))
    if box.source_ports != ANY_PORT:
        yield Slip("other-source-port", replace(box, source_ports=ANY_PORT - box.source_ports))


def _translated(firewall: Firewall, box: Box) -> Iterator[Slip]:
    """Yield the packets with an address that stands for another one by a line of the translation table."""
    for line in firewall.translations:
        effect = line.effect
        if effect is None or effect.addresses is None or line.because:
            continue
        before = (line.sources if line.end == "source" else line.destinations).of(box.family)
        after = IntervalSet.of(effect.addresses)
        hides = line.end == "source"
        if before.overlaps(box.destinations):
            others = _images(line, box, box.destinations & before)
            yield Slip("translated", replace(box, destinations=others), "destination", line, hides)
        elif after.overlaps(box.destinations):
            others = _origins(line, box.destinations & after, before)
            yield Slip("translated", replace(box, destinations=others), "destination", line, not hides)
        if before.overlaps(box.sources):
            others = _images(line, box, box.sources & before)
            yield Slip("translated", replace(box, sources=others), "source", line, hides)
        elif after.overlaps(box.sources):
            others = _origins(line, box.sources & after, before)
            yield Slip("translated", replace(box, sources=others), "source", line, not hides)


def _images(line: Translation, box: Box, ends: IntervalSet) -> IntervalSet:
    """What the line makes of addresses."""
    assert line.effect is not None
    part = replace(box, sources=ends, destinations=ends)
    made = changes.rewriting(line.effect, part, EMPTY)
    if made is None:
        return EMPTY
    return made.after.sources if line.end == "source" else made.after.destinations


def _origins(line: Translation, ends: IntervalSet, before: IntervalSet) -> IntervalSet:
    """The addresses of which the line makes these."""
    assert line.effect is not None
    offset = line.effect.offset
    if offset is None:
        return before
    return IntervalSet(tuple((low - offset, high - offset) for low, high in ends.ranges)) & before
