"""Packets changed by one slip: a rule that permits these almost permits those that are needed."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.proof.near.records import Blocked, Needed
from aclproof.linter.proof.near.translated import Rewrites, alternatives
from aclproof.linter.result import NearKind
from aclproof.parsers.model.conditions import Side
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, TCP, UDP


class Slip(Struct, frozen=True):
    """Packets that differ from the needed ones in one thing."""

    kind: NearKind | None
    """None: the packets themselves."""
    box: Box
    side: Side = "destination"
    """Which of their ends is another, where one is."""


def of_part(blocked: Blocked) -> Iterator[Slip]:
    """Yield the slips in which just the packets that one line stops matter."""
    box = blocked.box
    yield Slip("reversed", replace(box, sources=box.destinations, destinations=box.sources))
    if box.protocol in (TCP, UDP):
        yield Slip("other-protocol", replace(box, protocol=UDP if box.protocol == TCP else TCP))
        yield Slip("source-side", replace(box, source_ports=box.destination_ports,
                                          destination_ports=ANY_PORT))


def of_all(needed: Needed, lines: Rewrites) -> Iterator[Slip]:
    """Yield the slips that are the same for all lines that stop some of the packets."""
    box, everywhere = needed.box, IntervalSet.of((0, needed.box.family.last))
    yield Slip("other-network", replace(box, destinations=everywhere - box.destinations))
    yield Slip("other-network", replace(box, sources=everywhere - box.sources), "source")
    if box.protocol in (TCP, UDP):
        yield from _other_ports(needed)
    if lines:
        yield from _translated(box, lines)
    if needed.sent.destination_ports != box.destination_ports:  # the port is translated, too
        yield Slip("translated", needed.sent)


def _other_ports(needed: Needed) -> Iterator[Slip]:
    box = needed.box
    others = needed.service_ports - box.destination_ports
    if others:
        yield Slip("other-port", replace(box, destination_ports=others))
    if box.source_ports != ANY_PORT:
        yield Slip("other-source-port", replace(box, source_ports=ANY_PORT - box.source_ports))


def _translated(box: Box, lines: Rewrites) -> Iterator[Slip]:
    """Yield the packets with the addresses that stand for the needed ones, or for which these stand."""
    found: dict[Side, list[IntervalSet]] = {"destination": [], "source": []}
    for each in alternatives(lines, box):
        found[each.side].append(each.addresses)
    yield Slip("translated", replace(box, destinations=IntervalSet.union(found["destination"])))
    yield Slip("translated", replace(box, sources=IntervalSet.union(found["source"])), "source")
