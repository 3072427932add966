"""Registry exports: rule strings by MS-GPFAS, `.reg` syntax, stores, profiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.source import Source, UnsupportedInputError, from_bytes
from aclproof.parsers.windows.records.rule import PROFILES, WindowsInput, WindowsRule
from aclproof.parsers.windows.registry import export, reg_text, rule_string

LOCAL = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
POLICY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall"
ALLOW = "Action=Allow|Active=TRUE|Dir=In|"


def rule(pairs: str, version: str = "v2.30") -> WindowsRule:
    """Read one rule string."""
    return rule_string.rule(f"{version}|{pairs}", "ID", 1, "local")


def text(*sections: str) -> Source:
    """An export as regedit writes it."""
    return from_bytes("\r\n".join([reg_text.HEADER, "", *sections, "", ""]).encode("utf-16"), "x.reg")


def read(*sections: str) -> WindowsInput:
    """Read an export, and see that every line is accounted for."""
    source = text(*sections)
    assert export.recognises(source.text)
    found = export.read(source)
    assert found.counts.total == len(source.lines())
    return found


# Rule strings


def test_what_is_missing_has_the_specifications_meaning() -> None:
    found = rule("Action=Block|Dir=Out|")
    assert not found.enabled
    assert found.profiles == PROFILES
    assert found.protocol is None
    assert found.name == found.id == "ID"
    assert (found.local_ports, found.remote_addresses, found.program, found.edge) == ((), (), "", "No")


def test_repeated_keys_are_unions() -> None:
    found = rule(ALLOW + "Protocol=6|Profile=Public|Profile=Domain|LPort=445|LPort2_10=5000-5010|LPort=RPC|"
                 "RPort=1|RPort2_10=2-3|RA4=10.0.0.0/255.0.0.0|RA4=1.2.3.4|RA6=fe80::/64|IFType=Lan|IFType=X|")
    assert found.profiles == ("Domain", "Public")
    assert found.local_ports == ("445", "5000-5010", "RPC")
    assert found.remote_ports == ("1", "2-3")
    assert found.remote_addresses == ("10.0.0.0/255.0.0.0", "1.2.3.4", "fe80::/64")
    assert found.interface_types == ("Lan", "X")


@pytest.mark.parametrize(("pairs", "expected"), [
    ("RA4=LocalSubnet|", ("LocalSubnet4",)),
    ("RA6=localsubnet|", ("LocalSubnet6",)),
    ("RA4=LocalSubnet|RA6=LocalSubnet|", ("LocalSubnet",)),
    ("RA42=IntErnet|RA62=IntErnet|RA4=DNS|", ("IntErnet", "DNS4")),
])
def test_keywords_of_one_family_say_so(pairs: str, expected: tuple[str, ...]) -> None:
    assert rule(ALLOW + pairs).remote_addresses == expected


def test_keys_are_read_whatever_their_case_and_values_may_hold_equals_signs() -> None:
    found = rule("ACTION=allow|active=true|Dir=out|protocol=6|Rport2_10=1-2|App=C:\\a=b.exe|Name=x=y|")
    assert (found.action, found.direction, found.enabled) == ("Allow", "Out", True)
    assert (found.remote_ports, found.program, found.name) == (("1-2",), "C:\\a=b.exe", "x=y")


def test_every_other_key_has_its_place() -> None:
    found = rule(ALLOW + "Protocol=1|ICMP4=8:*|ICMP4=3:4|Svc=*|AppPkgId=S-1-15|LUOwn=S-1-5|LUAuth=D:(A)|"
                 "LUAuth2_24=D:(B)|RMauth=O:1|RUAuth=O:2|Security=Authenticate|Security2_9=An-NoEncap|"
                 "Edge=TRUE|Defer=App|LOM=TRUE|AuthByPassOut=TRUE|Platform=2:6:1|Platform2=GTEQ|IF={1}|"
                 "EmbedCtxt=@FirewallAPI.dll,-28502|Desc=text|LSM=TRUE|PCross=TRUE|TTK2_22=UPnP|New=1|")
    assert found.icmp == ("8:*", "3:4")
    assert (found.service, found.package, found.owner, found.local_users) == ("*", "S-1-15", "S-1-5", "D:(B)")
    assert (found.remote_computers, found.remote_users) == ("O:1", "O:2")
    assert (found.security, found.edge) == ("An-NoEncap", "App")
    assert found.local_only_mapping
    assert found.override_block
    assert found.platforms == ("2:6:1+",)
    assert (found.interfaces, found.group, found.description) == (("{1}",), "@FirewallAPI.dll,-28502", "text")
    assert found.tests == ("TTK2_22=UPnP", "New=1")


@pytest.mark.parametrize("pairs", [
    "Profile=Home|", "LPort=|", "App=|", "ICMP6=128:0|Protocol=1|", "Platform=2:6:1|Platform2=EQ|",
    "App=a|App=b|", "Svc=|"])
def test_what_is_not_understood_is_kept_as_a_test(pairs: str) -> None:
    assert rule(ALLOW + pairs).tests


@pytest.mark.parametrize(("string", "reason"), [
    ("v2.10|Action=Allow|Dir=In", "cut off"), ("", "begin with a version"),
    ("2.10|Action=Allow|Dir=In|", "begin with a version"),
    ("v2.10|", "no Action"), ("v2.10|Action=Allow|", "no Dir"), ("v2.10|Action=Permit|Dir=In|", "Permit"),
    ("v2.10|Action=Allow|Dir=In|Dir=Out|", "twice"), ("v2.10|Action=Allow|Dir=In|Protocol=257|", "257"),
    ("v2.10|Action=Allow|Dir=In|Protocol=\u0666|", "protocol"),
    ("v2.10|Action=Allow|Dir=In|Name|", "KEY=VALUE"),
    ("v2.10|Action=Allow|Dir=In|Active=YES|", "YES")])
def test_what_could_allow_or_block_anything_is_refused(string: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        rule_string.rule(string, "ID", 1, "local")


def test_any_protocol_has_a_number_too() -> None:
    assert rule(ALLOW + "Protocol=256|").protocol is None
    assert rule(ALLOW + "Protocol=0|").protocol == 0


@given(st.text("v2.10|=ACTIONDirallowInOutPortRA4Protocol 6\x00\u0663\n", max_size=80))
def test_no_rule_string_crashes(string: str) -> None:
    try:
        found = rule_string.rule(string, "ID", 1, "")
    except ValueError:
        return
    assert found.direction in ("In", "Out")


# Exports


def test_rules_are_quoted_by_their_line() -> None:
    found = read(f"[{LOCAL}\\FirewallRules]", f'"One"="v2.10|{ALLOW}App=C:\\\\x.exe|Name=say \\"a\\"|"')
    assert [(each.line, each.id, each.program, each.name) for each in found.rules] == [
        (4, "One", "C:\\x.exe", 'say "a"')]
    assert found.source.span(4).text.startswith('"One"=')
    assert found.shows == {"In", "Out"}
    assert found.counts.understood == 2


def test_a_string_over_several_lines_is_one_value() -> None:
    found = read(f"[{LOCAL}\\FirewallRules]", f'"One"="v2.10|{ALLOW}Desc=first', 'second|"',
                 f'"Two"="v2.10|{ALLOW}"')
    assert [(each.line, each.description) for each in found.rules] == [(4, "first\nsecond"), (6, "")]
    assert found.counts.understood == 4


def test_a_lost_quote_costs_its_own_line_only() -> None:
    found = read(f"[{LOCAL}\\FirewallRules]", f'"One"="v2.10|{ALLOW}', f'"Two"="v2.10|{ALLOW}"', "rubbish")
    assert [each.id for each in found.rules] == ["Two"]
    assert [each.line for each in found.broken] == [4, 6]
    assert found.counts.unread == 2


def test_damage_elsewhere_in_the_registry_does_not_matter() -> None:
    found = read(f'"Lost"="v2.10|{ALLOW}"', '"x"="y"', r"[HKEY_LOCAL_MACHINE\SOFTWARE\Other]", "rubbish",
                 f"[{LOCAL}\\FirewallRules]", "more rubbish")
    assert [each.line for each in found.broken] == [3, 8]


def test_a_rule_that_cannot_be_read_is_broken() -> None:
    found = read(f"[{LOCAL}\\FirewallRules]", '"One"="v2.10|Dir=In|"', '"Two"=dword:00000001')
    assert not found.rules
    assert [each.line for each in found.broken] == [4, 5]


def test_hex_strings_go_on_after_a_backslash() -> None:
    data = f"v2.10|{ALLOW}".encode("utf-16-le").hex(",")
    found = read(f"[{LOCAL}\\FirewallRules]", f'"One"=hex(1):{data[:60]}\\', f"  {data[60:]},00,00",
                 f"[{LOCAL}\\DomainProfile]", '"EnableFirewall"=hex(4):00,00,00,00')
    assert [each.action for each in found.rules] == ["Allow"]
    assert [each.enabled for each in found.profiles] == [False]


def test_an_old_header_means_ansi() -> None:
    data = f"v2.0|{ALLOW}Name=\xe4|".encode("cp1252").hex(",")
    found = export.read(from_bytes(f"REGEDIT4\r\n[{LOCAL}\\FirewallRules]\r\n\"a\"=hex(2):{data},00\r\n"
                                     f"\"\xf6\"=\"v2.0|{ALLOW}\"".encode("cp1252"), "x"))
    assert [each.name for each in found.rules] == ["\xe4", "\xf6"]


def test_what_is_deleted_later_does_not_count() -> None:
    found = read(f"[{LOCAL}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"', f'"B"="v2.10|{ALLOW}"', '"a"=-')
    assert [each.id for each in found.rules] == ["B"]
    assert not found.shows
    found = read(f"[{LOCAL}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"', f"[-{LOCAL}]",
                 f"[{LOCAL}\\FirewallRules]", f'"C"="v2.10|{ALLOW}"')
    assert [each.id for each in found.rules] == ["C"]
    assert not found.shows


@pytest.mark.parametrize(("section", "reason"), [
    (LOCAL.replace("Parameters", "Defaults"), "not in force"),
    (r"HKEY_LOCAL_MACHINE\SOFTWARE\Other", "no policy of the Windows Firewall"),
    (r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Group Policy Objects\{1}Machine\Software"
     r"\Policies\Microsoft\WindowsFirewall", "no policy of the Windows Firewall")])
def test_keys_that_are_not_in_force_are_refused(section: str, reason: str) -> None:
    with pytest.raises(UnsupportedInputError, match=reason):
        export.read(text(f"[{section}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"'))


def test_the_factory_settings_are_left_out_beside_the_real_ones() -> None:
    found = read(f"[{LOCAL.replace('Parameters', 'Defaults')}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"',
                 f"[{LOCAL}\\FirewallRules]", f'"B"="v2.10|{ALLOW}"',
                 f"[{LOCAL}\\RestrictedServices\\Static\\System]", '"C"="v2.0|Action=Block|Dir=In|"')
    assert [each.id for each in found.rules] == ["B"]


def test_the_current_control_set_is_the_one_that_counts() -> None:
    one, two = (LOCAL.replace("CurrentControlSet", each) for each in ("ControlSet001", "ControlSet002"))
    both = (f"[{one}\\FirewallRules]", f'"One"="v2.10|{ALLOW}"',
            f"[{two}\\FirewallRules]", f'"Two"="v2.10|{ALLOW}"')
    with pytest.raises(UnsupportedInputError, match="2 control sets"):
        export.read(text(*both))
    found = read(*both, r"[HKEY_LOCAL_MACHINE\SYSTEM\Select]", '"Current"=dword:00000002')
    assert [each.id for each in found.rules] == ["Two"]


def test_both_stores_stand_side_by_side() -> None:
    found = read(f"[{LOCAL}]", '"PolicyVersion"=dword:0000020a',
                 f"[{LOCAL}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"', f"[{LOCAL}\\StandardProfile]",
                 f"[{POLICY}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"', f"[{POLICY}\\StandardProfile]",
                 f"[{LOCAL}\\Mdm\\FirewallRules]", f'"D"="v2.10|{ALLOW}"')
    assert [(each.id, each.store) for each in found.rules] == [
        ("A", "local"), ("A", "policy"), ("D", "policy")]
    assert [(each.profile, each.store) for each in found.profiles] == [
        ("Private", "local"), ("Private", "policy"), ("Public", "policy")]
    assert found.system == (6, 1)


@pytest.mark.parametrize(("key", "broken"), [
    ("HyperVRules", 0), ("HyperVVMSettings\\{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}\\PublicProfile", 0),
    ("ViperRules", 1)])
def test_the_firewall_of_hyper_v_is_one_of_its_own(key: str, broken: int) -> None:
    """Microsoft's page on it: it filters what guests and WSL send and get, and not the host."""
    found = read(f"[{LOCAL}\\FirewallRules]", f'"A"="v2.10|{ALLOW}"', f"[{LOCAL}\\{key}]",
                 '"B"="v2.33|Action=Block|Active=TRUE|Dir=In|"', '"EnableFirewall"=dword:00000000')
    assert ([each.id for each in found.rules], len(found.broken)) == (["A"], broken)


def test_the_old_profile_of_group_policy_gives_way_to_the_new_ones() -> None:
    found = read(f"[{POLICY}\\StandardProfile]", '"EnableFirewall"=dword:00000000',
                 f"[{POLICY}\\PublicProfile]", '"EnableFirewall"=dword:00000001')
    assert [(each.profile, each.enabled) for each in found.profiles] == [("Public", True)]
    assert not found.shows


def test_profile_settings_are_read_and_what_is_missing_is_not_said() -> None:
    found = read(f"[{POLICY}\\DomainProfile]", '"EnableFirewall"=dword:00000001',
                 '"DefaultInboundAction"=dword:00000001', '"DefaultOutboundAction"=dword:00000000',
                 '"DoNotAllowExceptions"=dword:00000001', '"AllowLocalPolicyMerge"=dword:00000000',
                 '"DisableUnicastResponsesToMulticastBroadcast"=dword:00000001',
                 '"DisabledInterfaces"="{1},{2}"', f"[{POLICY}\\DomainProfile\\AuthorizedApplications]",
                 '"AllowUserPrefMerge"=dword:00000000', f"[{POLICY}\\DomainProfile\\GloballyOpenPorts]",
                 '"AllowUserPrefMerge"=dword:00000001', f"[{POLICY}\\PublicProfile]")
    domain, public = found.profiles
    assert (domain.enabled, domain.inbound, domain.outbound) == (True, "Block", "Allow")
    assert (domain.block_all_inbound, domain.local_rules, domain.unicast_response) == (True, False, False)
    assert (domain.local_programs, domain.local_ports) == (False, True)
    assert domain.disabled_interfaces == ("{1}", "{2}")
    assert (public.enabled, public.inbound, public.local_rules) == (None, None, None)


@pytest.mark.parametrize("value", ['"EnableFirewall"="1"', '"DefaultInboundAction"=dword:00000007',
                                   '"EnableFirewall"=dword:xyz', '"DisabledInterfaces"=dword:00000001'])
def test_a_setting_that_cannot_be_read_is_broken_not_a_default(value: str) -> None:
    found = read(f"[{POLICY}\\StandardProfile]", value)
    assert [each.line for each in found.broken] == [4]
    assert found.counts.unread == 1


@given(st.dictionaries(st.text(min_size=1, max_size=6).filter(lambda t: t.strip() == t and "\r" not in t),
                       st.one_of(st.text(max_size=12).filter(lambda t: "\r" not in t), st.binary(max_size=9),
                                 st.integers(0, 2**64 - 1), st.lists(st.text("ab", min_size=1)).map(tuple)),
                       max_size=4))
def test_what_is_written_is_what_is_read(values: dict[str, reg_text.Data]) -> None:
    distinct = {name.lower(): (name, data) for name, data in values.items() if name.isprintable()}
    lines = reg_text.write({"HKEY\\A": dict(distinct.values())}).replace("\r", "").split("\n")
    found = reg_text.read(lines).keys["hkey\\a"].values
    assert {name: each.data for name, each in found.items()} == {
        name: data for name, (_, data) in distinct.items()}


@pytest.mark.parametrize("other", [
    LOCAL.replace("HKEY_LOCAL_MACHINE", "HKLM"), LOCAL.replace("SYSTEM", "OFFLINE")])
def test_one_key_in_two_spellings_is_refused(other: str) -> None:
    """No export writes it, and which of them is in force is not known."""
    ours, theirs = (f'[{path}\\FirewallRules]\r\n"a"="v2.10|{ALLOW}|"' for path in (LOCAL, other))
    with pytest.raises(UnsupportedInputError, match="twice"):
        read(ours, theirs)
    with pytest.raises(UnsupportedInputError, match="twice"):
        read(f'[{POLICY}]\r\n"PolicyVersion"=dword:0000020a', f"[{POLICY.replace('SOFTWARE', 'GPO')}]")
