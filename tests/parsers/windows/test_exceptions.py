"""The exceptions of Windows XP and of Group Policy's older settings."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.services import ICMP, TCP, UDP
from aclproof.parsers.windows.records.rule import WindowsRule
from tests.parsers.windows.test_registry import ALLOW, LOCAL, POLICY, read

DOMAIN = f"{POLICY}\\DomainProfile"


def opened(rules: tuple[WindowsRule, ...]) -> set[tuple[int | None, tuple[str, ...], str]]:
    """What is allowed: protocol, ports or ICMP types, program."""
    assert all(each.direction == "In" for each in rules)
    return {(each.protocol, each.local_ports or each.icmp, each.program) for each in rules
            if each.action == "Allow" and each.enabled}


def test_lists_of_a_group_policy_hold_programs_and_ports_with_a_scope() -> None:
    found = read(f"[{DOMAIN}\\AuthorizedApplications\\List]",
                 r'"C:\\ccm.exe"="C:\\ccm.exe:10.0.0.0/8,LocalSubNet:Enabled:CCM: client"',
                 f"[{DOMAIN}\\GloballyOpenPorts\\List]", '"2701"="2701:TCP:*:enabled:Remote tools"')
    assert opened(found.rules) == {(TCP, (), "C:\\ccm.exe"), (UDP, (), "C:\\ccm.exe"), (TCP, ("2701",), "")}
    assert found.rules[0].remote_addresses == ("10.0.0.0/8", "LocalSubnet")
    assert found.rules[0].name == "CCM: client"
    assert {each.profiles for each in found.rules} == {("Domain",)}
    assert {each.store for each in found.rules} == {"policy"}
    assert found.counts.understood == 2


def test_file_sharing_opens_its_ports_and_echo_requests() -> None:
    found = read(f"[{DOMAIN}\\Services\\FileAndPrint]", '"Enabled"=dword:00000001',
                 '"RemoteAddresses"="10.1.1.10"')
    assert opened(found.rules) == {(UDP, ("137",), ""), (UDP, ("138",), ""), (TCP, ("139",), ""),
                                   (TCP, ("445",), ""), (ICMP, ("8:*",), "")}
    assert {each.remote_addresses for each in found.rules} == {("10.1.1.10",)}


def test_remote_administration_lets_rpc_in_on_xp_only() -> None:
    found = read(f"[{DOMAIN}\\RemoteAdminSettings]", '"Enabled"=dword:00000001', '"RemoteAddresses"="*"')
    anywhere = [each for each in found.rules if not each.platforms]
    assert opened(tuple(anywhere)) == {(TCP, ("135",), ""), (TCP, ("445",), ""), (ICMP, ("8:*",), "")}
    assert {each.program.rpartition("\\")[2] for each in found.rules if each.platforms} == {
        "svchost.exe", "lsass.exe"}


def test_a_service_without_a_scope_stays_open() -> None:
    found = read(f"[{DOMAIN}\\RemoteAdminSettings]", '"Enabled"=dword:00000001')
    assert all(each.tests for each in found.rules)


def test_what_group_policy_forbids_may_block_and_never_allows() -> None:
    found = read(f"[{DOMAIN}\\Services\\FileAndPrint]", '"Enabled"=dword:00000000',
                 f"[{DOMAIN}\\GloballyOpenPorts\\List]", '"80"="80:TCP:*:Disabled:web"',
                 f"[{DOMAIN}\\AuthorizedApplications\\List]", '"a"="a.exe:*:disabled:a"')
    assert not opened(found.rules)
    assert {each.action for each in found.rules} == {"Block"}
    assert all(each.tests for each in found.rules)


def test_forbidding_remote_administration_leaves_smb_alone() -> None:
    found = read(f"[{DOMAIN}\\RemoteAdminSettings]", '"Enabled"=dword:00000000')
    assert found.rules
    assert not any(each.local_ports for each in found.rules)


def test_a_list_that_is_switched_off_is_no_list() -> None:
    assert not read(f"[{DOMAIN}\\GloballyOpenPorts]", '"Enabled"=dword:00000000',
                    f"[{DOMAIN}\\GloballyOpenPorts\\List]", '"80"="80:TCP:*:Enabled:web"').rules


def test_icmp_settings_let_types_in() -> None:
    found = read(f"[{DOMAIN}\\IcmpSettings]", '"AllowInboundEchoRequest"=dword:00000001',
                 '"AllowOutboundTimeExceeded"=dword:00000001', '"AllowRedirect"=dword:00000000')
    assert opened(found.rules) == {(ICMP, ("8:*",), "")}


def test_xps_own_lists_count_and_those_that_a_later_windows_inherited_do_not() -> None:
    ports = (f"[{LOCAL}\\StandardProfile\\GloballyOpenPorts\\List]",
             '"445:TCP"="445:TCP:LocalSubNet:Enabled:@xpsp2res.dll,-22005"',
             '"80:TCP"="80:TCP:*:Disabled:web"')
    old = read(f"[{LOCAL}]", *ports)
    assert opened(old.rules) == {(TCP, ("445",), ""), (ICMP, ("8:*",), "")}
    assert {each.profiles for each in old.rules} == {("Private",)}
    assert not next(each for each in old.rules if each.local_ports == ("80",)).enabled
    later = read(*ports, f"[{LOCAL}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"')
    assert [each.id for each in later.rules] == ["A"]


@pytest.mark.parametrize("value", ['"80:TCP:*:Enabled"', '"x:TCP:*:Enabled:a"', '"80:SCTP:*:Enabled:a"',
                                   '""', 'dword:00000050', '"\u0668\u0660:TCP:*:Enabled:a"'])
def test_an_exception_that_cannot_be_read_is_broken(value: str) -> None:
    found = read(f"[{DOMAIN}\\GloballyOpenPorts\\List]", f'"80"={value}')
    assert [each.line for each in found.broken] == [4]
    assert not found.rules
