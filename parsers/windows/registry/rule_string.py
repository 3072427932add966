"""One rule as the registry holds it: `v2.10|Action=Allow|Active=TRUE|Dir=In|...|` (MS-GPFAS 2.2.2.19).

What is missing has the specification's meaning, repeated keys are unions, and a test that is not known here
is kept: it leaves the rule open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from aclproof.parsers.model.services import ICMP6
from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.aspects import VALUES
from aclproof.parsers.windows.records.rule import (
    PROFILES,
    Action,
    Direction,
    Edge,
    Profile,
    Store,
    Version,
    WindowsRule,
)
from aclproof.parsers.windows.registry import keys
from aclproof.reason import Reason

_VERSION = re.compile(r"v(\d+)\.(\d+)", re.IGNORECASE | re.ASCII)
_PORT = re.compile(r"([lr])port(?:2_\d+)?", re.ASCII)
_ADDRESS = re.compile(r"([lr])a([46])2?", re.ASCII)
_ACTIONS: Mapping[str, Action] = {"allow": "Allow", "block": "Block", "bypass": "ByPass"}
_DIRECTIONS: Mapping[str, Direction] = {"in": "In", "out": "Out"}
_FLAGS = {"true": True, "false": False}
_DEFERRED: Mapping[str, Edge] = {"app": "App", "user": "User"}
_DECISIVE = ("action", "active", "dir", "protocol")
_ANY_PROTOCOL = 256

T = TypeVar("T")


def rule(text: str, name: str, line: int, store: Store) -> WindowsRule:
    """Read a rule string; `name` is the registry's value name. ValueError says why it cannot be read."""
    return _Reading(text).rule(name, line, store)


Pairs = Mapping[str, Sequence[str]]
"""Values by their key in lower case."""


def pairs(text: str) -> Pairs:
    """Read the pairs of a rule string of any kind; ValueError says why it cannot be read."""
    found: dict[str, list[str]] = {}
    for key, value in _parts(text)[1]:
        found.setdefault(key.strip().lower(), []).append(value.strip())
    return found


def _parts(text: str) -> tuple[Version, list[tuple[str, str]]]:
    version, *written = text.strip().split("|")
    number = _version(version)
    if not written or written.pop():
        raise ValueError(Reason("the rule is cut off: it does not end with '|'"))
    for pair in written:
        if "=" not in pair:
            raise ValueError(Reason("a part of it is no KEY=VALUE"))
        if "\n" in pair and pair.partition("=")[0].lower() not in keys.TEXTS:
            raise ValueError(Reason("'{key}' goes on in another line", key=pair.partition("=")[0][:40]))
    return number, [(key, value) for key, _, value in (pair.partition("=") for pair in written)]


@lru_cache(maxsize=1024)
def _of_an_end(key: str) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """Find out whether a key holds ports, or addresses: most rules have the same few keys."""
    return _PORT.fullmatch(key), _ADDRESS.fullmatch(key)


class _Reading:
    """The pairs of one rule string, sorted by what they say."""

    def __init__(self, text: str) -> None:
        self.version, found = _parts(text)
        self.lists: dict[str, list[str]] = {}
        self.single: dict[str, str] = {}
        self.tests: list[str] = []
        self.damaged = False
        """Whether a key that is not known may be one that makes the rule hold for more."""
        for pair in found:
            self._add(*pair)

    def _add(self, written: str, value: str) -> None:
        key, pair = written.strip().lower(), f"{written}={value}"
        port, address = _of_an_end(key)
        if key in keys.HARMLESS or (key in keys.TEXTS and key in self.single):
            return
        if (port or address or key in _DECISIVE) and value != value.strip():  # a sign is lost there
            raise ValueError(Reason("'{written}' is no value of {key}", written=value, key=written))
        if not value.strip() and key not in keys.TEXTS:
            self.tests.append(pair)
        elif port:
            self.lists.setdefault(f"{port[1]} ports", []).append(spelling.port(value))
        elif address:
            self.lists.setdefault(f"{address[1]} addresses", []).append(spelling.address(value, address[2]))
        elif key in keys.LISTS:
            self.lists.setdefault(key.partition("2_")[0], []).append(value.strip())
        elif key not in keys.SINGLES:
            self.tests.append(spelling.test(written, value))
            self.damaged |= key not in keys.DOUBTS and keys.may_widen(key)
        elif self.single.setdefault(key, value.strip()) != value.strip():
            if key in _DECISIVE:
                raise ValueError(Reason("{key} stands in it twice: {one} and {other}",
                                        key=written, one=self.single[key], other=value))
            self.tests.append(pair)

    def rule(self, name: str, line: int, store: Store) -> WindowsRule:
        """Put the pairs into their places."""
        action, direction = self._word("action", _ACTIONS), self._word("dir", _DIRECTIONS)
        if action is None or direction is None:
            raise ValueError(Reason("it has no Dir") if action else Reason("it has no Action"))
        single, lists = self.single, self.lists
        protocol = self._protocol()
        if self.damaged:
            return WindowsRule(line, single.get("name") or name, direction, action, enabled=True, id=name,
                               tests=tuple(self.tests), store=store, hidden=VALUES)
        return WindowsRule(
            line, single.get("name") or name, direction, action, enabled=self._flag("active"), id=name,
            group=single.get("embedctxt", ""), description=single.get("desc", ""),
            profiles=self._profiles(), protocol=protocol,
            local_ports=tuple(lists.get("l ports", ())), remote_ports=tuple(lists.get("r ports", ())),
            local_addresses=spelling.addresses(lists.get("l addresses", ())),
            remote_addresses=spelling.addresses(lists.get("r addresses", ())),
            icmp=self._icmp(protocol), program=single.get("app", ""), service=single.get("svc", ""),
            package=single.get("apppkgid") or single.get("pfn", ""),
            interface_types=tuple(lists.get("iftype", ())), interfaces=tuple(lists.get("if", ())),
            edge=self._edge(),
            security=single.get("security2_9") or single.get("security2") or single.get("security", ""),
            override_block=self._flag("authbypassout"), remote_computers=single.get("rmauth", ""),
            remote_users=single.get("ruauth", ""),
            local_users=single.get("luauth2_24") or single.get("luauth", ""), owner=single.get("luown", ""),
            local_only_mapping=self._flag("lom"), platforms=self._platforms(), tests=tuple(self.tests),
            version=self.version, skipped_up_to=_version(f"v{single['skipver']}")
            if "skipver" in single else None, store=store)

    def _word(self, key: str, words: Mapping[str, T]) -> T | None:
        """Look a value up; None where the key is missing."""
        written = self.single.get(key)
        if written is None:
            return None
        if written.lower() not in words:
            raise ValueError(Reason("'{written}' is no value of {key}", written=written,
                                    key=key.capitalize()))
        return words[written.lower()]

    def _flag(self, key: str) -> bool:
        return self._word(key, _FLAGS) or False

    def _protocol(self) -> int | None:
        written = self.single.get("protocol", str(_ANY_PROTOCOL))
        number = int(written) if written.isascii() and written.isdecimal() and len(written) <= 3 else -1
        if not 0 <= number <= _ANY_PROTOCOL:
            raise ValueError(Reason("'{written}' is no protocol number", written=written))
        return None if number == _ANY_PROTOCOL else number

    def _profiles(self) -> tuple[Profile, ...]:
        """A profile that is not known here leaves the rule open, in all of them."""
        written = {each.capitalize() for each in self.lists.get("profile", ())}
        strange = written.difference(PROFILES)
        self.tests += [f"Profile={each}" for each in sorted(strange)]
        return PROFILES if strange or not written else tuple(each for each in PROFILES if each in written)

    def _icmp(self, protocol: int | None) -> tuple[str, ...]:
        """The types of the rule's own family; those of the other are a test that makes no sense."""
        mine, other = ("icmp6", "icmp4") if protocol == ICMP6 else ("icmp4", "icmp6")
        self.tests += [f"{other.upper()}={each}" for each in self.lists.get(other, ())]
        return tuple(self.lists.get(mine, ()))

    def _edge(self) -> Edge:
        deferred = self._word("defer", _DEFERRED)
        return deferred or ("Yes" if self._flag("edge") else "No")

    def _platforms(self) -> tuple[str, ...]:
        """`Platform2=GTEQ` is about the last one only (MS-GPFAS 2.2.2.19)."""
        how, found = self.single.get("platform2", ""), self.lists.get("platform", [])
        if how.upper() == "GTEQ" and found:
            return (*found[:-1], f"{found[-1]}+")
        if how:
            self.tests.append(f"Platform2={how}")
        return tuple(found)


def _version(text: str) -> Version:
    found = _VERSION.fullmatch(text)
    if not found:
        raise ValueError(Reason("it does not begin with a version"))
    return int(found[1]), int(found[2])
