"""Connection security rules: those that require IPsec stop what it does not authenticate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aclproof.parsers.windows.records.rule import PROFILES, Barrier, Direction, Profile, WindowsRule
from aclproof.reason import Reason

_KEY = "connection security rules"
_SHOWN_BY = "netsh advfirewall consec show rule name=all"
_OLDER_SHOWN_BY = "netsh ipsec static show all"

Requires = tuple[Direction, ...]
"""The ways on which nothing passes that is not authenticated."""


class ConnectionRule(NamedTuple):
    """One such rule, in force."""

    line: int
    name: str
    requires: Requires
    one: tuple[str, ...]
    """Addresses of one end, none for any; which of them is this computer is not said."""
    other: tuple[str, ...]
    protocol: int | None
    """Ports only narrow it, and are left out."""
    profiles: tuple[Profile, ...] = PROFILES


def profiles(written: Iterable[str]) -> tuple[Profile, ...]:
    """Return the profiles that a rule is for; all of them where a word is none, or nothing is said."""
    words = {each.strip().capitalize() for each in written}
    return PROFILES if not words or words.difference(PROFILES) else tuple(
        each for each in PROFILES if each in words)


def barriers(rule: ConnectionRule) -> Iterator[Barrier]:
    """Yield what a rule may stop: nothing that IPsec authenticates."""
    if rule.requires:
        yield Barrier(
            rule.line, _KEY, Reason("whether the connection security rule '{name}' stops packets that IPsec "
                                    "does not authenticate", name=rule.name),
            tuple(_stops(rule, way, *ends) for way in rule.requires
                  for ends in ((rule.one, rule.other), (rule.other, rule.one))), _SHOWN_BY, leaves_open=True)


def _stops(rule: ConnectionRule, way: Direction, local: tuple[str, ...],
           remote: tuple[str, ...]) -> WindowsRule:
    return WindowsRule(rule.line, rule.name, way, "Block", enabled=True, local_addresses=local,
                       remote_addresses=remote, protocol=rule.protocol, profiles=rule.profiles)


def unread(line: int, name: str, reason: object) -> Barrier:
    """Return what a rule may stop that cannot be read."""
    return Barrier(line, "", Reason("what the connection security rule '{name}' means: {reason}", name=name,
                                    reason=str(reason)))


def assigned(line: int, name: str) -> Barrier:
    """Return what a policy of the older IPsec may stop, which filters before the firewall does."""
    return Barrier(line, _KEY, Reason("whether the IPsec policy '{name}', which is assigned, stops packets",
                                      name=name), find_out=_OLDER_SHOWN_BY, leaves_open=True)
