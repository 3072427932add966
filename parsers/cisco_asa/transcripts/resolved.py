"""`show dns`: the addresses that the device has for the names of its FQDN objects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import NOWHERE, AddressSet

_NAME = re.compile(r"\s*Name:\s+(\S+)")
_ADDRESS = re.compile(r"\s*Address:\s+(\S+)\s+TTL\s+\d+:\d\d:\d\d")


def read(command: Command) -> Iterator[Settled]:
    """Yield the addresses of each name, whole where nothing else is printed and a prompt follows."""
    words = command.words[2:]
    if not command.is_show("dns") or (words and words[0] != "host"):
        return
    found: dict[str, tuple[int, AddressSet]] = {}
    name, whole = "", command.ended and not command.filtered
    for line in command.answer:
        if named := _NAME.fullmatch(line.text):
            name = named[1]
            found.setdefault(name, (line.number, NOWHERE))
        elif (address := _address(line.text)) and name:
            found[name] = found[name][0], found[name][1] | address
        elif line.text:
            whole = False
    yield from (Settled(f"fqdn {name}", addresses, number, whole)
                for name, (number, addresses) in found.items() if addresses)


def _address(text: str) -> AddressSet | None:
    found = _ADDRESS.fullmatch(text)
    try:
        return literals.host(found[1], {}) if found else None
    except LineError:
        return None
