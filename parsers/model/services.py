"""What a packet needs: protocol, ports, ICMP type and code."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.parsers.model.intervals import IntervalSet

ICMP, TCP, UDP, ICMP6, SCTP = 1, 6, 17, 58, 132
"""IANA protocol numbers."""

ANY_PORT = IntervalSet.of((0, 65535))
ANY_PROTOCOL = IntervalSet.of((0, 255))

_ICMP = IntervalSet.of((ICMP, ICMP), (ICMP6, ICMP6))

PROTOCOL_NAMES = {ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMP6: "icmp6", SCTP: "sctp"}


def is_icmp(protocol: int) -> bool:
    """Return whether the port axes of this protocol hold ICMP type and code."""
    return protocol in (ICMP, ICMP6)


class Service(Struct, frozen=True):
    """A product of protocols, source ports and destination ports.

    For ICMP and ICMPv6 the two port axes hold the type and the code, as connection tables do: one shape
    for every protocol. A protocol without ports has both axes full.
    """

    protocols: IntervalSet
    source_ports: IntervalSet = ANY_PORT
    destination_ports: IntervalSet = ANY_PORT

    @property
    def of_icmp(self) -> bool:
        """Whether it is of ICMP alone, so that its axes hold types and codes."""
        return not self.protocols - _ICMP


ANY_SERVICE = Service(ANY_PROTOCOL)


def service(protocol: int, source: IntervalSet = ANY_PORT, destination: IntervalSet = ANY_PORT) -> Service:
    """Make the service of one protocol."""
    return Service(IntervalSet.of((protocol, protocol)), source, destination)


def common(services: Sequence[Service], others: Sequence[Service]) -> Sequence[Service]:
    """Return the services of both."""
    if _is_any(services) or _is_any(others):
        met = others if _is_any(services) else services
    else:
        met = [Service(one.protocols & two.protocols, one.source_ports & two.source_ports,
                       one.destination_ports & two.destination_ports) for one in services for two in others]
    return [each for each in met if each.protocols and each.source_ports and each.destination_ports]


def _is_any(services: Sequence[Service]) -> bool:
    return len(services) == 1 and services[0] is ANY_SERVICE
