"""Entries of an access list, and the groups that they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from aclproof.parsers.cisco_asa.edit.editing import entry_of
from aclproof.parsers.cisco_asa.permits.config import Config
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import AddressSet, Family, networks, single, write
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp

_LOGGING = re.compile(r"( log(?: (?!inactive)[a-z]+| \d)?(?: interval \d+)?)(?: inactive)?\s*$")
_ICMP = {8: "echo", 0: "echo-reply", 128: "echo", 129: "echo-reply"}


class _Place(NamedTuple):
    """Where an entry stands in its list, from 1, and how it logs."""

    number: int
    log: str


class Aces:
    """Writes entries; a set of addresses that has a group already is named by it, or by a new one.

    A group is made where that takes fewer lines for all of `boxes`; its name begins with `stem`.
    """

    def __init__(self, config: Config, boxes: Sequence[Box], stem: str) -> None:
        self._config, self._stem = config, stem
        self._names = set(config.reader.objects.definitions) | {name for name, _ in config.reader.lists}
        self._places: dict[str, dict[Hashable, _Place]] = {}
        """Of each list its entries, by what makes each the one that it is."""
        self._gone: dict[str, list[int]] = {}
        """Of each list the numbers of the entries that were taken away."""
        self._groups: dict[AddressSet, str] = {}
        for name, known in config.reader.objects.definitions.items():
            if known.kind == "network":
                found = config.reader.objects.network(name)
                if not found.opens:
                    self._groups.setdefault(found.known, f"{known.word} {name}")
        self._port_groups = dict(_port_groups(config))
        self._worth = self._saving(boxes)

    def _saving(self, boxes: Sequence[Box]) -> set[AddressSet]:
        """The sets of addresses that take fewer lines as a group."""
        saved: Counter[AddressSet] = Counter()
        sizes: dict[AddressSet, int] = {}
        for box in boxes:
            counts = [len(self._words(box.family, numbers)) for numbers in (box.sources, box.destinations)]
            ports = (len(self._ports(box.protocol, box.source_ports))
                     * len(self._ports(box.protocol, box.destination_ports)))
            for numbers, count in zip((box.sources, box.destinations), counts, strict=True):
                if count > 1:
                    key = single(box.family, numbers)
                    sizes[key] = count
                    saved[key] += (count - 1) * counts[0] * counts[1] // count * ports
        return {key for key, lines in saved.items() if lines > sizes[key] + 1}

    def written(self, box: Box, chain: str, number: int) -> tuple[list[str], list[str]]:
        """Write what has to be there or away before, and the entries, the first one with this number."""
        ends = (box.sources, box.destinations)
        words = [self._words(box.family, numbers) for numbers in ends]
        ports = [[""] if is_icmp(box.protocol) else self._ports(box.protocol, numbers)
                 for numbers in (box.source_ports, box.destination_ports)]
        groups: list[str] = []
        for side, numbers in enumerate(ends):
            key = single(box.family, numbers)
            if len(words[side]) > 1 and key in self._worth:
                name = self._fresh(self._stem)
                groups += [f"object-group network {name}", *members(box.family, numbers)]
                self._groups[key] = f"object-group {name}"
                words[side] = [self._groups[key]]
        rests = [" ".join(filter(None, (PROTOCOL_NAMES[box.protocol], source, from_port, destination, port,
                                        _icmp(box))))
                 for source, from_port, destination, port in product(words[0], ports[0], words[1], ports[1])]
        entries = [f"permit {rest}" for rest in rests]
        known = self._config.access_list(chain)
        if known is None or self._config.reader.listing:
            return groups, self.numbered(chain, number, entries)
        there = self._there(chain, known, entries)
        self._gone.setdefault(chain, []).extend(place.number for place in there.values())
        above = sum(gone < number for gone in self._gone[chain])
        away = self.numbered(chain, 0, list(there))
        logged = [entry + there[entry].log if entry in there else entry for entry in entries]
        return [*groups, *(f"no {each}" for each in away)], self.numbered(
            chain, max(number - above, 1) if number else 0, logged)

    def _there(self, chain: str, known: AccessList, entries: Sequence[str]) -> dict[str, _Place]:
        """Find the entries that a list has already: the device takes none a second time."""
        names = self._config.reader.objects.names
        at = 3 if known.ipv6 else 2
        if chain not in self._places:
            texts = self._config.reader.texts
            self._places[chain] = {
                entry_of(text, at, names).key: _Place(number, _log(text))
                for number, line in enumerate(known.entries, 1) if line > 0 and (text := texts[line - 1])}
        places = self._places[chain]
        keys = [entry_of(each, at, names).key for each in self.numbered(chain, 0, entries)]
        found = {entry: places[key] for entry, key in zip(entries, keys, strict=True) if key in places}
        places.update((key, _Place(len(known.entries), "")) for key in keys)  # for the next permit
        return found

    def numbered(self, chain: str, number: int, entries: Sequence[str]) -> list[str]:
        """Write `permit ...` and `deny ...` as entries of a list."""
        known = self._config.access_list(chain)
        reader = self._config.reader
        name = self._config.list_name(chain)
        old = reader.platform == "PIX" and reader.version is not None and reader.version < (7, 0)
        ipv6 = known is not None and known.ipv6
        head = f"{'ipv6 ' if ipv6 else ''}access-list {name}"
        kind = "" if ipv6 or old else "extended"
        places = [f"line {number + step}" if number else "" for step in range(len(entries))]
        return [" ".join(filter(None, (head, place, kind, entry)))
                for place, entry in zip(places, entries, strict=True)]

    def fresh_list(self, stem: str) -> str:
        """Make a name that no list and no object has."""
        return self._fresh(stem, first=True)

    def _fresh(self, stem: str, *, first: bool = False) -> str:
        names = ([stem] if first else []) + [f"{stem}-{number}" for number in range(1, len(self._names) + 2)]
        name = next(each for each in names if each not in self._names)
        self._names.add(name)
        return name

    def _words(self, family: Family, numbers: IntervalSet) -> list[str]:
        pieces = networks(family, numbers.ranges)
        known = self._groups.get(single(family, numbers)) if len(pieces) > 1 else None
        return [known] if known else [address(family, *each) for each in pieces]

    def _ports(self, protocol: int, numbers: IntervalSet) -> list[str]:
        if numbers == ANY_PORT:
            return [""]
        known = self._port_groups.get((protocol, numbers)) if len(numbers.ranges) > 1 else None
        return [f"object-group {known}"] if known else [
            f"eq {low}" if low == high else f"range {low} {high}" for low, high in numbers.ranges]


def _log(text: str) -> str:
    """The logging of an entry, as it stands at its end."""
    found = _LOGGING.search(text)
    return found[1] if found else ""


def _port_groups(config: Config) -> Iterator[tuple[tuple[int, IntervalSet], str]]:
    objects = config.reader.objects
    for name, known in objects.definitions.items():
        for protocol in known.protocols if known.kind == "ports" else ():
            try:
                yield (protocol, objects.port_group(name, known.protocols)), name
            except LineError:
                continue  # a group that was not read whole is not used


def members(family: Family, numbers: IntervalSet) -> Iterator[str]:
    """Write the body of a group."""
    return (f" network-object {address(family, *each)}" for each in networks(family, numbers.ranges))


def address(family: Family, first: str, length: int) -> str:
    """Write a network as an entry does."""
    if length == family.last.bit_length():
        return f"host {first}"
    if family is Family.V6:
        return f"{first}/{length}"
    return f"{first} {write(family, family.last ^ ((1 << 32 - length) - 1))}"


def _icmp(box: Box) -> str:
    kind = box.source_ports.lowest
    return _ICMP.get(kind, str(kind)) if is_icmp(box.protocol) else ""
