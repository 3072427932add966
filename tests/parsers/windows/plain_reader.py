"""Damaged texts read by their grammars alone (MS-GPFAS 2.2.2.19, netsh's labels, JSON), as a script would.

It shares no code with ours, knows no doubt about the input, and takes what is there at its word: what even
this reading does not let through, no damage may open.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

Pairs = dict[str, list[str]]
"""A rule in the words of the registry: values by key."""


@dataclass
class Policy:
    """The rules, and the settings of the Domain profile."""

    rules: list[Pairs] = field(default_factory=list)
    settings: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Probe:
    """A packet of the Domain profile: inbound to a port, or outbound to one."""

    direction: str
    protocol: int
    port: int
    listener: str
    remote: str = "10.9.9.9"


def fate(policy: Policy, probe: Probe) -> str:
    """Say `permit`, `deny` or `undecided` of a packet."""
    if policy.settings.get("EnableFirewall", 1) == 0:
        return "permit"
    inward = probe.direction == "In"
    if inward and policy.settings.get("DoNotAllowExceptions", 0):
        return "deny"
    hit: dict[str, bool | None] = {"Block": False, "Allow": False}
    for rule in policy.rules:
        action, matches = rule.get("Action", [""])[-1], _matches(rule, probe)
        if action in hit and matches is not False:
            hit[action] = hit[action] or matches
    default = policy.settings.get("DefaultInboundAction" if inward else "DefaultOutboundAction", int(inward))
    if hit["Block"]:
        return "deny"
    if hit["Block"] is None or (hit["Allow"] is None and default):
        return "undecided"
    return "permit" if hit["Allow"] or not default else "deny"


def _matches(rule: Pairs, probe: Probe) -> bool | None:
    if rule.get("Active", ["FALSE"])[-1].upper() != "TRUE" or rule.get("Dir", [""])[-1] != probe.direction:
        return False
    if rule.get("Profile") and "Domain" not in rule["Profile"]:
        return False
    protocol = rule.get("Protocol", ["256"])[-1]
    if protocol not in ("256", str(probe.protocol)):
        return False
    local, remote = ("LPort", "RPort") if probe.direction == "In" else ("RPort", "LPort")
    answers = [_program(rule, probe), _address(rule, probe.remote)]
    if probe.protocol == 1:
        answers.append(not rule.get("ICMP4") or bool({"8:*", "8:0"} & set(rule["ICMP4"])))
    else:
        answers += [_ports(rule, local, probe.port, probe), not any(key.startswith(remote) for key in rule)]
    return False if False in answers else None if None in answers else True


def _program(rule: Pairs, probe: Probe) -> bool | None:
    program, service = (rule.get(key, [""])[-1].lower() for key in ("App", "Svc"))
    if not program and not service:
        return True
    if probe.direction == "Out":
        return None
    kernel = probe.listener in ("system-smb", "icmp", "http-sys")
    if program == "system":
        return kernel and not service
    if program and not program.endswith("svchost.exe"):
        return False
    if not service:
        return not kernel
    return {"rpcss": "endpoint-mapper", "winmgmt": "rpc-server"}.get(service) == probe.listener


def _address(rule: Pairs, remote: str) -> bool | None:
    words = rule.get("RA4", []) + rule.get("RA6", [])
    answers: list[bool | None] = [not words]
    for word in words:
        try:
            low, dash, high = word.partition("-")
            answers.append(IPv4Address(low) <= IPv4Address(remote) <= IPv4Address(high) if dash
                           else IPv4Address(remote) in IPv4Network(word, strict=False))
        except ValueError:
            answers.append(None)
    return True if True in answers else None if None in answers else False


def _ports(rule: Pairs, key: str, port: int, probe: Probe) -> bool | None:
    words = [word for each, found in rule.items() if each.startswith(key) for word in found]
    answers: list[bool | None] = [not words]
    for word in words:
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", word)
        if found:
            answers.append(int(found[1]) <= port <= int(found[2] or found[1]))
        else:
            answers.append({"RPC-EPMap": port == 135, "RPCEPMap": port == 135,
                            "RPC": probe.listener == "rpc-server"}.get(word))
    return True if True in answers else None if None in answers else False


# Forms


def registry(text: str) -> Policy:
    """Read a `.reg` file."""
    found, key = Policy(), ""
    for line in text.splitlines():
        head = re.fullmatch(r"\[HKEY_LOCAL_MACHINE\\.*\\(\w+)\]", line.strip())
        value = re.fullmatch(r'"([^"]*)"=(?:"v\d+\.\d+\|(.*)\|"|dword:([0-9a-f]{8}))', line.strip())
        if head:
            key = head[1]
        elif value and value[2] and key == "FirewallRules":
            found.rules.append(_pairs(value[2].replace("\\\\", "\\")))
        elif value and value[3] and key == "DomainProfile":
            found.settings[value[1]] = int(value[3], 16)
    return found


def _pairs(text: str) -> Pairs:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for pair in text.split("|"):
        key, _, value = pair.partition("=")
        found[key].append(value)
    return dict(found)


_LABELS = {"LocalPort": "LPort", "RemotePort": "RPort", "RemoteIP": "RA4", "Program": "App", "Service": "Svc",
           "Profiles": "Profile", "Protocol": "Protocol", "Action": "Action", "Direction": "Dir"}
_NUMBERS = {"TCP": "6", "UDP": "17", "ICMPv4": "1", "ICMPv6": "58", "Any": "256"}


def _words(key: str, value: str) -> list[str]:
    """The members of a list; the names of a program and of a service may have commas."""
    if key in ("App", "Svc"):
        return [value]
    return [_NUMBERS.get(each.strip(), each.strip()) for each in value.split(",")]


def netsh(text: str) -> Policy:
    """Read what `show allprofiles` and `show rule name=all verbose` print."""
    found, profile = Policy(), ""
    rule: Pairs | None = None
    for line in text.splitlines():
        label, colon, value = (part.strip() for part in line.partition(":"))
        if label.endswith("Profile Settings"):
            profile = label.split()[0]
        elif profile == "Domain" and line.startswith("State"):
            found.settings["EnableFirewall"] = int(line.split()[-1] == "ON")
        elif profile == "Domain" and line.startswith("Firewall Policy"):
            found.settings |= {"DoNotAllowExceptions": int("BlockInboundAlways" in line),
                               "DefaultInboundAction": int("BlockInbound" in line),
                               "DefaultOutboundAction": int("BlockOutbound" in line)}
        elif label == "Rule Name" and colon:
            found.rules.append(rule := {})
        elif rule is not None and re.fullmatch(r"\s+\d+\s+\w+\s*", line):
            rule.setdefault("ICMP4", []).append(f"{line.split()[0]}:*")
        elif rule is not None and label == "Enabled":
            rule["Active"] = [str(value == "Yes").upper()]
        elif rule is not None and label in _LABELS and value != "Any":
            rule[_LABELS[label]] = _words(_LABELS[label], value)
    return found


_COLUMNS = {"Protocol": "Protocol", "LocalPort": "LPort", "RemotePort": "RPort", "RemoteAddress": "RA4",
            "Program": "App", "Service": "Svc", "Profile": "Profile"}
_ENDS = {"Inbound": "In", "Outbound": "Out"}


def powershell(text: str) -> Policy:
    """Read the documented JSON export; joined by InstanceID."""
    found = Policy()
    export: dict[str, Any] = json.loads(text)
    for one in export.get("Rule", []):
        fields = dict(one)
        for each in (each for name, table in export.items() if name.endswith("Filter") for each in table):
            if each.get("InstanceID") == one.get("InstanceID"):
                fields |= each
        found.rules.append(_joined(fields))
    for each in (each for each in export.get("Profile", []) if each.get("Name") == "Domain"):
        found.settings = {
            "EnableFirewall": int(each.get("Enabled") != "False"),
            "DoNotAllowExceptions": int(each.get("AllowInboundRules") == "False"),
            "DefaultInboundAction": int(each.get("DefaultInboundAction") != "Allow"),
            "DefaultOutboundAction": int(each.get("DefaultOutboundAction") == "Block")}
    return found


def _joined(fields: dict[str, str]) -> Pairs:
    pairs: Pairs = {"Active": [str(fields.get("Enabled") == "True").upper()],
                    "Action": [fields.get("Action", "")], "Dir": [_ENDS.get(fields.get("Direction", ""), "")]}
    for column, key in _COLUMNS.items():
        words = _words(key, fields.get(column, ""))
        if words not in (["Any"], ["256"]):
            pairs[key] = words
    if fields.get("IcmpType", "Any") != "Any":
        pairs["ICMP4"] = [f"{each}:*" for each in fields["IcmpType"].split(",")]
    return pairs
