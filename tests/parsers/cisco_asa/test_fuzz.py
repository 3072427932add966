"""Damaged inputs: refused or read, never a crash, never a lost line, never a permit out of thin air."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

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

FIXTURES = Path(__file__).parents[3] / "fixtures" / "asa"

_WORDS = """access-list A extended permit deny ip tcp udp any host object object-group eq range log inactive
line remark 10.0.0.1 255.255.255.0 0 65535 99999999999999999999 \u0663 interface nameif ip address nat static
( ) { } ! : # > \r \x85 \ufeff \u2028 service network time-range absolute end no clear
route ipv6""".split(" ")


def _fixtures() -> list[Path]:
    return sorted(each for each in FIXTURES.iterdir() if each.is_file())


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


@pytest.mark.parametrize("path", _fixtures(), ids=lambda each: each.name)
def test_a_file_cut_anywhere_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    for end in range(0, len(data), scaled(41, 7, 1)):
        _survives(data[:end])


@pytest.mark.parametrize("path", _fixtures(), ids=lambda each: each.name)
def test_a_mutated_file_is_read_or_refused(path: Path) -> None:
    random = Random(path.name)
    text = path.read_text(encoding="utf-8")
    for _ in range(scaled(60, 400, 2_000)):
        lines = text.split("\n")
        for _ in range(random.randint(1, 6)):
            _mutate(lines, random)
        _survives("\n".join(lines).encode("utf-8", "surrogatepass"))


def _mutate(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    words = lines[at].split(" ")
    place = random.randrange(len(words))
    match random.randrange(7):
        case 0:
            words[place] = random.choice(_WORDS)
        case 1:
            words.insert(place, random.choice(_WORDS))
        case 2:
            del words[place]
        case 3:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
            return
        case 4:
            words = [lines[at] + lines[(at + 1) % len(lines)]]
        case 5:
            words = [" " * random.randint(0, 3) + lines[at].strip()]
        case _:
            words = [*words, *random.choices(_WORDS, k=3)]
    lines[at] = " ".join(words)


@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    _survives(data)


@given(st.lists(st.lists(st.sampled_from(_WORDS), max_size=9).map(" ".join), max_size=12).map("\n".join))
def test_random_words_of_the_language_are_read_or_refused(text: str) -> None:
    _survives(("ASA Version 9.1\n" + text).encode("utf-8", "surrogatepass"))


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
