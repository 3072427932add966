"""Damaged inputs: never a permit out of thin air. That they are read or refused, tests/fuzz sees."""

from __future__ import annotations

from random import Random

import pytest

from aclproof import parsers
from aclproof.parsers import source
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.cisco_asa import naive
from tests.parsers.cisco_asa.asa import read, through
from tests.parsers.cisco_asa.generated import Generator
from tests.scale import scaled


def _survives(data: bytes) -> Firewall | None:
    try:
        text = source.from_bytes(data, "f")
        firewall = parsers.parse(text)
    except UnsupportedInputError:
        return None
    assert firewall.line_counts.total == len(text.lines())
    counts = firewall.line_counts
    assert min(counts.understood, counts.ignored, counts.approximated, counts.unread) >= 0
    return firewall


@pytest.mark.parametrize("number", ["9" * 5000, "\u0663", "-1", "1e3", "0x10", "65536", "256", "4294967296"])
@pytest.mark.parametrize("line", [
    "access-list A line {} extended permit ip any any", "access-list A extended permit tcp any any eq {}",
    "access-list A extended permit {} any any", "access-list A extended permit icmp any any {}",
    "access-list A extended permit icmp any any 8 {}", "access-list A extended permit ip any 10.0.0.0 {}",
    "access-list A extended permit ip any 2001:db8::/{}", "route outside 0.0.0.0 0.0.0.0 10.0.0.1 {}",
    "interface X\n nameif inside\n security-level {}", "interface X\n nameif inside\n ip address 10.0.0.1 {}",
    "time-range T\n absolute end 23:59 31 December {}", "ASA Version {}.1",
    "ip address outside {} 255.0.0.0 x",
    "nat (inside,outside) 1 {}", "static (inside,outside) {} 10.0.0.1 netmask 255.255.255.255",
    "object service S\n service tcp destination eq {}", "object-group icmp-type T\n icmp-object {}"])
def test_no_number_is_too_odd(line: str, number: str) -> None:
    _survives(("nameif ethernet0 outside security0\n" + line.format(number) + "\n").encode())


def _damaged(line: str, random: Random) -> str:
    """One slip of a hand, or of a terminal."""
    at = random.randrange(len(line))
    words = line.split(" ")
    place = random.randrange(len(words))
    return random.choice([
        line[:at] + line[at + 1:], line[:at] + random.choice("abelnoprst0159 .-|") + line[at + 1:],
        line[:at] + random.choice("abelnoprst0159 .-|") + line[at:], line[:at],
        " ".join(words[:place] + words[place + 1:]),
        " ".join([*words[:place], random.choice(["any", "host", "ip", "tcp", "eq", "80", "log"]),
                  *words[place:]]),
        line[:at] + line[at + 1:at + 2] + line[at:at + 1] + line[at + 2:], " " + line])


def _inside(generator: Generator, entries: list[naive.Entry]) -> tuple[int, int, int, int, int]:
    """A packet of one entry of the undamaged list, or one step next to it."""
    pick = generator.random
    entry = pick.choice(entries)
    ends = [(base | ~mask & 0xFFFFFFFF & generator.near_address() if mask != 0xFFFFFFFF else base)
            for base, mask in (entry.source, entry.destination)]
    ports = [max(0, min(65535, pick.choice(each) + pick.choice([-1, 0, 0, 1])))
             for each in (entry.source_ports, entry.destination_ports)]
    protocol = pick.choice([6, 17, 47]) if entry.protocol is None else entry.protocol
    return protocol, ends[0], ports[0], ends[1], ports[1]


def _fate(firewall: Firewall | None, one: tuple[int, int, int, int, int]) -> str:
    if firewall is None or "A" not in firewall.chains:
        return "undecided"
    protocol, source_, sport, destination, dport = one
    return through(firewall, Packet(Family.V4, protocol, source_, destination, sport, dport))


@pytest.mark.parametrize("block", range(4))
def test_a_damaged_line_never_permits_what_was_not_permitted(block: int) -> None:
    """Unless the damaged text is itself a valid configuration that permits it."""
    for seed in range(block, scaled(24, 200, 400), 4):
        generator = Generator(seed)
        text = generator.config(aces=6)
        if seed % 2:  # a deny that is lost shows only above a permit
            text += "access-list A extended permit ip any any\n"
        whole = naive.expand(text, "A")
        lines = text.split("\n")
        aces = [at for at, line in enumerate(lines) if line and not line.startswith(("ASA", "name"))]
        for _ in range(12):
            at = generator.random.choice(aces)
            damaged = _damaged(lines[at], generator.random)
            other = "\n".join([*lines[:at], damaged, *lines[at + 1:]])
            try:
                expected = naive.expand(other, "A")
            except (naive.InvalidLineError, IndexError, KeyError, RecursionError):
                expected = None
            firewall = _survives(other.encode())
            for turn in range(24):
                one = _inside(generator, whole) if turn % 2 else generator.packet()
                if _fate(firewall, one) == "permit" and naive.verdict(whole, *one) != "permit":
                    assert expected is not None, (seed, lines[at], damaged, one)
                    assert naive.verdict(expected, *one) == "permit", (seed, lines[at], damaged, one)


def test_reading_is_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the input, about four times the calls: counted, not timed."""
    def calls(times: int) -> int:
        import sys
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1
        body = "".join(f"object network N{n}\n host 10.0.{n // 250}.{n % 250}\nobject-group network G{n}\n"
                       f" network-object object N{n}\n group-object G{max(n - 1, 0) if n % 8 else 'X'}\n"
                       f"access-list A extended permit tcp object-group G{n} any eq {n % 60000}\n"
                       f"oddity {n}\n" for n in range(times))
        sys.setprofile(lambda frame, event, _: count() if event == "call" else None)
        try:
            read("ASA Version 9.1\n" + body)
        finally:
            sys.setprofile(None)
        return seen

    assert calls(800) <= 8 * calls(200)
