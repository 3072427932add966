"""A rule or a profile on one line, for evidence: its name, its id and what narrows it.

The words are those of PowerShell's properties, which are the same in every language of Windows. Most exports
write a rule in many lines, of which the first may be a lone brace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.windows.records.rule import PROFILES, Action, Direction, ProfileSettings, WindowsRule
from aclproof.parsers.windows.records.spelling import PROTOCOLS

_MOST = 4
"""So many items of a list are written out."""
_LONGEST = 120
"""Of a single text, in characters."""
_DIRECTIONS: Mapping[Direction, str] = {"In": "Inbound", "Out": "Outbound"}
_ACTIONS: Mapping[Action, str] = {"Allow": "Allow", "Block": "Block", "ByPass": "AllowBypass"}
_PROTOCOL_NAMES = {PROTOCOLS[word]: name for word, name in (
    ("tcp", "TCP"), ("udp", "UDP"), ("icmpv4", "ICMPv4"), ("icmpv6", "ICMPv6"))}


def of_rule(rule: WindowsRule) -> str:
    """Write a rule: `SMB in (FPS-SMB-In-TCP): Inbound, Allow, TCP, LocalPort 445, Program System`."""
    own_id = f" ({_short(rule.id)})" if rule.id and rule.id != rule.name else ""
    parts = [*([] if rule.enabled else ["Enabled False"]), _DIRECTIONS[rule.direction],
             _ACTIONS[rule.action], *_protocol(rule), *(f"{name} {text}" for name, text in _narrowing(rule))]
    return f"{_short(rule.name)}{own_id}: {', '.join(parts)}"


def of_profile(settings: ProfileSettings) -> str:
    """Write what an export says of a profile: `Profile Domain: Enabled True, DefaultInboundAction Block`."""
    said = (("Enabled", settings.enabled), ("DefaultInboundAction", settings.inbound),
            ("DefaultOutboundAction", settings.outbound),
            ("AllowInboundRules", _other(settings.block_all_inbound)),
            ("AllowLocalFirewallRules", settings.local_rules), ("LogBlocked", settings.log_blocked),
            ("DisabledInterfaceAliases", _list(settings.disabled_interfaces)))
    parts = [f"{name} {value}" for name, value in said if value not in (None, "")]
    return f"Profile {settings.profile}: {', '.join(parts)}" if parts else f"Profile {settings.profile}"


def _protocol(rule: WindowsRule) -> Iterator[str]:
    if rule.protocol is not None:
        yield _PROTOCOL_NAMES.get(rule.protocol, f"Protocol {rule.protocol}")


def _narrowing(rule: WindowsRule) -> Iterator[tuple[str, str]]:
    """Yield each property that is not any, with its value."""
    lists: tuple[tuple[str, Sequence[str]], ...] = (
        ("LocalPort", rule.local_ports), ("RemotePort", rule.remote_ports), ("IcmpType", rule.icmp),
        ("LocalAddress", rule.local_addresses), ("RemoteAddress", rule.remote_addresses),
        ("Program", (rule.program,)), ("Service", (rule.service,)), ("Package", (rule.package,)),
        ("InterfaceType", rule.interface_types), ("InterfaceAlias", rule.interfaces),
        ("Authentication", (rule.security,)), ("RemoteMachine", (rule.remote_computers,)),
        ("RemoteUser", (rule.remote_users,)), ("LocalUser", (rule.local_users,)), ("Owner", (rule.owner,)),
        ("Platform", rule.platforms), ("Test", rule.tests),
        ("Profile", () if len(rule.profiles) == len(PROFILES) else rule.profiles))
    for name, items in lists:
        if any(items):
            yield name, _list(items)
    if rule.store == "policy":
        yield "PolicyStoreSourceType", "GroupPolicy"


def _list(items: Sequence[str]) -> str:
    more = f",... ({len(items)})" if len(items) > _MOST else ""
    return ",".join(map(_short, items[:_MOST])) + more


def _short(text: str) -> str:
    """Shorten what is too long for a line; a blank stands for any run of them."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}..."


def _other(value: bool | None) -> bool | None:
    return None if value is None else not value
