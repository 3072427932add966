"""Whole computers for tests: a registry export and an ActiveStore export, with rules as plain strings."""

from __future__ import annotations

import json
from typing import Any

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import from_bytes
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows.test_powershell import PROFILE, RULE, documented

LOCAL = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
POLICY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall"
HEADER = "Windows Registry Editor Version 5.00"
SMB = "Protocol=6|LPort=445|App=System|"
MAPPER = r"Protocol=6|LPort=RPC-EPMap|App=%SystemRoot%\\system32\\svchost.exe|Svc=RpcSs|"
GROUP_POLICY = "Group Policy of local.reg"


def local(*rules: str, version: int = 0x21F, more: str = "", profile: str = "") -> str:
    """The export of a computer's own policy, as regedit writes it; rules are `vN.M|...` each."""
    lines = [HEADER, "", f"[{LOCAL}]", f'"PolicyVersion"=dword:{version:08x}', ""]
    for name in ("DomainProfile", "PublicProfile", "StandardProfile"):
        lines += [f"[{LOCAL}\\{name}]", '"EnableFirewall"=dword:00000001']
        lines += [profile, ""] if profile else [""]
    lines += [f"[{LOCAL}\\FirewallRules]", *(f'"R{number}"="{each}"' for number, each in enumerate(rules))]
    return "\r\n".join([*lines, "", *(more.split("\n") if more else ()), ""])


def host(*texts: str, names: tuple[str, ...] = ("local.reg", "policy.reg")) -> Firewall:
    """Read the files of one computer, as UTF-16."""
    return convert.parse([from_bytes(text.encode("utf-16"), name)
                          for text, name in zip(texts, names, strict=False)])


def allow(pairs: str = SMB, version: str = "v2.30") -> str:
    """Write an inbound rule that allows."""
    return f"{version}|Action=Allow|Active=TRUE|Dir=In|{pairs}Name=a|"


def block(pairs: str = SMB, version: str = "v2.30") -> str:
    """Write an inbound rule that blocks."""
    return f"{version}|Action=Block|Active=TRUE|Dir=In|{pairs}Name=b|"


def settled(found: Firewall, ending: str) -> dict[str, bool]:
    """Say yes to every question whose key ends so."""
    return {each.key: True for chain in found.chains.values() for one in chain.rules
            for each in one.conditions if isinstance(each, Opaque) and each.key.endswith(ending)}


def powershell(rule: dict[str, Any], *, store: str = "ActiveStore", **profile: str) -> Firewall:
    """An export of one rule that opens SMB, and of three profiles."""
    export = documented(RULE | {"Profile": "Any"} | rule, **{RULE["InstanceID"]: {"RemoteAddress": "Any"}})
    export["Profile"] = [PROFILE | {"Name": name} | profile for name in ("Domain", "Private", "Public")]
    export["Store"] = store
    return convert.parse([from_bytes(json.dumps(export, indent=1).encode(), "f.json")])
