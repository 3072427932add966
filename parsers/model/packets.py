"""Sets of packets, and one packet: the values that the engine speaks in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence

from msgspec import Struct

from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import is_icmp
from aclproof.reason import Reason

_EPHEMERAL = 49152
"""A source port that a person would pick."""


class Packet(Struct, frozen=True):
    """One concrete packet; for ICMP the ports hold type and code."""

    family: Family
    protocol: int
    source: int
    destination: int
    source_port: int
    destination_port: int

    def __str__(self) -> str:
        ends = [addresses.write(self.family, end) for end in (self.source, self.destination)]
        if is_icmp(self.protocol):
            return f"{ends[0]} -> {ends[1]} icmp {icmp_kind(self.protocol, self.source_port)}"
        name = _PROTOCOL_WORDS.get(self.protocol)
        if name is None:
            return f"{ends[0]} -> {ends[1]} protocol {self.protocol}"
        colon = ("", "") if self.family is Family.V4 else ("[", "]")
        left, right = (f"{colon[0]}{end}{colon[1]}" for end in ends)
        return f"{left}:{self.source_port} -> {right}:{self.destination_port} {name}"


_PROTOCOL_WORDS = {6: "tcp", 17: "udp", 132: "sctp"}
_ICMP_WORDS = {(1, 8): Reason("echo request"), (1, 0): Reason("echo reply"),
               (58, 128): Reason("echo request"), (58, 129): Reason("echo reply")}


def icmp_kind(protocol: int, kind: int) -> str:
    """Name an ICMP type as people do."""
    return _ICMP_WORDS.get((protocol, kind), Reason("type {kind}", kind=kind))


class Box(Struct, frozen=True):
    """A product of sets on every axis, of one family and one protocol: all packets in it."""

    family: Family
    protocol: int
    sources: IntervalSet
    destinations: IntervalSet
    source_ports: IntervalSet
    destination_ports: IntervalSet

    @property
    def size(self) -> int:
        """How many packets it holds."""
        return (self.sources.size * self.destinations.size
                * self.source_ports.size * self.destination_ports.size)

    def __contains__(self, packet: Packet) -> bool:
        return (packet.family is self.family and packet.protocol == self.protocol
                and packet.source in self.sources and packet.destination in self.destinations
                and packet.source_port in self.source_ports
                and packet.destination_port in self.destination_ports)

    def __and__(self, other: Box) -> Box | None:
        """Return the common packets, None when there are none."""
        if self.family is not other.family or self.protocol != other.protocol:
            return None
        axes = (self.sources & other.sources, self.destinations & other.destinations,
                self.source_ports & other.source_ports, self.destination_ports & other.destination_ports)
        return Box(self.family, self.protocol, *axes) if all(axes) else None

    def witness(self) -> Packet:
        """Pick the packet that a person would: a usual host and an ephemeral port where there is one."""
        ports = [_EPHEMERAL if not is_icmp(self.protocol) and _EPHEMERAL in axis else axis.lowest
                 for axis in (self.source_ports, self.destination_ports)]
        return Packet(self.family, self.protocol, usual_host(self.sources), usual_host(self.destinations),
                      *ports)


def usual_host(numbers: IntervalSet) -> int:
    """Return the address that a person would pick as an example: .10 of a network, a lone one itself."""
    low, high = numbers.ranges[0]
    for step in (10, 1):
        if low % 256 == 0 and low + step < high:
            return low + step
    return low


class Boxes(Sequence[Box]):
    """Disjoint boxes that need not exist yet: they are counted without being made."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many packets they hold."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def size(boxes: Iterable[Box]) -> int:
    """Count the packets of disjoint boxes."""
    if isinstance(boxes, Boxes):
        return boxes.size
    return sum(box.size for box in boxes)
