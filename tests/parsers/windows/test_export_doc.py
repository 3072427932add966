"""The documented export: its columns are those the reader needs, and nothing it leaves out is missed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aclproof.parsers.windows import forms
from tests.parsers.windows.windows import firewall, packet, source, verdict

_DOC = (Path(__file__).parents[3] / "docs" / "export-windows-firewall.md").read_text(encoding="utf-8")
_SMB = {
    "InstanceID": "FPS-SMB-In-TCP", "DisplayName": "File and Printer Sharing (SMB-In)", "Enabled": "True",
    "Profile": "Domain", "Direction": "Inbound", "Action": "Allow", "EdgeTraversalPolicy": "Block",
    "LocalOnlyMapping": "False", "PolicyStoreSourceType": "Local", "PrimaryStatus": "OK", "Protocol": "TCP",
    "LocalPort": "445", "RemotePort": "Any", "IcmpType": "Any", "DynamicTarget": "Any", "LocalAddress": "Any",
    "RemoteAddress": "Any", "Program": "System", "Service": "Any", "InterfaceType": "Any",
    "InterfaceAlias": "Any", "Authentication": "NotRequired", "Encryption": "NotRequired",
    "OverrideBlockRules": "False", "LocalUser": "Any", "RemoteUser": "Any", "RemoteMachine": "Any"}
_PROFILE = {"Enabled": "True", "DefaultInboundAction": "Block", "DefaultOutboundAction": "Allow",
            "AllowInboundRules": "True", "AllowLocalFirewallRules": "True",
            "DisabledInterfaceAliases": "NotConfigured"}


def columns() -> dict[str, list[str]]:
    """Read from the command in the page which properties it exports."""
    [command] = [line for line in _DOC.splitlines() if line.startswith("$p=")]
    tables = command.split("$x=")[0]
    return {name: words.split(",") for name, words in re.findall(r"(\w+)='([\w,]+)'", tables)}


def export(without: str = "") -> str:
    """Write what the command would write on a computer with one rule."""
    found: dict[str, object] = {"Store": "ActiveStore", "System": "10.0.19045.0"}
    for table, names in columns().items():
        kept = [name for name in names if name != without]
        if table == "Profile":
            found[table] = [{name: {**_PROFILE, "Name": each}.get(name, "NotConfigured") for name in kept}
                            for each in ("Domain", "Private", "Public")]
        else:
            found[table] = [{name: _SMB.get(name, "") for name in kept}]
    return json.dumps(found, indent=4)


def test_the_documented_export_needs_nothing_beside() -> None:
    found = firewall(export())
    form = forms.form(source(export()))
    assert form is not None
    assert form.kind == "PowerShell export"
    for profile, expected in (("domain", "permit"), ("private", "deny")):
        assert verdict(found, packet(445), listener="system-smb", profile=profile) == expected
    assert verdict(found, packet(80, out=True), hook="output") == "permit"
    assert not found.notes
    assert found.version == "Windows 10.0"


@pytest.mark.parametrize("column", [
    "Program", "Service", "RemoteAddress", "LocalPort", "Authentication", "InterfaceType", "RemoteUser"])
def test_a_column_that_is_left_out_is_missed(column: str) -> None:
    assert any(column in names for names in columns().values())
    found = firewall(export(without=column))
    assert verdict(found, packet(445), listener="system-smb", profile="domain") == "undecided"
