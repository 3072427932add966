"""One `access-list` line to the rules that it stands for: the fast lane of a big file.

Every address and every service text is looked up once and shared after that, so a line costs a split, a
few dictionary look-ups and one tuple.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from parsers.cisco_asa import literals
from parsers.cisco_asa.literals import OPERATORS
from parsers.cisco_asa.objects import Objects
from parsers.cisco_asa.services import icmp_service, port_set
from parsers.cisco_asa.words import Addresses, Open, Services, Wrong
from parsers.model import addresses
from parsers.model.addresses import ANY, ANY4, ANY6, NOWHERE, AddressSet
from parsers.model.conditions import Condition, Membership, Opaque, Side, TimeRange
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Action, Rule
from parsers.model.services import (
    ANY_PORT,
    ANY_PROTOCOL,
    ANY_SERVICE,
    ICMP,
    ICMP6,
    SCTP,
    TCP,
    UDP,
    Service,
    is_icmp,
)

ACTIONS = {"permit": Action.PERMIT, "deny": Action.DENY}

_ANY_SERVICES = (ANY_SERVICE,)
_ICMP_WORDS = frozenset({"icmp", "icmp6", str(ICMP), str(ICMP6)})
_WITH_PORTS = (TCP, UDP, SCTP)
_WHO = {"user": 2, "user-group": 2, "object-group-user": 2, "security-group": 3, "object-group-security": 2}
"""Clauses about users and security groups, and how many words each takes."""
_LOG_WORDS = frozenset([
    "disable", "default", "emergencies", "alerts", "critical", "errors", "warnings", "notifications",
    "informational", "debugging", *"01234567"])
_REFERENCES = frozenset({"object", "object-group"})
_PORT_WORDS = frozenset({*OPERATORS, "object-group"})
_ADDRESS = r"(any[46]?|(?:host|object|object-group) \S+|\d[\d.]* \d[\d.]*)"
_PLAIN = re.compile(r"access-list \S+ extended (permit|deny) ((?:object(?:-group)? )?\S+) "
                    rf"{_ADDRESS} {_ADDRESS}(?: |$)(.*)").match
_MAX_ALTERNATIVES = 64
"""More combinations of open members than this become one open condition."""


@dataclass(frozen=True, slots=True)
class _Tail:
    """What the words behind the addresses say, together with the protocol and the source ports."""

    services: Services
    conditions: tuple[Condition, ...]
    enabled: bool


class AceReader:
    """Reads the words behind `access-list NAME [line N]`."""

    def __init__(self, objects: Objects, time_ranges: Mapping[str, TimeRange], *, any_is_ipv4: bool) -> None:
        self._objects = objects
        self._time_ranges = time_ranges
        self._any = {"any": Addresses(ANY4 if any_is_ipv4 else ANY), "any4": Addresses(ANY4),
                     "any6": Addresses(ANY6)}
        self._addresses: dict[tuple[str, ...], Addresses] = {}
        self._tails: dict[tuple[str, tuple[str, ...], tuple[str, ...]], _Tail] = {}
        self._plain_addresses: dict[str, AddressSet] = {}
        self._plain_tails: dict[tuple[str, str], _Tail] = {}

    def extended(self, words: list[str], at: int, line: int, *, ipv6: bool = False) -> list[Rule]:
        """Read `{permit|deny} PROTO [who] SRC [PORTS] [who] DST [PORTS | ICMP] [options]` from `words[at:]`.

        In an `ipv6 access-list` the word any means IPv6. Wrong or IndexError (cut short) when the line
        cannot be read.
        """
        action = ACTIONS[words[at]]
        protocol = words[at + 1]
        at += 2
        if protocol in _REFERENCES:
            protocol = f"{protocol} {words[at]}"
            at += 1
        who: list[str] = []
        if words[at] in _WHO:
            at = self._who(words, at, who)
        source, at = self._address(words, at, ipv6=ipv6)
        source_ports: tuple[str, ...] = ()
        if words[at] in _PORT_WORDS:
            start, at = at, self._ports_end(words, at)
            source_ports = tuple(words[start:at])
        if words[at] in _WHO:
            at = self._who(words, at, who)
        destination, at = self._address(words, at, ipv6=ipv6)
        key = (protocol, source_ports, tuple(words[at:]))
        tail = self._tails.get(key)
        if tail is None:
            tail = self._tails[key] = self._tail(*key)
        conditions = (*map(_who_is_it, who), *tail.conditions) if who else tail.conditions
        if source.opens or destination.opens or tail.services.opens:
            return self._rules(action, source, destination, tail.services, line, conditions, tail.enabled)
        return [Rule(action, source.known, destination.known, tail.services.known, line, conditions,
                     tail.enabled)]

    def plain(self, text: str, line: int) -> Rule | None:
        """Read the common form of an extended ACE by one match and three look-ups; None: read it slowly."""
        found = _PLAIN(text)
        if found is None:
            return None
        action, protocol, source_text, destination_text, tail_text = found.groups()
        source = self._plain_addresses.get(source_text)
        if source is None:
            source = self._plain_address(source_text)
        destination = self._plain_addresses.get(destination_text)
        if destination is None:
            destination = self._plain_address(destination_text)
        tail = self._plain_tails.get((protocol, tail_text))
        if tail is None:
            tail = self._plain_tail(protocol, tail_text)
        if source is None or destination is None or tail is None:
            return None
        return Rule(ACTIONS[action], source, destination, tail.services.known, line, (), tail.enabled)

    def _plain_address(self, text: str) -> AddressSet | None:
        """Read an address that is new; None where something is open or is no address at all."""
        try:
            known = self._any.get(text) or self._new_address(tuple(text.split()))
        except Wrong:
            return None
        if known.opens:
            return None
        self._plain_addresses[text] = known.known
        return known.known

    def _plain_tail(self, protocol: str, text: str) -> _Tail | None:
        """Read a new tail; None where something is open or wrong."""
        try:
            tail = self._tail(protocol, (), tuple(text.split()))
        except (Wrong, IndexError):
            return None
        if tail.conditions or tail.services.opens:
            return None
        self._plain_tails[protocol, text] = tail
        return tail

    def standard(self, words: list[str], at: int, line: int) -> list[Rule]:
        """Read `{permit|deny} ADDRESS`: a list of destinations for routing and split tunnels."""
        destination, end = self._address(words, at + 1, ipv6=False)
        if words[end:end + 1] and words[end] != "log" and not words[end].startswith(("(hitcnt=", "0x")):
            raise Wrong(f"'{words[end]}' does not belong into a standard access-list")
        return self._rules(ACTIONS[words[at]], Addresses(ANY), destination, Services(_ANY_SERVICES), line,
                           (), True)

    def _address(self, words: list[str], at: int, *, ipv6: bool) -> tuple[Addresses, int]:
        word = words[at]
        known = self._any.get(word)
        if known is not None:
            return (self._any["any6"] if ipv6 else known), at + 1
        if at + 1 < len(words):
            known = self._addresses.get((word, words[at + 1]))
            if known is not None and word != "fqdn":
                return known, at + 2
        key: tuple[str, ...] = (word, words[at + 1]) if ":" not in word else (word,)
        if word == "range":
            key = (word, words[at + 1], words[at + 2])
        end = at + len(key)
        if word == "fqdn" and words[end:end + 1] and words[end][0] == "(":
            end += 1  # (resolved) or (unresolved)
        known = self._addresses.get(key)
        if known is None:
            known = self._addresses[key] = self._address_or_open(key)
        return known, end

    def _address_or_open(self, words: tuple[str, ...]) -> Addresses:
        """Read an address; where only the address itself is bad, the rest of the line still counts.

        Placeholders and aliases without their `name` line are common in files that people pass on.
        """
        try:
            return self._new_address(words)
        except Wrong as error:
            if words[0] != "host" and not literals.is_mask(words[-1]):
                raise
            unknown = Open(f"address {' '.join(words)}", f"which address is meant: {error}", ANY4)
            return Addresses(NOWHERE, (unknown,))

    def _new_address(self, words: tuple[str, ...]) -> Addresses:
        match words:
            case ["host", name]:
                return Addresses(literals.host(name, self._objects.names))
            case ["object" | "object-group", name]:
                return self._objects.network(name)
            case ["interface", name]:
                unknown = Open(f"interface {name}", f"the address of interface {name}")
                return self._objects.interfaces.get(name) or Addresses(NOWHERE, (unknown,))
            case ["fqdn", name]:
                return Addresses(NOWHERE, (Open(f"fqdn {name}", f"which addresses {name} has"),))
            case ["range", first, last]:
                return Addresses(literals.between(first, last, self._objects.names))
            case [prefix]:
                return Addresses(literals.network6(prefix))
            case _:
                return Addresses(literals.network(words[0], words[1], self._objects.names))

    def _who(self, words: list[str], at: int, who: list[str]) -> int:
        while words[at] in _WHO:
            count = _WHO[words[at]]
            if words[at] == "user" and words[at + 1] not in ("any", "none") and "\\" not in words[at + 1]:
                raise Wrong(f"'{words[at + 1]}' is not a user (DOMAIN\\name, any or none)")
            if words[at:at + 2] != ["user", "any"]:
                who.append(" ".join(words[at:at + count]))
            at += count
        return at

    def _ports_end(self, words: list[str], at: int) -> int:
        """Where the ports behind the source end. A group there may be the destination: its kind decides."""
        word = words[at]
        if word in OPERATORS:
            return at + 1 + OPERATORS[word]
        return at + 2 if self._objects.kind(words[at + 1]) == "ports" else at

    def _tail(self, protocol: str, source: tuple[str, ...], tail: tuple[str, ...]) -> _Tail:
        """Read everything behind the destination: ports or ICMP type, then options."""
        end = self._service_end(tail, protocol)
        services = self._service(protocol, list(source), list(tail[:end]))
        options = [word for word in tail[end:] if not word.startswith(("(hitcnt=", "0x"))]
        conditions = self._conditions(options)
        enabled = "inactive" not in options
        if "(inactive)" in options:  # a listing's word for now; beside a name or a time it may change
            enabled = enabled and bool(conditions)
        return _Tail(services, conditions, enabled)

    def _service_end(self, tail: tuple[str, ...], protocol: str) -> int:
        """How many words the ports or the ICMP type behind the destination take."""
        if not tail:
            return 0
        word = tail[0]
        if word in OPERATORS:
            return 1 + OPERATORS[word]
        if word == "object-group":
            return 2
        if protocol in _ICMP_WORDS and word not in ("log", "inactive", "time-range") and word[0] != "(":
            return 2 if len(tail) > 1 and tail[1].isdecimal() else 1
        return 0

    def _service(self, protocol: str, source: list[str], tail: list[str]) -> Services:
        word, _, name = protocol.partition(" ")
        if name and self._objects.kind(name) != "protocol":
            if source or tail:
                raise Wrong(f"no ports may follow {protocol}, which holds them already")
            return self._objects.service(name)
        if name:
            protocols = self._objects.protocol_group(name)
        elif word == "ip":
            protocols = ANY_PROTOCOL
        else:
            number = literals.protocol(word)
            protocols = IntervalSet.of((number, number))
            if is_icmp(number):
                return Services(self._icmp(number, source, tail))
        if not (source or tail):
            return Services((Service(protocols),))
        numbers = tuple(n for n in _WITH_PORTS if n in protocols)
        if word == "ip" or not numbers or protocols.size != len(numbers):
            raise Wrong(f"{protocol} has no ports")
        return Services((Service(protocols, self._ports(source, numbers), self._ports(tail, numbers)),))

    def _icmp(self, number: int, source: list[str], tail: list[str]) -> tuple[Service, ...]:
        if source:
            raise Wrong("ICMP has no ports")
        if tail[:1] == ["object-group"]:
            pairs = self._objects.icmp_group(tail[1], number)
            return tuple(Service(IntervalSet.of((number, number)), *pair) for pair in pairs)
        return (icmp_service(number, tail),)

    def _ports(self, words: list[str], protocols: tuple[int, ...]) -> IntervalSet:
        if not words:
            return ANY_PORT
        if words[0] == "object-group":
            return self._objects.port_group(words[1])
        return port_set(words[0], tuple(words[1:]), protocols)

    def _conditions(self, words: list[str]) -> tuple[Condition, ...]:
        """Read log, time-range and inactive; words that are not known stay an open condition."""
        found: list[Condition] = []
        at = 0
        while at < len(words):
            word = words[at]
            at += 1
            if word == "log":
                while at < len(words) and (words[at] in _LOG_WORDS or words[at] == "interval"):
                    at += 2 if words[at] == "interval" else 1
            elif word == "time-range" and at < len(words):
                found.append(self._time_range(words[at]))
                at += 1
            elif word not in ("inactive", "(inactive)"):
                rest = " ".join(words[at - 1:])
                found.append(Opaque("", f"what '{rest}' means: these words are not known"))
                break
        return tuple(found)

    def _time_range(self, name: str) -> Condition:
        known = self._time_ranges.get(name)
        return known or Opaque(f"time-range {name}",
                               f"whether time-range {name} is active: it is not defined in this file")

    def _rules(self, action: Action, source: Addresses, destination: Addresses, services: Services, line: int,
               conditions: tuple[Condition, ...], enabled: bool) -> list[Rule]:
        """One rule for what is surely meant, and one for each open member that may be meant as well."""
        sides = (_alternatives(source, "source"), _alternatives(destination, "destination"))
        offers: list[tuple[tuple[Service, ...], tuple[Condition, ...]]] = [(services.known, ())]
        offers += [(_ANY_SERVICES, (Opaque(one.key, one.because),)) for one in services.opens]
        if len(sides[0]) * len(sides[1]) * len(offers) > _MAX_ALTERNATIVES:
            sides, offers = _collapsed(source, destination), [(_ANY_SERVICES, ())]
        return [Rule(action, s, d, v, line, (*conditions, *s_open, *d_open, *v_open), enabled)
                for (s, s_open), (d, d_open), (v, v_open) in product(*sides, offers) if s and d and v]


def _who_is_it(clause: str) -> Condition:
    return Opaque(clause, f"who '{clause}' is at the time")


Alternative = tuple[AddressSet, tuple[Condition, ...]]


def _alternatives(side: Addresses, which: Side) -> list[Alternative]:
    return [(side.known, ()),
            *((one.universe, (Membership(which, one.key, one.because),)) for one in side.opens)]


def _collapsed(source: Addresses, destination: Addresses) -> tuple[list[Alternative], list[Alternative]]:
    def whole(side: Addresses) -> AddressSet:
        return addresses.join((side.known, *(one.universe for one in side.opens)))

    many = Opaque("", f"the addresses of {len(source.opens) + len(destination.opens)} names")
    return [(whole(source), (many,))], [(whole(destination), ())]


def unread(words: list[str], line: int, reason: str) -> list[Rule]:
    """Stand in for a line that could not be read: it may do what it says to any packet, or either thing."""
    action = next((ACTIONS[word] for word in words[2:7] if word in ACTIONS), None)
    doubt: tuple[Condition, ...] = (Opaque("", f"what the line means: {reason}"),)
    return [Rule(each, ANY, ANY, _ANY_SERVICES, line, doubt)
            for each in ((action,) if action else (Action.PERMIT, Action.DENY))]
