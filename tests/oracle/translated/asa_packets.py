"""Packets for a policy of an ASA: some between any of its edges, most at the edges of one line of a list."""

from __future__ import annotations

from random import Random

from tests.oracle.judge import Way
from tests.oracle.plan import Network
from tests.oracle.probes import ICMP, ICMP6, TCP, UDP
from tests.oracle.translated.asa_policy import (
    DEVICES,
    NETWORKS,
    OWN,
    Block,
    Ends,
    Entry,
    Host,
    Message,
    Named,
    Number,
    Policy,
    Ports,
    Service,
    Span,
)
from tests.oracle.translated.asa_random import Edges
from tests.oracle.translated.trials import Sent, first_packet

_KINDS = {ICMP: (0, 3, 8, 11, 13), ICMP6: (1, 3, 4, 128, 129)}
_ON_THE_WIRE = {4: (TCP, UDP, ICMP, 47, 50, 88, 89, 103, 132), 6: (TCP, UDP, ICMP6, 47, 50, 88, 89, 103)}


def draw(random: Random, policy: Policy, edges: Edges, count: int) -> list[Sent]:
    """Draw packets from an interface to another, or back where they came from."""
    lines = [each for entries in policy.lists.values() for each in entries if isinstance(each, Entry)]
    drawer = _Drawer(random, policy, edges)
    return [drawer.packet(random.choice(lines) if random.random() < 0.7 else None) for _ in range(count)]


def whereabouts(sent: Sent) -> tuple[Network, Network]:
    """The networks between which a packet goes."""
    family = sent.probe.family
    return NETWORKS[sent.way.ingress][family], NETWORKS[sent.way.egress][family]


class _Drawer:
    def __init__(self, random: Random, policy: Policy, edges: Edges) -> None:
        self._random = random
        self._policy = policy
        self._ports = sorted(edges.ports)
        self._senders = {(name, family): [each for each in sorted(known) if _sends(each, name, family)]
                         for (name, family), known in edges.addresses.items()}

    def packet(self, line: Entry | None) -> Sent:
        """Make a packet, at the edges of a line where there is one."""
        random = self._random
        family = random.choice(self._policy.families)
        source = self._address(line.source) if line else None
        destination = self._address(line.destination) if line else None
        if ends := source or destination:
            family = ends[1]
        entry, of, start = source or self._anybody(family)
        leave, family, end = destination or self._anybody(family)
        if of != family or (entry == leave and random.random() < 0.7):
            entry, _, start = self._anybody(family)
        service = self._service(line.service) if line else None
        protocol = service.protocol.value if service else -1
        if protocol not in _ON_THE_WIRE[family]:
            protocol = random.choice((TCP, UDP, *_ON_THE_WIRE[family]))
        pair = self._pair(protocol, line, service)
        return Sent(Way("forward", entry, leave), DEVICES[entry],
                    first_packet(family, protocol, (start, end), pair))

    def _pair(self, protocol: int, line: Entry | None, service: Service | None) -> tuple[int, int]:
        """The ports of a packet, or its type and code."""
        random = self._random
        if protocol in (TCP, UDP):
            first, second = (self._port(each) for each in (
                (line and line.source_ports) or (service and service.source),
                (line and line.destination_ports) or (service and service.destination)))
            return first, second
        if protocol in _KINDS:
            message = (line and line.message) or (service and service.message)
            while isinstance(message, Named):
                each = random.choice(self._policy.message_groups[message.name])
                message = Message(each) if isinstance(each, Number) else each
            kinds = [message.kind.value] if message and random.random() < 0.8 else _KINDS[protocol]
            return random.choice(kinds), random.randrange(3)
        return 0, 0

    def _anybody(self, family: int) -> tuple[str, int, int]:
        """Draw an edge, or anybody; but never the firewall, which judges what is for itself elsewhere."""
        random = self._random
        name = random.choice(list(NETWORKS))
        if random.random() < 0.1:
            return name, family, NETWORKS[name][family].address(random.randrange(256, 0xFE00))
        return name, family, random.choice(self._senders[name, family])

    def _address(self, ends: Ends) -> tuple[str, int, int] | None:
        """Draw the interface, the family and the number of somebody at an edge of what a line names."""
        while isinstance(ends, Named):
            ends = self._policy.objects[ends.name] if ends.kind == "object" else \
                self._random.choice(self._policy.groups[ends.name])
        match ends:
            case Host(of, low):
                high = low
            case Span(of, low, high):
                pass
            case Block(of, low, mask):
                high = low | ~mask & (0xFFFFFFFF if of == 4 else (1 << 128) - 1)
            case _:
                return None
        found = self._random.choice((low, low, high, high, low - 1, high + 1))
        return next(((name, of, found) for name in NETWORKS if _sends(found, name, of)), None)

    def _service(self, service: Service | Named) -> Service | None:
        while isinstance(service, Named):
            policy = self._policy
            if service.name in policy.services:
                service = policy.services[service.name]
            elif service.name in policy.service_groups:
                service = self._random.choice(policy.service_groups[service.name])
            else:
                each = self._random.choice(policy.protocol_groups[service.name])
                service = Service(each) if isinstance(each, Number) else each
        if service.protocol.value == -2:
            return service._replace(protocol=Number(self._random.choice((TCP, UDP)), ""))
        return service

    def _port(self, ports: Ports | Named | None) -> int:
        while isinstance(ports, Named):
            ports = self._random.choice(self._policy.port_groups[ports.name][1])
        if not ports or self._random.random() < 0.1:
            return self._random.choice(self._ports)
        low, high = ports.low.value, ports.high.value
        found = self._random.choice((low, low, high, high, low - 1, high + 1))
        return min(max(found, 0), 65535)


def _sends(address: int, name: str, family: int) -> bool:
    network = NETWORKS[name][family]
    return address in network and address not in (network.low, network.high, OWN[name][family])
