"""Whether Windows enforces a rule at all: for which systems it is, which law it breaks, what Windows says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP
from aclproof.parsers.windows.meaning import systems
from aclproof.parsers.windows.records.rule import Version, WindowsRule
from aclproof.reason import Reason

_NT = "2"
_PARTS = 3
"""`2:6:1`: so many numbers."""


def never(rule: WindowsRule, system: Version | None) -> bool:
    """Return whether the rule surely lets nothing through here: for another system, or against a law.

    A block rule that breaks a law is left open instead: that Windows does not enforce it is no licence.
    """
    return for_this(rule, system) is False or (rule.action != "Block" and bool(_unlawful(rule)))


def conditions(rule: WindowsRule, name: Reason, system: Version | None,
               reads: Version | None) -> Iterator[Opaque]:
    """Yield why Windows may not enforce the rule; `reads` is the newest version of rules that it knows."""
    if for_this(rule, system) is None:
        versions = ", ".join(rule.platforms)
        yield Opaque(f"platform {versions}", Reason("whether {rule} is for this version of Windows "
                                                    "({versions})", rule=name, versions=versions),
                     by_system=systems.answers(partial(for_this, rule)))
    if rule.version and reads and rule.version > reads:
        yield Opaque(f"{name} is read by this Windows", Reason(
            "whether {rule} counts: it is written for version {version}, and this Windows reads up to "
            "{reads}", rule=name, version=_dotted(rule.version), reads=_dotted(reads)))
    if rule.skipped_up_to and (reads is None or reads <= rule.skipped_up_to):
        yield Opaque(f"{name} is not skipped", Reason(
            "whether {rule} counts: Windows up to version {version} may skip it", rule=name,
            version=_dotted(rule.skipped_up_to)))
    reason = rule.out_of_force or _unlawful(rule) or _without_security(rule)
    if reason:
        may_block = rule.action == "Block" and not rule.out_of_force
        yield Opaque(f"{name} is enforced", Reason("whether Windows enforces {rule}: {reason}", rule=name,
                                                   reason=reason), usual=None if may_block else False)


def for_this(rule: WindowsRule, system: Version | None) -> bool | None:
    """Return whether the rule is for this Windows; None where that cannot be known."""
    if not rule.platforms:
        return True
    if system is None:
        return None
    wanted = [(_version(written.rstrip("+")), written.endswith("+")) for written in rule.platforms]
    if any(version is None for version, _ in wanted):
        return None
    return any(system >= version if later else system == version for version, later in wanted if version)


def _version(written: str) -> Version | None:
    parts = written.split(":")
    if len(parts) != _PARTS or parts[0] != _NT or not all(each.isdecimal() for each in parts):
        return None
    return int(parts[1]), int(parts[2])


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def _unlawful(rule: WindowsRule) -> str:
    """Return the law of MS-FASP 2.2.37 that a rule breaks: Windows does not enforce such a rule."""
    if (rule.local_ports or rule.remote_ports) and rule.protocol not in (TCP, UDP):
        return Reason("ports need the protocol TCP or UDP")
    if rule.icmp and rule.protocol not in (ICMP, ICMP6):
        return Reason("ICMP types need the protocol ICMPv4 or ICMPv6")
    if rule.protocol != TCP and {"RPC", "RPC-EPMap"} & set(rule.local_ports):
        return Reason("the keyword RPC needs the protocol TCP")
    if rule.action == "ByPass" and "security" not in rule.hidden and not (
            rule.direction == "In" and rule.security and rule.remote_computers):
        return Reason("a bypass is inbound and needs IPsec and a list of computers")
    return ""


def _without_security(rule: WindowsRule) -> str:
    if "security" in rule.hidden:
        return ""
    if rule.action == "Block" and rule.security:
        return Reason("a block rule cannot ask for IPsec")
    if (rule.remote_computers or rule.remote_users) and not rule.security:
        return Reason("users and computers are known only by IPsec")
    return ""
