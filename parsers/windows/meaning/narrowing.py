"""What narrows a Windows rule besides addresses and ports, as conditions; and which rules Windows ignores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aclproof.parsers.model.conditions import Condition, InProfile, Opaque
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP
from aclproof.parsers.windows.meaning import peers
from aclproof.parsers.windows.meaning.listeners import scope
from aclproof.parsers.windows.meaning.settings import Effective
from aclproof.parsers.windows.records.rule import PROFILES, Profile, WindowsRule

_INTERFACE_TYPES = {"Lan": "wired", "Wireless": "wireless", "RemoteAccess": "remote access",
                    "MobileBroadband": "mobile broadband"}
_NT = "2"
_VERSION = 3
"""`2:6:1`: so many numbers."""


class Host(NamedTuple):
    """What is known of the computer besides the rule."""

    name: str
    settings: Sequence[Effective]
    """Of the three profiles."""
    system: tuple[int, int] | None = None


def profiles(rule: WindowsRule, host: Host) -> tuple[Profile, ...]:
    """Where it holds: not where Group Policy does not let this computer's own rules count."""
    if rule.store != "local":
        return rule.profiles
    return tuple(each.profile for each in host.settings if each.profile in rule.profiles and each.takes(rule))


def conditions(rule: WindowsRule, within: Sequence[Profile], host: Host) -> Iterator[Condition]:
    """Yield what the whole rule tests; `within` are the profiles where it holds."""
    if len(within) < len(PROFILES):
        yield InProfile(frozenset(within))
    yield from scope(rule)
    name = f"'{rule.name}' (line {rule.line})"  # names are not unique
    counts = all(each.takes(rule) for each in host.settings if each.profile in rule.profiles)
    if rule.store == "" and not counts:
        yield Opaque(f"store of {name}", f"whether {name} comes from Group Policy: where local rules do not "
                     "count, it holds only then")
    if for_this(rule, host.system) is None:
        versions = ", ".join(rule.platforms)
        yield Opaque(f"platform {versions}", f"whether {name} is for this version of Windows ({versions})")
    if rule.interface_types:
        types = ", ".join(_INTERFACE_TYPES.get(each, each) for each in rule.interface_types)
        yield Opaque(f"interface type {types}", f"whether the interface is of the type {types}")
    if rule.hidden:
        parts = ", ".join(sorted(rule.hidden))
        yield Opaque(f"{HIDDEN} {name}", f"what this export does not show of {name} ({parts}): it holds for "
                     "so much at most; export with 'verbose', or by PowerShell")
    for kind, who in (("remote users", rule.remote_users), ("remote computers", rule.remote_computers),
                      ("local users", rule.local_users), ("owner", rule.owner)):
        if who:
            yield Opaque(f"{kind} of {name}", f"whether the packets belong to the {kind} that {name} names")
    yield from peers.conditions(rule)
    for test in rule.tests:
        if not peers.names(test):
            yield Opaque(test, f"what '{test}' of {name} tests")
    wrong = invalid(rule)
    if wrong:
        yield Opaque(f"{name} is enforced", f"whether Windows enforces {name}: {wrong}")


HIDDEN = "hidden conditions of"
"""How the facts begin that settle what an export does not show."""


def for_this(rule: WindowsRule, system: tuple[int, int] | None) -> bool | None:
    """Return whether the rule is for this Windows; None where that cannot be known."""
    if not rule.platforms:
        return True
    if system is None:
        return None
    wanted = [_version(written) for written in rule.platforms]
    if None in wanted:
        return None
    return any(system >= each if rule.platform_or_later else system == each for each in wanted if each)


def _version(written: str) -> tuple[int, int] | None:
    parts = written.split(":")
    if len(parts) != _VERSION or parts[0] != _NT or not all(each.isdecimal() for each in parts):
        return None
    return int(parts[1]), int(parts[2])


def invalid(rule: WindowsRule) -> str:
    """Return the law of MS-FASP 2.2.37 a rule breaks: Windows does not enforce such a rule."""
    if (rule.local_ports or rule.remote_ports) and rule.protocol not in (TCP, UDP):
        return "ports need the protocol TCP or UDP"
    if rule.icmp and rule.protocol not in (ICMP, ICMP6):
        return "ICMP types need the protocol ICMPv4 or ICMPv6"
    if rule.protocol != TCP and {"RPC", "RPC-EPMap"} & set(rule.local_ports):
        return "the keyword RPC needs the protocol TCP"
    if "security" in rule.hidden:
        return ""
    if rule.action == "Block" and rule.security:
        return "a block rule cannot ask for IPsec"
    if rule.action == "ByPass" and not (rule.direction == "In" and rule.security and rule.remote_computers):
        return "a bypass is inbound and needs IPsec and a list of computers"
    if (rule.remote_computers or rule.remote_users) and not rule.security:
        return "users and computers are known only by IPsec"
    return ""
