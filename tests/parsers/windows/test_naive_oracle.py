"""Our reading of Windows rules against a second one that shares no code with it, packet by packet."""

from __future__ import annotations

import random

import pytest

from aclproof.parsers.model import addresses
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows import naive
from tests.parsers.windows.windows import Words, listing, packet, profiles, source, verdict
from tests.scale import scaled

_RUNS = scaled(60, 400, 4_000)
_PACKETS = 40
_PROFILES = ("Domain", "Private", "Public")
_LISTENERS = ("", "system-smb", "endpoint-mapper", "rpc-server", "http-sys", "icmp")
_PORTS = (80, 135, 445, 5000, 49200)
_LOCAL, _REMOTE = ("10.1.1.1", "10.1.1.2"), ("10.1.1.9", "10.2.0.1", "10.2.0.77", "192.0.2.1")
_SUBNET = "10.1.1.0/24"


class _Dice:
    """Rules and packets over a universe that is small enough for them to meet."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def one(self, *items: str) -> str:
        return self._random.choice(items)

    def some(self, *items: str) -> str:
        return ",".join(self._random.sample(items, self._random.randint(1, len(items))))

    def rule(self) -> Words:
        program, service = self._random.choice(naive.PROGRAMS)
        inbound = self._random.random() < 0.6
        ports = self.one("Any", self.some("80", "445", "135"), "5000-49199", "49152-65535", "445,49152-65535")
        keywords = self.one("RPC", "RPC-EPMap", "RPC,445", ports, ports, ports)
        protocol = self.one("TCP", "TCP", "TCP", "UDP", "Any", "ICMPv4")
        local = keywords if inbound and protocol == "TCP" else self.one("Any", "Any", "50000-65535")
        return Words(
            self.one("A", "B"), self.one("Yes", "Yes", "Yes", "No"), "In" if inbound else "Out",
            self.some(*_PROFILES), local_ip=self.one("Any", "Any", "10.1.1.1/32"),
            remote_ip=self.one("Any", "Any", "10.2.0.0/16", "10.2.0.0/255.255.255.128", "LocalSubnet",
                               "LocalSubnet,192.0.2.1/32", "10.2.0.70-10.2.0.80"),
            protocol=protocol, local_port=local, remote_port="Any" if inbound else ports,
            icmp=((self.one("8", "0", "Any"), "Any"),), program=program, service=service,
            action=self.one("Allow", "Allow", "Block"))

    def profile(self) -> tuple[str, str]:
        return self.one("ON", "ON", "ON", "OFF"), ",".join((
            self.one("BlockInbound", "BlockInbound", "AllowInbound", "BlockInboundAlways"),
            self.one("AllowOutbound", "BlockOutbound")))

    def asked(self) -> naive.Asked:
        protocol = self._random.choice((6, 6, 6, 17, 1))
        way = self.one("In", "Out")
        near, far = self._random.choice(_PORTS), 50000
        if protocol == 1:
            near, far = 0, 8
        if way == "Out":
            near, far = far, near
        return naive.Asked(way, self.one(*_PROFILES), self.one(*_LISTENERS), protocol, self.one(*_LOCAL),
                           self.one(*_REMOTE), near, far)


@pytest.mark.parametrize("block", range(4))
def test_every_packet_meets_the_same_fate_in_both_readings(block: int) -> None:
    seen = {"permit": 0, "deny": 0, "undecided": 0}
    for seed in range(block, _RUNS, 4):
        dice = _Dice(seed)
        rules = [dice.rule() for _ in range(9)]
        settings = {name: dice.profile() for name in _PROFILES}
        text = profiles(domain=settings["Domain"], private=settings["Private"], public=settings["Public"])
        firewall = convert.parse([source(text + listing(*rules))])
        known = seed // 4 % 2 == 0
        facts = Context({"LocalSubnet of fw.txt": addresses.parse(_SUBNET)} if known else {})
        for _ in range(_PACKETS):
            asked = dice.asked()
            out = asked.direction == "Out"
            expected = naive.verdict(rules, naive.Profile(*settings[asked.profile]), asked,
                                     _SUBNET if known else None)
            ends = (asked.local_port, asked.remote_port) if out else (asked.remote_port, asked.local_port)
            sent = packet(ends[1], asked.protocol, asked.remote, source_port=ends[0], host=asked.local,
                          out=out)
            got = verdict(firewall, sent, listener=asked.listener, profile=asked.profile,
                          hook="output" if out else "input", facts=facts)
            assert got == expected, (seed, asked, text, rules)
            seen[expected] += 1
    assert min(seen.values()) > 20, seen  # none is reached by luck alone


def test_the_naive_reading_notices_a_wrong_port() -> None:
    """The oracle bites: two rules that differ by one in a port are distinguished."""
    asked = naive.Asked("In", "Domain", "system-smb", 6, "10.1.1.1", "10.2.0.1", 445, 50000)
    on = naive.Profile("ON", "BlockInbound,AllowOutbound")
    assert [naive.verdict([Words(local_port=ports)], on, asked, None) for ports in ("440-445", "440-444")] \
        == ["permit", "deny"]
