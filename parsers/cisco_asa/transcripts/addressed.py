"""`show ip address` and `show ipv6 interface brief`: which addresses an interface has, by both together.

Only one of them says nothing of the other family.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import NOWHERE, AddressSet

_TITLES = ("System IP Addresses:", "Current IP Addresses:")
"""Of the unit that is configured as the active one, and of this unit."""
_HEAD = re.compile(r"Interface\s+Name\s+IP address\s+Subnet mask\s+Method")
_ROW = re.compile(r"\S+\s+(?P<name>\S+)\s+(?P<address>\d+(?:\.\d+){3})\s+\d+(?:\.\d+){3}\s+\S+")
_SIX = re.compile(r"(?P<name>\S+) \[[^\]]+/[^\]]+\]")
_UNASSIGNED = "unassigned"

_Found = Mapping[str, tuple[int, AddressSet]]


class Addressed:
    """What was shown of each device and context, until both answers are there."""

    def __init__(self) -> None:
        self._four: dict[tuple[str, str], _Found] = {}
        self._six: dict[tuple[str, str], _Found] = {}

    def read(self, command: Command) -> Iterator[Settled]:
        """Yield the addresses of interfaces that both answers show."""
        whole, who = command.ended and not command.filtered, (command.device, command.context)
        if command.is_show("ip", "address") and len(command.words) == 3:
            self._four[who] = _of_ipv4(command) if whole else {}
        elif command.is_show("ipv6", "interface", "brief") and len(command.words) == 4:
            self._six[who] = _of_ipv6(command) if whole else {}
        else:
            return
        four, six = self._four.get(who, {}), self._six.get(who, {})
        yield from (Settled(f"interface {name}", four[name][1] | six[name][1], (
            four if command.is_show("ip", "address") else six)[name][0]) for name in four if name in six)


def _of_ipv4(command: Command) -> _Found:
    """The addresses where both tables have the same; nothing where a line is out of place."""
    tables: list[dict[str, tuple[int, AddressSet]]] = []
    for line in command.answer:
        row = _ROW.fullmatch(line.text)
        if line.text in _TITLES:
            tables.append({})
        elif row and tables and row["name"] not in tables[-1]:
            tables[-1][row["name"]] = line.number, _host(row["address"])
        elif line.text and not _HEAD.fullmatch(line.text):
            return {}
    if len(tables) != len(_TITLES):
        return {}
    system, current = tables
    return {name: found for name, found in current.items()
            if found[1] and name in system and system[name][1] == found[1]}


def _of_ipv6(command: Command) -> _Found:
    """The addresses of each interface; none where it says so; nothing where a line is out of place."""
    found: dict[str, tuple[int, AddressSet]] = {}
    said: set[str] = set()
    name = ""
    for line in command.answer:
        if begins := _SIX.fullmatch(line.text):
            name = begins["name"]
            if name in found:
                return {}
            found[name] = line.number, NOWHERE
        elif line.text and name and line.text.startswith(" "):
            said.add(name)
            address = _host(line.text.strip())
            if not address and line.text.strip() != _UNASSIGNED:
                return {}
            found[name] = found[name][0], found[name][1] | address
        elif line.text:
            return {}
    return found if said == found.keys() else {}


def _host(text: str) -> AddressSet:
    try:
        return literals.host(text, {})
    except LineError:
        return NOWHERE
