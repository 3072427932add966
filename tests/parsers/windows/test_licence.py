"""What an export does not show, or what was not read, is never taken for absent: by check and by trace."""

from __future__ import annotations

import json

import pytest

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import from_bytes
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.registry import keys
from tests.parsers.windows.both import mapper, smb, web
from tests.parsers.windows.computers import (
    GROUP_POLICY,
    LOCAL,
    MAPPER,
    POLICY,
    SMB,
    allow,
    block,
    host,
    local,
    powershell,
    settled,
)
from tests.parsers.windows.test_powershell import PROFILE, RULE, documented
from tests.parsers.windows.windows import Words, firewall, listing, profiles


def test_the_plain_case_is_certain() -> None:
    assert smb(host(local(allow()))) == "permit"
    assert smb(host(local(allow(), block()))) == "deny"
    assert smb(host(local())) == "deny"
    assert not [note for note in host(local(allow())).notes if "upper bound" in note.reason]


# Fields of a rule


@pytest.mark.parametrize(("pairs", "expected"), [
    ("NNm=corp.example|", "undecided"), ("COMPTID=2|", "undecided"), ("FQBN=x|", "undecided"),
    ("IFType2_23=MobileBBand|", "undecided"), ("SecurityRealmId=x|", "undecided"),
    ("RADynKey=x|", "undecided"),
    ("RA43=x|", "undecided"), ("BToIf=x|", "undecided"), ("SomethingNew=x|", "undecided"),
    ("PFN=Microsoft.Photos_8wekyb3d8bbwe|", "deny"), ("AppPkgId=S-1-15-2-1|", "deny"),
    ("LSM=TRUE|", "permit"), ("PCross=TRUE|", "permit"), ("Edge=TRUE|", "permit"), ("Desc=x|", "permit")])
def test_a_field_decides_is_a_doubt_or_is_harmless(pairs: str, expected: str) -> None:
    """features-windows, section 1."""
    assert smb(host(local(allow(SMB + pairs)))) == expected


def test_every_key_has_its_class() -> None:
    assert {keys.effect(each) for each in ("Action", "LPort", "RA4", "SkipVer")} == {keys.Effect.DECIDES}
    assert {keys.effect(each) for each in ("NNm", "TTK2_27", "RMauth", "IFType2_23")} == {keys.Effect.DOUBT}
    assert {keys.effect(each) for each in ("LSM", "Name", "Edge", "PCross")} == {keys.Effect.HARMLESS}
    assert keys.effect("Acti3e") is None


def test_a_block_with_a_doubt_leaves_it_open() -> None:
    assert smb(host(local(allow(), block(SMB + "NNm=x|")))) == "undecided"


@pytest.mark.parametrize(("version", "reads", "expected"), [
    ("v2.60", 0x21F, "undecided"), ("v2.31", 0x21F, "permit"), ("v2.31", 0x21B, "undecided"),
    ("v2.10", 0x20A, "permit"), ("v3.0", 0x21F, "undecided")])
def test_a_rule_of_a_newer_schema_may_be_ignored(version: str, reads: int, expected: str) -> None:
    found = host(local(allow(version=version), version=reads))
    assert smb(found) == expected
    assert smb(found, settled(found, "is read by this Windows")) == "permit"


@pytest.mark.parametrize(("skipped", "expected"), [
    ("2.20", "permit"), ("2.31", "undecided"), ("2.40", "undecided")])
def test_systems_up_to_a_version_may_skip_a_rule(skipped: str, expected: str) -> None:
    """This one reads rules up to 2.31."""
    assert smb(host(local(allow(SMB + f"SkipVer={skipped}|")))) == expected


@pytest.mark.parametrize(("platforms", "expected"), [
    ("Platform=2:6:1|Platform=2:6:3|Platform2=GTEQ|", "deny"),
    ("Platform=2:6:3|Platform=2:6:1|Platform2=GTEQ|", "permit"),
    ("Platform=2:6:2|", "permit"), ("Platform=2:6:1|", "deny")])
def test_or_later_is_about_the_last_platform_only(platforms: str, expected: str) -> None:
    """Policy version 0x214 is Windows 8, 6.2 (MS-GPFAS 2.2.2.19)."""
    assert smb(host(local(allow(SMB + platforms, version="v2.10"), version=0x214))) == expected


@pytest.mark.parametrize("damaged", [
    block().replace("Active=", "Acti3e="), block("Protocol=6|LPort=80|LPott=445|"),
    block("Protocol=6|LPort=445|RA4=10.8.0.0/16|R44=10.9.0.0/16|")])
def test_a_damaged_key_opens_what_the_rule_may_be(damaged: str) -> None:
    """Without its Active a block would be off, and without one item of a list it would be for less."""
    found = host(local(allow(), damaged))
    assert smb(found) == "undecided"
    every = {each.key: True for chain in found.chains.values() for rule in chain.rules
             for each in rule.conditions if isinstance(each, Opaque) and each.key and not each.relied_on}
    assert smb(found, every) == "undecided"  # no yes or no restores what is damaged


# What else stops packets


@pytest.mark.parametrize(("action", "active", "expected"), [
    ("SecureServer", "TRUE", "undecided"), ("Secure", "TRUE", "undecided"), ("Boundary", "TRUE", "permit"),
    ("DoNotSecure", "TRUE", "permit"), ("SecureServer", "FALSE", "permit"), ("Strange", "TRUE", "undecided")])
@pytest.mark.parametrize("root", [LOCAL, POLICY])
def test_connection_security_rules_may_stop_what_is_not_authenticated(
        root: str, action: str, active: str, expected: str) -> None:
    rule = f"v2.31|Action={action}|Name=c|Active={active}|Auth1Set={{x}}|"
    found = host(local(allow(), more=f'[{root}\\ConSecRules]\n"auth"="{rule}"\n'))
    assert smb(found) == expected
    if expected == "undecided" and action != "Strange":
        assert smb(found, {"connection security rules": False}) == "permit"
        assert smb(found, {"connection security rules": True}) == "undecided"  # they may be authenticated
        assert web(found) == ("undecided" if action == "Secure" else "permit")


CONSEC = """
Rule Name:                            require
----------------------------------------------------------------------
Enabled:                              {enabled}
Profiles:                             Domain,Private,Public
Type:                                 Static
Mode:                                 Transport
Endpoint1:                            {end}
Endpoint2:                            Any
Protocol:                             Any
Action:                               {action}
Auth1:                                ComputerKerb
Ok.

"""


@pytest.mark.parametrize(("enabled", "end", "action", "expected"), [
    ("Yes", "Any", "RequireInRequestOut", "undecided"), ("No", "Any", "RequireInRequestOut", "permit"),
    ("Yes", "Any", "RequestInRequestOut", "permit"), ("Yes", "Any", "NoAuthentication", "permit"),
    ("Yes", "Any", "SomethingNew", "undecided"), ("Yes", "192.0.2.0/24", "RequireInRequestOut", "permit"),
    ("Yes", "10.9.0.0/16", "RequireInRequireOut", "undecided")])
def test_netsh_shows_connection_security_rules(enabled: str, end: str, action: str, expected: str) -> None:
    text = CONSEC.format(enabled=enabled, end=end, action=action)
    rules = listing(Words("SMB", local_port="445", program="System"))
    assert smb(firewall(profiles(), rules, text)) == expected
    assert smb(firewall(profiles() + rules + text)) == expected


@pytest.mark.parametrize(("written", "expected"), [
    ("Profile=Public|", "permit"), ("Profile=Public|Profile=Domain|", "undecided"),
    ("Profile=Work|", "undecided"), ("", "undecided")])
def test_connection_security_rules_hold_in_their_profiles(written: str, expected: str) -> None:
    """In the domain's network one for the public profile stops nothing."""
    rule = f"v2.31|Action=Secure|Name=c|Active=TRUE|{written}Auth1Set={{x}}|"
    assert smb(host(local(allow(), more=f'[{LOCAL}\\ConSecRules]\n"auth"="{rule}"\n'))) == expected
    words = written.replace("Profile=", "").strip("|").replace("|", ",") or "Domain,Private,Public"
    text = CONSEC.format(enabled="Yes", end="Any", action="RequireInRequireOut").replace(
        "Domain,Private,Public", words)
    rules = listing(Words("SMB", local_port="445", program="System"))
    assert smb(firewall(profiles() + rules + text)) == expected


def test_a_connection_security_rule_concerns_its_two_ends_only() -> None:
    def with_ends(one: str, other: str) -> Firewall:
        rule = f"v2.31|Action=SecureServer|Name=c|Active=TRUE|EP1_4={one}|EP2_4={other}|"
        return host(local(allow(), more=f'[{LOCAL}\\ConSecRules]\n"auth"="{rule}"\n'))
    assert smb(with_ends("10.1.0.0/255.255.0.0", "10.9.0.0/255.255.0.0")) == "undecided"
    assert smb(with_ends("10.9.0.0/255.255.0.0", "10.1.0.0/255.255.0.0")) == "undecided"
    assert smb(with_ends("10.1.0.0/255.255.0.0", "192.0.2.0/255.255.255.0")) == "permit"


@pytest.mark.parametrize(("service", "expected"), [("RpcSs", "undecided"), ("WinDefend", "permit")])
@pytest.mark.parametrize("tree", ["Static", "Configurable"])
def test_hardening_of_a_service_is_not_lifted_by_a_rule(tree: str, service: str, expected: str) -> None:
    rule = f"V2.0|Action=Block|Dir=In|App=%SystemRoot%\\\\system32\\\\svchost.exe|Svc={service}|Name=h|"
    key = f"[{LOCAL}\\RestrictedServices\\{tree}\\System]"
    found = host(local(allow(MAPPER), more=f'{key}\n"h"="{rule}"\n'))
    assert mapper(found) == expected
    assert mapper(found, {"service hardening 'h' blocks": True}) == expected.replace("undecided", "deny")
    assert mapper(found, {"service hardening 'h' blocks": False}) == "permit"


@pytest.mark.parametrize("test", ["Svc=dnscache|", "AppPkgId=S-1-15-2-1|"])
def test_hardening_of_what_no_site_asks_for_stops_nothing(test: str) -> None:
    """Real registries hold some hundred such rules."""
    both = "".join(f'"{way}"="v2.27|Action=Block|Active=TRUE|Dir={way}|{test}Name=h|"\n'
                   for way in ("In", "Out"))
    found = host(local(allow(MAPPER), more=f"[{LOCAL}\\RestrictedServices\\Configurable\\System]\n{both}"))
    assert [mapper(found), web(found)] == ["permit", "permit"]
    sent = both.replace(test, "Svc=BITS|")
    found = host(local(more=f"[{LOCAL}\\RestrictedServices\\Configurable\\System]\n{sent}"))
    assert web(found) == "undecided"


def test_the_same_hardening_in_an_active_store() -> None:
    hardened = RULE | {"InstanceID": "h", "Action": "Block", "PolicyStoreSourceType": "Hardcoded"}
    of_all = RULE | {"Profile": "Any", "PolicyStoreSourceType": "GroupPolicy"}
    export = documented(of_all, hardened, h={"Service": "RpcSs", "LocalPort": "135", "Program": "Any"},
                        **{RULE["InstanceID"]: {"LocalPort": "135", "Program": "Any",
                                                "RemoteAddress": "Any"}})
    assert mapper(convert.parse([from_bytes(json.dumps(export, indent=1).encode(), "f.json")])) == "undecided"


GLOBAL = """
Global Settings:
----------------------------------------------------------------------
IPsec:
StrongCRLCheck                        0:Disabled

Categories:
BootTimeRuleCategory                  Windows Firewall
FirewallRuleCategory                  {owner}
ConSecRuleRuleCategory                Windows Firewall
Ok.

"""


@pytest.mark.parametrize(("owner", "expected"), [
    ("Windows Firewall", "permit"), ("Other Firewall 7", "undecided")])
def test_global_settings_are_read_with_the_rest_and_name_the_owner(owner: str, expected: str) -> None:
    text = GLOBAL.format(owner=owner)
    rules = listing(Words("SMB", local_port="445", program="System"))
    assert smb(firewall(text + profiles() + rules)) == expected
    assert smb(firewall(text, profiles(), rules)) == expected


# Group Policy, stores and settings


def test_group_policy_besides_a_local_store_is_relied_on_and_a_fact_opens_everything() -> None:
    found = host(local(allow()))
    assert [smb(found), web(found)] == ["permit", "permit"]
    assert [smb(found, {GROUP_POLICY: True}), web(found, {GROUP_POLICY: True})] == ["undecided"] * 2
    assert smb(found, {GROUP_POLICY: False}) == "permit"
    assert smb(host(local()), {GROUP_POLICY: True}) == "undecided"
    with_policy = host(local(allow()), f"Windows Registry Editor Version 5.00\r\n\r\n[{POLICY}]\r\n\r\n")
    assert smb(with_policy, {GROUP_POLICY: True}) == "permit"  # all of it is in the files


@pytest.mark.parametrize(("kind", "source", "expected"), [
    ("GroupPolicy", "corp", "permit"), ("Local", "PersistentStore", "deny"), ("", "", "undecided"),
    ("None", "", "undecided"), ("", "PersistentStore", "deny"), ("MDM", "", "undecided")])
def test_a_rule_without_its_store_may_be_local(kind: str, source: str, expected: str) -> None:
    """Where Group Policy lets no local rule count, a rule that may be one does not suffice."""
    found = powershell({"PolicyStoreSourceType": kind, "PolicyStoreSource": source,
                        "Profile": "Domain, Private", "PrimaryStatus": "Inactive"},
                       AllowLocalFirewallRules="False")
    assert smb(found) == expected


@pytest.mark.parametrize(("action", "profile", "expected"), [
    ("Allow", "domain", "permit"), ("Allow", "public", "undecided"), ("Allow", "", "undecided"),
    ("Block", "domain", "deny"), ("Block", "public", "deny")])
def test_a_rule_without_its_store_counts_where_local_ones_do(
        action: str, profile: str, expected: str) -> None:
    """Group Policy lets no local rule count in the public profile; in the others whosever it is does."""
    export = documented(RULE | {"Profile": "Any", "Action": action, "PolicyStoreSourceType": "",
                                "PolicyStoreSource": ""},
                        **{RULE["InstanceID"]: {"RemoteAddress": "Any"}})
    export["Profile"] = [PROFILE | {"Name": name, "AllowLocalFirewallRules": str(name != "Public")}
                         for name in ("Domain", "Private", "Public")]
    found = convert.parse([from_bytes(json.dumps(export, indent=1).encode(), "f.json")])
    assert smb(found, profile=profile) == expected


@pytest.mark.parametrize(("rule", "expected"), [
    ({"PrimaryStatus": "Error"}, "undecided"), ({"PrimaryStatus": "Degraded"}, "undecided"),
    ({"EnforcementStatus": "CategoryOff"}, "undecided"), ({"EnforcementStatus": "Enforced"}, "permit"),
    ({"EnforcementStatus": "LocalFirewallRulesDisallowed,ProfileInactive"}, "undecided"),
    ({"EnforcementStatus": "ProfileInactive"}, "undecided"),
    ({"EnforcementStatus": "ProfileInactive", "Profile": "Domain, Private"}, "permit"),
    ({"PrimaryStatus": "Inactive"}, "undecided"),
    ({"PrimaryStatus": "Inactive", "Profile": "0"}, "undecided"),
    ({"PrimaryStatus": "Inactive", "Profile": "Domain"}, "permit"),
    ({"PrimaryStatus": "Inactive", "EnforcementStatus": "FirewallOffInProfile"}, "permit"),
    ({"PrimaryStatus": "Inactive", "EnforcementStatus": "RemoteAddressResolutionEmpty"}, "permit"),
    ({"PrimaryStatus": "Inactive", "EnforcementStatus": "DisabledObject", "Profile": "Domain"}, "undecided"),
    ({"EnforcementStatus": "RemoteAddressResolutionEmpty"}, "permit"),
    ({"EnforcementStatus": "SomethingNew"}, "undecided"), ({"EnforcementStatus": ""}, "permit")])
def test_what_windows_says_about_a_rule(rule: dict[str, str], expected: str) -> None:
    found = powershell(rule, AllowLocalFirewallRules="True")
    assert smb(found) == expected
    assert mapper(found) == "deny"  # it opens no more than what the rule matches


@pytest.mark.parametrize(("status", "expected"), [
    ({"PrimaryStatus": "OK"}, "undecided"),
    ({"PrimaryStatus": "OK", "EnforcementStatus": "Full"}, "undecided"),
    ({"PrimaryStatus": "OK", "EnforcementStatus": "ProfileInactive"}, "permit"),
    ({"PrimaryStatus": "OK", "Profile": "Domain, Private"}, "permit"),
    ({"PrimaryStatus": "OK", "Profile": "Private"}, "permit"),
    ({"PrimaryStatus": "OK", "Enabled": "False"}, "permit")])
def test_a_rule_is_idle_though_its_profile_is_current(status: dict[str, str], expected: str) -> None:
    """Another rule of the Domain profile is enforced: so the network has it."""
    idle = RULE | {"Profile": "Domain", "PrimaryStatus": "Inactive", "PolicyStoreSourceType": "GroupPolicy"}
    other = idle | {"InstanceID": "other"} | status
    export = documented(idle, other, **{RULE["InstanceID"]: {"RemoteAddress": "Any"},
                                        "other": {"LocalPort": "80"}})
    assert smb(convert.parse([from_bytes(json.dumps(export, indent=1).encode(), "f.json")])) == expected


@pytest.mark.parametrize(("lost", "expected"), [
    ({}, "undecided"), ({"LocalPort": "80"}, "permit"), ({"LocalPort": "400-500"}, "undecided"),
    ({"Protocol": "UDP"}, "permit"), ({"Program": "C:\\x.exe", "LocalPort": "Any"}, "permit"),
    ({"RemoteAddress": "192.0.2.1"}, "permit"), ({"Protocol": "Any", "Program": "Any"}, "undecided"),
    ({"Protocol": "strange"}, "undecided")])
def test_filters_whose_rule_is_lost_leave_open_what_it_may_stop(lost: dict[str, str], expected: str) -> None:
    kept = RULE | {"Profile": "Any", "PolicyStoreSourceType": "GroupPolicy"}
    export = documented(kept, RULE | {"InstanceID": "gone"}, **{
        RULE["InstanceID"]: {"RemoteAddress": "Any"}, "gone": {"RemoteAddress": "Any"} | lost})
    export["Rule"] = [each for each in export["Rule"] if each["InstanceID"] != "gone"]
    assert smb(convert.parse([from_bytes(json.dumps(export, indent=1).encode(), "f.json")])) == expected


@pytest.mark.parametrize(("store", "expected"), [
    ("", "undecided"), ("corp.example\\Clients", "undecided"), ("PersistentStore", "permit"),
    ("ActiveStore", "permit")])
def test_settings_not_configured_are_defaults_of_a_whole_store_only(store: str, expected: str) -> None:
    found = powershell({}, store=store, Enabled="NotConfigured", DefaultInboundAction="NotConfigured",
                       DefaultOutboundAction="NotConfigured", AllowInboundRules="NotConfigured",
                       AllowLocalFirewallRules="NotConfigured")
    assert smb(found, {"rules that are not in the files": False}) == expected


def test_an_active_store_that_does_not_say_a_setting_is_damaged() -> None:
    export = documented(RULE)
    export["Profile"] = [{name: value for name, value in PROFILE.items() if name != "DefaultOutboundAction"}]
    found = convert.parse([from_bytes(json.dumps(export, indent=1).encode(), "f.json")])
    assert web(found) == "undecided"


def test_an_empty_profile_of_a_rule_is_not_all_of_them() -> None:
    for written, expected in (("", "undecided"), ("Any", "permit")):
        assert smb(powershell({"Profile": written}, AllowLocalFirewallRules="True")) == expected


@pytest.mark.parametrize("setting", ["Enabled", "DefaultInboundAction", "AllowInboundRules",
                                     "AllowLocalFirewallRules"])
def test_an_empty_setting_of_an_active_store_is_damage(setting: str) -> None:
    assert smb(powershell({}, **{setting: ""})) == "undecided"


@pytest.mark.parametrize(("ports", "expected"), [
    ("445,8000", "deny"), ("44,,8000", "undecided"), ("8000,", "undecided"), (",8000", "undecided"),
    ("44,8000", "permit")])
def test_a_list_that_lost_an_item_is_damaged(ports: str, expected: str) -> None:
    """`44,,8000` was `445,8000` once: a block of port 445 is not gone."""
    listed = profiles(local_rules="Enable") + listing(
        Words("SMB", local_port="445", program="System"),
        Words("No SMB", local_port=ports, action="Block"))
    assert smb(host(listed)) == expected
    block_rule = RULE | {"InstanceID": "none", "Action": "Block"}
    export = documented(RULE | {"Profile": "Any"}, block_rule | {"Profile": "Any"}, **{
        RULE["InstanceID"]: {"RemoteAddress": "Any"},
        "none": {"LocalPort": ports, "RemoteAddress": "Any", "Program": "Any"}})
    export["Profile"] = [PROFILE | {"Name": name, "AllowLocalFirewallRules": "True"}
                         for name in ("Domain", "Private", "Public")]
    assert smb(convert.parse([from_bytes(json.dumps(export, indent=1).encode(), "f.json")])) == expected


@pytest.mark.parametrize(("store", "expected"), [
    ("ActiveStore", "permit"), ("RSOP", "undecided"), ("corp.example\\Clients", "undecided")])
@pytest.mark.parametrize("kind", ["Local", "GroupPolicy"])
def test_an_object_of_group_policy_shows_nothing_but_its_own(store: str, expected: str, kind: str) -> None:
    """Get-NetFirewallRule, -PolicyStore: RSOP and objects hold rules of Group Policy alone."""
    found = powershell({"PolicyStoreSourceType": kind, "Profile": "Any"}, store=store,
                       AllowLocalFirewallRules="True")
    assert smb(found) == expected
