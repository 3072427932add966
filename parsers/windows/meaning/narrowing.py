"""What narrows a Windows rule besides addresses and ports, as conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from aclproof.parsers.model.conditions import Condition, InProfile, Opaque
from aclproof.parsers.windows.meaning import enforced, hidden, peers
from aclproof.parsers.windows.meaning.listeners import scope
from aclproof.parsers.windows.meaning.settings import Effective
from aclproof.parsers.windows.records.rule import PROFILE_NAMES, PROFILES, Profile, Version, WindowsRule
from aclproof.reason import Reason, joined

_INTERFACE_TYPES = {"Lan": Reason("wired"), "Wireless": Reason("wireless"),
                    "RemoteAccess": Reason("remote access"), "MobileBroadband": Reason("mobile broadband")}


Holding: TypeAlias = tuple[tuple[Profile, ...], tuple[Condition, ...]]
"""Profiles, and under which conditions a rule holds in them."""


class Host(NamedTuple):
    """What is known of the computer besides the rule."""

    name: str
    settings: Sequence[Effective]
    """Of the three profiles."""
    system: Version | None = None
    reads: Version | None = None
    """The newest version of rule strings that it reads, where the files show it."""


def holding(rule: WindowsRule, called: Reason, host: Host) -> Iterator[Holding]:
    """Yield the profiles where it holds, and those where it may, with the question: where Group Policy does
    not let this computer's own rules count."""
    counting = rule.profiles if rule.store in ("policy", "effective") else tuple(
        each.profile for each in host.settings if each.profile in rule.profiles and each.takes(rule))
    if counting:
        yield counting, ()
    others = tuple(each for each in rule.profiles if each not in counting)
    if others and not rule.store:
        yield others, (Opaque(f"store of {called}", Reason(
            "whether {rule} comes from Group Policy: where local rules do not count, it holds only then",
            rule=called), find_out="Get-NetFirewallRule -PolicyStore ActiveStore -TracePolicyStore"),)


def name(rule: WindowsRule) -> Reason:
    """Call a rule by its name and line: names are not unique."""
    return Reason("'{name}' (line {line})", name=rule.name, line=rule.line)


def conditions(rule: WindowsRule, called: Reason, within: tuple[Profile, ...],
               host: Host) -> Iterator[Condition]:
    """Yield what the whole rule tests; `within` are the profiles where it holds."""
    if len(within) < len(PROFILES):
        yield _in(within)
    yield from scope(rule)
    if rule.interface_types:
        types = joined(", ", (_INTERFACE_TYPES.get(each, each) for each in rule.interface_types))
        yield Opaque(f"interface type {types}", Reason("whether the interface is of the type {types}",
                                                       types=types),
                     usual="Lan" in rule.interface_types, find_out="Get-NetAdapter")
    yield from hidden.conditions(rule, called)
    yield from _owners(rule, called)
    yield from peers.conditions(rule)
    for test in rule.tests:
        if not peers.names(test):
            yield Opaque(test, Reason("what '{test}' of {rule} tests", test=test, rule=called))
    yield from enforced.conditions(rule, called, host.system, host.reads)


@lru_cache
def _in(within: tuple[Profile, ...]) -> InProfile:
    return InProfile(frozenset(PROFILE_NAMES[each] for each in within))


def _owners(rule: WindowsRule, called: Reason) -> Iterator[Opaque]:
    """Yield whose the packets have to be; those of a site are usually the system's, if that allows them."""
    if not (rule.remote_users or rule.remote_computers or rule.local_users or rule.owner):
        return
    for tested, whose, because in (
            (rule.remote_users, "remote users", Reason(
                "whether the packets belong to the remote users that {rule} names", rule=called)),
            (rule.remote_computers, "remote computers", Reason(
                "whether the packets belong to the remote computers that {rule} names", rule=called)),
            (rule.local_users, "local users", Reason(
                "whether the packets belong to the local users that {rule} names", rule=called)),
            (rule.owner, "owner", Reason(
                "whether the packets belong to the owner that {rule} names", rule=called))):
        if tested:
            yield Opaque(f"{whose} of {called}", because, usual=None if rule.action == "Block" else False)
