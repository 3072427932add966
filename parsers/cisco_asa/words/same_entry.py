"""When two lines are one entry to an ASA, however they are spelled: it stores numbers, not words.

What it prints (`eq www`, `10.1.0.0 255.255.0.0`) and what people type (`eq 80`) must find each other.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.keywords import PORTS, PROTOCOLS
from aclproof.parsers.cisco_asa.words.literals import OPERATORS
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP

_PORTS = PORTS[UDP] | PORTS[TCP]
"""Of every protocol: no name has two numbers."""
_NAMED = frozenset({"object", "object-group", "interface", "object-group-user", "object-group-security",
                    "user", "user-group"})
_LOG_LEVELS = frozenset(["disable", "default", "emergencies", "alerts", "critical", "errors", "warnings",
                         "notifications", "informational", "debugging", *"01234567"])
_ICMP = {"icmp": ICMP, str(ICMP): ICMP, "icmp6": ICMP6, str(ICMP6): ICMP6}


class Entry(NamedTuple):
    """One entry of a list: `key` is what makes it the one that it is, `inactive` its state."""

    key: Hashable
    inactive: bool


def entry(words: Sequence[str], names: Mapping[str, str]) -> Entry:
    """Read the words after `access-list NAME [line N]`; `names` are the aliases of addresses.

    Logging is no part of the key: the device changes it in place, as it does with `inactive`.
    """
    return _read(words, names) if names else _read_once(tuple(words))


@lru_cache(maxsize=1 << 12)
def _read_once(words: tuple[str, ...]) -> Entry:
    """Read an entry without aliases: what writes permits asks for the same ones as what enters them."""
    return _read(words, {})


def _read(words: Sequence[str], names: Mapping[str, str]) -> Entry:
    if not words or words[0] not in ("extended", "permit", "deny"):
        return Entry(tuple(words), False)
    rest = list(words[1:] if words[0] == "extended" else words)
    found: list[Hashable] = [rest[0]] if rest else []
    icmp = None
    if len(rest) > 1 and rest[1] not in _NAMED:
        found.append(PROTOCOLS.get(rest[1], literals.number(rest[1], 255) or rest[1]))
        icmp = _ICMP.get(rest[1])
    at = 2 if len(rest) > 1 and rest[1] not in _NAMED else 1
    inactive, ends = False, 0
    while at < len(rest):
        word = rest[at]
        if word == "log":
            at += _log(rest[at:])
        elif word == "inactive":
            inactive = True
            at += 1
        elif word == "time-range":
            found.append(tuple(rest[at:at + 2]))
            at += 2
        elif word in _NAMED:
            found.append(tuple(rest[at:at + 2]))
            ends += word in ("object", "object-group", "interface")
            at += 2
        elif word in OPERATORS:
            count = OPERATORS[word] + 1
            found.append((word, *(_port(each) for each in rest[at + 1:at + count])))
            at += count
        elif icmp is not None and ends > 1:
            found.append(_icmp(word, icmp))
            at += 1
        else:
            pair = tuple(rest[at:at + 2])
            value, count = _address(pair, names) if names else _address_once(pair)
            found.append(value)
            ends += 1
            at += count
    return Entry(tuple(found), inactive)


def _log(words: Sequence[str]) -> int:
    """How many words the logging takes."""
    count = 1
    if words[count:count + 1] and words[count] in _LOG_LEVELS:
        count += 1
    return count + 2 if words[count:count + 1] == ["interval"] else count


def _port(word: str) -> Hashable:
    value = literals.number(word, 65535)
    return _PORTS.get(word, word) if value is None else value


def _icmp(word: str, protocol: int) -> Hashable:
    try:
        return literals.icmp_type(word, protocol)
    except LineError:
        return word


@lru_cache(maxsize=1 << 14)
def _address_once(words: tuple[str, ...]) -> tuple[Hashable, int]:
    """Read an address without aliases: many entries have the same ones."""
    return _address(words, {})


def _address(words: Sequence[str], names: Mapping[str, str]) -> tuple[Hashable, int]:
    """Read an address of one or two words; what is none stays a word."""
    try:
        if words[0] == "any4":
            return literals.network("0.0.0.0", "0.0.0.0", {}), 1
        if words[0] == "host":
            return literals.host(words[1], names), 2
        if "/" in words[0]:
            return literals.network6(words[0]), 1
        if len(words) > 1 and literals.is_mask(words[1]):
            return literals.network(words[0], words[1], names), 2
    except (LineError, IndexError):
        pass
    return words[0], 1
