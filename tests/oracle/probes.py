"""The packets that are sent: one value of everything that a rule can see in a packet."""

from __future__ import annotations

from typing import NamedTuple

from tests.oracle.plan import write

ICMP, TCP, UDP, ESP, ICMP6 = 1, 6, 17, 50, 58

FIN, SYN, RST, PSH, ACK, URG = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20

FLAG_CLASSES = {
    "SYN": SYN, "SYN|ACK": SYN | ACK, "ACK": ACK, "FIN": FIN, "FIN|ACK": FIN | ACK, "RST": RST,
    "RST|ACK": RST | ACK, "PSH|ACK": PSH | ACK, "URG|ACK": URG | ACK, "null": 0, "xmas": FIN | PSH | URG,
    "SYN|FIN": SYN | FIN, "SYN|RST": SYN | RST, "all": FIN | SYN | RST | PSH | ACK | URG,
}
"""Every kind of TCP packet that rules tell apart, honest and not."""


class Probe(NamedTuple):
    """One packet; for ICMP the two ports hold type and code. Flags are those of TCP, identifiers of ICMP."""

    family: int
    protocol: int
    source: int
    destination: int
    source_port: int = 0
    destination_port: int = 0
    flags: int = 0
    identifier: int = 0

    @property
    def connection(self) -> tuple[int, ...]:
        """What tells its connection from others that the kernel tracks."""
        return self[1:6] if self.protocol in (TCP, UDP) else (*self[1:4], self.identifier)

    @property
    def kind(self) -> tuple[int, ...]:
        """What alone decides the state of the first packet of a connection."""
        if self.protocol == TCP:
            return self.family, TCP, self.flags
        if self.protocol in (ICMP, ICMP6):
            return self.family, self.protocol, self.source_port, self.destination_port
        return self.family, self.protocol

    def __str__(self) -> str:
        ends = f"{write(self.family, self.source)} -> {write(self.family, self.destination)}"
        if self.protocol in (ICMP, ICMP6):
            return f"{ends} icmp type {self.source_port} code {self.destination_port}"
        ports = f"ports {self.source_port} -> {self.destination_port}"
        if self.protocol == TCP:
            return f"{ends} tcp {ports} flags {self.flags:#04x}"
        return f"{ends} udp {ports}" if self.protocol == UDP else f"{ends} protocol {self.protocol}"
