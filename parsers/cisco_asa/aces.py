"""One `access-list` line to the rules that it stands for: the fast lane of a big file.

Every address and every service text is looked up once and shared after that, so a line costs a split, a
few dictionary look-ups and one tuple.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from parsers.cisco_asa import literals
from parsers.cisco_asa.literals import OPERATORS
from parsers.cisco_asa.objects import Objects
from parsers.cisco_asa.services import icmp_service, port_set
from parsers.cisco_asa.words import Addresses, Open, Services, Wrong
from parsers.model import addresses
from parsers.model.addresses import ANY, ANY4, ANY6, NOWHERE
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
_MAX_ALTERNATIVES = 64
"""More combinations of open members than this become one open condition."""


class AceReader:
    """Reads the words behind `access-list NAME [line N]`."""

    def __init__(self, objects: Objects, time_ranges: Mapping[str, TimeRange], *, any_is_ipv4: bool) -> None:
        self._objects = objects
        self._time_ranges = time_ranges
        self._any = {"any": Addresses(ANY4 if any_is_ipv4 else ANY), "any4": Addresses(ANY4),
                     "any6": Addresses(ANY6)}
        self._addresses: dict[str, Addresses] = {}
        self._services: dict[str, Services] = {}
        self._conditions: dict[str, tuple[Condition, ...]] = {"": ()}

    def extended(self, words: list[str], at: int, line: int, *, ipv6: bool = False) -> list[Rule]:
        """Read `{permit|deny} PROTO [who] SRC [PORTS] [who] DST [PORTS | ICMP] [options]` from `words[at:]`.

        In an `ipv6 access-list` the word any means IPv6. Wrong when the line cannot be read.
        """
        try:
            return self._extended(words, at, line, ipv6)
        except IndexError:
            raise Wrong("the line is cut short") from None

    def standard(self, words: list[str], at: int, line: int) -> list[Rule]:
        """Read `{permit|deny} ADDRESS`: a list of destinations for routing and split tunnels."""
        try:
            destination, end = self._address(words, at + 1, ipv6=False)
        except IndexError:
            raise Wrong("the line is cut short") from None
        if words[end:end + 1] and words[end] != "log" and not words[end].startswith(("(hitcnt=", "0x")):
            raise Wrong(f"'{words[end]}' does not belong into a standard access-list")
        return self._rules(ACTIONS[words[at]], Addresses(ANY), destination, Services(_ANY_SERVICES), line,
                           (), True)

    def _extended(self, words: list[str], at: int, line: int, ipv6: bool) -> list[Rule]:
        action = ACTIONS[words[at]]
        at += 1
        protocol = words[at]
        at += 1
        if protocol in ("object", "object-group"):
            protocol += " " + words[at]
            at += 1
        who: list[str] = []
        at = self._who(words, at, who)
        source, at = self._address(words, at, ipv6)
        start = at
        at = self._ports_end(words, at)
        source_ports = " ".join(words[start:at]) if at > start else ""
        at = self._who(words, at, who)
        destination, at = self._address(words, at, ipv6)
        start = at
        at = self._service_end(words, at, protocol)
        key = f"{protocol}|{source_ports}|{' '.join(words[start:at])}"
        services = self._services.get(key)
        if services is None:
            services = self._services[key] = self._service(
                protocol, source_ports.split(), words[start:at])
        conditions: tuple[Condition, ...] = ()
        enabled = True
        if at < len(words) or who:
            conditions, enabled = self._options(words[at:], who)
            if "(inactive)" in words and (conditions or source.opens or destination.opens):
                enabled = "inactive" not in words  # not now; but the name or the time may change
        if source.opens or destination.opens or services.opens:
            return self._rules(action, source, destination, services, line, conditions, enabled)
        return [Rule(action, source.known, destination.known, services.known, line, conditions, enabled)]

    def _address(self, words: list[str], at: int, ipv6: bool) -> tuple[Addresses, int]:
        word = words[at]
        if word in self._any:
            return self._any["any6" if ipv6 else word], at + 1
        if word in ("host", "object", "object-group", "interface", "fqdn"):
            key, end = f"{word} {words[at + 1]}", at + 2
            if word == "fqdn" and end < len(words) and words[end].startswith("("):
                end += 1
        elif word == "range":
            key, end = f"range {words[at + 1]} {words[at + 2]}", at + 3
        elif ":" in word:
            key, end = word, at + 1
        else:
            key, end = f"{word} {words[at + 1]}", at + 2
        found = self._addresses.get(key)
        if found is None:
            try:
                found = self._new_address(key.split())
            except Wrong as error:
                if word != "host" and not literals.is_mask(words[end - 1]):
                    raise
                # The form is right and only the address is not (a placeholder, an alias without its name
                # line): the line still says something about every other field.
                found = Addresses(NOWHERE, (Open(f"address {key}", f"which address is meant: {error}", ANY4),))
            self._addresses[key] = found
        return found, end

    def _new_address(self, words: list[str]) -> Addresses:
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
            who.append(" ".join(words[at:at + count]))
            at += count
        return at

    def _ports_end(self, words: list[str], at: int) -> int:
        """Where the ports behind the source end. A group there may be the destination: its kind decides."""
        word = words[at]
        if word in OPERATORS:
            return at + 1 + OPERATORS[word]
        if word == "object-group" and self._objects.kind(words[at + 1]) == "ports":
            return at + 2
        return at

    def _service_end(self, words: list[str], at: int, protocol: str) -> int:
        """Where the ports or the ICMP type behind the destination end."""
        if at == len(words):
            return at
        word = words[at]
        if word in OPERATORS:
            return at + 1 + OPERATORS[word]
        if word == "object-group":
            return at + 2
        if protocol in _ICMP_WORDS and word not in ("log", "inactive", "time-range") and word[0] != "(":
            end = at + 1
            return end + 1 if end < len(words) and words[end].isdecimal() else end
        return at

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

    def _options(self, words: list[str], who: list[str]) -> tuple[tuple[Condition, ...], bool]:
        """Read log, time-range, inactive, and the tail of a `show access-list` element."""
        key = " ".join((*who, "|", *words))
        enabled = "inactive" not in words and "(inactive)" not in words
        known = self._conditions.get(key)
        if known is None:
            known = self._conditions[key] = self._new_conditions(words, who)
        return known, enabled

    def _new_conditions(self, words: list[str], who: list[str]) -> tuple[Condition, ...]:
        found: list[Condition] = [Opaque(clause, f"who '{clause}' is at the time")
                                  for clause in who if clause != "user any"]
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
            elif word not in ("inactive", "(inactive)") and not word.startswith(("(hitcnt=", "0x")):
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


Alternative = tuple[addresses.AddressSet, tuple[Condition, ...]]


def _alternatives(side: Addresses, which: Side) -> list[Alternative]:
    return [(side.known, ()),
            *((one.universe, (Membership(which, one.key, one.because),)) for one in side.opens)]


def _collapsed(source: Addresses, destination: Addresses) -> tuple[list[Alternative], list[Alternative]]:
    def whole(side: Addresses) -> addresses.AddressSet:
        return addresses.join((side.known, *(one.universe for one in side.opens)))

    many = Opaque("", f"the addresses of {len(source.opens) + len(destination.opens)} names")
    return [(whole(source), (many,))], [(whole(destination), ())]


def unread(words: list[str], line: int, reason: str) -> list[Rule]:
    """Stand in for a line that could not be read: it may do what it says to any packet, or either thing."""
    action = next((ACTIONS[word] for word in words[2:7] if word in ACTIONS), None)
    doubt: tuple[Condition, ...] = (Opaque("", f"what the line means: {reason}"),)
    return [Rule(each, ANY, ANY, _ANY_SERVICES, line, doubt)
            for each in ((action,) if action else (Action.PERMIT, Action.DENY))]
