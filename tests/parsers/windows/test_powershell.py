"""What PowerShell says: the documented export, joined records in JSON and CSV, `Format-List`."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows.powershell import export as powershell
from aclproof.parsers.windows.records.rule import PROFILES, WindowsInput, WindowsRule

RULE = {"InstanceID": "FPS-SMB-In-TCP", "DisplayName": "SMB-In", "Group": "@FirewallAPI.dll,-28502",
        "Enabled": "True", "Profile": "Domain, Private", "Direction": "Inbound", "Action": "Allow",
        "Platform": "", "EdgeTraversalPolicy": "Block", "LocalOnlyMapping": "False", "Owner": "",
        "PolicyStoreSource": "PersistentStore", "PolicyStoreSourceType": "Local", "PrimaryStatus": "OK",
        "PackageFamilyName": "", "PolicyAppId": "", "RemoteDynamicKeywordAddresses": ""}
FILTERS: dict[str, dict[str, str]] = {
    "PortFilter": {"Protocol": "TCP", "LocalPort": "445", "RemotePort": "Any", "IcmpType": "Any",
                   "DynamicTarget": "Any"},
    "AddressFilter": {"LocalAddress": "Any", "RemoteAddress": "LocalSubnet,10.0.0.0/8"},
    "ApplicationFilter": {"Program": "System", "Package": ""},
    "ServiceFilter": {"Service": "Any"},
    "InterfaceTypeFilter": {"InterfaceType": "Any"},
    "InterfaceFilter": {"InterfaceAlias": "Any"},
    "SecurityFilter": {"Authentication": "NotRequired", "Encryption": "NotRequired",
                       "OverrideBlockRules": "False", "LocalUser": "Any", "RemoteUser": "Any",
                       "RemoteMachine": "Any"}}
PROFILE = {"Name": "Domain", "Enabled": "True", "DefaultInboundAction": "Block",
           "DefaultOutboundAction": "Allow", "AllowInboundRules": "True", "AllowLocalFirewallRules": "False",
           "AllowUserApps": "NotConfigured", "AllowUserPorts": "True",
           "AllowUnicastResponseToMulticast": "True", "DisabledInterfaceAliases": "NotConfigured"}
JOINED: dict[str, Any] = RULE | {
    name: value for each in FILTERS.values() for name, value in each.items()}


def read(text: str) -> WindowsInput:
    """Read a text, and see that every line is accounted for."""
    source = from_bytes(text.encode("utf-8"), "fw.json")
    assert powershell.recognises(source.text)
    found = powershell.read(source)
    assert found.counts.total == len(source.lines())
    assert min(found.counts.ignored, found.counts.understood) >= 0
    return found


def documented(*rules: dict[str, str], **changed: dict[str, str]) -> dict[str, Any]:
    """The export of the documented command; `changed` names columns of a rule's filters by its id."""
    tables: dict[str, Any] = {"Store": "ActiveStore", "System": "10.0.19045.0", "Rule": list(rules)}
    for name, columns in FILTERS.items():
        tables[name] = [{"InstanceID": each["InstanceID"], **columns, **{
            key: value for key, value in changed.get(each["InstanceID"], {}).items() if key in columns}}
            for each in rules]
    return tables | {"Profile": [PROFILE]}


def one(**changed: Any) -> WindowsRule:
    """Read one joined rule with other columns; None leaves a column out."""
    fields = {name: value for name, value in (JOINED | changed).items() if value is not None}
    (rule,) = read(json.dumps([fields], indent=4)).rules
    return rule


def test_the_documented_export_is_joined() -> None:
    text = json.dumps(documented(RULE), indent=4)
    found = read(text)
    (rule,) = found.rules
    assert (rule.id, rule.name, rule.group) == ("FPS-SMB-In-TCP", "SMB-In", "@FirewallAPI.dll,-28502")
    assert (rule.direction, rule.action, rule.enabled, rule.store) == ("In", "Allow", True, "local")
    assert rule.profiles == ("Domain", "Private")
    assert (rule.protocol, rule.local_ports, rule.remote_ports) == (6, ("445",), ())
    assert rule.remote_addresses == ("LocalSubnet", "10.0.0.0/8")
    assert (rule.program, rule.service, rule.hidden, rule.tests) == ("System", "", frozenset(), ())
    assert found.source.text.split("\n")[rule.line].strip().startswith('"InstanceID"')
    assert found.shows == {"In", "Out"}
    assert found.system == (10, 0)
    (profile,) = found.profiles
    assert (profile.profile, profile.store, profile.enabled) == ("Domain", "effective", True)
    assert (profile.inbound, profile.outbound, profile.block_all_inbound) == ("Block", "Allow", False)
    assert (profile.local_rules, profile.local_programs, profile.disabled_interfaces) == (False, None, ())
    assert found.counts.ignored == 22  # brackets, names of tables, store and system


def test_rules_with_one_id_are_told_apart_by_their_order_or_stay_open() -> None:
    policy = RULE | {"PolicyStoreSourceType": "GroupPolicy"}
    other = RULE | {"InstanceID": "other"}
    export = documented(RULE, policy, other)
    export["PortFilter"][1]["LocalPort"] = "80"
    first, second, _ = read(json.dumps(export, indent=1)).rules
    assert (first.store, first.local_ports, second.store, second.local_ports) == (
        "local", ("445",), "policy", ("80",))
    export["PortFilter"].reverse()
    for rule in read(json.dumps(export, indent=1)).rules[:2]:
        assert "ports" in rule.hidden
        assert "program" not in rule.hidden


def test_what_has_no_filter_hides_it() -> None:
    export = documented(RULE)
    del export["ServiceFilter"], export["PortFilter"]
    (rule,) = read(json.dumps(export, indent=1)).rules
    assert rule.hidden == {"service", "ports"}


def test_hardening_of_services_is_a_layer_of_its_own() -> None:
    hardened = RULE | {"InstanceID": "h", "PolicyStoreSourceType": "Hardcoded"}
    export = documented(RULE, hardened, h={"Service": "RpcSs"})
    assert [each.id for each in read(json.dumps(export, indent=1)).rules] == ["FPS-SMB-In-TCP"]


def test_numbers_of_powershell_5_mean_what_its_enumerations_mean() -> None:
    rule = one(Enabled=2, Direction=2, Action=4, Profile=5, EdgeTraversalPolicy=3, PolicyStoreSourceType=2,
               InterfaceType=2, Authentication=1, Encryption=0, OverrideBlockRules=False)
    assert (rule.enabled, rule.direction, rule.action) == (False, "Out", "Block")
    assert (rule.profiles, rule.edge, rule.store) == (("Domain", "Public"), "App", "policy")
    assert (rule.interface_types, rule.security) == (("Wireless",), "Authenticate")
    assert one(Profile=0, InterfaceType=0).profiles == PROFILES
    assert one(InterfaceType=0).interface_types == ()


def test_lists_come_in_many_wrappings() -> None:
    assert one(LocalPort=["80", "443"]).local_ports == ("80", "443")
    assert one(LocalPort={"value": ["80", "RPCEPMap"], "Count": 2}).local_ports == ("80", "RPC-EPMap")
    assert one(LocalPort="80, 8530-8531").local_ports == ("80", "8530-8531")
    single = json.dumps(JOINED, indent=1)
    assert len(read(single).rules) == 1
    assert len(read(json.dumps({"value": [JOINED, JOINED], "Count": 2}, indent=1)).rules) == 2
    assert read(json.dumps([JOINED | {"CimClass": {"Direction": "x"}}], indent=1)).rules[0].direction == "In"
    nested = json.dumps({"Rules": [RULE | {"Filters": FILTERS}], "Profiles": PROFILE}, indent=1)
    assert not read(nested).rules[0].hidden
    assert len(read(nested).profiles) == 1


@pytest.mark.parametrize(("column", "aspect"), [
    ("Protocol", "ports"), ("LocalPort", "ports"), ("RemoteAddress", "addresses"), ("Program", "program"),
    ("Service", "service"), ("InterfaceType", "interface types"), ("Authentication", "security"),
    ("RemoteUser", "users"), ("Package", "program"), ("Owner", "users")])
def test_a_missing_column_is_hidden(column: str, aspect: str) -> None:
    assert one(**{column: None}).hidden == {aspect}


@pytest.mark.parametrize("column", ["Protocol", "LocalPort", "RemoteAddress", "Program", "Service"])
def test_an_empty_column_is_not_any(column: str) -> None:
    assert one(**{column: ""}).hidden
    assert one(**{column: None}).hidden


def test_icmp_has_types_and_no_ports() -> None:
    rule = one(Protocol="ICMPv4", LocalPort="RPC", IcmpType=["8", "3:4"])
    assert (rule.protocol, rule.local_ports, rule.icmp) == (1, (), ("8:*", "3:4"))
    assert one(Protocol="ICMPv6", IcmpType="0").icmp == ("0:*",)
    assert one(Protocol="ICMPv4", IcmpType="").hidden == {"icmp types"}
    assert one(Protocol="41").protocol == 41


def test_conditions_are_kept() -> None:
    rule = one(Encryption="Required", Authentication="Required", OverrideBlockRules="True",
               RemoteMachine="O:LSD:(A;;CC;;;S-1-5-21)", LocalUser="D:(A;;CC;;;S-1-5-84)", Owner="S-1-5-21",
               Package="S-1-15-2", Platform="6.1+", DynamicTarget="WifiDirectPrinting", PolicyAppId="app",
               LocalOnlyMapping="True", InterfaceAlias="Ethernet")
    assert (rule.security, rule.override_block) == ("AuthenticateEncrypt", True)
    assert (rule.remote_computers, rule.owner, rule.package) == (
        "O:LSD:(A;;CC;;;S-1-5-21)", "S-1-5-21", "S-1-15-2")
    assert rule.platforms == ("2:6:1+",)
    assert rule.tests == ("dynamictarget=WifiDirectPrinting", "policyappid=app")
    assert rule.local_only_mapping
    assert rule.interfaces == ("Ethernet",)


@pytest.mark.parametrize("changed", [
    {"Direction": "Sideways"}, {"Action": 0}, {"Enabled": 3}, {"Protocol": "TCPX"}, {"Protocol": "256"},
    {"Profile": "Home"}, {"Profile": 9}, {"Action": None}])
def test_a_rule_that_cannot_be_read_is_broken(changed: dict[str, Any]) -> None:
    fields = {name: value for name, value in (JOINED | changed).items() if value is not None}
    found = read(json.dumps([JOINED, fields], indent=4))
    assert len(found.rules) == 1
    assert len(found.broken) == 1
    assert found.counts.unread == 1


@pytest.mark.parametrize(("text", "reason"), [
    ('{"Rule": [{"Direction": "In"', "damaged or cut off"), ('[\n' * 100000 + '{"Direction":', "deeply"),
    ('{"Rule": [], "Direction": ', "damaged"),
    ('{"Rule": [], "Profile": [], "x": [{"Direction": 1}]}', "no rule and no profile")])
def test_damaged_json_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnsupportedInputError, match=reason):
        powershell.read(from_bytes(text.encode(), "f"))


@pytest.mark.parametrize("text", [
    '[{"Direction": ' + '{"a":\n' * 900 + "1" + "}" * 901 + "]", '[{"Other": {"Direction": 1}}]'])
def test_strange_json_holds_no_rule(text: str) -> None:
    try:
        assert not powershell.read(from_bytes(text.encode(), "f")).rules
    except UnsupportedInputError:
        return


def table(*rows: dict[str, Any], delimiter: str = ",", first: str = "") -> str:
    """Write rows as Export-Csv does."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return first + out.getvalue()


@pytest.mark.parametrize(("delimiter", "first"), [
    (",", ""), (";", ""), ("\t", ""), (",", "#TYPE Selected.Microsoft.Management.CimInstance\r\n")])
def test_csv_says_the_same_as_json(delimiter: str, first: str) -> None:
    outbound = JOINED | {"Direction": "Outbound", "DisplayName": "two\nlines"}
    found = read(table(JOINED, outbound, delimiter=delimiter, first=first))
    assert [each.direction for each in found.rules] == ["In", "Out"]
    assert found.rules[0].remote_addresses == ("LocalSubnet", "10.0.0.0/8")
    assert found.shows == {"In", "Out"}
    assert found.rules[0].line == 2 + bool(first)
    assert len(read(table(PROFILE, PROFILE | {"Name": "Public"}, delimiter=delimiter)).profiles) == 2


def test_lists_that_powershell_did_not_write_out_are_refused() -> None:
    with pytest.raises(UnsupportedInputError, match=r"f:3: a list was written as 'System.String\[\]'"):
        powershell.read(from_bytes(table(JOINED, JOINED | {"LocalPort": "System.String[]"}).encode(), "f"))
    with pytest.raises(UnsupportedInputError, match="cells"):
        powershell.read(from_bytes((table(JOINED) + "a,b\n").encode(), "f"))


def test_a_list_without_filters_hides_nearly_everything() -> None:
    text = "\r\n".join(["", *(f"{name:30}: {value}".rstrip() for name, value in RULE.items()), "", ""] * 2)
    found = read(text)
    assert [(each.name, each.protocol) for each in found.rules] == [("SMB-In", None)] * 2
    assert "ports" in found.rules[0].hidden
    assert found.counts.understood == 2 * len(RULE)


def test_a_list_of_profiles_goes_on_indented() -> None:
    fields = PROFILE | {"DisabledInterfaceAliases": "{Ethernet,\n" + " " * 34 + "Wi-Fi}"}
    (profile,) = read("\n".join(f"{name:32}: {value}" for name, value in fields.items())).profiles
    assert profile.disabled_interfaces == ("Ethernet", "Wi-Fi")
    with pytest.raises(UnsupportedInputError, match="FormatEnumerationLimit"):
        powershell.read(from_bytes(b"Direction : Inbound\nLocalPort : {1, 2, 3, 4...}\n", "f"))


@pytest.mark.parametrize(("changed", "broken"), [
    ({"Name": "Home"}, True), ({"Enabled": "Maybe"}, True), ({"DefaultInboundAction": 3}, True),
    ({"DefaultInboundAction": 0, "Enabled": 2}, False)])
def test_profiles_in_numbers_and_broken_ones(changed: dict[str, Any], *, broken: bool) -> None:
    found = read(json.dumps([PROFILE | changed], indent=1))
    assert bool(found.broken) is broken
    if not broken:
        assert (found.profiles[0].inbound, found.profiles[0].enabled) == (None, None)
