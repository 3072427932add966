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

HEADERS = frozenset({"interface", "class-map", "policy-map", "time-range"})
"""Sections whose bodies can decide a verdict."""

SAFE = {
    "interface": frozenset({"nameif", "security-level", "ip", "ipv6", "shutdown", "management-only"}),
    "class-map": frozenset({"match"}),
    "policy-map": frozenset({"class", "inspect"}),
    "time-range": frozenset({"absolute", "periodic"}),
}
"""The first words (after an optional `no`) of the lines that are read; no other line is passed on."""

BESIDES = {
    "interface": frozenset("""allow-ssc-mgmt asr-group authentication backup bfd bridge-group channel-group
        cts ddns delay description dhcp dhcprelay duplex eigrp flowcontrol forward hello-interval hold-time
        igmp inline-set isis keepalive lacp mac-address media-type member-interface mfib mtu multicast
        nve-only ospf pim poe policy-route port-channel power pppoe priority-flow-control redundant rip
        service snmp split-horizon speed standby-interface summary-address switchport tap-mode
        traffic-forward tunnel vlan vni vrf vtep-nve vpdn zone-member""".split()),
    "class-map": frozenset({"description"}),
    "policy-map": frozenset("""cxsc csc description flow-export ips log message-length parameters police
        priority set sfr shape user-statistics""".split()),
    "time-range": frozenset[str](),
}
"""Other lines of a section, with or without indentation: they do not end it, and are not read here."""

_ALIKE = 0.75
_LONGEST = 30


def slip(section: str, word: str) -> bool:
    """Return whether an unread line of a section begins like one that decides, with a slip in it."""
    return len(word) <= _LONGEST and bool(get_close_matches(word, SAFE[section], 1, _ALIKE))


def words_of(section: str) -> frozenset[str]:
    """Return the words that begin a line in a section, none where no section is open."""
    return SAFE[section] | BESIDES[section] if section else frozenset()


def is_decisive(section: str) -> bool:
    """Return whether a line of a section that is not known may change what the section says."""
    return section != "policy-map"  # maps of inspections have words without end


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
    depth = 2 if section == "policy-map" and "inspect" in words[:2] else 1
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
