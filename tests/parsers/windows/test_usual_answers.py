"""What a listing without `verbose`, and without profile settings, comes to under the usual answers.

An engineer's conclusions: settings are the defaults, a rule for a port opens it, one for any port is for one
program.
"""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from aclproof.parsers.model.conditions import Context, Fact, Opaque
from aclproof.parsers.model.firewall import Firewall
from tests.parsers.windows.both import mapper, smb, web
from tests.parsers.windows.computers import POLICY
from tests.parsers.windows.test_powershell import JOINED
from tests.parsers.windows.windows import Words, firewall, listing, packet, profiles, verdict

FILES = "File and Printer Sharing"
WMI = "Windows Management Instrumentation (WMI)"
SMB = Words(f"{FILES} (SMB-In)", grouping=FILES, local_port="445", verbose=False)
ECHO = Words(f"{FILES} (Echo Request - ICMPv4-In)", grouping=FILES, protocol="ICMPv4", icmp=(("8", "Any"),),
             verbose=False)
SPOOLER = Words(f"{FILES} (Spooler Service - RPC)", grouping=FILES, local_port="RPC", verbose=False)
WMI_IN = Words("Windows Management Instrumentation (WMI-In)", grouping=WMI, verbose=False)
DCOM = Words("Windows Management Instrumentation (DCOM-In)", grouping=WMI, local_port="135", verbose=False)
GERMAN = replace(WMI_IN, grouping="Windows-Verwaltungsinstrumentation (WMI)")
ASYNC = replace(WMI_IN, name="Windows Management Instrumentation (ASync-In)")


def usual(found: Firewall) -> dict[str, Fact]:
    """Answer every question as it is usually answered."""
    return {each.key: each.usual for _, each in found.conditions()
            if isinstance(each, Opaque) and each.key and each.usual is not None}


def rpc(found: Firewall, facts: dict[str, Fact]) -> str:
    """What becomes of a packet to WMI's dynamic port."""
    return verdict(found, packet(50000), listener="rpc-server", facts=Context(facts))


def echo(found: Firewall, facts: dict[str, Fact]) -> str:
    """What becomes of an echo request."""
    return verdict(found, packet(0, 1, source_port=8), listener="icmp", facts=Context(facts))


def test_smb_and_ping_look_open_the_group_of_wmi_is_off() -> None:
    off = replace(WMI_IN, enabled="No"), replace(DCOM, enabled="No")
    found = firewall("".join(each.text() for each in (SMB, ECHO, *off)) + "Ok.\n")
    facts = usual(found)
    assert [smb(found), echo(found, {}), mapper(found), rpc(found, {})] == ["undecided"] * 4
    assert [smb(found, facts), echo(found, facts), mapper(found, facts), rpc(found, facts)] == [
        "permit", "permit", "deny", "deny"]
    assert web(found, facts) == "permit"


def test_one_answer_settles_the_settings_and_another_the_rules_that_are_not_there() -> None:
    found = firewall(SMB.text() + "Ok.\n")
    assert {key for key, value in usual(found).items() if value is False} == {
        "profile settings differ from the defaults", "rules that are not in the files",
        "Group Policy of fw0.txt", "conditions that netsh does not show"}
    shown_by = {each.key: each.find_out for _, each in found.conditions() if isinstance(each, Opaque)}
    assert shown_by["profile settings differ from the defaults"] == "netsh advfirewall show allprofiles"
    assert "verbose" in shown_by["rules that are not in the files"]


@pytest.mark.parametrize(("text", "command"), [
    (f"Windows Registry Editor Version 5.00\n\n[{POLICY}\\DomainProfile]\n\"EnableFirewall\"=dword:1\n\n",
     "reg export HKLM"),
    ("\nDomain profile configuration:\n" + "-" * 67 + "\nOperational mode                  = Enable\n\n",
     "netsh firewall show config"), (SMB.text() + "Ok.\n", "netsh advfirewall"),
    (json.dumps([JOINED], indent=1), "Get-NetFirewallProfile")])
def test_the_command_that_shows_more_is_one_that_the_computer_has(text: str, command: str) -> None:
    """Windows XP knows no `netsh advfirewall`."""
    found = firewall(text)
    shown_by = {each.key: each.find_out for _, each in found.conditions() if isinstance(each, Opaque)}
    assert shown_by["profile settings differ from the defaults"].startswith(command)


@pytest.mark.parametrize("wmi", [WMI_IN, GERMAN])
def test_the_rule_of_wmi_opens_its_service_and_nothing_else(wmi: Words) -> None:
    found = firewall(profiles(), listing(wmi, DCOM))
    facts = usual(found)
    assert [smb(found), rpc(found, {})] == ["undecided", "undecided"]
    assert [smb(found, facts), rpc(found, facts), mapper(found, facts)] == ["deny", "permit", "permit"]
    shipped = next(key for key in facts if key.endswith("as Windows ships it"))
    assert smb(found, {shipped: True}) == "deny"
    assert smb(found, {shipped: False}) == "undecided"


@pytest.mark.parametrize("other", [SPOOLER, ASYNC, replace(WMI_IN, grouping="", name="Some program")])
def test_a_rule_for_any_port_or_for_rpc_is_usually_for_another_program(other: Words) -> None:
    found = firewall(profiles(), listing(other))
    assert [rpc(found, {}), rpc(found, usual(found))] == ["undecided", "deny"]


def test_no_usual_answer_takes_a_block_away_it_may_be_for_everybody() -> None:
    """A block for a port holds usually; one for any port is for a program, or stops all: nobody knows."""
    for block, expected in ((Words("b", action="Block", verbose=False), "undecided"),
                            (Words("b", action="Block", protocol="Any", verbose=False), "undecided"),
                            (Words("b", action="Block", local_port="445", verbose=False), "deny")):
        found = firewall(profiles(), listing(SMB, block))
        assert [smb(found), smb(found, usual(found))] == ["undecided", expected]
