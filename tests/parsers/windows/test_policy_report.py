"""Group Policy as XML: a report says what the keys of the registry say.

The form is that of real reports (`gpreport.xml` of two public baselines, `gpresult /x`); that rules are in
them, with the registry's names, is what public readers of such reports rely on.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from msgspec.structs import replace

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.records.rule import ProfileSettings, WindowsInput
from aclproof.parsers.windows.registry import binary
from tests.parsers.windows.both import smb, web
from tests.parsers.windows.computers import HEADER, POLICY, allow, block, host, local

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "windows" / "gpo"
_SPACE = "http://www.microsoft.com/GroupPolicy/Settings"
ON = "<q1:DomainProfile><q1:EnableFirewall><q1:Value>true</q1:Value></q1:EnableFirewall></q1:DomainProfile>"
RULES = (
    "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|Profile=Private|LPort=445|App=System|"
    "Name=SMB & more|Desc=x|EmbedCtxt=CM|",
    "v2.30|Action=Block|Active=TRUE|Dir=Out|Protocol=17|RPort=53|RPort2_10=100-200|RA4=10.0.0.0/255.0.0.0|"
    "RA4=LocalSubnet|RA6=LocalSubnet|Name=out|",
    "v2.22|Action=Allow|Active=FALSE|Dir=In|Protocol=1|ICMP4=8:*|Svc=RpcSs|SomethingNew=x|Name=off|",
    "v2.10|Action=ByPass|Active=TRUE|Dir=In|Security=Authenticate|RMauth=O:LSD:(A;;CC;;;S-1-5-21-1)|Name=by|")


def rule(text: str, more: str = "") -> str:
    """Write the string of a rule as a report does: an element for each pair, true and false in lower case."""
    version, *pairs = text.rstrip("|").split("|")
    found = dict(pair.split("=", 1) for pair in pairs)
    kind = "InboundFirewallRules" if found["Dir"] == "In" else "OutboundFirewallRules"
    said = [("Version", version.removeprefix("v")), *(pair.split("=", 1) for pair in pairs)]
    lines = [f"  <q1:{name}>{escape(value.lower() if name == 'Active' else value)}</q1:{name}>"
             for name, value in said]
    return "\n".join([f"<q1:{kind}>", more, *lines, f"</q1:{kind}>"])


def extension(*parts: str, kind: str = "WindowsFirewall") -> str:
    """Write the part of a report that an extension of Group Policy makes."""
    return (f'<ExtensionData>\n<Extension xmlns:q1="{_SPACE}/{kind}" xsi:type="q1:{kind}Settings">\n'
            + "\n".join(parts) + "\n</Extension>\n<Name>x</Name>\n</ExtensionData>")


def gpo(*parts: str, enabled: str = "true") -> str:
    """Write the report of one object, with the firewall's settings."""
    return (f'<?xml version="1.0" encoding="utf-16"?>\n<GPO xmlns="{_SPACE}" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<Name>Clients</Name>\n<Computer>\n'
            f"<Enabled>{enabled}</Enabled>\n{extension(*parts)}\n</Computer>\n<User><Enabled>false</Enabled>"
            "</User>\n</GPO>\n")


def rsop(*parts: str, data: str = "LoggedData", results: str = "ComputerResults") -> str:
    """Write a result of Group Policy, as `gpresult /x` does."""
    found = extension(*parts) if parts else ""
    return ('<?xml version="1.0" encoding="utf-16"?>\n'
            '<Rsop xmlns="http://www.microsoft.com/GroupPolicy/Rsop" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<DataType>{data}</DataType>\n'
            f"<{results}>\n{found}\n<EventsDetails><Extension/><x>&lt;y&gt;</x></EventsDetails>\n</{results}>"
            "\n</Rsop>\n")


def read(text: str) -> WindowsInput:
    """Read a report in UTF-16."""
    return forms.read(from_bytes(text.encode("utf-16"), "gpreport.xml"))


def with_local(text: str, *rules: str) -> Firewall:
    """Read a computer with a report and its own rules."""
    return host(local(*rules), text, names=("local.reg", "gpreport.xml"))


def exported(rules: Iterable[str]) -> WindowsInput:
    """Read the registry's keys with the same rules."""
    lines = [HEADER, "", f"[{POLICY}\\FirewallRules]", *(f'"{number}"="{each}"'
                                                         for number, each in enumerate(rules)), "", ""]
    return forms.read(from_bytes("\r\n".join(lines).encode("utf-16"), "policy.reg"))


def test_a_report_says_what_the_registry_says() -> None:
    found, expected = read(gpo(ON, *map(rule, RULES))), exported(RULES)
    assert found.kind == "Group Policy report"
    assert [replace(each, line=0) for each in found.rules] == [
        replace(each, line=0, id="", tool="Group Policy report") for each in expected.rules]
    assert not found.whole_policy
    assert not found.broken
    assert found.counts.total == len(gpo(ON, *map(rule, RULES)).split("\n")) - 1


@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus next to the checkout")
@pytest.mark.parametrize("name", ["dod", "nsacyber"])
def test_real_reports_say_what_their_registry_pol_says(name: str) -> None:
    def settings(found: WindowsInput) -> set[ProfileSettings]:
        return {replace(each, line=0) for each in found.profiles}

    report = forms.read(from_bytes((CORPUS / f"{name}_gpreport.xml").read_bytes(), "gpreport.xml"))
    policy = binary.read_bytes((CORPUS / f"{name}_registry.pol").read_bytes(), "registry.pol")
    assert policy
    assert settings(report) == settings(forms.read(policy))
    assert not report.broken
    assert not report.barriers


def test_rules_of_group_policy_add_to_those_of_the_computer() -> None:
    assert smb(with_local(gpo(rule(allow())))) == "permit"
    assert smb(with_local(gpo(rule(allow()), rule(block())))) == "deny"
    assert smb(with_local(gpo(rule(block())), allow())) == "deny"
    merge = "<q1:AllowLocalPolicyMerge><q1:Value>false</q1:Value></q1:AllowLocalPolicyMerge>"
    off = gpo(f"<q1:DomainProfile>{merge}</q1:DomainProfile>", rule(allow("Protocol=6|LPort=80|")))
    assert smb(with_local(off, allow())) == "deny"


def test_a_rule_of_a_report_is_quoted_by_what_it_says() -> None:
    found = with_local(gpo(rule(block())))
    spans = [found.quote(each.line) for each in found.chains["inbound"].rules]
    assert [each.text for each in spans if each.file == "gpreport.xml"] == [
        "b: Inbound, Block, TCP, LocalPort 445, Program System, PolicyStoreSourceType GroupPolicy"]


@pytest.mark.parametrize(("setting", "way", "expected"), [
    ("DefaultOutboundAction", "true", "deny"), ("DefaultOutboundAction", "false", "permit"),
    ("DefaultOutboundAction", "maybe", "undecided"), ("DefaultOutboundActioN", "true", "deny"),
    ("DefaultOutboundFlow", "true", "undecided"), ("LogFileSize", "16384", "permit")])
def test_settings_of_a_profile(setting: str, way: str, expected: str) -> None:
    """Here true is block, as 1 is in the registry."""
    text = f"<q1:DomainProfile><q1:{setting}><q1:Value>{way}</q1:Value></q1:{setting}></q1:DomainProfile>"
    assert web(with_local(gpo(text))) == expected


@pytest.mark.parametrize("odd", [
    rule(block()).replace("q1:Active>", "q1:Actve>"),
    rule(block()).replace("<q1:Action>Block</q1:Action>", ""),
    rule(block()).replace("Block", "Bloc"), rule(block()).replace("<q1:Name>b", "<q1:Name>b|Active=FALSE"),
    "<q1:NewRules><q1:Action>Block</q1:Action></q1:NewRules>"])
def test_what_cannot_be_read_is_left_open(odd: str) -> None:
    assert smb(with_local(gpo(rule(allow()), odd))) == "undecided"


def test_connection_security_rules_in_a_report_may_stop_what_is_not_authenticated() -> None:
    text = rule("v2.10|Action=SecureServer|Active=TRUE|Dir=In|Name=c|").replace("InboundFirewallRules",
                                                                              "ConSecRules")
    assert smb(with_local(gpo(rule(allow()), text))) == "undecided"


# gpresult /x


OBJECT = ('<GPO xmlns="http://www.microsoft.com/GroupPolicy/Settings/Base"><Domain xmlns="x">d</Domain></GPO>'
          '<Precedence xmlns="http://www.microsoft.com/GroupPolicy/Settings/Base">{}</Precedence>')


def test_a_result_of_the_computer_is_all_of_group_policy() -> None:
    found = read(rsop(rule(allow(), OBJECT.format(1))))
    assert found.whole_policy
    assert [each.name for each in found.rules] == ["a"]
    assert read(rsop()).whole_policy  # nothing of the firewall is set
    assert smb(with_local(rsop(), allow()), {"Group Policy of local.reg": True}) == "permit"
    assert not read(rsop(ON, data="PlannedData")).whole_policy


def test_of_several_objects_the_first_wins() -> None:
    one, two = ("<q1:DefaultOutboundAction>" + OBJECT.format(rank) + f"<q1:Value>{value}</q1:Value>"
                "</q1:DefaultOutboundAction>" for rank, value in ((1, "true"), (2, "false")))
    for both in (one + two, two + one):
        assert web(with_local(rsop(f"<q1:DomainProfile>{both}</q1:DomainProfile>"))) == "deny"
    assert smb(with_local(rsop(rule(allow(), OBJECT.format(2))))) == "undecided"


# Older settings, of which only names are shown


@pytest.mark.parametrize(("name", "state", "category", "expected"), [
    ("Windows Defender Firewall: Prohibit notifications", "Enabled", "Firewall", "permit"),
    ("Windows Firewall: Allow inbound remote administration exception", "Enabled", "Firewall", "undecided"),
    ("Windows Firewall: Define inbound port exceptions", "Disabled", "Firewall", "undecided"),
    ("Windows Firewall: Define inbound port exceptions", "NotConfigured", "Firewall", "permit"),
    ("Windows-Firewall: Portausnahmen", "Enabled", "Netzwerk/Windows-Firewall/Domänenprofil", "undecided"),
    ("Something else", "Enabled", "System/Logon", "permit")])
def test_older_settings_of_the_firewall_are_left_open(name: str, state: str, category: str,
                                                       expected: str) -> None:
    policy = (f"<q1:Policy><q1:Name>{name}</q1:Name><q1:State>{state}</q1:State>"
              f"<q1:Category>{category}</q1:Category></q1:Policy>")
    text = gpo(rule(allow())).replace("</Computer>", extension(policy, kind="Registry") + "</Computer>")
    found = with_local(text)
    assert [smb(found), web(found)] == [expected, "permit"]  # they are of inbound packets
    assert smb(found, {f"'{name}' of Group Policy decides": False}) == "permit"


PROTECT = ("<q1:Policy><q1:Name>Windows Defender Firewall: Protect all network connections</q1:Name>"
           "<q1:State>{}</q1:State><q1:Category>Network/Windows Firewall/{}</q1:Category></q1:Policy>")


@pytest.mark.parametrize(("state", "category", "own", "expected"), [
    ("Enabled", "Domain Profile", 0, "deny"), ("Disabled", "Domain Profile", 1, "permit"),
    ("Enabled", "Standard Profile", 0, "permit"), ("Disabled", "Standard Profile", 1, "deny"),
    ("NotConfigured", "Domain Profile", 0, "permit"), ("Enabled", "Domänenprofil", 0, "undecided")])
def test_protect_all_network_connections_switches_the_firewall_on(state: str, category: str, own: int,
                                                                  expected: str) -> None:
    """Its state is all that it sets, in the profile that its category names; `own` is the computer's own."""
    text = rsop().replace("<EventsDetails>", extension(PROTECT.format(state, category), kind="Registry")
                          + "<EventsDetails>")
    here = local().replace('"EnableFirewall"=dword:00000001', f'"EnableFirewall"=dword:0000000{own}')
    sources = from_bytes(here.encode("utf-16"), "local.reg"), from_bytes(text.encode(), "g.xml")
    assert smb(convert.parse(sources)) == expected


FIREWALL = "System\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\DomainProfile"
IPSEC = "Software\\Policies\\Microsoft\\Windows\\IPSEC\\Policy\\Local"
SETTING = ("<q1:RegistrySetting><q1:KeyPath>{}</q1:KeyPath><q1:Value><q1:Name>{}</q1:Name></q1:Value>"
           "</q1:RegistrySetting>")
PREFERENCE = ('<q1:RegistrySettings clsid="x"><q1:Collection clsid="z"><q1:Registry clsid="y" name="{1}">'
              '<q1:Properties action="U" hive="HKEY_LOCAL_MACHINE" key="{0}" name="{1}" value="1"/>'
              "</q1:Registry></q1:Collection></q1:RegistrySettings>")


@pytest.mark.parametrize("form", [SETTING, PREFERENCE])
@pytest.mark.parametrize(("key", "value", "expected"), [
    (FIREWALL, "DoNotAllowExceptions", "undecided"), (IPSEC, "ActivePolicy", "undecided"),
    (POLICY.partition("\\")[2] + "\\DomainProfile", "DefaultOutboundAction", "undecided"),
    (FIREWALL, "DisableNotifications", "permit"), ("Software\\Policies\\Other", "x", "permit")])
def test_values_that_group_policy_writes_into_the_registry(form: str, key: str, value: str,
                                                           expected: str) -> None:
    text = gpo(rule(allow())).replace("</Computer>", extension(form.format(key, value), kind="Registry")
                                      + "</Computer>")
    found = with_local(text)
    assert [smb(found), web(found)] == [expected, expected]


@pytest.mark.parametrize(("assigned", "expected"), [("true", "undecided"), ("false", "permit")])
def test_an_ipsec_policy_of_group_policy_may_stop_packets(assigned: str, expected: str) -> None:
    policy = (f"<q1:IPSecurityPolicy><q1:Name>Secure Server</q1:Name><q1:PolicyAssigned>{assigned}"
              "</q1:PolicyAssigned></q1:IPSecurityPolicy>")
    text = gpo(rule(allow())).replace("</Computer>", extension(policy, kind="IPSecurity") + "</Computer>")
    found = with_local(text)
    assert [smb(found), web(found)] == [expected, expected]
    assert smb(found, {"connection security rules": False}) == "permit"


def test_an_ipsec_policy_of_the_registry_may_stop_packets() -> None:
    key = f"[HKEY_LOCAL_MACHINE\\{IPSEC}]"
    for value, expected in (("x\\\\ipsecPolicy{1}", "undecided"), ("", "permit")):
        more = f'{key}\n"ActivePolicy"="{value}"\n'
        assert smb(host(local(allow(), more=more))) == expected


# What says nothing


@pytest.mark.parametrize(("text", "message"), [
    (gpo(ON, enabled="false"), "disabled"),
    (gpo(ON).replace("WindowsFirewallSettings", "Other"), "sets nothing"),
    (rsop(ON, results="UserResults"), "as administrator"),
    (f"<report>{gpo(ON).partition('?>')[2] * 2}</report>", "2 objects of Group Policy"),
    (gpo(ON)[:-30], "cut off"), (gpo(ON).replace("<Name>", "<Name"), "damaged"),
    (gpo(ON).replace("<GPO", '<!DOCTYPE GPO [<!ENTITY a "b">]>\n<GPO', 1), "document type")])
def test_reports_that_show_no_firewall_in_force_are_refused(text: str, message: str) -> None:
    with pytest.raises(UnsupportedInputError, match=rf"^gpreport.xml.*{message}"):
        read(text)


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE GPO [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n'
    with pytest.raises(UnsupportedInputError, match=":2: XML with a document type"):
        read(gpo(ON).replace("<GPO", bomb + "<GPO", 1).replace("Clients", "&b;"))


def test_the_report_of_one_object_among_reports_is_that_object() -> None:
    assert read(f"<report>\n{gpo(ON).partition('?>')[2]}</report>").profiles
    assert convert.parse([from_bytes(gpo(ON, rule(allow())).encode(), "r.xml")]).vendor == "windows"
