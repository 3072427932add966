"""`netsh firewall add|set`, which changes the exceptions of Windows XP and Server 2003."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from aclproof.parsers.windows.edit.rule_store import RuleStore
from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.records.rule import PROFILES, Profile, WindowsRule
from aclproof.parsers.windows.registry import exceptions
from aclproof.parsers.windows.registry.exceptions import Scope, Service
from aclproof.reason import Reason, joined

_COMMAND = re.compile(r"(add|set)\s+(portopening|service|icmpsetting)\s+(.*)", re.IGNORECASE)
_WORD = re.compile(r'(?:(\w+)\s*=\s*)?("[^"]*"|[^\s"=]+)\s*')
_T = TypeVar("_T")
_ORDER: Mapping[str, tuple[str, ...]] = {
    "portopening": ("protocol", "port", "name", "mode", "scope", "addresses", "profile", "interface"),
    "service": ("type", "mode", "scope", "addresses", "profile"),
    "icmpsetting": ("type", "mode", "profile", "interface")}
"""The parameters of each command, which may stand without their names in this order."""
_PROFILES: Mapping[str, tuple[Profile, ...]] = {
    "domain": ("Domain",), "standard": ("Private", "Public"), "all": PROFILES}
_SERVICES: Mapping[str, Service] = {
    "fileandprint": exceptions.FILES, "remoteadmin": exceptions.ADMINISTRATION,
    "remotedesktop": exceptions.DESKTOP, "upnp": exceptions.UPNP}
_PROTOCOLS: Mapping[str, tuple[str, ...]] = {"tcp": ("tcp",), "udp": ("udp",), "all": ("tcp", "udp")}
_VISTA = (6, 0)


def carry_out(command: str, line: int, rules: RuleStore) -> None:
    """Carry out what follows `netsh firewall`; CommandError for what it would not do, or what is not
    followed."""
    found = _COMMAND.fullmatch(command)
    if not found:
        raise CommandError(Reason("of 'netsh firewall' only 'add portopening', 'set portopening', "
                                  "'set service' and 'set icmpsetting' are followed"))
    if rules.system and rules.system >= _VISTA:
        raise CommandError(Reason("'netsh firewall' is followed for Windows XP and Server 2003 only; later "
                                  "versions have 'netsh advfirewall firewall'"))
    kind = found[2].lower()
    given = _parameters(found[3], _ORDER[kind])
    if given.get("mode", "enable").lower() != "enable" or "interface" in given:
        raise CommandError(Reason("only exceptions that are switched on, for all interfaces, are followed"))
    made = list(_MAKERS[kind](given, _scope(given, line)))
    for rule in (*made, *exceptions.echoes(made)):
        rules.add(rule)


def _parameters(text: str, order: tuple[str, ...]) -> dict[str, str]:
    """Read `key=value` words, or values in the order of the command."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        word = _WORD.match(text, at)
        free = [key for key in order if key not in found]
        if not word or not free or (word[1] and word[1].lower() not in free):
            raise CommandError(Reason("a word in it is no parameter here"))
        found[word[1].lower() if word[1] else free[0]] = word[2].strip('"')
        at = word.end()
    return found


def _scope(given: Mapping[str, str], line: int) -> Scope:
    if "profile" not in given or given["profile"].lower() not in _PROFILES:
        raise CommandError(Reason("'profile=' is not one of {known}, so it would be the profile that is in "
                                  "use then", known=joined(", ", _PROFILES)))
    scope = Scope(line, _PROFILES[given["profile"].lower()], "local")
    match given.get("scope", "all").lower():
        case "all":
            return scope
        case "subnet":
            return scope.narrowed("LocalSubNet")
        case "custom" if given.get("addresses"):
            return scope.narrowed(given["addresses"])
        case other:
            raise CommandError(Reason("'scope={scope}' without addresses", scope=other))


def _port(given: Mapping[str, str], scope: Scope) -> Iterable[WindowsRule]:
    for protocol in _known(_PROTOCOLS, given, "protocol"):
        if not given.get("port", "").isdecimal():
            raise CommandError(Reason("'port=' is no number"))
        yield exceptions.opened(exceptions.PROTOCOLS[protocol], given["port"], given.get("name", ""), scope)


def _service(given: Mapping[str, str], scope: Scope) -> Iterable[WindowsRule]:
    return exceptions.service(_known(_SERVICES, given, "type"), scope)


def _icmp(given: Mapping[str, str], scope: Scope) -> Iterable[WindowsRule]:
    types = {str(kind): kind for kind in exceptions.ICMP_TYPES.values()}
    yield exceptions.icmp(_known(types, given, "type"), "ICMP", scope)


def _known(table: Mapping[str, _T], given: Mapping[str, str], key: str) -> _T:
    word = given.get(key, "").lower()
    if word not in table:
        raise CommandError(Reason("'{key}={word}' is not one of {known}", key=key, word=word,
                                  known=joined(", ", table)))
    return table[word]


_MAKERS: Mapping[str, Callable[[Mapping[str, str], Scope], Iterable[WindowsRule]]] = {
    "portopening": _port, "service": _service, "icmpsetting": _icmp}
