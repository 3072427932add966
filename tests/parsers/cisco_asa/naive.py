"""A second reading of ASA access lists, as naive as it can be: the oracle for the first.

By regular expressions and loops, every group multiplied out, no code of the product. It is strict: what a
device would refuse is `InvalidLineError`, and what the grammar of these tests does not use is, too.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

ALL = (0, 65535)
Range = tuple[int, int]
Address = tuple[int, int]
"""(address, mask): a packet matches when its masked address is the masked address."""

NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47, "esp": 50, "pcp": 108, "snp": 109, "ah": 51, "pim": 103,
           "nos": 94, "igmp": 2, "igrp": 9}
NAMES = {"tcp": {"www": 80, "https": 443, "http": 80, "ssh": 22, "rsh": 514, "domain": 53, "smtp": 25,
                 "cmd": 514},
         "udp": {"domain": 53, "ntp": 123, "syslog": 514, "snmp": 161, "www": 80, "http": 80, "dns": 53}}
TYPES = {"echo": 8, "echo-reply": 0, "unreachable": 3, "time-exceeded": 11}
LOGS = set("01234567") | {"disable", "default", "warnings", "debugging", "alerts", "errors"}


class InvalidLineError(Exception):
    """No ASA would take this."""


@dataclass(frozen=True)
class Entry:
    action: str
    protocol: int | None
    source: Address
    source_ports: Range
    destination: Address
    destination_ports: Range

    def matches(self, protocol: int, source: int, sport: int, destination: int, dport: int) -> bool:
        return (self.protocol in (None, protocol)
                and source & self.source[1] == self.source[0] & self.source[1]
                and destination & self.destination[1] == self.destination[0] & self.destination[1]
                and self.source_ports[0] <= sport <= self.source_ports[1]
                and self.destination_ports[0] <= dport <= self.destination_ports[1])


def expand(text: str, acl: str) -> list[Entry]:
    """Every combination of an access list as an entry of its own; InvalidLineError for a text that is
    none."""
    book = _Book(text)
    entries: list[Entry] = []
    for line in text.splitlines():
        if re.match(r"[!:]|\s*$|object|access-group| |ASA Version|name ", line):
            continue
        found = re.fullmatch(r"access-list (\S+) (?:extended )?(permit|deny) (.+)", line)
        if found is None:
            if re.match(r"access-list \S+ remark", line):
                continue
            raise InvalidLineError(line)
        expanded = list(book.entries(found[2], found[3].split()))
        if found[1] == acl:
            entries += expanded
    return entries


def verdict(entries: list[Entry], protocol: int, source: int, sport: int, destination: int,
            dport: int) -> str:
    for entry in entries:
        if entry.matches(protocol, source, sport, destination, dport):
            return entry.action
    return "deny"


class _Book:
    """The names, objects and groups of a text, by name."""

    def __init__(self, text: str) -> None:
        self.names = dict(re.findall(r"^name (\S+) (\S+)$", text, re.M))
        self.names = {alias: address for address, alias in self.names.items()}
        self.headers: dict[str, list[str]] = {}
        self.bodies: dict[str, list[list[str]]] = {}
        current: list[list[str]] = []
        for line in text.splitlines():
            words = line.split()
            if line.startswith("object"):
                self.headers[words[2]] = [words[0], words[1], *words[3:]]
                current = self.bodies.setdefault(words[2], [])
            elif line.startswith(" ") and words and words[0] != "description":
                current.append(words)

    def entries(self, action: str, words: list[str]) -> Iterator[Entry]:
        services = self.protocol(words)
        sources = self.address(words)
        source_ports = self.ports(words, services, after="source")
        destinations = self.address(words)
        icmp = self.types(words, services)
        target_ports = [ALL] if icmp else self.ports(words, services, after="destination")
        enabled = self.options(words)
        for protocol, low, high in services:
            for source in sources:
                for destination in destinations:
                    for left in icmp or ([low] if low != ALL else source_ports):
                        for right in [high] if high != ALL else target_ports:
                            if enabled:
                                yield Entry(action, protocol, source, left, destination, right)

    def protocol(self, words: list[str]) -> list[tuple[int | None, Range, Range]]:
        word = self.take(words)
        if word in ("object", "object-group"):
            return self.group_services(self.take(words), word)
        return [(None if word == "ip" else self.number(word), ALL, ALL)]

    def number(self, word: str) -> int:
        if word in NUMBERS:
            return NUMBERS[word]
        if re.fullmatch(r"\d{1,3}", word) and int(word) < 256:
            return int(word)
        raise InvalidLineError(word)

    def group_services(self, name: str, kind: str) -> list[tuple[int | None, Range, Range]]:
        found: list[tuple[int | None, Range, Range]] = []
        header = self.headers.get(name)
        if header is None or header[0] != kind or header[1] not in ("service", "protocol") or header[2:]:
            raise InvalidLineError(name)
        for line in self.bodies[name]:
            match line:
                case ["group-object", other]:
                    found += self.group_services(other, "object-group")
                case ["protocol-object", word]:
                    found.append((None if word == "ip" else self.number(word), ALL, ALL))
                case ["service-object", "object", other]:
                    found += self.group_services(other, "object")
                case ["service" | "service-object" as word, *rest]:
                    found += self.service(rest, terse=word == "service-object")
                case _:
                    raise InvalidLineError(" ".join(line))
        return found

    def service(self, words: list[str], *, terse: bool) -> list[tuple[int | None, Range, Range]]:
        words = list(words)
        word = self.take(words)
        if word == "icmp" and words:
            return [(1, each, ALL) for each in self.type(self.take(words))]
        protocols = ["tcp", "udp"] if word == "tcp-udp" else [word]
        found: list[tuple[int | None, Range, Range]] = []
        for protocol in protocols:
            rest = list(words)
            source, target = [ALL], [ALL]
            if rest[:1] == ["source"]:
                rest.pop(0)
                source = self.port(rest, [protocol])
            if rest[:1] == ["destination"] or (rest and terse):  # the word was missing before 8.3
                if rest[0] == "destination":
                    rest.pop(0)
                target = self.port(rest, [protocol])
            if rest:
                raise InvalidLineError(" ".join(words))
            found += [(self.number(protocol), s, t) for s in source for t in target]
        return found

    def address(self, words: list[str]) -> list[Address]:
        word = self.take(words)
        if word in ("any", "any4"):
            return [(0, 0)]
        if word == "host":
            return [(self.ip(self.take(words)), 0xFFFFFFFF)]
        if word in ("object", "object-group"):
            return self.group_addresses(self.take(words), word)
        return [self.pair(word, self.take(words))]

    def pair(self, word: str, mask_text: str) -> Address:
        base, mask = self.ip(word), self.plain(mask_text)
        if mask >> 24 == 0 and mask != 0:
            raise InvalidLineError(f"{word} {mask_text}")
        return base & mask, mask  # a device refuses host bits; no reader takes more from them

    def ip(self, text: str) -> int:
        return self.plain(self.names.get(text, text))

    def plain(self, text: str) -> int:
        if text == "0":
            return 0
        try:
            return int(ipaddress.IPv4Address(text))
        except ValueError:
            raise InvalidLineError(text) from None

    def group_addresses(self, name: str, kind: str) -> list[Address]:
        found: list[Address] = []
        if self.headers.get(name) != [kind, "network"]:
            raise InvalidLineError(name)
        for line in self.bodies[name]:
            match line:
                case ["group-object", other]:
                    found += self.group_addresses(other, "object-group")
                case ["network-object", "object", other]:
                    found += self.group_addresses(other, "object")
                case ["network-object", "host", address] | ["host", address]:
                    found.append((self.ip(address), 0xFFFFFFFF))
                case ["range", first, last]:
                    low, high = self.ip(first), self.ip(last)
                    if high - low > 2**16:
                        raise InvalidLineError("a range of too many addresses to write out one by one")
                    found += [(each, 0xFFFFFFFF) for each in range(low, high + 1)]
                case ["network-object" | "subnet", address, mask]:
                    found.append(self.pair(address, mask))
                case _:
                    raise InvalidLineError(" ".join(line))
        return found

    def ports(self, words: list[str], services: list[tuple[int | None, Range, Range]], *,
              after: str) -> list[Range]:
        protocols = [name for name, number in (("tcp", 6), ("udp",
                                                            17)) if any(s[0] == number for s in services)]
        header = self.headers.get(words[1], []) if len(words) > 1 else []
        is_group = words[:1] == ["object-group"] and len(header) == 3
        if words[:1] in (["eq"], ["neq"], ["lt"], ["gt"], ["range"]) or is_group:
            if not protocols or any(s[0] not in (6, 17) or s[1:] != (ALL, ALL) for s in services):
                raise InvalidLineError(f"ports after {after}")
            if is_group:
                self.take(words)
                return self.group_ports(self.take(words), protocols)
            return self.port(words, protocols)
        return [ALL]

    def group_ports(self, name: str, protocols: list[str]) -> list[Range]:
        header = self.headers.get(name, [])
        if len(header) != 3 or not {*header[2].split("-")} & {*protocols}:
            raise InvalidLineError(name)
        found: list[Range] = []
        for line in self.bodies[name]:
            match line:
                case ["group-object", other]:
                    found += self.group_ports(other, protocols)
                case ["port-object", *rest]:
                    found += self.port(list(rest), header[2].split("-"), whole=True)
                case _:
                    raise InvalidLineError(" ".join(line))
        return found

    def port(self, words: list[str], protocols: list[str], *, whole: bool = False) -> list[Range]:
        operator = self.take(words)
        low = self.port_number(self.take(words), protocols)
        match operator:
            case "eq":
                found = [(low, low)]
            case "neq":
                found = [(0, low - 1), (low + 1, 65535)]
            case "lt":
                found = [(0, low - 1)]
            case "gt":
                found = [(low + 1, 65535)]
            case "range":
                high = self.port_number(self.take(words), protocols)
                if high < low:
                    raise InvalidLineError("reversed")
                found = [(low, high)]
            case _:
                raise InvalidLineError(operator)
        if whole and words:
            raise InvalidLineError(" ".join(words))
        return found

    def port_number(self, word: str, protocols: list[str]) -> int:
        if re.fullmatch(r"\d{1,9}", word) and int(word) < 65536:
            return int(word)
        for protocol in protocols:
            if word in NAMES.get(protocol, {}):
                return NAMES[protocol][word]
        raise InvalidLineError(word)

    def types(self, words: list[str], services: list[tuple[int | None, Range, Range]]) -> list[Range]:
        if [s[0] for s in services] != [1] or services[0][1] != ALL or not words:
            return []
        if words[0] in ("log", "inactive"):
            return []
        if words[0] == "object-group":
            self.take(words)
            return self.group_types(self.take(words))
        return self.type(self.take(words))

    def group_types(self, name: str) -> list[Range]:
        if self.headers.get(name) != ["object-group", "icmp-type"]:
            raise InvalidLineError(name)
        found: list[Range] = []
        for line in self.bodies[name]:
            match line:
                case ["group-object", other]:
                    found += self.group_types(other)
                case ["icmp-object", word]:
                    found += self.type(word)
                case _:
                    raise InvalidLineError(" ".join(line))
        return found

    def type(self, word: str) -> list[Range]:
        number = TYPES.get(word)
        if number is None and re.fullmatch(r"\d{1,3}", word) and int(word) < 256:
            number = int(word)
        if number is None:
            raise InvalidLineError(word)
        return [(number, number)]

    def options(self, words: list[str]) -> bool:
        enabled = True
        while words:
            word = self.take(words)
            if word == "inactive":
                enabled = False
            elif word == "log":
                while words and (words[0] in LOGS or words[0] == "interval"):
                    if self.take(words) == "interval" and not re.fullmatch(r"\d+", self.take(words)):
                        raise InvalidLineError("interval")
            else:
                raise InvalidLineError(word)
        return enabled

    @staticmethod
    def take(words: list[str]) -> str:
        if not words:
            raise InvalidLineError("cut short")
        return words.pop(0)
