"""Random policies that another program, aerleon, writes for an ASA and for nftables: both mean the same.

Here nothing of the translation is ours. Aerleon is no dependency: `pip install aerleon` brings it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from random import Random
from typing import Any

from tests.oracle.judge import Way
from tests.oracle.plan import INGRESS, PLANS, Network, write
from tests.oracle.probes import ICMP, TCP, UDP, Probe
from tests.oracle.translated.trials import Sent, Trial, first_packet

INSTALLED = find_spec("aerleon") is not None
_PLAN = PLANS[4]
_PORTS = (1, 22, 53, 80, 135, 443, 514, 750, 1023, 1024, 1521, 5190, 8080, 49152, 65534)
_KINDS = {"echo-request": 8, "timestamp-request": 13, "information-request": 15, "mask-request": 17}
"""What opens a connection: nftables asks for its state."""
_HEAD = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.1.254.1 255.255.0.0
interface GigabitEthernet0/1
 nameif outside
 security-level 0
 ip address 10.2.254.1 255.255.0.0
"""
_TAIL = "access-group A in interface inside\n"


def make(seed: int, packets: int) -> Trial:
    """Make the trial of a number."""
    maker = _Maker(Random(f"aerleon {seed}"))
    written = maker.written()
    texts = {"judged.cfg": _HEAD + written["policy.asa"] + "\n" + _TAIL}
    return Trial(f"--vendor aerleon --seed {seed} --rulesets 1", texts, (written["policy.nft"],), "forward",
                 list(maker.packets(packets)), _whereabouts)


def _whereabouts(sent: Sent) -> tuple[Network, Network]:
    return _PLAN.clients, _PLAN.servers


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._ends = [[network.address(random.randrange(256, 256 + spread)) for spread in (40, 40, 3000)]
                      for network in (_PLAN.clients, _PLAN.servers)]
        self._ports = {0, 1, 65535}
        self._networks: dict[str, Any] = {}
        self._services: dict[str, Any] = {}

    def written(self) -> dict[str, str]:
        """Let aerleon write a policy; by the names of its files."""
        from aerleon import api
        from aerleon.lib.naming import Naming

        terms = [self._term(number) for number in range(self._random.randint(3, 9))]
        names = Naming()
        names.ParseDefinitionsObject({"networks": self._networks, "services": self._services}, "made")
        targets = {"ciscoasa": "A"}, {"nftables": "inet forward"}
        found: dict[str, str] = api.Generate([{"filename": "policy", "filters": [
            {"header": {"targets": each}, "terms": terms} for each in targets]}], names)
        return found

    def _term(self, number: int) -> dict[str, Any]:
        random = self._random
        term: dict[str, Any] = {"name": f"t{number}", "action": random.choice(("accept", "accept", "deny"))}
        for side, word in enumerate(("source", "destination")):
            if random.random() < 0.7:
                self._networks[f"N{number}{word[0]}"] = {"values": [
                    {"address": self._network(side)} for _ in range(random.randint(1, 3))]}
                term[f"{word}-address"] = f"N{number}{word[0]}"
        protocol = random.choice(("tcp", "tcp", "udp", "icmp", "esp", ""))
        if protocol:
            term["protocol"] = protocol
        if protocol == "icmp" and random.random() < 0.7:
            term["icmp-type"] = random.sample(list(_KINDS), 2)  # one alone fails in aerleon 1.18
        for word, chance in (("source", 0.25), ("destination", 0.8)):
            if protocol in ("tcp", "udp") and random.random() < chance:
                self._services[f"S{number}{word[0]}"] = [
                    {"protocol": protocol, "port": self._port()} for _ in range(random.randint(1, 3))]
                term[f"{word}-port"] = f"S{number}{word[0]}"
        return term

    def _network(self, side: int) -> str:
        length = self._random.choice((16, 20, 24, 28, 30, 31, 32))
        size = 1 << 32 - length
        base = self._random.choice(self._ends[side])
        low = base - base % size
        network = (_PLAN.clients, _PLAN.servers)[side]
        self._ends[side] += [each for each in (low - 1, low, low + size - 1, low + size)
                             if network.low < each < network.high]
        return f"{write(4, low)}/{length}"

    def _port(self) -> int | str:
        low, high = sorted((self._random.choice(_PORTS), self._random.choice(_PORTS)))
        one = self._random.random() < 0.6 or low == high
        self._ports |= {low - 1, low, low + 1} if one else {low - 1, low, high, high + 1}
        return low if one else f"{low}-{high}"

    def packets(self, count: int) -> Iterator[Sent]:
        """Draw packets at the edges of all constants, each of a connection of its own."""
        random, ports, seen = self._random, sorted(self._ports), set[tuple[int, ...]]()
        for number in range(count):
            protocol = random.choice((TCP, TCP, UDP, ICMP, 50))
            pair = (0, 0)
            if protocol in (TCP, UDP):
                pair = random.choice(ports), random.choice(ports)
            elif protocol == ICMP:
                pair = random.choice(list(_KINDS.values())), 0
            source, destination = (random.choice(ends) for ends in self._ends)
            probe: Probe = first_packet(4, protocol, (source, destination), pair)._replace(identifier=number)
            if probe.connection not in seen:
                seen.add(probe.connection)
                yield Sent(Way("forward", "inside", "outside"), INGRESS[0], probe)
