"""Our reading of access lists against a second one that shares no code with it, packet by packet."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.packets import Packet
from tests.parsers.cisco_asa import naive
from tests.parsers.cisco_asa.asa import read, through
from tests.parsers.cisco_asa.generated import Generator
from tests.scale import scaled

_RUNS = scaled(60, 400, 4_000)
_PACKETS = 60


@pytest.mark.parametrize("block", range(4))
def test_every_packet_meets_the_same_fate_in_both_readings(block: int) -> None:
    seen: dict[str, int] = {"permit": 0, "deny": 0}
    for seed in range(block, _RUNS, 4):
        generator = Generator(seed)
        text = generator.config()
        firewall = read(text)
        assert not firewall.notes, (text, firewall.notes)
        entries = naive.expand(text, "A")
        for _ in range(_PACKETS):
            protocol, source, sport, destination, dport = one = generator.packet()
            expected = naive.verdict(entries, *one)
            got = through(firewall, Packet(Family.V4, protocol, source, destination, sport, dport))
            assert got == expected, (seed, one, text)
            seen[expected] += 1
    assert min(seen.values()) > 80  # neither side is reached by luck alone


def test_the_naive_reading_notices_a_wrong_port() -> None:
    """The oracle bites: two texts that differ by one in a port are distinguished."""
    texts = [f"access-list A extended permit tcp any any {tail}\n"
             for tail in ("range 80 443", "range 80 442")]
    verdicts = [naive.verdict(naive.expand(text, "A"), 6, 1, 1, 1, 443) for text in texts]
    assert verdicts == ["permit", "deny"]
