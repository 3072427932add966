"""What a form hides, and inputs that are not whole: neither is taken for absent, by check and by trace."""

from __future__ import annotations

import json
import time

import pytest

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.source import from_bytes
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows.both import smb, web
from tests.parsers.windows.computers import LOCAL, allow, block, host, local, powershell, settled
from tests.parsers.windows.test_powershell import RULE
from tests.parsers.windows.windows import SVCHOST, Words, firewall, listing, profiles

# What a form hides


@pytest.mark.parametrize(("rule", "expected"), [
    (Words("app", protocol="Any"), "undecided"), (Words("app"), "undecided"),
    (Words("app", protocol="Any", action="Block"), "deny"),
    (Words("SMB", local_port="445"), "permit"), (Words("kernel", protocol="Any", program="System"), "permit"),
    (Words("kernel", program="System", grouping="A group"), "undecided"),
    (Words("kernel", protocol="Any", program="System", grouping="A group"), "permit"),
    (Words("all of svchost", protocol="Any", program=SVCHOST), "deny")])
def test_netsh_hides_application_packages(rule: Words, expected: str) -> None:
    found = firewall(profiles() + listing(rule))
    assert smb(found) == expected
    certain = "permit" if rule.action == "Allow" and rule.name != "all of svchost" else "deny"
    assert smb(found, settled(found, "is for everybody")) == certain


@pytest.mark.parametrize("tool", ["netsh", "PowerShell"])
def test_what_a_tool_hardly_misses_is_relied_on_and_named(tool: str) -> None:
    found = powershell({}, AllowLocalFirewallRules="True") if tool == "PowerShell" else firewall(
        profiles() + listing(Words("SMB", local_port="445", program="System")))
    key = f"conditions that {tool} does not show"
    assert [smb(found), smb(found, {key: True})] == ["permit", "undecided"]
    assert smb(found, {key: False}) == "permit"


def test_no_yes_stands_for_ports_that_are_hidden() -> None:
    text = "".join(f"{name:30}: {value}\n" for name, value in (RULE | {"Profile": "Any"}).items()) + "\n"
    found = firewall(profiles(), text)
    keys_of = {each.key for rule in found.chains["inbound"].rules for each in rule.conditions
               if isinstance(each, Opaque) and each.key}
    facts = dict.fromkeys(keys_of, True) | {"rules that are not in the files": False}
    assert smb(found, facts) == "undecided"


# Inputs that are not whole


def test_an_export_without_its_closing_empty_line_is_cut() -> None:
    whole = local(allow())
    assert smb(host(whole)) == "permit"
    assert smb(host(whole.removesuffix("\r\n"))) == "undecided"
    by_hand = convert.parse([from_bytes(whole.removesuffix("\r\n").encode(), "local.reg")])
    lost = "lines lost at the end of local.reg"
    assert [smb(by_hand), smb(by_hand, {lost: True}), smb(by_hand, {lost: False})] == [
        "permit", "undecided", "permit"]


@pytest.mark.parametrize(("was", "now"), [
    (r"\FirewallRules]", r"\FirewallRulez]"), (f"[{LOCAL}\\FirewallRules]", ""),
    (r"FirewallPolicy\FirewallRules]", r"FirewallPolixy\FirewallRules]")])
def test_rules_below_a_damaged_key_are_not_lost(was: str, now: str) -> None:
    text = local("v2.30|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=80|Name=no|")
    assert web(host(text)) == "deny"
    assert web(host(text.replace(was, now))) == "undecided"


@pytest.mark.parametrize(("was", "now"), [
    ('"DefaultOutboundAction"', '"DefaultOutbaundAction"'),
    ('"DefaultOutboundAction"', '"DefaultOutboundAcion"'),
    (r"\DomainProfile]", r"\DomainProfil]"), (r"\DomainProfile]", r"\Domain]")])
def test_settings_below_a_damaged_key_or_name_are_not_defaults(was: str, now: str) -> None:
    text = local(profile='"DefaultOutboundAction"=dword:00000001')
    assert web(host(text)) == "deny"
    assert web(host(text.replace(was, now))) == "undecided"


def test_two_exports_in_one_file_contradict_each_other() -> None:
    one, other = local(allow()), local(block())
    assert smb(host(other + one)) == "undecided"
    assert smb(host(one + one)) == "permit"


# Forms


def query(*rules: str) -> str:
    """What `reg query` prints of the same policy."""
    lines = [LOCAL, "    PolicyVersion    REG_DWORD    0x21f", ""]
    for name in ("DomainProfile", "PublicProfile", "StandardProfile"):
        lines += [f"{LOCAL}\\{name}", "    EnableFirewall    REG_DWORD    0x1", ""]
    lines += [f"{LOCAL}\\FirewallRules", *(f"    R{number}    REG_SZ    {rule}"
                                          for number, rule in enumerate(rules)), "", ""]
    return "\r\n" + "\r\n".join(lines)


def test_reg_query_is_read_as_an_export_is() -> None:
    found = convert.parse([from_bytes(query(allow()).encode(), "q.txt")])
    assert smb(found) == "permit"
    assert smb(convert.parse([from_bytes(query(allow(), block()).encode(), "q.txt")])) == "deny"
    cut = query(allow()).rstrip("\r\n") + "\r\n"
    assert smb(convert.parse([from_bytes(cut.encode(), "q.txt")])) == "undecided"


PROMPT = r"C:\Windows\system32>reg query HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall /s"
NONE = "ERROR: The system was unable to find the specified registry key or value."
KEINER = "FEHLER: Das System konnte den angegebenen Registrierungsschlüssel oder -wert nicht finden."


@pytest.mark.parametrize(("printed", "whole"), [
    (NONE, True), (KEINER, True), ("ERROR: Access is denied.", False), ("FEHLER: Zugriff verweigert", False)])
def test_a_capture_of_reg_query_shows_that_there_is_no_group_policy(printed: str, whole: bool) -> None:
    capture = f"C:\\>reg query {LOCAL} /s\r\n{query(allow())}{PROMPT}\r\n{printed}\r\n\r\n"
    read = forms.read(from_bytes(capture.encode(), "q.txt"))
    assert [len(read.rules), read.whole_policy, len(read.broken)] == [1, whole, 0]
    found = convert.parse([from_bytes(capture.encode(), "q.txt")])
    assert smb(found, {"Group Policy of q.txt": True}) == ("permit" if whole else "undecided")
    elsewhere = capture.replace(r"\WindowsFirewall /s", r"\WindowsUpdate /s")
    assert not forms.read(from_bytes(elsewhere.encode(), "q.txt")).whole_policy


def test_reg_query_shows_every_type_of_value() -> None:
    text = query(allow()).replace("    EnableFirewall    REG_DWORD    0x1", "\r\n".join((
        "    (Default)    REG_SZ    (value not set)", "    EnableFirewall    REG_DWORD (4)    0x0",
        r"    DisabledInterfaces    REG_MULTI_SZ    {A}\0{B}", "    LogFileSize    REG_QWORD    0x1000",
        "    x    REG_BINARY    0A0B", "    y    REG_NONE", r"    LogFilePath    REG_EXPAND_SZ    %x%\y")), 1)
    text = text.replace("    R0 ", "    (Standard)    REG_SZ    (Wert nicht gesetzt)\r\n    R0 ")
    read = forms.read(from_bytes(text.encode(), "q.txt"))
    domain = next(each for each in read.profiles if each.profile == "Domain")
    assert (domain.enabled, domain.disabled_interfaces) == (False, ("{A}", "{B}"))
    assert not read.broken


@pytest.mark.parametrize(("was", "now", "expected"), [
    ("Name=a|", "Name=a|Desc=two\r\nlines|", "permit"),
    ("|Name=a|", "|RA4=10.\r\n1.0.0/255.255.0.0|", "undecided"),
    ("|Name=a|", "|Na\r\nme=a|", "undecided")])
def test_a_value_of_reg_query_may_go_on_in_another_line(was: str, now: str, expected: str) -> None:
    """A description may hold line ends; a terminal's width breaks anything."""
    assert smb(convert.parse([from_bytes(query(allow().replace(was, now)).encode(), "q.txt")])) == expected


def test_a_search_is_not_the_whole_key() -> None:
    text = query(allow()).rstrip() + "\r\n\r\nEnd of search: 1 match(es) found.\r\n\r\n"
    assert smb(convert.parse([from_bytes(text.encode(), "q.txt")])) == "undecided"


def test_one_object_on_each_line_is_json_too() -> None:
    lines = "\n".join(json.dumps(RULE | {"InstanceID": name}) for name in "ab")
    assert [each.id for each in forms.read(from_bytes(f"{lines}\n".encode(), "x.json")).rules] == ["a", "b"]


@pytest.mark.parametrize(("text", "kind"), [
    ("\nName DisplayName Enabled Direction\n---- ----------- ------- ---------\nx y True Inbound\n",
     "PowerShell table"),
    ("\nProtocol      : TCP\nLocalPort     : 445\nDynamicTarget : Any\n", "PowerShell filters"),
    ("\nName Enabled DefaultInboundAction\n---- ------- --------------------\nx    True    Block\n",
     "PowerShell table"),
    ("\nProtocol LocalPort RemotePort\n-------- --------- ----------\nTCP 445 Any\n", "PowerShell table"),
    ('[{"Protocol": "TCP", "LocalPort": "445", "DynamicTarget": 0}]', "PowerShell filters"),
    ('"Protocol","LocalPort","DynamicTarget"\n"TCP","445","Any"\n', "PowerShell filters"),
    ('#TYPE MSFT_NetFirewallRule\n"Name","Direction","Action","Platform"\n'
     '"x","Inbound","Allow","System.Collections.ObjectModel.ReadOnlyCollection`1[System.String]"\n',
     "PowerShell objects"),
    ('"Name","Direction","Action","Platform"\n"x","Inbound","Allow","System.String[]"\n',
     "PowerShell objects"),
    ("\nDisplayName     : x\nInboundSecurity : Require\nOutboundSecurity : Request\n", "IPsec rules"),
    ("\nPolicy Name : x\nDescription : y\nLast Modified : z\nAssigned : YES\n", "IPsec policy"),
    ("\nFPS-SMB-In-TCP : v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|\n", "registry values"),
    ("<?xml version='1.0'?>\n<wfpdiag><item/></wfpdiag>", "WFP filters"),
    ("\nRSOP data for C\\a on P\n", "Group Policy result"),
    ("\nRSOP-Daten für C\\a auf P\n", "Group Policy result"),
    ("<html><title>Gruppenrichtlinienergebnisse</title>", "Group Policy result"),
    ("<SyncML><Add><LocURI>./Vendor/MSFT/Firewall/MdmStore</LocURI></Add></SyncML>", "Intune policy"),
    ('[{"displayName": "x", "trafficDirection": "in", "action": "allowed"}]', "Intune policy"),
    ("# x\n<check_type:\"Windows\" version:\"2\">\n", "audit"),
    ("<html gpmc_reportInitialized='false'>", "Group Policy result"),
    ('{"@odata.type": "#microsoft.graph.windowsFirewallRule"}', "Intune policy")])
def test_what_people_have_is_known_by_name_and_answered_with_a_command(text: str, kind: str) -> None:
    found = forms.form(from_bytes(text.encode(), "x"))
    assert found
    assert found.kind == kind
    with pytest.raises(Exception, match=r"reg export HKLM.*PowerShell export"):
        found.read(from_bytes(text.encode(), "x"))


@pytest.mark.parametrize("piece", [
    "v2.1|", "System.", "Direction ", "Direction\tSystem.String ", "LocalPort ", "<?x>", "<!DOCTYPE ",
    "gpmc<html>", "C:\\a>reg query HKLM\\", "FirewallPolicy", "HKLM\\FirewallPolicy\n", "InboundSecurity ",
    "Policy Name : a\n"])
def test_no_look_takes_long(piece: str) -> None:
    """An input that only begins like something, for as long as a tool is looked for in it."""
    before = time.process_time()
    forms.form(from_bytes((piece * (2**18 // len(piece))).encode(), "x"))
    assert time.process_time() - before < 3
