"""Real and public rule sets: nothing crashes, nothing is lost, and machine-checked bounds are respected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from random import Random

import pytest

import parsers
from linter.engine.packets import Packet
from linter.engine.walk import walk
from parsers.model.addresses import Family
from parsers.model.conditions import Context
from parsers.model.firewall import Firewall, Hook, Passage
from parsers.model.notes import State
from parsers.source import Unusable

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "iptables"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of public configurations is not here")

FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file()) if CORPUS.is_dir() else []
NO_RULES = re.compile(
    r"semantics/golden_|bash_history|batfish/unsupported_command|misc/openwrt_iptables\.txt")
"""Outputs of tools, a terminal's history, commands that no rule file has, and a dump whose rules all begin
with `X-A`: what is no dump must not count for or against."""

EXCEPTIONS = {
    "misc/rpi3_rules.v4:13": "`-m --comment` names no match; iptables refuses it",
    "net-network/found_online__openwrt.org__iptables-save-AA.txt:25": "cut off, as the rest here",
    "net-network/found_online__openwrt.org__iptables-save-AA.txt:26": "cut off",
    "net-network/found_online__openwrt.org__iptables-save-AA.txt:86": "cut off",
    "net-network/found_online__openwrt.org__iptables-save-AA.txt:88": "cut off",
    "net-network/found_online__openwrt.org__iptables-save-AA.txt:118": "cut off",
    "net-network/found_online__openwrt.org__iptables-save-AA.txt:122": "cut off",
    "net-network/found_online__openwrt.org__iptables-save-AA.txt:123": "cut off",
    "semantics/parser_test_iptables-save:12": "a made-up option, `--something-else`",
}
"""Rule lines that are not read, and why that is right."""


@cache
def firewall(path: Path) -> Firewall | str:
    """What became of a file: the firewall, or why it was refused."""
    try:
        return parsers.read(str(path))
    except Unusable as error:
        return str(error)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_every_file_is_read_or_refused_in_one_line(path: Path) -> None:
    found = firewall(path)
    if isinstance(found, str):
        assert found.startswith(str(path))
        assert "\n" not in found
        return
    text = path.read_bytes().decode("utf-8", errors="replace")
    lines = text.split("\n") if not text.endswith("\n") else text.split("\n")[:-1]
    assert found.line_counts.total == len(lines)
    assert len([note for note in found.notes if note.state is State.UNREAD]) == found.line_counts.unread


def test_99_percent_of_the_rule_lines_are_understood_or_kept() -> None:
    rules, unread = 0, []
    for path in FILES:
        found = firewall(path)
        name = str(path.relative_to(CORPUS))
        if isinstance(found, str) or NO_RULES.search(name):
            continue
        rules += len({rule.line for chain in found.lists.values() for rule in chain.rules})
        unread += [f"{name}:{note.span.first_line}" for note in found.notes
                   if note.state is State.UNREAD and note.decides]
    assert rules > 40_000
    assert {each for each in unread if each not in EXCEPTIONS} <= {
        f"misc/riker_rules.v4:{line}" for line in (1, 2, 3)}, "policies above the first table"
    assert len(unread) < rules / 100


# Bounds that were computed by a tool with machine-checked proofs (Iptables_Semantics)


@dataclass(frozen=True, slots=True)
class Bound:
    """One row of a simplified rule list."""

    permits: bool
    protocol: int | None
    source: tuple[int, int]
    destination: tuple[int, int]
    source_ports: tuple[int, int]
    ports: tuple[int, int]

    def matches(self, packet: Packet) -> bool:
        ends = ((packet.source, self.source), (packet.destination, self.destination),
                (packet.source_port, self.source_ports), (packet.destination_port, self.ports))
        return self.protocol in (None, packet.protocol) and all(low <= n <= high for n, (low, high) in ends)


_PROTOCOLS = {"all": None, "tcp": 6, "udp": 17, "icmp": 1}
_WHOLE = (0, 65535)


def bounds(path: Path, chain: str) -> list[Bound]:
    """Read the list naively; a row that is not of its few words fails the test."""
    found: list[Bound] = []
    inside = False
    for line in path.read_text().splitlines():
        if line.startswith("Chain "):
            inside = line.startswith(f"Chain {chain} ")
            assert not inside or "policy ACCEPT" in line
        words = line.split()
        if not inside or not words or words[0] not in ("ACCEPT", "DROP"):
            continue
        ports = {"spt": _WHOLE, "dpt": _WHOLE}
        for word in words[5:]:
            if word in ("tcp", "udp"):
                continue
            which, numbers = re.fullmatch(r"([sd]pt)s?:(\d+(?::\d+)?)", word).groups()  # type: ignore[union-attr]
            low, _, high = numbers.partition(":")
            ports[which] = int(low), int(high or low)
        source, destination = (ip_network(word) for word in words[3:5])
        found.append(Bound(words[0] == "ACCEPT", _PROTOCOLS[words[1]],
                           (int(source[0]), int(source[-1])), (int(destination[0]), int(destination[-1])),
                           ports["spt"], ports["dpt"]))
    return found


def permitted(rows: list[Bound], packet: Packet) -> bool:
    return next((row.permits for row in rows if row.matches(packet)), True)


def packets(rows: list[Bound], random: Random) -> Iterator[Packet]:
    """Boundary values of every constant, and one to each side of it."""
    def near(pairs: list[tuple[int, int]], top: int) -> list[int]:
        return sorted({min(max(end + step, 0), top) for pair in pairs for end in pair for step in (-1, 0, 1)})

    sources = near([row.source for row in rows], 2**32 - 1)
    destinations = near([row.destination for row in rows], 2**32 - 1)
    source_ports = near([row.source_ports for row in rows] + [_WHOLE, (1024, 49152)], 65535)
    ports = near([row.ports for row in rows] + [_WHOLE, (80, 445)], 65535)
    for _ in range(2500):
        protocol = random.choice((6, 17, 6, 17, 1))
        ends = (8, 0) if protocol == 1 else (random.choice(source_ports), random.choice(ports))
        yield Packet(Family.V4, protocol, random.choice(sources), random.choice(destinations), *ends)


PAIRS = [
    ("configs_ugent__iptables.Ln", "net-network/configs_ugent__iptables-save", "INP", 0.0),
    ("sargon__iptables-save.txt.Ln", "net-network/found_online__sargon__iptables-save.txt", "INP", 0.0),
    ("openvpn.eu__iptables-save.Ln", "net-network/found_online__openvpn.eu__iptables-save", "FWD", 1.0),
    ("pastebin.com_bbWXHaTn__iptables-save.Ln",
     "net-network/found_online__pastebin.com_bbWXHaTn__iptables-save", "FWD", 1.0),
    ("openwrt.org__iptables-save-AA.txt_fixed_newline.Ln",
     "net-network/found_online__openwrt.org__iptables-save-AA.txt", "FWD", 1.0),
    ("linux.gda.pl__firewallp.txt.Ln", "semantics/linux.gda.pl_firewallp.txt", "FWD", 0.0),
    ("medium-sized-company__iptables-save.Ln",
     "net-network/configs_medium-sized-company__iptables-save.iptables_mainfw_30.01.2016", "FWD", 1.0),
    ("medium-sized-company__iptables-save.Ln",
     "net-network/configs_medium-sized-company__iptables-save.iptables_mainfw_30.01.2016", "INP", 1.0),
]
"""Bounds, their rule set, the chain, and how often we may stay undecided where both bounds agree: never, or
(1.0) as often as interfaces decide, which the lists of bounds do not show and nobody named to us."""


@pytest.mark.parametrize(("bound", "rules", "chain", "vague"), PAIRS, ids=lambda each: str(each)[:40])
def test_the_bounds_hold(bound: str, rules: str, chain: str, vague: float) -> None:
    """The tool looked at the filter table only, for packets in state NEW, with every interface possible."""
    name, hook = {"INP": ("INPUT", "input"), "FWD": ("FORWARD", "forward")}[chain]
    lower, upper = (bounds(CORPUS / "semantics" / f"{bound}.{chain}.{which}", name)
                    for which in ("lower", "upper"))
    found = firewall(CORPUS / rules)
    assert isinstance(found, Firewall)
    way: Hook = "input" if hook == "input" else "forward"
    stages = [stage for stage in parsers.stages(found, Passage(Family.V4, hook=way))
              if stage.name.startswith("filter")]
    agreed = open_ = 0
    for packet in packets(lower + upper, Random(bound)):
        verdict = walk(stages, found.chains, packet, Context()).verdict
        may, must = permitted(upper, packet), permitted(lower, packet)
        assert may or not must
        if verdict == "permit":
            assert may, packet
        if verdict == "deny":
            assert not must, packet
        agreed += may == must
        open_ += may == must and verdict == "undecided"
    assert open_ <= vague * agreed, f"{open_} of {agreed}"
