"""What the console wf.msc exported, and what `netsh firewall` of Windows XP printed."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.services import ICMP, TCP, UDP
from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows import mmc
from aclproof.parsers.windows.netsh import legacy
from aclproof.parsers.windows.records.rule import PROFILES, WindowsInput

HEADING = ("Name\tGroup\tProfile\tEnabled\tAction\tOverride\tProgram\tLocal Address\tRemote Address\t"
           "Protocol\tLocal Port\tRemote Port\tAuthorized Users\tAuthorized Computers\t"
           "Authorized Local Principals\tLocal User Owner\tApplication Package\t")
ROW = ("SMB\tFile and Printer Sharing\tDomain, Private\tYes\tAllow\tNo\tSystem\tAny\t"
       "Local subnet, 10.0.0.0/8\tTCP\t445, RPC Endpoint Mapper\tAny\tAny\tAny\tAny\tAny\tAny\t")
DASHES = "-" * 67


def listed(*rows: str, heading: str = HEADING, name: str = "pc-inbound.txt") -> WindowsInput:
    """Read a list of wf.msc, and see that every line is accounted for."""
    source = from_bytes("\r\n".join([heading, *rows, ""]).encode("utf-16"), name)
    assert mmc.recognises(source.text)
    found = mmc.read(source)
    assert found.counts.total == len(source.lines())
    return found


def test_a_list_is_read_and_hides_what_it_never_shows() -> None:
    found = listed(ROW, ROW.replace("Allow", "Block").replace("Domain, Private", "All").replace("Yes", "No"))
    smb, blocked = found.rules
    assert (smb.line, smb.name, smb.group, smb.direction) == (2, "SMB", "File and Printer Sharing", "In")
    assert (smb.profiles, smb.protocol, smb.program) == (("Domain", "Private"), TCP, "System")
    assert (smb.local_ports, smb.remote_ports) == (("445", "RPC-EPMap"), ())
    assert smb.remote_addresses == ("LocalSubnet", "10.0.0.0/8")
    assert smb.hidden == {"service", "interface types"}
    assert (blocked.action, blocked.enabled, blocked.profiles) == ("Block", False, PROFILES)
    assert found.shows == {"In"}


def test_secure_and_override_ask_for_ipsec() -> None:
    (rule,) = listed(ROW.replace("Allow\tNo", "Secure\tYes")).rules
    assert (rule.action, rule.security, rule.override_block) == ("Allow", "Authenticate", True)


def test_the_name_of_the_file_tells_the_direction() -> None:
    assert listed(ROW, name="C:/x/Outbound rules.txt").rules[0].direction == "Out"
    for name in ("rules.txt", "inbound-outbound.txt", "inbound/rules.txt"):
        with pytest.raises(UnsupportedInputError, match="inbound"):
            listed(ROW, name=name)


def test_columns_that_were_not_shown_are_hidden() -> None:
    heading = "Name\tProfile\tEnabled\tAction\tProtocol\tLocal Port\t"
    found = listed("SMB\tAll\tYes\tAllow\tTCP\t445\t", heading=heading)
    assert found.rules[0].hidden == {
        "service", "interface types", "program", "addresses", "ports", "users", "local users",
        "application package"}
    with pytest.raises(UnsupportedInputError, match="column 'protocol' is missing"):
        listed("SMB\tAll\tYes\tAllow\t445\tAny\t", heading=heading.replace("Protocol", "Remote Port"))


def test_commas_and_quotes() -> None:
    found = listed('SMB,All,Yes,Allow,TCP,"445, 139"',
                   heading="Name,Profile,Enabled,Action,Protocol,Local Port")
    assert found.rules[0].local_ports == ("445", "139")


def test_another_language_is_refused_by_its_word() -> None:
    with pytest.raises(UnsupportedInputError, match=r"not in English \('gruppe'\)"):
        listed(ROW, heading=HEADING.replace("Group", "Gruppe").replace("Enabled", "Aktiviert"))


@pytest.mark.parametrize("row", [
    ROW.replace("Allow", "Zulassen"), ROW.replace("TCP", "XYZ"), ROW.replace("Yes", "Ja"), "SMB\tx",
    ROW.replace("Domain", "Home"), ROW.replace("TCP", "")])
def test_a_row_that_cannot_be_read_is_broken(row: str) -> None:
    found = listed(row, ROW)
    assert [each.line for each in found.broken] == [2]
    assert len(found.rules) == 1


XP = f"""
Domain profile configuration:
{DASHES}
Operational mode                  = Enable
Exception mode                    = Disable
Multicast/broadcast response mode = Enable
Notification mode                 = Enable

Service configuration for Domain profile:
Mode     Customized  Name
{DASHES}
Enable   No          File and Printer Sharing
    Scope: LocalSubNet
Disable  No          Remote Desktop
Enable   Yes         UPnP Framework

Allowed programs configuration for Domain profile:
Mode     Name / Program
{DASHES}
Enable   Remote / Assistance / C:\\WINDOWS\\system32\\sessmgr.exe
    Scope: *

Port configuration for Domain profile:
Port   Protocol  Mode     Name
{DASHES}
2701   TCP       Enable   Remote  tools
    Scope: 10.1.1.10/255.255.255.255,LocalSubNet

ICMP configuration for Domain profile:
Mode     Type  Description
{DASHES}
Disable  8     Allow inbound echo request
Enable   11    Allow outbound time exceeded

Standard profile configuration (current):
{DASHES}
Operational mode                  = Disable
Exception mode                    = Enable

Log configuration:
{DASHES}
File location   = C:\\WINDOWS\\pfirewall.log

Local Area Connection firewall configuration:
{DASHES}
Operational mode                  = Enable

Port configuration for Local Area Connection:
Port   Protocol  Mode     Name
{DASHES}
80     TCP       Enable   web
"""


def old(text: str) -> WindowsInput:
    """Read an output of `netsh firewall`, and see that every line is accounted for."""
    source = from_bytes(text.replace("\n", "\r\n").encode("cp850"), "f")
    assert legacy.recognises(source.text)
    found = legacy.read(source)
    assert found.counts.total == len(source.lines())
    return found


def test_a_whole_configuration_of_windows_xp() -> None:
    found = old(XP)
    assert [(each.profile, each.enabled, each.block_all_inbound) for each in found.profiles] == [
        ("Domain", True, True), ("Private", False, False), ("Public", False, False)]
    assert {(each.inbound, each.outbound) for each in found.profiles} == {("Block", "Allow")}
    assert found.shows == {"In", "Out"}
    assert found.system == (5, 1)
    assert not found.broken
    enabled = {(each.name, each.protocol, each.local_ports, each.program, each.remote_addresses,
                each.interfaces)
               for each in found.rules if each.enabled and not each.tests and not each.icmp}
    sharing, here = "File and Printer Sharing", ("LocalSubnet",)
    program = "C:\\WINDOWS\\system32\\sessmgr.exe"
    assert enabled == {
        (sharing, UDP, ("137",), "", here, ()), (sharing, UDP, ("138",), "", here, ()),
        (sharing, TCP, ("139",), "", here, ()), (sharing, TCP, ("445",), "", here, ()),
        ("Remote / Assistance", TCP, (), program, (), ()), ("Remote / Assistance", UDP, (), program, (), ()),
        ("Remote  tools", TCP, ("2701",), "", ("10.1.1.10/255.255.255.255", "LocalSubnet"), ()),
        ("web", TCP, ("80",), "", (), ("Local Area Connection",))}


def test_smb_lets_echo_requests_in_and_disabled_types_stay_out() -> None:
    echo = [each for each in old(XP).rules if each.protocol == ICMP]
    assert [(each.icmp, each.enabled, each.remote_addresses) for each in echo] == [
        (("8:*",), True, ("LocalSubnet",)), (("8:*",), False, ())]


def test_a_customised_service_and_a_missing_scope_stay_open() -> None:
    rules = old(XP).rules
    assert all(each.tests for each in rules if each.name == "UPnP Framework")
    assert next(each for each in rules if each.name == "web").hidden == {"addresses"}
    assert not next(each for each in rules if each.name == "Remote  tools").hidden


def test_an_interface_without_the_firewall_is_not_overlooked() -> None:
    head, interface, rest = XP.partition("Local Area Connection firewall configuration:")
    found = old(head + interface + rest.replace("= Enable", "= Disable"))
    assert ["off on one interface" in each.reason for each in found.broken] == [True]


LATER = f"""
Port configuration for Standard profile:
Port   Protocol  Mode    Traffic direction     Name
{DASHES}
22     TCP       Enable  Inbound               ssh
445    TCP       Disable Outbound              Closed port 445

Service configuration for Standard profile:
Mode     Customized  Name
{DASHES}
Enable   No          Network Discovery
"""


def test_later_versions_show_a_part_only_and_blocks_as_disabled() -> None:
    found = old(LATER.replace("Disable Outbound", "Disable  Outbound"))
    assert (found.shows, found.system) == (frozenset(), None)
    assert [(each.direction, each.action, bool(each.tests)) for each in found.rules] == [
        ("In", "Allow", False), ("Out", "Block", True), ("In", "Allow", True)]


@pytest.mark.parametrize("row", [
    "22     SCTP      Enable  Inbound        ssh", "x      TCP       Enable  Inbound       ssh",
    "22     TCP       On      Inbound        ssh", "schtasks /query", "22     TCP       Enable  Both   ssh"])
def test_a_line_that_is_no_row_is_broken(row: str) -> None:
    found = old(LATER.replace("22     TCP       Enable  Inbound               ssh", row))
    assert found.broken[0].line == 5


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(UnsupportedInputError, match="no profile and no exception"):
        old(f"Port configuration for Domain profile:\nPort   Protocol  Mode     Name\n{DASHES}\n\n")
