"""The rules of a Windows computer in the forms that Windows exports them in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.oracle.plan import write
from tests.oracle.translated.windows_policy import (
    ICMP,
    PROFILES,
    TCP,
    UDP,
    Addresses,
    Form,
    Kind,
    Policy,
    Ports,
    Rule,
    Settings,
)
from tests.parsers.windows.computers import HEADER, LOCAL, POLICY
from tests.parsers.windows.test_powershell import FILTERS, JOINED, PROFILE, RULE, documented, table
from tests.parsers.windows.windows import Words, listing, profiles

_PROTOCOLS = {-1: "Any", TCP: "TCP", UDP: "UDP", ICMP: "ICMPv4", 58: "ICMPv6"}
_COMPUTERS = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1104)"
_ACTIONS = {"Allow": "Allow", "Secure": "Allow", "Block": "Block", "Bypass": "Bypass"}


def texts(policy: Policy, form: Form) -> dict[str, str]:
    """Write the files of one computer; the first one's name is the computer's."""
    match form:
        case "json":
            return {"host.json": _json(policy)}
        case "csv":
            return {"host.csv": table(*(JOINED | row for row in _records(policy))),
                    "profiles.csv": table(*(_profile(name, each) for name, each in policy.settings.items()))}
        case "netsh":
            return {"host.txt": _netsh(policy)}
        case "reg":
            return {"host.reg": _registry(policy)}
        case "query":
            return {"query.txt": _query(policy)}


def _address(found: Addresses, *, mask: bool = False) -> str:
    low, high = write(found.family, found.low), write(found.family, found.high)
    if found.length < 0:
        return f"{low}-{high}"
    if mask and found.family == 4:
        bits = found.high - found.low
        return low if not bits else f"{low}/{write(4, 0xFFFFFFFF ^ bits)}"
    return f"{low}/{found.length}"


def _port(ports: Ports) -> str:
    return ports.word or (str(ports.low) if ports.low == ports.high else f"{ports.low}-{ports.high}")


def _all(some: Sequence[str]) -> str:
    return ",".join(some) or "Any"


def _addresses(some: Sequence[Addresses | str], *, mask: bool) -> str:
    return _all([each if isinstance(each, str) else _address(each, mask=mask) for each in some])


# PowerShell


def _records(policy: Policy) -> Iterator[dict[str, str]]:
    for number, rule in enumerate(policy.rules):
        secured = rule.action in ("Secure", "Bypass")
        yield {
            "InstanceID": f"R{number}", "DisplayName": rule.name, "Group": "", "Enabled": str(rule.enabled),
            "Profile": ", ".join(rule.profiles) if len(rule.profiles) < len(PROFILES) else "Any",
            "Direction": "Inbound" if rule.inbound else "Outbound",
            "Action": "Block" if rule.action == "Block" else "Allow",
            "Protocol": _PROTOCOLS.get(rule.protocol, str(rule.protocol)),
            "LocalPort": _all([_port(each).replace("RPC-EPMap", "RPCEPMap") for each in rule.local_ports]),
            "RemotePort": _all([_port(each) for each in rule.remote_ports]),
            "IcmpType": _all([f"{each.kind}:{each.code}" if each.code >= 0 else str(each.kind)
                              for each in rule.kinds]),
            "LocalAddress": _addresses(rule.local, mask=True),
            "RemoteAddress": _addresses(rule.remote, mask=True), "Program": rule.owner[0] or "Any",
            "Service": rule.owner[1] or "Any",
            "Authentication": "Required" if secured else "NotRequired",
            "OverrideBlockRules": str(rule.action == "Bypass"),
            "RemoteMachine": _COMPUTERS if rule.action == "Bypass" else "Any"}


def _profile(name: str, settings: Settings) -> dict[str, str]:
    return PROFILE | {
        "Name": name, "Enabled": str(settings.on), "AllowLocalFirewallRules": "True",
        "DefaultInboundAction": "Block" if settings.block_in else "Allow",
        "DefaultOutboundAction": "Block" if settings.block_out else "Allow",
        "AllowInboundRules": str(settings.exceptions)}


def _json(policy: Policy) -> str:
    rows = list(_records(policy))
    rules = [{name: value for name, value in (RULE | row).items() if name in RULE} for row in rows]
    export = documented(*rules, **{row["InstanceID"]: row for row in rows})
    export["Profile"] = [_profile(name, each) for name, each in policy.settings.items()]
    assert set(rows[0]) <= set(RULE) | {column for each in FILTERS.values() for column in each}
    return json.dumps(export, indent=1)


# netsh


def _netsh(policy: Policy) -> str:
    switches = {name.lower(): ("ON" if each.on else "OFF", ",".join((
        "BlockInboundAlways" if not each.exceptions else "BlockInbound" if each.block_in else "AllowInbound",
        "BlockOutbound" if each.block_out else "AllowOutbound"))) for name, each in policy.settings.items()}
    return profiles(domain=switches["domain"], private=switches["private"],
                    public=switches["public"]) + listing(*map(_shown, policy.rules))


def _shown(rule: Rule) -> Words:
    return Words(
        rule.name, "Yes" if rule.enabled else "No", "In" if rule.inbound else "Out", ",".join(rule.profiles),
        local_ip=_addresses(rule.local, mask=False), remote_ip=_addresses(rule.remote, mask=False),
        protocol=_PROTOCOLS.get(rule.protocol, str(rule.protocol)),
        local_port=_all([_port(each) for each in rule.local_ports]),
        remote_port=_all([_port(each) for each in rule.remote_ports]),
        icmp=tuple((str(each.kind), str(each.code) if each.code >= 0 else "Any")
                   for each in rule.kinds or ()) or (("Any", "Any"),),
        security="Authenticate" if rule.action in ("Secure", "Bypass") else "NotRequired",
        program=rule.owner[0] or None, service=rule.owner[1] or None,
        computers=_COMPUTERS if rule.action == "Bypass" else None, action=_ACTIONS[rule.action])


# The registry


def _keys(policy: Policy) -> Iterator[tuple[str, dict[str, int | str]]]:
    """Yield every key with its values."""
    yield LOCAL, {"PolicyVersion": 0x21F}
    for name, each in policy.settings.items():
        yield f"{LOCAL}\\{'Standard' if name == 'Private' else name}Profile", {
            "EnableFirewall": each.on, "DefaultInboundAction": each.block_in,
            "DefaultOutboundAction": each.block_out, "DoNotAllowExceptions": not each.exceptions}
    yield f"{LOCAL}\\FirewallRules", {f"R{at}": _string(rule) for at, rule in enumerate(policy.rules)}


def _registry(policy: Policy) -> str:
    """As regedit exports it; the key of Group Policy is there, and empty."""
    lines = [HEADER, ""]
    for key, values in _keys(policy):
        lines.append(f"[{key}]")
        for name, value in values.items():
            shown = value.replace("\\", r"\\") if isinstance(value, str) else ""
            lines.append(f'"{name}"="{shown}"' if shown else f'"{name}"=dword:{value:08x}')
        lines.append("")
    return "\r\n".join([*lines, f"[{POLICY}]", "", ""])


def _query(policy: Policy) -> str:
    """As `reg query KEY /s` prints it."""
    lines = [""]
    for key, values in _keys(policy):
        lines.append(key)
        lines += [f"    {name}    REG_SZ    {value}" if isinstance(value, str) else
                  f"    {name}    REG_DWORD    {int(value):#x}" for name, value in values.items()]
        lines.append("")
    return "\r\n".join([*lines, ""])


def _string(rule: Rule) -> str:
    pairs = [("Action", "ByPass" if rule.action == "Bypass" else _ACTIONS[rule.action]),
             ("Active", str(rule.enabled).upper()), ("Dir", "In" if rule.inbound else "Out")]
    if rule.protocol >= 0:
        pairs.append(("Protocol", str(rule.protocol)))
    if len(rule.profiles) < len(PROFILES):
        pairs += [("Profile", each) for each in rule.profiles]
    for key, some in (("LPort", rule.local_ports), ("RPort", rule.remote_ports)):
        pairs += [(key if each.word or each.low == each.high else f"{key}2_10", _port(each)) for each in some]
    pairs += [("ICMP4" if rule.protocol == ICMP else "ICMP6", _kind(each)) for each in rule.kinds]
    pairs += [(f"LA{each.family}", _address(each, mask=True)) for each in rule.local]
    for word in rule.remote:
        pairs += [(f"RA{family}", word) for family in (4, 6)] if isinstance(word, str) else [
            (f"RA{word.family}", _address(word, mask=True))]
    pairs += [(key, each) for key, each in zip(("App", "Svc"), rule.owner, strict=True) if each]
    if rule.action in ("Secure", "Bypass"):
        pairs.append(("Security", "Authenticate"))
    if rule.action == "Bypass":
        pairs.append(("RMauth", _COMPUTERS))
    return "|".join(["v2.30", *(f"{key}={value}" for key, value in (*pairs, ("Name", rule.name))), ""])


def _kind(found: Kind) -> str:
    return f"{found.kind}:{found.code if found.code >= 0 else '*'}"
