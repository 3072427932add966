"""Mapped addresses for which the firewall answers no ARP: packets come to it only where others route them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from aclproof.parsers.cisco_asa.features.rows.ways import NO_PROXY_ARP
from aclproof.parsers.cisco_asa.meaning.nat import Nat
from aclproof.parsers.cisco_asa.meaning.passages.passage import stopped
from aclproof.parsers.model.addresses import spell_all
from aclproof.parsers.model.firewall import Route
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Chain


def name(line: int, interface: str) -> str:
    """The chain of what a line translates for those who come in by an interface."""
    return f"(proxy arp {line} {interface})"


def chains(lines: Iterable[Nat], connected: Iterable[Route], silent: Collection[str]) -> Iterator[Chain]:
    """Build them, by the networks at the interfaces; `silent` are interfaces that answer for nobody."""
    networks = [route for route in connected if route.metric == 0]
    for line in lines:
        if not line.static or line.mapped == line.real:
            continue
        for route in networks:
            here = line.towards in (None, route.interface) and (line.no_proxy_arp
                                                                or route.interface in silent)
            size = 1 << route.family.last.bit_length() - route.length
            network = IntervalSet.of((route.network, route.network + size - 1))
            if here and line.mapped.known.of(route.family).overlaps(network):
                rules = stopped(NO_PROXY_ARP, line.line, line=line.line, interface=route.interface,
                                addresses=", ".join(spell_all(line.mapped.known)))
                yield Chain(name(line.line, route.interface), rules, synthetic=True)
