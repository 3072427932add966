"""What is asked of two routers: as a pack for the product, and as real exchanges for the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import NamedTuple, Self

from tests.oracle.exchange import Exchange, Side
from tests.oracle.probes import ICMP, TCP, UDP
from tests.oracle.road import ADDRESSES

_PROTOCOLS = {"tcp": TCP, "udp": UDP, "ping": ICMP}


class Ask(NamedTuple):
    """One side asks the other on some ports, such as `client tcp 80`, `server udp 135-139`, `client ping`."""

    asker: Side
    protocol: str
    ports: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the words."""
        asker, protocol, ports = f"{text} ".split(" ", 2)
        return cls("client" if asker == "client" else "server", protocol, ports.strip())

    @property
    def id(self) -> str:
        """What the requirement of the pack is called."""
        return "-".join(each.upper() for each in self if each)

    @property
    def answerer(self) -> Side:
        """Who is asked."""
        return "server" if self.asker == "client" else "client"

    @property
    def edges(self) -> Sequence[int]:
        """The first and the last port."""
        return [int(each) for each in dict.fromkeys(self.ports.split("-"))] if self.ports else [0]

    @property
    def number(self) -> int:
        """The protocol's."""
        return _PROTOCOLS[self.protocol]


_PACK = """\
id: two-routers
title: {en: Two routers, de: Zwei Router}
version: "1"
page: {url: "https://example.com/ports", edition: first}
methods: [{id: all-of-it, title: {en: All of it, de: Alles}}]
roles:
  - {id: client, near: true, title: {en: Client, de: Client}}
  - {id: server, title: {en: Server, de: Server}}
settings: []
requirements:
"""
_REQUIREMENT = """\
  - id: {id}
    title: {{en: Ask, de: Frage}}
    methods: [all-of-it]
    from: {asker}
    to: {answerer}
    {service}
    alternate-port: false
    listener: {listener}
    why: {{en: Because., de: Darum.}}
    fix: {{en: Permit it., de: Lassen Sie es zu.}}
    citation: {{page: p, table: t, row: 1}}
"""


def pack(asks: Iterable[Ask]) -> str:
    """Write the pack that demands them."""
    return _PACK + "".join(_REQUIREMENT.format(
        id=each.id, asker=each.asker, answerer=each.answerer, listener="http-sys" if each.ports else "icmp",
        service=f"protocol: {each.protocol}\n    ports: [{each.ports}]" if each.ports
        else "protocol: icmp\n    icmp: echo-request") for each in asks)


class Exchanges:
    """Exchanges with source ports of their own: no two of them can be taken for one connection."""

    def __init__(self) -> None:
        self._high, self._low = count(), count()

    def of(self, ask: Ask) -> Iterator[Exchange]:
        """Ask between all addresses, from a high port; and once from a low one."""
        ends = [(source, destination, port) for source in ADDRESSES[ask.asker]
                for destination in ADDRESSES[ask.answerer] for port in ask.edges]
        for source, destination, port in ends:
            high = 10_000 + next(self._high) % 30_000
            yield Exchange(ask.asker, ask.number, source, destination, high, port)
        source, destination, port = ends[0]
        yield Exchange(ask.asker, ask.number, source, destination, 500 + next(self._low) % 500, port)
