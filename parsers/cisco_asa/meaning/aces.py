"""One `access-list` line to its rules: the fast lane of a big file.

Every address and every service text is looked up once and shared after that, so a line costs a split, a
few dictionary look-ups and one tuple.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aclproof.parsers.cisco_asa.meaning import alternatives
from aclproof.parsers.cisco_asa.meaning.alternatives import ACTIONS, ANY_SERVICES
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.ace_tail import LISTED, Tail, TailReader
from aclproof.parsers.cisco_asa.words.keywords import PORT_NAMES
from aclproof.parsers.cisco_asa.words.literals import OPERATORS
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError, Open, Services
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, NOWHERE, AddressSet
from aclproof.parsers.model.conditions import Condition, Opaque, TimeRange
from aclproof.parsers.model.rules import Rule
from aclproof.reason import Reason

_WHO = {"user": 2, "user-group": 2, "object-group-user": 2, "security-group": 3, "object-group-security": 2}
"""Clauses about users and security groups, and how many words each takes."""
_REFERENCES = frozenset({"object", "object-group"})
_PORT_WORDS = frozenset({*OPERATORS, "object-group"})
_ADDRESS = r"(any[46]?|(?:host|object|object-group) \S+|\d[\d.]* \d[\d.]*)"
_PLAIN = re.compile(r"access-list \S+ extended (permit|deny) ((?:object(?:-group)? )?\S+) "
                    rf"{_ADDRESS} {_ADDRESS}(?: |$)(.*)").match


_MOST_KNOWN = 2**14
"""So many addresses are looked up instead of being read again: to remember a million takes several files."""


class AceReader:
    """Reads the words after `access-list NAME [line N]`."""

    def __init__(self, objects: Objects, time_ranges: Mapping[str, TimeRange], *, any_is_ipv4: bool) -> None:
        self._objects = objects
        self._tail_reader = TailReader(objects, time_ranges)
        self._any = {"any": Addresses(ANY4 if any_is_ipv4 else ANY), "any4": Addresses(ANY4),
                     "any6": Addresses(ANY6)}
        self._addresses: dict[tuple[str, ...], Addresses] = {}
        self._tails: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Tail] = {}
        self._plain_addresses: dict[str, AddressSet] = {}
        self._plain_tails: dict[tuple[str, str], Tail] = {}

    def extended(self, words: list[str], at: int, line: int, *, ipv6: bool = False) -> list[Rule]:
        """Read `{permit|deny} PROTO [who] SRC [PORTS] [who] DST [PORTS | ICMP] [options]` from `words[at:]`.

        In an `ipv6 access-list` the word any means IPv6. LineError or IndexError (cut short) when the line
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
        if words[at] in _PORT_WORDS and not self._is_range_of_addresses(words, at):
            start, at = at, self._ports_end(words, at)
            source_ports = tuple(words[start:at])
        if words[at] in _WHO:
            at = self._who(words, at, who)
        destination, at = self._address(words, at, ipv6=ipv6)
        key = (protocol, source_ports, tuple(words[at:]))
        tail = self._tails.get(key)
        if tail is None:
            tail = self._tails[key] = self._tail_reader.read(*key)
        conditions = (*map(_who_is_it, who), *tail.conditions) if who else tail.conditions
        if source.opens or destination.opens or tail.services.opens:
            enabled = tail.in_force(open_names=bool(source.opens or destination.opens))
            return alternatives.rules(action, source, destination, tail.services, line, conditions, enabled)
        return [Rule(action, source.known, destination.known, tail.services.known, line, conditions,
                     tail.in_force(open_names=bool(who)))]

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
        except LineError:
            return None
        if known.opens:
            return None
        if len(self._plain_addresses) < _MOST_KNOWN:
            self._plain_addresses[text] = known.known
        return known.known

    def _plain_tail(self, protocol: str, text: str) -> Tail | None:
        """Read a new tail; None where something is open or wrong."""
        try:
            tail = self._tail_reader.read(protocol, (), tuple(text.split()))
        except (LineError, IndexError):
            return None
        if not tail.plain:
            return None
        self._plain_tails[protocol, text] = tail
        return tail

    def standard(self, words: list[str], at: int, line: int) -> list[Rule]:
        """Read `{permit|deny} ADDRESS`: a list of destinations for routing and split tunnels."""
        destination, end = self._address(words, at + 1, ipv6=False)
        if words[end:end + 1] and words[end] != "log" and not words[end].startswith(("(hitcnt=", "0x")):
            raise LineError(Reason("'{word}' does not belong into a standard access-list", word=words[end]))
        return alternatives.rules(ACTIONS[words[at]], Addresses(ANY), destination, Services(ANY_SERVICES),
                                  line, (), True)

    def _address(self, words: list[str], at: int, *, ipv6: bool) -> tuple[Addresses, int]:
        word = words[at]
        known = self._any.get(word)
        if known is not None:
            return (self._any["any6"] if ipv6 else known), at + 1
        if at + 1 == len(words) and literals.is_dotted(word):
            raise LineError(Reason("{address} needs 'host' before it, or a mask after it", address=word))
        key: tuple[str, ...] = (word, words[at + 1]) if ":" not in word else (word,)
        if word == "range":
            key = (word, words[at + 1], words[at + 2])
        end = at + len(key)
        if words[end:end + 1] and _is_resolution(words[end]):
            end += 1
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
        except LineError as error:
            if words[0] != "host" and not literals.is_mask(words[-1]):
                raise
            universe = ANY if words[0] == "host" else ANY4  # an alias may stand for an IPv6 host
            unknown = Open(f"address {' '.join(words)}", Reason("which address is meant: {reason}",
                                                                reason=str(error)), universe)
            return Addresses(NOWHERE, (unknown,))

    def _new_address(self, words: tuple[str, ...]) -> Addresses:
        match words:
            case ["host", name]:
                return Addresses(literals.host(name, self._objects.names))
            case ["object" | "object-group" as word, name]:
                return self._objects.network(name, word)
            case ["interface", name]:
                unknown = Open(f"interface {name}", Reason("the address of interface {name}", name=name))
                return self._objects.interfaces.get(name) or Addresses(NOWHERE, (unknown,))
            case ["fqdn", name]:
                unknown = Open(f"fqdn {name}", Reason("which addresses {name} has", name=name))
                return Addresses(NOWHERE, (unknown,))
            case ["range", first, last]:
                return Addresses(literals.between(first, last, self._objects.names))
            case [prefix]:
                return literals.prefix(prefix)
            case [address, after] if not literals.is_dotted(after) and literals.is_dotted(address):
                raise LineError(Reason("{address} needs 'host' before it, or a mask after it",
                                       address=address))
            case _:
                return literals.masked(words[0], words[1], self._objects.names)

    def _who(self, words: list[str], at: int, who: list[str]) -> int:
        while words[at] in _WHO:
            count = _WHO[words[at]]
            if words[at] == "user" and words[at + 1] not in ("any", "none") and "\\" not in words[at + 1]:
                raise LineError(Reason("'{word}' is not a user (DOMAIN\\name, any or none)",
                                       word=words[at + 1]))
            who.append(" ".join(words[at:at + count]))  # `user any`: who has logged in, whoever it is
            at += count
        return at

    def _is_range_of_addresses(self, words: list[str], at: int) -> bool:
        """Whether these are no ports but the destination, as a listing shows an object with a range."""
        if words[at] != "range" or at + 2 >= len(words):
            return False
        first = words[at + 1]
        return "." in first or ":" in first or (first in self._objects.names and first not in PORT_NAMES)

    def _ports_end(self, words: list[str], at: int) -> int:
        """Where the ports after the source end. A group there may be the destination: its kind decides."""
        word = words[at]
        if word in OPERATORS:
            return at + 1 + OPERATORS[word]
        return at + 2 if self._objects.kind(words[at + 1]) == "ports" else at


def _is_resolution(word: str) -> bool:
    """Whether a listing says here how it resolved a name: (resolved), (unresolved) or the name itself."""
    return word[0] == "(" and word != "(inactive)" and not LISTED(word)


def _who_is_it(clause: str) -> Condition:
    return Opaque(clause, Reason("who '{clause}' is at the time", clause=clause), lasting=True)
