"""Scripts of `netsh advfirewall firewall add rule` lines: they add to rules that they do not show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeVar, get_args

from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.netsh.rules import SECURITY
from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.rule import (
    PROFILES,
    Action,
    Broken,
    Direction,
    Edge,
    InterfaceType,
    Profile,
    WindowsInput,
    WindowsRule,
)
from aclproof.parsers.windows.records.spelling import PROTOCOLS
from aclproof.reason import Reason, joined

KIND = "netsh advfirewall script"

T = TypeVar("T")

_COMMAND = re.compile(r"^[\s@]*(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+advfirewall\s+(.*)", re.IGNORECASE)
_ADD = re.compile(r"firewall\s+add\s+rule\s+(.*)", re.IGNORECASE)
_ADDS = re.compile(r"^[ \t@]*(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+advfirewall\s+firewall\s+add\s+rule\s",
                   re.IGNORECASE | re.MULTILINE)
_HARMLESS = re.compile(r"(?:firewall\s+|monitor\s+)?(?:show|dump|export)\b", re.IGNORECASE)
PAIR = re.compile(r'(\w+)\s*=\s*("[^"]*"|[^\s"]+)\s*')
"""One pair, and the blanks after it."""

_DIRECTIONS: Mapping[str, Direction] = {"in": "In", "out": "Out"}
_ACTIONS: Mapping[str, Action] = {"allow": "Allow", "block": "Block", "bypass": "ByPass"}
_YES_NO = {"yes": True, "no": False}
_PROFILES: Mapping[str, Profile] = {each.lower(): each for each in PROFILES}
_TYPES: Mapping[str, InterfaceType] = {"lan": "Lan", "wireless": "Wireless", "ras": "RemoteAccess"}
_EDGES: Mapping[str, Edge] = {"no": "No", "yes": "Yes", "deferapp": "App", "deferuser": "User"}

_Key = Literal[
    "name", "dir", "action", "program", "service", "description", "enable", "profile", "localip", "remoteip",
    "localport", "remoteport", "protocol", "interfacetype", "rmtcomputergrp", "rmtmachgrp", "rmtusrgrp",
    "edge", "security"]
_KEYS = frozenset(get_args(_Key))


class CommandError(Exception):
    """What netsh would not take, or what only the running script knows."""


def recognises(text: str) -> bool:
    """Return whether a script adds rules with netsh."""
    return bool(_ADDS.search(text))


def read(source: Source) -> WindowsInput:
    """Read the rules that a script adds; what else it does to the firewall is broken off with its line."""
    rules: list[WindowsRule] = []
    broken: list[Broken] = []
    understood = 0
    for line, size, command in commands(source.lines()):
        added = _ADD.fullmatch(command)
        if not added:
            if not _HARMLESS.match(command):
                broken.append(Broken(line, Reason("the command changes more than it shows")))
            continue
        try:
            rules.append(rule(pairs(added[1]), line))
            understood += size
        except CommandError as error:
            broken.append(Broken(line, str(error)))
    if not rules and not broken:
        raise UnsupportedInputError(Reason("{name}: a script that adds no rule; give what 'netsh "
                                           "advfirewall firewall show rule name=all verbose' prints",
                                           name=source.name))
    ignored = len(source.lines()) - understood - len(broken)
    counts = LineCounts(understood, ignored, 0, len(broken))
    return WindowsInput(source, KIND, counts, tuple(rules), broken=tuple(broken), one_line=True)


def commands(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield each netsh command: its first line, how many lines it takes (`^` goes on), its text."""
    number = 0
    while number < len(lines):
        first, text = number, lines[number].rstrip()
        while text.endswith("^") and number + 1 < len(lines):
            number += 1
            text = text[:-1] + " " + lines[number].strip()
        number += 1
        found = _COMMAND.match(text)
        if found:
            yield first + 1, number - first, found[1].strip()


def pairs(text: str, more: frozenset[str] = frozenset()) -> dict[str, str]:
    """Read `key=value` pairs of a rule, and `more` keys, quoted or not; CommandError for anything else."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        pair = PAIR.match(text, at)
        if not pair:
            if text[at] in ">|&":  # where the output goes, or another command
                break
            raise CommandError(Reason("'{text}' is not of the form key=value", text=text[at:].split()[0]))
        key = pair[1].lower()
        if (key not in _KEYS and key not in more) or key in found:
            raise CommandError(Reason("'{key}' stands in it twice", key=key) if key in found
                               else Reason("'{key}' is no key of a rule", key=key))
        found[key] = pair[2].strip('"').strip()
        at = pair.end()
    return found


def rule(given: Mapping[str, str], line: int) -> WindowsRule:
    """Make the rule that `add rule` makes of some pairs; CommandError for one that netsh would not take."""

    def one(key: _Key) -> str:
        return "" if given.get(key, "").lower() == "any" else given.get(key, "")

    def listed(key: _Key) -> tuple[str, ...]:
        try:
            return spelling.items(one(key))
        except ValueError as error:
            raise CommandError(*error.args) from None

    profiles = {_word(_PROFILES, each, "profile") for each in listed("profile")}
    protocol, icmp = _protocol(given.get("protocol", "any"))
    security = given.get("security", "notrequired")
    service = given.get("service", "")
    return WindowsRule(
        line, _needed(given, "name"), _word(_DIRECTIONS, _needed(given, "dir"), "dir"),
        _word(_ACTIONS, _needed(given, "action"), "action"),
        _word(_YES_NO, given.get("enable", "yes"), "enable"), description=given.get("description", ""),
        profiles=tuple(each for each in PROFILES if each in profiles or not profiles), protocol=protocol,
        local_ports=tuple(spelling.one_way(each, local=True) for each in listed("localport")),
        remote_ports=tuple(spelling.one_way(each, local=False) for each in listed("remoteport")),
        local_addresses=tuple(map(spelling.address, listed("localip"))),
        remote_addresses=tuple(map(spelling.address, listed("remoteip"))), icmp=icmp, program=one("program"),
        service="*" if service.lower() == "any" else service,  # netsh: 'applies to services only'
        interface_types=tuple(_word(_TYPES, each, "interfacetype") for each in listed("interfacetype")),
        edge=_word(_EDGES, given.get("edge", "no"), "edge"),
        security=SECURITY.get(security.lower(), security),
        remote_computers=given.get("rmtcomputergrp", "") or given.get("rmtmachgrp", ""),
        remote_users=given.get("rmtusrgrp", ""), store="local")


def _needed(given: Mapping[str, str], key: _Key) -> str:
    if key not in given:
        raise CommandError(Reason("a rule without '{key}='", key=key))
    return given[key]


def _word(table: Mapping[str, T], word: str, key: _Key) -> T:
    if word.lower() not in table:
        raise CommandError(Reason("'{key}={word}' is not one of {known}", key=key, word=word,
                                  known=joined(", ", table)))
    return table[word.lower()]


def _protocol(word: str) -> tuple[int | None, tuple[str, ...]]:
    """Read `tcp`, `41`, `any`, `icmpv4:8,any`."""
    name, colon, kind = word.lower().partition(":")
    if name == "any":
        return None, ()
    number = PROTOCOLS.get(name)
    if number is None:
        if not (name.isascii() and name.isdecimal() and int(name) <= 255):
            raise CommandError(Reason("'protocol={word}' is no protocol", word=word))
        number = int(name)
    if not colon:
        return number, ()
    pair = ["*" if each.strip() == "any" else each.strip() for each in (*kind.split(","), "any")[:2]]
    return number, () if pair == ["*", "*"] else (":".join(pair),)
