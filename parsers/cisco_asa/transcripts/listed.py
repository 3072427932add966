"""`show access-list`: counters, and what it shows of times and names.

An entry that a time range takes out of force is marked `(inactive)`, and so is one with the word `inactive`
or with a name that has no address: only an entry of plain addresses says whether its time range is active,
and only one with its hash: the mark stands before that, and may be in a line of its own.
Under an entry with a name, lines `host A (NAME)` are the addresses that the device has for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.screen import WIDTH, Line
from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.shown_by_device import Count
from aclproof.parsers.source import Source

_ENTRY = re.compile(r"(?P<under>\s*)access-list (?P<list>\S+) line (?P<number>\d+) (?P<says>.*?\S)"
                    r"(?P<marks>(?: \((?:hitcnt=\d+|inactive)\))*)(?P<hash>(?: 0x[0-9a-f]+)?)")
_BEGINS = re.compile(r"\s*access-list ")
_HEAD = re.compile(r"\s*access-list (?:\S+; \d+ elements|\S+ line \d+ remark |cached )")
_COUNT = re.compile(r"\(hitcnt=(\d+)\)")
_TIME = re.compile(r" time-range (\S+)$")
_NOT_PLAIN = re.compile(r"\b(?:object|object-group|fqdn|user|user-group|security-group|inactive|"
                        r"object-group-\w+)\b")
_NAMED = re.compile(r"host (\S+) \(([^()\s]+)\)")


class _Entry(Struct, frozen=True):
    """One line of a listing."""

    line: Line
    under: bool
    """Whether it is what the entry above it stands for."""
    list_name: str
    number: str
    says: str
    marks: str
    ends: bool
    """Whether its hash shows, which comes last."""

    @property
    def hits(self) -> int | None:
        """Its counter, where it has one."""
        found = _COUNT.search(self.marks)
        return int(found[1]) if found else None


def counts(command: Command, source: Source, at: datetime | None) -> Iterator[Count]:
    """Yield how many packets each entry has counted; one without a counter counts where its parts do."""
    groups = list(_groups(command))
    for at_group, (entry, parts) in enumerate(groups):
        said = [part.hits for part in parts if part.hits is not None]
        hits = entry.hits if entry.hits is not None else sum(said) if said else None
        whole = entry.hits is not None or at_group < len(groups) - 1 or _is_whole(command)
        if hits is not None:
            yield Count(span=source.span(entry.line.number), device=command.device, context=command.context,
                        at=at, complete=whole, rule=f"access-list {entry.list_name} {entry.says}",
                        list_name=entry.list_name, packets=hits, listing=command.line.number)


def settled(command: Command) -> Iterator[Settled]:
    """Yield which time ranges are active, and which addresses names have."""
    groups, whole = list(_groups(command)), _is_whole(command)
    for entry, parts in groups:
        for one in (entry, *parts):
            if (time := _TIME.search(one.says)) and not _NOT_PLAIN.search(one.says):
                yield Settled(f"time-range {time[1]}", "(inactive)" not in one.marks, one.line.number,
                              whole and one.ends)
    for _, parts in groups:
        names: dict[str, tuple[int, AddressSet]] = {}
        for line, name, address in _addresses(parts):
            first, known = names.get(name, (line, NOWHERE))
            names[name] = first, known | address
        yield from (Settled(f"fqdn {name}", known, first, whole) for name, (first, known) in names.items())


def _is_whole(command: Command) -> bool:
    return command.ended and not command.filtered and all(
        not text or _ENTRY.fullmatch(text) or _HEAD.match(text) for _, text in _lines(command))


def _groups(command: Command) -> Iterator[tuple[_Entry, list[_Entry]]]:
    """Each entry with the lines that it stands for."""
    entry: _Entry | None = None
    parts: list[_Entry] = []
    for one in _entries(command):
        if one.under and entry and (one.list_name, one.number) == (entry.list_name, entry.number):
            parts.append(one)
            continue
        if entry:
            yield entry, parts
        entry, parts = (None if one.under else one), []
    if entry:
        yield entry, parts


def _entries(command: Command) -> Iterator[_Entry]:
    for line, text in _lines(command):
        found = _ENTRY.fullmatch(text)
        if found and (found["marks"] or found["hash"]):
            yield _Entry(line, bool(found["under"]), found["list"], found["number"], found["says"],
                         found["marks"], bool(found["hash"]))


def _lines(command: Command) -> Iterator[tuple[Line, str]]:
    """The lines of a listing, put together where the width of the screen cut them."""
    first: Line | None = None
    text, last = "", 0
    for line in command.answer if command.is_show("access-list") else ():
        if first and line.text and last >= WIDTH - 1 and not _BEGINS.match(line.text):
            text += " " * (WIDTH - last) + line.text
        else:
            if first:
                yield first, text
            first, text = line if line.whole else None, line.text
        last = len(line.text)
    if first:
        yield first, text


def _addresses(parts: Sequence[_Entry]) -> Iterator[tuple[int, str, AddressSet]]:
    for part in parts:
        for address, name in _NAMED.findall(part.says):
            try:
                yield part.line.number, name, literals.host(address, {})
            except LineError:
                continue
