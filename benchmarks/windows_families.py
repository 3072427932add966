"""Windows Firewall: the rules of a client in five of the forms in which they are exported."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.family import SEED, Input, family

_KEY = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
_PROFILES = {"DomainProfile": "Domain", "StandardProfile": "Private", "PublicProfile": "Public"}


class _Allowed(NamedTuple):
    """One inbound rule."""

    name: str
    remote: str
    port: str


def _rules(size: int) -> Iterator[_Allowed]:
    draw = random.Random(SEED)
    for number in range(size):
        remote = f"172.20.{draw.randrange(4)}.{draw.randrange(1, 255)}" if draw.random() < 0.5 else \
            f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(1, 255)}"
        yield _Allowed(f"Rule {number}", remote, str(draw.choice((80, 135, 445, 2701, 8080, 8530))))


def _on_the_client(files: dict[str, str]) -> Input:
    return Input(files, ["check", *files, "--client", "10.20.0.0/16", "--server", "172.20.0.0/24",
                         "--set", "mode=mixed", "--host", "client", "--profile", "domain"])


@family("a registry export", "rules", 600, 5_000, 25_000)
def windows_registry(size: int) -> Input:
    lines = ["Windows Registry Editor Version 5.00", "", f"[{_KEY}]", '"PolicyVersion"=dword:0000021f', ""]
    for profile in _PROFILES:
        lines += [f"[{_KEY}\\{profile}]", '"EnableFirewall"=dword:00000001', ""]
    lines += [f"[{_KEY}\\FirewallRules]"]
    lines += [f'"R{number}"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|'
              f'LPort={each.port}|RA4={each.remote}|App=System|Name={each.name}|"'
              for number, each in enumerate(_rules(size))]
    return _on_the_client({"fw.reg": "\n".join([*lines, "", ""])})


_TABLES: dict[str, dict[str, str]] = {
    "Rule": {"DisplayName": "", "Group": "", "Enabled": "True", "Profile": "Domain",
             "Direction": "Inbound", "Action": "Allow", "Platform": "", "EdgeTraversalPolicy": "Block",
             "LocalOnlyMapping": "False", "Owner": "", "PolicyStoreSource": "PersistentStore",
             "PolicyStoreSourceType": "Local", "PrimaryStatus": "OK", "EnforcementStatus": "",
             "PackageFamilyName": "", "PolicyAppId": "", "RemoteDynamicKeywordAddresses": ""},
    "PortFilter": {"Protocol": "TCP", "LocalPort": "", "RemotePort": "Any", "IcmpType": "Any",
                   "DynamicTarget": "Any"},
    "AddressFilter": {"LocalAddress": "Any", "RemoteAddress": ""},
    "ApplicationFilter": {"Program": "System", "Package": ""},
    "ServiceFilter": {"Service": "Any"},
    "InterfaceTypeFilter": {"InterfaceType": "Any"},
    "InterfaceFilter": {"InterfaceAlias": "Any"},
    "SecurityFilter": {"Authentication": "NotRequired", "Encryption": "NotRequired",
                       "OverrideBlockRules": "False", "LocalUser": "Any", "RemoteUser": "Any",
                       "RemoteMachine": "Any"}}
"""What PowerShell shows of a rule, table by table; empty texts are the rule's own."""
_SETTINGS = {
    "Enabled": "True", "DefaultInboundAction": "Block", "DefaultOutboundAction": "Allow",
    "AllowInboundRules": "True", "AllowLocalFirewallRules": "True", "AllowUserApps": "NotConfigured",
    "AllowUserPorts": "True", "AllowUnicastResponseToMulticast": "True",
    "DisabledInterfaceAliases": "NotConfigured"}


def _own(rule: _Allowed, table: str) -> dict[str, str]:
    """What differs from rule to rule in one table."""
    own = {"DisplayName": rule.name, "LocalPort": rule.port, "RemoteAddress": rule.remote}
    return {name: text for name, text in own.items() if name in _TABLES[table]}


def _joined(size: int) -> Iterator[dict[str, str]]:
    """Rules with the columns of all tables."""
    usual = {name: text for table in _TABLES.values() for name, text in table.items()}
    for number, rule in enumerate(_rules(size)):
        own = {name: text for table in _TABLES for name, text in _own(rule, table).items()}
        yield {"InstanceID": f"R{number}", **usual, **own}


@family("the JSON that PowerShell writes", "rules", 600, 5_000, 25_000)
def windows_json(size: int) -> Input:
    export: dict[str, object] = {"Store": "ActiveStore", "System": "10.0.19045.0"}
    for table, usual in _TABLES.items():
        export[table] = [{"InstanceID": f"R{number}", **usual, **_own(rule, table)}
                         for number, rule in enumerate(_rules(size))]
    export["Profile"] = [{"Name": name, **_SETTINGS} for name in _PROFILES.values()]
    return _on_the_client({"fw.json": json.dumps(export, indent=4)})


@family("rules and filters joined by PowerShell, as CSV", "rules", 600, 5_000, 25_000)
def windows_csv(size: int) -> Input:
    text = io.StringIO()
    rows = list(_joined(size))
    table = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return _on_the_client({"rules.csv": text.getvalue()})


@family("rules and filters joined by PowerShell, as Format-List prints them", "rules", 600, 5_000, 25_000)
def windows_list(size: int) -> Input:
    blocks = ("".join(f"{name:<29} : {text}\n" for name, text in each.items()) for each in _joined(size))
    return _on_the_client({"rules.txt": "\n".join([*blocks, ""])})


@family("the text that netsh prints", "rules", 600, 5_000, 25_000)
def windows_netsh(size: int) -> Input:
    lines: list[str] = []
    for each in _rules(size):
        fields = {"Enabled": "Yes", "Direction": "In", "Profiles": "Domain", "Grouping": "", "LocalIP": "Any",
                  "RemoteIP": f"{each.remote}/32", "Protocol": "TCP", "LocalPort": each.port,
                  "RemotePort": "Any",
                  "Edge traversal": "No", "Program": "System", "InterfaceTypes": "Any",
                  "Security": "NotRequired", "Rule source": "Local Setting", "Action": "Allow"}
        lines += ["", f"{'Rule Name:':<38}{each.name}", "-" * 70]
        lines += [f"{f'{name}:':<38}{value}" for name, value in fields.items()]
    return _on_the_client({"rules.txt": "\n".join([*lines, "Ok.", ""])})
