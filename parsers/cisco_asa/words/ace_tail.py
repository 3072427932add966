"""What follows the addresses of an ACE: ports or an ICMP type, then options."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.literals import OPERATORS
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.services import icmp_service, port_set
from aclproof.parsers.cisco_asa.words.unresolved import LineError, Open, Services
from aclproof.parsers.model.conditions import Condition, Opaque, TimeRange
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import (
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
    service,
)
from aclproof.reason import Reason

_ICMP_WORDS = frozenset({"icmp", "icmp6", str(ICMP), str(ICMP6)})
_WITH_PORTS = (TCP, UDP, SCTP)
_OPTION_WORDS = frozenset({"log", "inactive", "time-range"})
_LOG_WORDS = frozenset([
    "disable", "default", "emergencies", "alerts", "critical", "errors", "warnings", "notifications",
    "informational", "debugging", *"01234567"])

LISTED = re.compile(r"\(hitcnt=\d+\)|0x[0-9a-f]{1,8}").fullmatch
"""What only a `show access-list` has after an entry: its hits and its hash."""


class Tail(Struct, frozen=True):
    """What the words after the addresses say, together with the protocol and the source ports."""

    services: Services
    conditions: tuple[Condition, ...]
    enabled: bool
    """Without the word inactive."""
    marked: bool
    """A listing says (inactive): not now, though a name or a time may change that."""

    @property
    def plain(self) -> bool:
        """Nothing is open, and the line is in force."""
        return not (self.conditions or self.services.opens or self.marked)

    def in_force(self, *, open_names: bool) -> bool:
        """Whether the line can match at all; besides open names or times (inactive) is only about now."""
        return self.enabled and (not self.marked or open_names or bool(self.conditions))


class TailReader:
    """Reads tails; what a group holds is the objects' matter."""

    def __init__(self, objects: Objects, time_ranges: Mapping[str, TimeRange]) -> None:
        self._objects = objects
        self._time_ranges = time_ranges

    def read(self, protocol: str, source: tuple[str, ...], tail: tuple[str, ...]) -> Tail:
        """Read everything after the destination: ports or ICMP type, then options.

        LineError or IndexError (cut short) when it cannot be read.
        """
        end = _service_end(tail, protocol)
        services = self._service_or_open(protocol, list(source), list(tail[:end]))
        conditions, states = self._options([word for word in tail[end:] if not LISTED(word)])
        return Tail(services, conditions, "inactive" not in states, "(inactive)" in states)

    def _service_or_open(self, protocol: str, source: list[str], tail: list[str]) -> Services:
        """Where only the ports are bad, or the group of them, the protocol and the rest still count."""
        try:
            return self._service(protocol, source, tail)
        except LineError as error:
            group = tail[1] if len(tail) == 2 and tail[0] == "object-group" else ""
            bounds = _bounds(protocol)
            if not (group or bounds):
                raise
            reason = Reason("which services are meant: {reason}", reason=str(error))
            return Services((), (Open(f"object {group}" if group else "", reason,
                                      services=bounds or (ANY_SERVICE,)),))

    def _service(self, protocol: str, source: list[str], tail: list[str]) -> Services:
        word, _, name = protocol.partition(" ")
        if name and self._objects.kind(name) != "protocol":
            if source or tail:
                raise LineError(Reason("no ports may follow {protocol}, which holds them already",
                                       protocol=protocol))
            return self._objects.service(name, word)
        if name:
            protocols = self._objects.protocol_group(name)
        elif word in literals.ANY_PROTOCOL_WORDS:
            protocols = ANY_PROTOCOL
        else:
            number = literals.protocol(word)
            protocols = IntervalSet.of((number, number))
            if is_icmp(number):
                return Services(self._icmp(number, source, tail))
        if not (source or tail):
            return Services((Service(protocols),))
        numbers = tuple(n for n in _WITH_PORTS if n in protocols)
        if word in literals.ANY_PROTOCOL_WORDS or not numbers or protocols.size != len(numbers):
            raise LineError(Reason("{protocol} has no ports", protocol=protocol))
        return Services((Service(protocols, self._ports(source, numbers), self._ports(tail, numbers)),))

    def _icmp(self, number: int, source: list[str], tail: list[str]) -> tuple[Service, ...]:
        if source:
            raise LineError(Reason("ICMP has no ports"))
        if tail[:1] == ["object-group"]:
            pairs = self._objects.icmp_group(tail[1], number)
            return tuple(Service(IntervalSet.of((number, number)), *pair) for pair in pairs)
        return (icmp_service(number, tail),)

    def _ports(self, words: list[str], protocols: tuple[int, ...]) -> IntervalSet:
        if not words:
            return ANY_PORT
        if words[0] == "object-group":
            return self._objects.port_group(words[1], protocols)
        return port_set(words[0], tuple(words[1:]), protocols)

    def _options(self, words: list[str]) -> tuple[tuple[Condition, ...], set[str]]:
        """Read log, time-range and inactive; words that are not known stay an open condition."""
        found: list[Condition] = []
        states: set[str] = set()
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
            elif word == "time-range":
                found.append(Opaque("", Reason("which time-range is meant: the line is cut short")))
            elif word in ("inactive", "(inactive)"):
                states.add(word)
            elif at == 1:  # no option is before it: the words above may have been taken for others
                raise LineError(Reason("'{word}' is not known behind the ports", word=word))
            else:
                rest = " ".join(words[at - 1:])
                found.append(Opaque("", Reason("what '{text}' means: these words are not known", text=rest)))
                break
        return tuple(found), states

    def _time_range(self, name: str) -> Condition:
        known = self._time_ranges.get(name)
        return known or Opaque(f"time-range {name}",
                               Reason("whether time-range {name} is active: it is not defined in this file",
                                      name=name))


def _bounds(protocol: str) -> tuple[Service, ...]:
    """All that an entry can match by its protocol; nothing where that is a group, or every one."""
    try:
        number = literals.protocol(protocol)
    except LineError:
        return ()
    return (service(number),) if number else ()


def _service_end(tail: tuple[str, ...], protocol: str) -> int:
    """How many words the ports or the ICMP type after the destination take."""
    if not tail:
        return 0
    word = tail[0]
    if word in OPERATORS:
        return 1 + OPERATORS[word]
    if word == "object-group":
        return 2
    if protocol in _ICMP_WORDS and word not in _OPTION_WORDS and word[0] != "(" and not LISTED(word):
        return 2 if len(tail) > 1 and tail[1].isdecimal() else 1
    return 0
