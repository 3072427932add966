"""Scripts of `netsh advfirewall firewall add rule` lines: they add to rules that they do not show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeVar, get_args

from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.netsh import batch
from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.netsh.rules import SECURITY
from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.rule import (
    ADDING_SCRIPT,
    PROFILES,
    Action,
    Barrier,
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

KIND = ADDING_SCRIPT

T = TypeVar("T")

_ADD = re.compile(r"@?(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+advfirewall\s+firewall\s+add\s+rule\s+(.*)",
                  re.IGNORECASE)
_ADDS = re.compile(r"^[ \t@]*(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+advfirewall\s+firewall\s+add\s+rule\s",
                   re.IGNORECASE | re.MULTILINE)
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
KEYS = frozenset(get_args(_Key))
"""What `add rule` knows of a rule."""


def recognises(text: str) -> bool:
    """Return whether a script adds rules with netsh."""
    return bool(_ADDS.search(text))


def read(source: Source) -> WindowsInput:
    """Read the rules that a script adds; what else it may do to the firewall is broken off with its line, and
    may undo all of them."""
    rules: list[WindowsRule] = []
    broken: list[Broken] = []
    others: list[Broken] = []
    understood = 0
    lines = [line for line in batch.lines(source.lines()) if not batch.does_nothing(line[2])]
    for number, (line, size, text) in enumerate(lines):
        command = batch.without_output(text)
        added = _ADD.fullmatch(command)
        if batch.ends(text):
            if number + 1 < len(lines):
                others.append(Broken(line, Reason("the script ends here, and commands follow")))
            break
        if not added or batch.joins(command):
            others.append(Broken(line, Reason("the command changes more than it shows")))
            continue
        try:
            rules.append(rule(pairs(added[1]), line))
            understood += size
        except CommandError as error:
            broken.append(Broken(line, str(error)))
    if not rules and not broken and not others:
        raise UnsupportedInputError(Reason("{name}: a script that adds no rule; give what 'netsh "
                                           "advfirewall firewall show rule name=all verbose' prints",
                                           name=source.name))
    ignored = len(source.lines()) - understood - len(broken) - len(others)
    counts = LineCounts(understood, ignored, 0, len(broken) + len(others))
    return WindowsInput(source, KIND, counts, tuple(rules), broken=tuple(sorted((*broken, *others))),
                        barriers=tuple(map(_undoes, others[:1])), one_line=True)


def _undoes(other: Broken) -> Barrier:
    """Return what a command may do that is not followed: it may take away any rule, and add others."""
    return Barrier(other.line, "", Reason("what the line means: {reason}", reason=other.reason), permits=True)


def pairs(text: str, more: frozenset[str] = frozenset()) -> dict[str, str]:
    """Read `key=value` pairs of a rule, and `more` keys, quoted or not; CommandError for anything else."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        pair = PAIR.match(text, at)
        if not pair:
            raise CommandError(Reason("a word in it is not of the form key=value"))
        key = pair[1].lower()
        if (key not in KEYS and key not in more) or key in found:
            raise CommandError(Reason("'{key}' stands in it twice", key=key) if key in found
                               else Reason("'{key}' is no key of a rule", key=key))
        found[key] = pair[2].strip('"').strip()
        if "%" in found[key] and key not in ("program", "description"):
            raise CommandError(Reason("'{key}' holds a variable, which only the running script knows",
                                      key=key))
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
