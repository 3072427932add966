"""Real conversations between two hosts: what is asked, and what became of it."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Literal, NamedTuple

from tests.oracle.probes import ICMP, TCP, UDP

Side = Literal["client", "server"]
Open = Callable[[Side, int, int], socket.socket]
"""Make a socket at one of the hosts, by its type and protocol."""


class Exchange(NamedTuple):
    """One host asks, the other one answers: TCP with data and a close, two rounds of UDP, or one ping."""

    asker: Side
    protocol: int
    source: str
    destination: str
    source_port: int
    """Of its own for each exchange; a ping's identifier."""
    port: int
    """0 for a ping."""

    @property
    def answerer(self) -> Side:
        """The host that is asked."""
        return "server" if self.asker == "client" else "client"


class Loss(NamedTuple):
    """The first packet of an exchange that went into a router and did not come out."""

    leg: str
    """`request`, `reply`, or `follow-up`."""
    router: str


class Fate(NamedTuple):
    """How an exchange ended."""

    loss: Loss | None
    """None where it succeeded."""
    source: str
    """Where it seemed to come from, between the routers."""


QUESTION = b"question"
_ANSWER = b"answer"
_TWICE = 2
"""What is said in the second round of UDP differs from the first on the wire."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_LARGEST = 2048
_MOMENT = 0.05
_End = tuple[str, int]


async def ask(exchange: Exchange, open_socket: Open) -> bool:
    """Do the asking side; False when it is told that it cannot be."""
    kind, protocol, words = _KINDS[exchange.protocol]
    made = open_socket(exchange.asker, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with _closing(made):
        made.bind((exchange.source, exchange.source_port))
        try:
            return await words(made, (exchange.destination, exchange.port))
        except OSError:
            return False


@asynccontextmanager
async def answering(exchange: Exchange, open_socket: Open) -> AsyncIterator[None]:
    """Do the answering side while the block lasts, for every exchange that goes to the same port."""
    kind, protocol, _ = _KINDS[exchange.protocol]
    made = open_socket(exchange.answerer, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with _closing(made):
        made.bind((exchange.destination, exchange.port))
        if exchange.protocol == TCP:
            made.listen(64)
        task = asyncio.ensure_future(_accept(made) if exchange.protocol == TCP else _return(made))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def _ask_by_tcp(made: socket.socket, end: _End) -> bool:
    loop = asyncio.get_running_loop()
    await _connect(made, end)
    await loop.sock_sendall(made, QUESTION)
    if await loop.sock_recv(made, _LARGEST) != _ANSWER:
        return False
    made.shutdown(socket.SHUT_WR)
    return await loop.sock_recv(made, _LARGEST) == b""


async def _connect(made: socket.socket, end: _End) -> None:
    """Connect, if need be when an earlier exchange that was only half opened lets go of these ports."""
    while True:
        try:
            return await asyncio.get_running_loop().sock_connect(made, end)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
        await asyncio.sleep(_MOMENT)


async def _ask_by_udp(made: socket.socket, end: _End) -> bool:
    loop = asyncio.get_running_loop()
    made.connect(end)
    for text in (QUESTION, QUESTION * _TWICE):
        await loop.sock_sendall(made, text)
        if await loop.sock_recv(made, _LARGEST) != text:
            return False
    return True


async def _ping(made: socket.socket, end: _End) -> bool:
    loop = asyncio.get_running_loop()
    made.connect(end)
    await loop.sock_sendall(made, struct.pack("!BBHHH", 8, 0, 0, 0, 1))  # the kernel adds what is left out
    answer = await loop.sock_recv(made, _LARGEST)
    return answer[:1] == b"\0"


_KINDS: dict[int, tuple[int, int, Callable[[socket.socket, _End], Awaitable[bool]]]] = {
    TCP: (socket.SOCK_STREAM, 0, _ask_by_tcp),
    UDP: (socket.SOCK_DGRAM, 0, _ask_by_udp),
    ICMP: (socket.SOCK_DGRAM, socket.IPPROTO_ICMP, _ping),
}


async def _accept(listener: socket.socket) -> None:
    async with asyncio.TaskGroup() as talks:
        while True:
            made, _ = await asyncio.get_running_loop().sock_accept(listener)
            talks.create_task(_answer(made))


async def _answer(made: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    with _closing(made), suppress(OSError):
        if await loop.sock_recv(made, _LARGEST) == QUESTION:
            await loop.sock_sendall(made, _ANSWER)
            await loop.sock_recv(made, _LARGEST)  # until the other side closes
            made.shutdown(socket.SHUT_WR)


async def _return(made: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        text, sender = await loop.sock_recvfrom(made, _LARGEST)
        await loop.sock_sendto(made, text, sender)


@contextmanager
def _closing(made: socket.socket) -> Iterator[None]:
    """Close so that nothing of a connection is left: the next rules must not meet packets of it."""
    try:
        yield
    finally:
        if made.type == socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        made.close()
