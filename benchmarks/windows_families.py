"""Windows Firewall: the rules of a client in three of the forms in which they are exported."""

from __future__ import annotations

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


@family("the JSON that PowerShell writes", "rules", 600, 5_000, 25_000)
def windows_json(size: int) -> Input:
    columns: dict[str, dict[str, str]] = {
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
    export: dict[str, object] = {"Store": "ActiveStore", "System": "10.0.19045.0"}
    for table, usual in columns.items():
        export[table] = [{"InstanceID": f"R{number}", **usual, **own}
                         for number, own in enumerate(_own_columns(table, size))]
    profile = {"Enabled": "True", "DefaultInboundAction": "Block", "DefaultOutboundAction": "Allow",
               "AllowInboundRules": "True", "AllowLocalFirewallRules": "True",
               "AllowUserApps": "NotConfigured",
               "AllowUserPorts": "True", "AllowUnicastResponseToMulticast": "True",
               "DisabledInterfaceAliases": "NotConfigured"}
    export["Profile"] = [{"Name": name, **profile} for name in _PROFILES.values()]
    return _on_the_client({"fw.json": json.dumps(export, indent=4)})


def _own_columns(table: str, size: int) -> Iterator[dict[str, str]]:
    """What differs from rule to rule in one table."""
    for each in _rules(size):
        match table:
            case "Rule":
                yield {"DisplayName": each.name}
            case "PortFilter":
                yield {"LocalPort": each.port}
            case "AddressFilter":
                yield {"RemoteAddress": each.remote}
            case _:
                yield {}


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
