"""What passes on the links, and from that which router lost which packet."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from tests.oracle.exchange import QUESTION, Exchange, Loss, Side
from tests.oracle.probes import ACK, ICMP, SYN, TCP, UDP

_ETH_P_IP, _ETH_P_ALL = 0x0800, 0x0003
"""Only who asks for all sees what goes out."""
_SO_TIMESTAMPNS = 35
_LARGEST = 2048
_ROOM = 1 << 22
_ECHO_REPLY, _ECHO_REQUEST = 0, 8


class _Sight(NamedTuple):
    """A packet, by what it keeps on its way: translation changes addresses only."""

    to: Side
    protocol: int
    source_port: int
    destination_port: int
    """An echo has its identifier as the port of the asking side."""
    flags: int
    length: int


class _Scene(NamedTuple):
    """When a packet was seen, and from where it said it came."""

    nanoseconds: int
    source: bytes


class Camera:
    """Watches the links of a line of routers, from that of the client to that of the server."""

    def __init__(self, routers: Sequence[str]) -> None:
        self._routers = routers
        self._links: list[socket.socket] = []
        self._seen: list[dict[_Sight, _Scene]] = []
        """For each link what was seen there; of what is sent again the first."""

    def watch(self, interface: str) -> None:
        """Add the next link, by the interface that leads to the client from where this process is."""
        made = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL))
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
        made.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        made.bind((interface, _ETH_P_ALL))
        self._links.append(made)
        self._seen.append({})

    def forget(self) -> None:
        """Start afresh."""
        self.look()
        self._seen = [{} for _ in self._links]

    def look(self) -> None:
        """Take in what has passed."""
        for link, seen in zip(self._links, self._seen, strict=True):
            for packet, to, time in _waiting(link):
                if sight := _sight(packet, to):
                    seen.setdefault(sight, _Scene(time, packet[12:16]))

    def source(self, exchange: Exchange) -> str:
        """Say from where an exchange seems to come, between the routers."""
        _, middle, _ = self._seen
        found = {scene.source for sight, scene in middle.items()
                 if sight.to == exchange.answerer and _is_of(sight, exchange)}
        return str(ip_address(min(found, default=ip_address(exchange.source).packed)))

    def loss(self, exchange: Exchange) -> tuple[int, Loss] | None:
        """Say which packet of an exchange was lost first, and when it came to the router that lost it."""
        return min(self._losses(exchange), default=None)

    def _losses(self, exchange: Exchange) -> Iterator[tuple[int, Loss]]:
        for number, router in enumerate(self._routers):
            for before, behind, to in _LINKS:
                passed = self._seen[number + behind]
                for sight, scene in self._seen[number + before].items():
                    if sight.to == to and _is_of(sight, exchange) and sight not in passed:
                        yield scene.nanoseconds, Loss(_leg(sight, exchange), router)


_LINKS: tuple[tuple[int, int, Side], ...] = ((0, 1, "server"), (1, 0, "client"))
"""Around a router the link before it and the one behind it, by where packets go."""


def _is_of(sight: _Sight, exchange: Exchange) -> bool:
    ports = (exchange.source_port, exchange.port)
    return sight[1:4] == (exchange.protocol, *(ports[::-1] if sight.to == exchange.asker else ports))


def _leg(sight: _Sight, exchange: Exchange) -> str:
    if sight.to == exchange.asker:
        return "reply"
    first = {TCP: sight.flags & (SYN | ACK) == SYN, UDP: sight.length == len(QUESTION), ICMP: True}
    return "request" if first[sight.protocol] else "follow-up"


def _waiting(link: socket.socket) -> Iterator[tuple[bytes, Side, int]]:
    while True:
        try:
            packet, extra, _, (_, protocol, kind, *_) = link.recvmsg(_LARGEST, socket.CMSG_SPACE(16))
        except BlockingIOError:
            return
        if protocol == _ETH_P_IP:
            seconds, rest = struct.unpack("qq", extra[0][2])
            to: Side = "client" if kind == socket.PACKET_OUTGOING else "server"
            yield packet, to, seconds * 1_000_000_000 + rest


def _sight(packet: bytes, to: Side) -> _Sight | None:
    """Read a packet of an exchange; None for errors and what else there may be."""
    protocol, body = packet[9], packet[(packet[0] & 15) * 4:int.from_bytes(packet[2:4])]
    ports = struct.unpack_from("!HH", body)
    if protocol == TCP:
        return _Sight(to, protocol, ports[0], ports[1], body[13], len(body) - (body[12] >> 4) * 4)
    if protocol == UDP:
        return _Sight(to, protocol, ports[0], ports[1], 0, len(body) - 8)
    if protocol == ICMP and body[0] in (_ECHO_REQUEST, _ECHO_REPLY):
        number, asks = int.from_bytes(body[4:6]), body[0] == _ECHO_REQUEST
        return _Sight(to, protocol, number if asks else 0, 0 if asks else number, 0, len(body))
    return None
