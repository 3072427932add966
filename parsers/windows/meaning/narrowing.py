"""What narrows a Windows rule besides addresses and ports, as conditions; and which rules Windows ignores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from aclproof.parsers.model.conditions import Condition, InProfile, Opaque
from aclproof.parsers.model.reason import Reason, joined
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP
from aclproof.parsers.windows.meaning import peers
from aclproof.parsers.windows.meaning.listeners import scope
from aclproof.parsers.windows.meaning.settings import Effective
from aclproof.parsers.windows.records.rule import PROFILES, Aspect, Profile, WindowsRule

_INTERFACE_TYPES = {"Lan": Reason("wired"), "Wireless": Reason("wireless"),
                    "RemoteAccess": Reason("remote access"), "MobileBroadband": Reason("mobile broadband")}
_HIDDEN_PARTS: Mapping[Aspect, Reason] = {
    "program": Reason("program"), "service": Reason("service"), "security": Reason("security"),
    "ports": Reason("ports"), "addresses": Reason("addresses"), "icmp types": Reason("icmp types"),
    "interface types": Reason("interface types"), "users": Reason("users")}
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
    name = Reason("'{name}' (line {line})", name=rule.name, line=rule.line)  # names are not unique
    counts = all(each.takes(rule) for each in host.settings if each.profile in rule.profiles)
    if rule.store == "" and not counts:
        yield Opaque(f"store of {name}", Reason("whether {rule} comes from Group Policy: where local rules "
                                                "do not count, it holds only then", rule=name))
    if for_this(rule, host.system) is None:
        versions = ", ".join(rule.platforms)
        yield Opaque(f"platform {versions}", Reason("whether {rule} is for this version of Windows "
                                                    "({versions})", rule=name, versions=versions))
    if rule.interface_types:
        types = joined(", ", (_INTERFACE_TYPES.get(each, each) for each in rule.interface_types))
        yield Opaque(f"interface type {types}", Reason("whether the interface is of the type {types}",
                                                       types=types))
    if rule.hidden:
        parts = joined(", ", (_HIDDEN_PARTS[each] for each in sorted(rule.hidden)))
        yield Opaque(f"{HIDDEN} {name}", Reason(
            "what this export does not show of {rule} ({parts}): it holds for so much at most; export with "
            "'verbose', or by PowerShell", rule=name, parts=parts))
    yield from _owners(rule, name)
    yield from peers.conditions(rule)
    for test in rule.tests:
        if not peers.names(test):
            yield Opaque(test, Reason("what '{test}' of {rule} tests", test=test, rule=name))
    reason = invalid(rule)
    if reason:
        yield Opaque(f"{name} is enforced", Reason("whether Windows enforces {rule}: {reason}", rule=name,
                                                   reason=reason))


def _owners(rule: WindowsRule, name: Reason) -> Iterator[Opaque]:
    """Yield whose the packets have to be."""
    if rule.remote_users:
        yield Opaque(f"remote users of {name}",
                     Reason("whether the packets belong to the remote users that {rule} names", rule=name))
    if rule.remote_computers:
        yield Opaque(f"remote computers of {name}",
                     Reason("whether the packets belong to the remote computers that {rule} names",
                            rule=name))
    if rule.local_users:
        yield Opaque(f"local users of {name}",
                     Reason("whether the packets belong to the local users that {rule} names", rule=name))
    if rule.owner:
        yield Opaque(f"owner of {name}",
                     Reason("whether the packets belong to the owner that {rule} names", rule=name))


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
        return Reason("ports need the protocol TCP or UDP")
    if rule.icmp and rule.protocol not in (ICMP, ICMP6):
        return Reason("ICMP types need the protocol ICMPv4 or ICMPv6")
    if rule.protocol != TCP and {"RPC", "RPC-EPMap"} & set(rule.local_ports):
        return Reason("the keyword RPC needs the protocol TCP")
    if "security" in rule.hidden:
        return ""
    if rule.action == "Block" and rule.security:
        return Reason("a block rule cannot ask for IPsec")
    if rule.action == "ByPass" and not (rule.direction == "In" and rule.security and rule.remote_computers):
        return Reason("a bypass is inbound and needs IPsec and a list of computers")
    if (rule.remote_computers or rule.remote_users) and not rule.security:
        return Reason("users and computers are known only by IPsec")
    return ""
