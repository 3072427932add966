"""A client, two routers and a server, each in a network namespace of its own: client - r1 - r2 - server.

Every packet goes through the kernel's whole stack. What a router dropped is read off the links, not
guessed from a silence: an exchange has failed when a packet of it has gone into a router and not come out.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from itertools import pairwise
from typing import Literal

from tests.oracle.camera import Camera
from tests.oracle.connections import ConnectionTable
from tests.oracle.exchange import Exchange, Fate, Side, answering, ask
from tests.oracle.network import Network, configure, run
from tests.oracle.plan import BackEnd

Router = Literal["r1", "r2"]
BACK_END: dict[Router, BackEnd] = {"r1": "legacy", "r2": "nft"}
"""One of each: what they do is the same."""

ADDRESSES: dict[Side, tuple[str, ...]] = {"client": ("10.1.0.10", "10.1.0.11"), "server": ("10.2.0.10",)}
BETWEEN: dict[Router, str] = {"r1": "10.3.0.1", "r2": "10.3.0.2"}
"""The address of each router on the link to the other one."""
TO_CLIENT, TO_SERVER = "eth0", "eth1"
"""The interfaces of either router; each host has the one that the other side calls its own."""

_LINE = ("client", *BACK_END, "server")
_SETUP = {
    "client": ("addr add 10.1.0.10/24 dev eth1", "addr add 10.1.0.11/24 dev eth1",
               "route add default via 10.1.0.1"),
    "r1": ("addr add 10.1.0.1/24 dev eth0", f"addr add {BETWEEN['r1']}/24 dev eth1",
           f"route add 10.2.0.0/24 via {BETWEEN['r2']}"),
    "r2": (f"addr add {BETWEEN['r2']}/24 dev eth0", "addr add 10.2.0.1/24 dev eth1",
           f"route add 10.1.0.0/24 via {BETWEEN['r1']}"),
    "server": ("addr add 10.2.0.10/24 dev eth0", "route add default via 10.2.0.1"),
}
_BEFORE: dict[str, int | str] = {"net/ipv4/conf/default/rp_filter": 0, "net/ipv4/conf/all/rp_filter": 0,
           "net/ipv6/conf/default/disable_ipv6": 1}
_ON_HOSTS: dict[str, int | str] = {"net/ipv4/ping_group_range": "0 0",
             "net/ipv4/ip_unprivileged_port_start": 0,
             "net/ipv4/tcp_max_tw_buckets": 0}  # a port may be used again at once
_ON_ROUTERS: dict[str, int | str] = {"net/ipv4/ip_forward": 1}

_GLANCE = 0.05
_LOST_AFTER = 300_000_000
"""Nanoseconds that a router has to pass a packet on."""
_PATIENCE = 20.0
"""Seconds for what neither arrives nor is lost."""


class Road:
    """The four of them. This process goes from network to network."""

    def __init__(self) -> None:
        self._networks = {name: Network() for name in _LINE}
        for left, right in pairwise(_LINE):
            self._networks[left].enter()
            run(f"ip link add {TO_SERVER} type veth peer name {TO_CLIENT} netns {self._networks[right].path}")
        self._connections = []
        self._camera = Camera(list(BACK_END))
        for name, network in self._networks.items():
            network.enter()
            configure({**_BEFORE, **(_ON_ROUTERS if name in BACK_END else _ON_HOSTS)})
            links = [link for link, end in ((TO_CLIENT, "client"), (TO_SERVER, "server")) if name != end]
            run("ip -batch -", "\n".join([*(f"link set {link} up" for link in links), *_SETUP[name]]))
        for name in _LINE[1:]:
            self._networks[name].enter()
            self._camera.watch(TO_CLIENT)
            if name in BACK_END:
                self._connections.append(ConnectionTable())

    def load(self, router: Router, text: str) -> None:
        """Replace the rules of a router by those of a text that names every table."""
        self._networks[router].enter()
        run(f"iptables-{BACK_END[router]}-restore -w", text)

    def saved(self, router: Router) -> str:
        """Read the rules back with their counters."""
        self._networks[router].enter()
        return run(f"iptables-{BACK_END[router]}-save -c")

    def hold(self, exchanges: Sequence[Exchange]) -> list[Fate]:
        """Hold some exchanges at once, and tell how each of them ended; no connection is known before."""
        for table in self._connections:
            table.flush()
        self._camera.forget()
        return asyncio.run(self._hold(exchanges)) if exchanges else []

    async def _hold(self, exchanges: Sequence[Exchange]) -> list[Fate]:
        ports = {(each.protocol, each.destination, each.port): each for each in exchanges if each.port}
        async with AsyncExitStack() as servers:
            for each in ports.values():
                await servers.enter_async_context(answering(each, self._socket))
            talks = [asyncio.ensure_future(ask(each, self._socket)) for each in exchanges]
            try:
                await self._until_known(dict(zip(talks, exchanges, strict=True)))
            finally:
                for talk in talks:
                    talk.cancel()
                await asyncio.wait(talks)
        return [self._fate(*each) for each in zip(exchanges, talks, strict=True)]

    async def _until_known(self, talks: Mapping[_Talk, Exchange]) -> None:
        """Wait until each exchange has ended or lost a packet."""
        waiting = set(talks)
        end = time.monotonic() + _PATIENCE
        while waiting:
            _, waiting = await asyncio.wait(waiting, timeout=_GLANCE)
            self._camera.look()
            late = time.time_ns() - _LOST_AFTER
            waiting = {each for each in waiting
                       if not (loss := self._camera.loss(talks[each])) or loss[0] > late}
            if waiting and time.monotonic() > end:
                raise RuntimeError(f"neither arrived nor was lost: {[talks[each] for each in waiting]}")

    def _fate(self, exchange: Exchange, talk: _Talk) -> Fate:
        source = self._camera.source(exchange)
        if not talk.cancelled() and talk.result():
            return Fate(None, source)
        loss = self._camera.loss(exchange)
        if loss is None:
            raise RuntimeError(f"failed, though nothing was lost: {exchange}")
        return Fate(loss[1], source)

    def _socket(self, side: Side, kind: int, protocol: int) -> socket.socket:
        self._networks[side].enter()
        made = socket.socket(socket.AF_INET, kind, protocol)
        made.setblocking(False)
        return made


_Talk = asyncio.Future[bool]
