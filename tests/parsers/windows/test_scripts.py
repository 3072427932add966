"""Commands for a Windows Firewall: the rules that an export would show afterwards, and what is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from aclproof.parsers import scripts, source
from aclproof.parsers.edited import Changed
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows import windows
from tests.parsers.windows.test_powershell import RULE, documented
from tests.parsers.windows.windows import Words

BASE = (
    Words("SMB", local_port="445", program="System", remote_ip="10.0.0.0/8"),
    Words("Web", local_port="80,443", profiles="Domain", grouping="Remote Desktop"),
    Words("Twice", local_port="1000-1010"),
    Words("Twice", protocol="UDP", local_port="53", enabled="No"),
    Words("Ping", protocol="ICMPv4", icmp=(("8", "Any"),)),
    Words("Stop", local_port="23", action="Block"),
    Words("Lookup", direction="Out", protocol="UDP", remote_port="53"),
)


def listing(rules: Sequence[Words]) -> str:
    return windows.listing(*rules)


def entered(folder: Path, export: str, script: str, *, suffix: str = "ps1") -> Changed:
    (folder / "fw.txt").write_text(export, encoding="utf-8")
    (folder / f"change.{suffix}").write_text(script + "\n", encoding="utf-8")
    return scripts.read([str(folder / "fw.txt")], source.read(str(folder / f"change.{suffix}")))


def read(export: str) -> Firewall:
    return convert.parse([source.from_bytes(export.encode(), "fw.txt")])


def meaning(firewall: Firewall) -> object:
    """The rules of each direction, in whatever order: within a tier there is none.

    Of a rule that netsh lists, it is not known whether it is for one application package only; of one that a
    command makes, it is.
    """
    return {name: Counter(_bare(rule) for rule in chain.rules) for name, chain in firewall.lists.items()}


def _bare(rule: Rule) -> Rule:
    return rule._replace(line=0, conditions=tuple(
        each for each in rule.conditions if not each.key.endswith("is for everybody")))


def changed(name: str, /, **fields: object) -> tuple[Words, ...]:
    return tuple(replace(each, **fields) if each.name == name else each for each in BASE)


def without(*names: str) -> tuple[Words, ...]:
    return tuple(each for each in BASE if each.name not in names)


NETSH = "netsh advfirewall firewall"
SAME: list[tuple[str, tuple[Words, ...]]] = [
    ("Remove-NetFirewallRule -DisplayName SMB", without("SMB")),
    ("Remove-NetFirewallRule -DisplayName 'smb', \"Web\" -Confirm:$false", without("SMB", "Web")),
    ("remove-netfirewallrule -displayname Twice", without("Twice")),
    ("Remove-NetFirewallRule -DisplayName S?B", without("SMB")),
    ("Remove-NetFirewallRule -DisplayGroup 'Remote Desktop'", without("Web")),
    ("Remove-NetFirewallRule -Group '@FirewallAPI.dll,-28752'", without("Web")),
    ("Get-NetFirewallRule -DisplayName SMB | Remove-NetFirewallRule", without("SMB")),
    ("Get-NetFirewallRule -DisplayName SMB |\n  Disable-NetFirewallRule", changed("SMB", enabled="No")),
    ("Disable-NetFirewallRule -DisplayName 'SMB'  # for now", changed("SMB", enabled="No")),
    ("Enable-NetFirewallRule -DisplayName Twice", changed("Twice", enabled="Yes")),
    ("Set-NetFirewallRule -DisplayName SMB -Enabled False", changed("SMB", enabled="No")),
    (
        "Set-NetFirewallRule -DisplayName SMB -Action Block -Profile Domain,Private",
        changed("SMB", action="Block", profiles="Domain,Private"),
    ),
    (
        "Set-NetFirewallRule -DisplayName SMB -RemoteAddress 10.1.0.0/16,LocalSubnet `\n"
        "  -LocalPort @(445, '139')",
        changed("SMB", remote_ip="10.1.0.0/16,LocalSubnet", local_port="445,139"),
    ),
    (
        "Set-NetFirewallRule -DisplayName SMB -RemoteAddress Any -Program Any",
        changed("SMB", remote_ip="Any", program=None),
    ),
    ("Set-NetFirewallRule -DisplayName SMB -Protocol UDP", changed("SMB", protocol="UDP")),
    ("Set-NetFirewallRule -DisplayName SMB -NewDisplayName Files", changed("SMB", name="Files")),
    ("Set-NetFirewallRule -DisplayName Web -Direction Outbound", changed("Web", direction="Out")),
    (
        "New-NetFirewallRule -DisplayName New -Direction Inbound -Protocol TCP -LocalPort 8530,8531 "
        "-RemoteAddress 10.2.0.0/16 -Action Allow -Profile Domain",
        (*BASE, Words("New", local_port="8530,8531", remote_ip="10.2.0.0/16", profiles="Domain")),
    ),
    ("New-NetFirewallRule -DisplayName 'All of it'", (*BASE, Words("All of it", protocol="Any"))),
    (
        "New-NetFirewallRule -DisplayName P -Protocol ICMPv4 -IcmpType 8 -Action Block -Enabled False",
        (*BASE, Words("P", protocol="ICMPv4", icmp=(("8", "Any"),), action="Block", enabled="No")),
    ),
    (
        "New-NetFirewallRule -DisplayName X -Program 'C:\\a b\\x.exe' -Service Winmgmt -Protocol TCP "
        "-LocalPort RPC",
        (*BASE, Words("X", program=r"C:\a b\x.exe", service="Winmgmt", local_port="RPC")),
    ),
    (
        f'{NETSH} add rule name="New" dir=in action=allow protocol=TCP localport=8530 remoteip=10.2.0.0/16',
        (*BASE, Words("New", local_port="8530", remote_ip="10.2.0.0/16")),
    ),
    (f'{NETSH} delete rule name="SMB"', without("SMB")),
    (
        f"@{NETSH} delete rule name=twice protocol=udp > nul",
        tuple(each for each in BASE if each.protocol != "UDP" or each.name != "Twice"),
    ),
    (f"{NETSH} delete rule name=Stop localport=23", without("Stop")),
    (f'{NETSH} set rule name="SMB" new enable=no action=block', changed("SMB", enabled="No", action="Block")),
    (f'{NETSH} set rule group="remote desktop" new enable=No', changed("Web", enabled="No")),
    (
        f"{NETSH} set rule name=SMB dir=in new remoteip=10.1.0.0/16,localsubnet profile=domain",
        changed("SMB", remote_ip="10.1.0.0/16,LocalSubnet", profiles="Domain"),
    ),
    (f"{NETSH} set rule name=SMB new ^\n  localport=139", changed("SMB", local_port="139")),
    (
        "# nothing\n@echo off\nrem more\nRemove-NetFirewallRule -DisplayName SMB\n"
        f"{NETSH} show rule name=all\nRemove-NetFirewallRule -DisplayName Web",
        without("SMB", "Web"),
    ),
]


@pytest.mark.parametrize(("script", "expected"), SAME)
def test_commands_make_the_rules_that_an_export_shows_afterwards(script: str, expected: tuple[Words, ...],
                                                                 tmp_path: Path) -> None:
    found = entered(tmp_path, listing(BASE), script).firewall
    assert meaning(found) == meaning(read(listing(expected)))


def test_all_is_a_name_in_netsh(tmp_path: Path) -> None:
    found = entered(tmp_path, listing(BASE), f"{NETSH} delete rule name=all dir=out").firewall
    assert not any(rule.services[0].destination_ports.size == 1 for rule in found.chains["outbound"].rules)
    assert len(found.chains["inbound"].rules) == len(read(listing(BASE)).chains["inbound"].rules)


REFUSED: list[tuple[str, str]] = [
    ("Remove-NetFirewallRule -DisplayName Nope", "-displayname 'Nope'"),
    ("Remove-NetFirewallRule -Name SMB", "this export shows no such names"),
    ("Remove-NetFirewallRule", "chosen by one of"),
    ("Remove-NetFirewallRule -All", "-all is not followed"),
    ("Remove-NetFirewallRule -DisplayName SMB -Direction Inbound", "-direction is not followed here"),
    ("Remove-NetFirewallRule -DisplayName SMB -WhatIf", "-whatif is not followed"),
    ("Set-NetFirewallRule -DisplayName SMB", "does not say what to change"),
    ("Set-NetFirewallRule -DisplayName SMB -Enabled Maybe", "no value of Enabled"),
    ("Set-NetFirewallRule -DisplayName SMB -Enabled", "-enabled takes a value"),
    ("Set-NetFirewallRule -DisplayName SMB -Protocol ICMPv4", "ports go with"),
    ("Set-NetFirewallRule -DisplayName Ping -LocalPort 80", "ports go with"),
    ("Set-NetFirewallRule -DisplayName SMB -LocalPort '80,443'", "comma inside"),
    ("Set-NetFirewallRule -DisplayName SMB -RemoteAddr 10.0.0.1", "parameters in full"),
    ("Set-NetFirewallRule -DisplayName SMB -PolicyStore corp.example\\GPO -Enabled False",
     "no rule of Group Policy has"),
    ("Set-NetFirewallRule -DisplayName $name -Enabled False", "'$' is for PowerShell"),
    ('Set-NetFirewallRule -DisplayName "a $b" -Enabled False', "a text with '$'"),
    ("Set-NetFirewallRule -DisplayName 'SMB -Enabled False", "quote is not closed"),
    ("Set-NetFirewallRule -DisplayName SMB -Enabled False; Remove-NetFirewallRule -DisplayName Web", "';'"),
    ("if (1) { Remove-NetFirewallRule -DisplayName SMB }", "is for PowerShell"),
    (
        "Get-NetFirewallRule -DisplayName SMB | Where-Object Enabled -eq True | Remove-NetFirewallRule",
        "pipelines",
    ),
    ("Get-NetFirewallRule -DisplayName SMB | Get-NetFirewallPortFilter", "of PowerShell only"),
    ("Rename-NetFirewallRule -DisplayName SMB -NewDisplayName X", "of PowerShell only"),
    ("Set-NetFirewallProfile -Profile Domain -Enabled False", "of PowerShell only"),
    ("New-NetFirewallRule -Direction Inbound -Action Allow", "-DisplayName"),
    ("New-NetFirewallRule -DisplayName X -LocalPort 80", "ports go with"),
    ("New-NetFirewallRule -DisplayName X -Direction Sideways", "no value of Direction"),
    ("New-NetFirewallRule -DisplayName X -Direction Inbound -Direction Outbound", "stands in it twice"),
    (f"{NETSH} delete rule name=Nope", "no rule has name=Nope"),
    (f"{NETSH} delete rule name=SMB localport=446", "no rule has name=SMB localport=446"),
    (f"{NETSH} delete rule dir=in", "chosen by 'name='"),
    (f"{NETSH} delete rule name=SMB profile=domain", "leave the profile out"),
    (f"{NETSH} set rule name=SMB enable=no", "new key=value"),
    (f"{NETSH} set rule name=SMB new enable=perhaps", "is not one of"),
    (f"{NETSH} set rule name=SMB new color=red", "no key of a rule"),
    (f"{NETSH} add rule name=X dir=in", "without 'action='"),
    (f"{NETSH} add rule name=%1 dir=in action=allow", "variable"),
    (f"{NETSH} delete rule name=SMB & {NETSH} delete rule name=Web", "one command on a line"),
    ("netsh advfirewall set allprofiles state off", "of netsh only"),
    ("netsh advfirewall reset", "of netsh only"),
    ("rm -rf /", "of PowerShell only"),
]


@pytest.mark.parametrize(("script", "says"), REFUSED)
def test_what_windows_refuses_or_we_cannot_follow_is_named(script: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedInputError) as error:
        entered(tmp_path, listing(BASE), script)
    assert says in str(error.value)
    assert str(error.value).startswith(f"{tmp_path}/change.ps1:1: ")


JOINED: list[tuple[str, bool]] = [
    ("# first, the old rule:,\nRemove-NetFirewallRule -DisplayName SMB", False),
    ("# a |\nRemove-NetFirewallRule -DisplayName SMB", False),
    ("# a `\nRemove-NetFirewallRule -DisplayName SMB", False),
    ("# a ^\nRemove-NetFirewallRule -DisplayName SMB", False),
    ("rem a,\nRemove-NetFirewallRule -DisplayName SMB", False),
    ("Disable-NetFirewallRule -DisplayName Ping # then,\nRemove-NetFirewallRule -DisplayName SMB", False),
    ("Remove-NetFirewallRule -DisplayName Ping, # and\n  SMB", False),
    ("Get-NetFirewallRule -DisplayName SMB | # off\nRemove-NetFirewallRule", False),
    ("Disable-NetFirewallRule -DisplayName Ping # Remove-NetFirewallRule -DisplayName SMB", True),
    ("Remove-NetFirewallRule -DisplayName Ping\nexit", True),
]


@pytest.mark.parametrize(("script", "left"), JOINED)
def test_a_comment_goes_on_in_no_other_line(script: str, *, left: bool, tmp_path: Path) -> None:
    """PowerShell ends a comment with its line; what comes after it is a command, or goes on with one."""
    found = entered(tmp_path, listing(BASE), script).firewall
    assert any(map(is_smb, found.chains["inbound"].rules)) is left


@pytest.mark.parametrize(("script", "line"), [
    ("exit\nRemove-NetFirewallRule -DisplayName SMB", 2),
    ("return\n\nRemove-NetFirewallRule -DisplayName SMB", 3),
    (f"exit /b 0\n{NETSH} delete rule name=SMB", 2),
    (f"{NETSH} show rule name=x & {NETSH} delete rule name=SMB", 1),
    (f"{NETSH} show rule name=all || {NETSH} delete rule name=SMB", 1),
    (f"{NETSH} show rule name=all; Remove-NetFirewallRule -DisplayName SMB", 1),
    (f"rem a ^\n{NETSH} delete rule name=SMB", 1),
    ("echo (Remove-NetFirewallRule -DisplayName SMB)", 1),
    ("Remove-NetFirewallRule -DisplayName SMB ` \n -WhatIf", 1),
    ("Remove-NetFirewallRule -DisplayName Ping#SMB", 1),
    (f"{NETSH} delete rule name=SMB localport=445,\n{NETSH} delete rule name=Ping", 1),
])
def test_what_is_run_only_perhaps_is_refused_with_its_line(script: str, line: int, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedInputError, match=rf"change\.ps1:{line}: "):
        entered(tmp_path, listing(BASE), script)


def test_a_script_that_changes_nothing_is_none(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedInputError, match="no command in it"):
        entered(tmp_path, listing(BASE), "# Remove-NetFirewallRule -DisplayName SMB")


def test_who_wants_no_error_gets_a_remark(tmp_path: Path) -> None:
    found = entered(tmp_path, listing(BASE),
                    "Remove-NetFirewallRule -DisplayName Nope -ErrorAction SilentlyContinue")
    assert "'Nope', so the line changes nothing" in found.remarks[0].text
    assert meaning(found.firewall) == meaning(read(listing(BASE)))


def is_smb(rule: Rule) -> bool:
    return rule.services[0].destination_ports.ranges == ((445, 445),)


def test_names_are_those_of_the_export(tmp_path: Path) -> None:
    export = json.dumps(documented(RULE), indent=1)
    off = entered(tmp_path, export, "Disable-NetFirewallRule -Name fps-smb-in-tcp").firewall
    assert {rule.enabled for rule in off.chains["inbound"].rules if is_smb(rule)} == {False}
    gone = entered(tmp_path, export, "Remove-NetFirewallRule -Name FPS-SMB-*").firewall
    assert not any(is_smb(rule) for rule in gone.chains["inbound"].rules)
    with pytest.raises(UnsupportedInputError, match="already"):
        entered(tmp_path, export, "New-NetFirewallRule -Name FPS-SMB-In-TCP -DisplayName X")


def test_rules_of_group_policy_are_not_theirs_to_change(tmp_path: Path) -> None:
    export = json.dumps(documented(RULE | {"PolicyStoreSourceType": "GroupPolicy"}), indent=1)
    with pytest.raises(UnsupportedInputError, match="of this computer's own"):
        entered(tmp_path, export, "Disable-NetFirewallRule -DisplayName SMB-In")


def test_a_changed_rule_is_quoted_by_the_line_that_changed_it(tmp_path: Path) -> None:
    firewall = entered(tmp_path, listing(BASE),
                       "\nSet-NetFirewallRule -DisplayName SMB -LocalPort 446").firewall
    rule = next(
        each
        for each in firewall.chains["inbound"].rules
        if any(446 in one.destination_ports and one.destination_ports.size == 1 for one in each.services)
    )
    span = firewall.source.span(rule.line)
    assert span.first_line == 2
    assert span.text.startswith("Set-NetFirewallRule")


# Random commands, in either language, next to a list of plain values


SETTINGS = [
    ("enabled", "Yes", "enable=yes", "-Enabled True"),
    ("enabled", "No", "enable=no", "-Enabled False"),
    ("action", "Allow", "action=allow", "-Action Allow"),
    ("action", "Block", "action=block", "-Action Block"),
    ("profiles", "Domain", "profile=domain", "-Profile Domain"),
    ("profiles", "Domain,Public", "profile=domain,public", "-Profile Domain,Public"),
    ("remote_ip", "10.1.0.0/16", "remoteip=10.1.0.0/16", "-RemoteAddress 10.1.0.0/16"),
    ("remote_ip", "Any", "remoteip=any", "-RemoteAddress Any"),
    ("remote_ip", "LocalSubnet", "remoteip=localsubnet", "-RemoteAddress LocalSubnet"),
    ("local_port", "445", "localport=445", "-LocalPort 445"),
    ("local_port", "80,8000-8010", "localport=80,8000-8010", "-LocalPort 80,8000-8010"),
    ("local_port", "Any", "localport=any", "-LocalPort Any"),
    ("protocol", "UDP", "protocol=udp", "-Protocol UDP"),
    ("protocol", "TCP", "protocol=tcp", "-Protocol TCP"),
]


@pytest.mark.parametrize("seed", range(40))
def test_random_commands(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    rules = [Words(random.choice("ABC"), local_port=random.choice(["80", "445", "Any"]),
                   enabled=random.choice(["Yes", "No"])) for _ in range(6)]
    old, lines = listing(rules), list[str]()
    for _ in range(8):
        name, in_netsh = random.choice("ABCD"), random.random() < 0.5
        known = any(each.name == name for each in rules)
        field, value, netsh, shell = random.choice(SETTINGS)
        if not known or random.random() < 0.2:
            rules.append(replace(Words(name), **{"local_port": "5", field: value}))
            tail = (netsh, shell) if field == "local_port" else (
                f"localport=5 {netsh}", f"-LocalPort 5 {shell}")
            if field != "protocol":
                tail = f"protocol=tcp {tail[0]}", f"-Protocol TCP {tail[1]}"
            said = tail[0] if field == "action" else f"action=allow {tail[0]}"
            lines.append(f"{NETSH} add rule name={name} dir=in {said}" if in_netsh
                         else f"New-NetFirewallRule -DisplayName {name} {tail[1]}")
        elif random.random() < 0.25:
            rules = [each for each in rules if each.name != name]
            lines.append(f"{NETSH} delete rule name={name}" if in_netsh
                         else f"Remove-NetFirewallRule -DisplayName {name}")
        else:
            rules = [replace(each, **{field: value}) if each.name == name else each
                     for each in rules]
            lines.append(f"{NETSH} set rule name={name} new {netsh}" if in_netsh
                         else f"Set-NetFirewallRule -DisplayName {name} {shell}")
        found = entered(tmp_path, old, "\n".join(lines)).firewall
        assert meaning(found) == meaning(read(listing(rules))), "\n".join(lines)
