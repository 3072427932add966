"""Parents and children of an ASA configuration, by ciscoconfparse (the only importer of it).

It gets a list of lines that can hold no secret (`SAFE`), and gives back a plain tree. Everything else about
the library is kept out; each of its traps has a test in tests/parsers/cisco_asa/test_sections.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from aclproof.parsers.model.reason import Reason

HEADERS = frozenset("""interface class-map policy-map time-range group-policy tunnel-group tcp-map http-map
    dynamic-filter context webvpn""".split())
"""Sections whose bodies can decide a verdict."""

SAFE = {
    "interface": frozenset("""nameif security-level ip ipv6 shutdown management-only bridge-group forward
        channel-group member-interface switchport tunnel nve-only traffic-forward inline-set asr-group cts vrf
        dhcp""".split()),
    "class-map": frozenset({"match"}),
    "policy-map": frozenset("""class inspect set sfr cxsc ips csc match parameters drop drop-connection reset
        protocol-violation""".split()),
    "time-range": frozenset({"absolute", "periodic"}),
    "group-policy": frozenset({"vpn-filter", "ipv6-vpn-filter", "vlan", "address-pools"}),
    "tunnel-group": frozenset({"default-group-policy", "address-pool"}),
    "tcp-map": frozenset("""tcp-options check-retransmission checksum-verification exceed-mss invalid-ack
        reserved-bits seq-past-window syn-data synack-data urgent-flag window-variation""".split()),
    "http-map": frozenset("""content-length content-type-verification max-header-length max-uri-length
        port-misuse request-method strict-http transfer-encoding""".split()),
    "dynamic-filter": frozenset({"address"}),
    "context": frozenset({"allocate-interface"}),
    "webvpn": frozenset({"enable"}),
}
"""The first words (after an optional `no`) of the lines that are read; no other line is passed on."""

_ALIKE = 0.75
_LONGEST = 30


def slip(section: str, word: str) -> bool:
    """Return whether an unread line of a section begins like one that decides, with a slip in it."""
    return len(word) <= _LONGEST and bool(get_close_matches(word, SAFE[section], 1, _ALIKE))


def opens(words: list[str]) -> bool:
    """Distinguish the line that opens a section from others with the same first word."""
    match words:
        case ["group-policy" | "tunnel-group", *rest]:
            return len(rest) == 2 and rest[1] in ("attributes", "general-attributes")
        case ["webvpn", *rest]:
            return not rest
        case ["dynamic-filter", *rest]:
            return rest == ["blacklist"]
        case _:
            return True


def is_child(words: list[str]) -> bool:
    """Distinguish a child without indentation from a top-level command with the same first word."""
    match words:
        case ["ip", "address", where, *_]:
            return where[0].isdecimal() or where in ("dhcp", "pppoe")
        case ["nameif", *rest]:
            return len(rest) == 1
        case ["ipv6", "address", *_]:
            return True
        case _:
            return words[0] not in ("ip", "ipv6")


def indented(section: str, words: list[str]) -> str:
    """Write a line of a section with the indentation that the tree goes by."""
    depth = 1 if section != "policy-map" or words[0] in ("class", "match", "parameters") else 2
    return " " * depth + " ".join(words)


@dataclass(frozen=True, slots=True)
class Section:
    """A line with the lines indented under it; `line` counts from 1 in the file."""

    line: int
    text: str
    children: tuple[Section, ...]

    @property
    def words(self) -> list[str]:
        """The line's words."""
        return self.text.split()


def tree(lines: Sequence[tuple[int, str]]) -> list[Section]:
    """Arrange `(line number, indented text)` pairs into sections.

    Every line must be a header or a child of one. ValueError when the library gives up or loses a line: its
    own text would quote the configuration.
    """
    if not lines:
        return []
    numbers = [number for number, _ in lines]
    try:
        parsed = _parse([text for _, text in lines])
        found = [_section(each, numbers) for each in parsed.objs if each.parent is each]
    except (Exception, SystemExit):
        raise ValueError(Reason("the interfaces and policies could not be arranged into sections")) from None
    if sum(map(_count, found)) != len(lines):
        raise ValueError(Reason("a line was lost while sections were arranged"))
    return found


def _parse(texts: list[str]) -> Any:
    from ciscoconfparse import CiscoConfParse
    from loguru import logger

    logger.remove()  # importing it added a sink on stdout that quotes the whole configuration
    return CiscoConfParse(texts, syntax="asa", factory=False, ignore_blank_lines=False)


def _section(found: Any, numbers: Sequence[int]) -> Section:
    return Section(numbers[found.linenum], str(found.text).strip(),
                   tuple(_section(child, numbers) for child in found.children))


def _count(section: Section) -> int:
    return 1 + sum(map(_count, section.children))
