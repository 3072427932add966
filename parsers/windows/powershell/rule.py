"""One rule as `Get-NetFirewallRule` and its filters show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from aclproof.parsers.model.services import TCP, UDP, is_icmp
from aclproof.parsers.windows.records import columns, spelling
from aclproof.parsers.windows.records.aspects import Aspect
from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.rule import (
    PROFILES,
    Action,
    Direction,
    Edge,
    Profile,
    Store,
    WindowsRule,
)
from aclproof.reason import Reason

_DIRECTIONS: Mapping[str, Direction] = {"inbound": "In", "outbound": "Out", "1": "In", "2": "Out"}
_ACTIONS: Mapping[str, Action] = {"allow": "Allow", "allowbypass": "ByPass", "block": "Block",
                                  "2": "Allow", "3": "ByPass", "4": "Block"}
_SWITCHES = {"true": True, "false": False, "1": True, "2": False}
"""Of the enumeration that `Enabled` is: 2 is false."""
_EDGES: Mapping[str, Edge] = {"block": "No", "allow": "Yes", "defertouser": "User", "defertoapp": "App",
                              "0": "No", "1": "Yes", "2": "User", "3": "App", "": "No"}
_PROFILE_BITS: Mapping[int, Profile] = {1: "Domain", 2: "Private", 4: "Public"}
_ALL_PROFILES = {"", "0", "2147483647"}
_TYPES = {"wired": "Lan", "lan": "Lan", "wireless": "Wireless", "remoteaccess": "RemoteAccess",
          "1": "Lan", "2": "Wireless", "4": "RemoteAccess"}
_SOURCES: Mapping[str, Store] = {"local": "local", "grouppolicy": "policy", "1": "local", "2": "policy"}
_PERSISTENT = "persistentstore"
_HARDENING = {"generated", "hardcoded", "4", "5"}
_AUTHENTICATION = {"required": "Authenticate", "1": "Authenticate", "noencap": "An-NoEncap",
                   "2": "An-NoEncap"}
_ENCRYPTION = {"required": "AuthenticateEncrypt", "1": "AuthenticateEncrypt", "dynamic": "AnE-Nego",
               "2": "AnE-Nego"}
_NOT_REQUIRED = {"", "notrequired", "0"}
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.\d+)*(\+?)", re.ASCII)
_COLUMNS: Mapping[str, Aspect] = {
    "localaddress": "addresses", "remoteaddress": "addresses", "program": "program", "service": "service",
    "interfacetype": "interface types", "interfacealias": "interface types", "authentication": "security",
    "encryption": "security", "localuser": "users", "remoteuser": "users", "remotemachine": "users"}
"""Columns that hold a text in every whole export; `Any` where nothing narrows."""
_MAY_BE_EMPTY: Mapping[str, Aspect] = {"package": "program", "owner": "users"}
_OTHER_TESTS = ("dynamictarget", "dynamictransport", "policyappid", "remotedynamickeywordaddresses")


_OWN = ("instanceid", "name", "displayname", "description", "id", "elementname", "creationclassname")
"""Columns in which each rule has a text of its own: they name it, or nothing is read in them."""
_ADDRESSES = ("localaddress", "remoteaddress")


class RuleReader:
    """Reads the rules of one export; what thousands of them have alike is read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._alike: dict[tuple[tuple[str, ...], tuple[str, ...]], WindowsRule] = {}

    def read(self, record: Record) -> WindowsRule:
        """Read a rule as `rule` does; ValueError says what cannot be read."""
        shared = dict(record.fields)
        for name in _OWN:
            shared.pop(name, None)
        for name in _ADDRESSES:
            shared[name] = "shown" if record.text(name) else ""
        key = tuple(shared), tuple(shared.values())
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = rule(record, self._store)
            return alike
        return replace(alike, line=record.line, name=_name(record), id=_id(record),
                       description=record.text("description"),
                       local_addresses=record.listed("localaddress", spelling.address),
                       remote_addresses=record.listed("remoteaddress", spelling.address))


def is_hardening(record: Record) -> bool:
    """Return whether the rule belongs to the layer in which Windows hardens its services."""
    scoped = record.text("service", "package").lower() not in ("", "any")
    return scoped and record.text("policystoresourcetype").lower() in _HARDENING


def rule(record: Record, store: Store) -> WindowsRule:
    """Read a rule; ValueError says what cannot be read. `store` is where all of them come from."""
    protocol = record.protocol()
    ports = protocol in (TCP, UDP)
    return WindowsRule(
        record.line, _name(record), record.word("direction", _DIRECTIONS),
        record.word("action", _ACTIONS), record.word("enabled", _SWITCHES),
        id=_id(record), group=record.text("group", "rulegroup", "displaygroup"),
        description=record.text("description"), profiles=_profiles(record), protocol=protocol,
        local_ports=record.ports("localport", local=True) if ports else (),
        remote_ports=record.ports("remoteport", local=False) if ports else (),
        local_addresses=record.listed("localaddress", spelling.address),
        remote_addresses=record.listed("remoteaddress", spelling.address),
        icmp=record.listed("icmptype", _icmp) if protocol and is_icmp(protocol) else (),
        program=record.one("program"), service=record.one("service"),
        package=record.one("package") or record.one("packagefamilyname"),
        interface_types=_interface_types(record), interfaces=record.listed("interfacealias"),
        edge=record.word("edgetraversalpolicy", _EDGES), security=_security(record),
        override_block=record.text("overrideblockrules").lower() == "true",
        remote_computers=record.one("remotemachine"), remote_users=record.one("remoteuser"),
        local_users=record.one("localuser"), owner=record.one("owner"),
        local_only_mapping=record.text("localonlymapping").lower() == "true",
        platforms=tuple(_platforms(record)), tests=tuple(_tests(record)),
        store=_store(record, store), hidden=frozenset(_hidden(record, protocol)),
        tool="PowerShell" if record.text("protocol") else "PowerShell rules")


def _name(record: Record) -> str:
    return record.text("displayname", "name")


def _id(record: Record) -> str:
    return record.text("instanceid", "name")


def _store(record: Record, store: Store) -> Store:
    """Where it comes from; without `-TracePolicyStore` it may be empty, and the rule may be local.

    What an export of one object of Group Policy holds is of that, whatever a rule says.
    """
    if store == "policy":
        return store
    named = _SOURCES.get(record.text("policystoresourcetype").lower())
    if named is None and record.text("policystoresource").lower() == _PERSISTENT:
        return "local"
    return named or ("" if store == "effective" else store)


def _interface_types(record: Record) -> tuple[str, ...]:
    """Read names, or the numbers of the enumeration: 0 is any."""
    found = record.listed("interfacetype")
    return () if found == ("0",) else tuple(_TYPES.get(each.lower(), each) for each in found)


def _icmp(word: str) -> str:
    return word if ":" in word else f"{word}:*"


def _profiles(record: Record) -> tuple[Profile, ...]:
    """Read names, or the sum of their bits."""
    written = record.text("profile", "profiles")
    if written in _ALL_PROFILES:
        return PROFILES
    if not written.isdecimal():
        return columns.profiles(written)
    bits = int(written) if len(written) == 1 else 0
    if not 0 < bits <= sum(_PROFILE_BITS):
        raise ValueError(Reason("'{written}' is no profile", written=written))
    return tuple(name for bit, name in _PROFILE_BITS.items() if bits & bit)


def _security(record: Record) -> str:
    """What IPsec must do first, in the registry's words; encryption is more than authentication."""
    for name, words in (("encryption", _ENCRYPTION), ("authentication", _AUTHENTICATION)):
        written = record.text(name)
        if written.lower() not in _NOT_REQUIRED:
            return words.get(written.lower(), written)
    return ""


def _platforms(record: Record) -> Iterator[str]:
    for platform in record.text("platform", "platforms").split(","):
        found = _VERSION.fullmatch(platform.strip())
        if found:
            yield f"2:{int(found[1])}:{int(found[2])}{found[3]}"


def _tests(record: Record) -> Iterator[str]:
    """Yield what narrows the rule and is not known here."""
    for name in _OTHER_TESTS:
        if record.one(name) and record.one(name) != "0":
            yield f"{name}={record.one(name)}"
    for each in record.text("platform", "platforms").split(","):
        if each.strip() and not _VERSION.fullmatch(each.strip()):
            yield f"platform={each.strip()}"


def _hidden(record: Record, protocol: int | None) -> Iterator[Aspect]:
    """Yield what the export does not show: without the right to see it, PowerShell leaves a column empty."""
    for name, aspect in _COLUMNS.items():
        if not record.text(name):
            yield aspect
    for name, aspect in _MAY_BE_EMPTY.items():
        if name not in record.fields:
            yield aspect
    if not record.text("profile", "profiles"):
        yield "profiles"
    shown = record.text("localport") and record.text("remoteport")
    if not record.text("protocol") or (protocol in (TCP, UDP) and not shown):
        yield "ports"
    elif protocol and is_icmp(protocol) and not record.text("icmptype"):
        yield "icmp types"
