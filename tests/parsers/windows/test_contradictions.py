"""Two exports of one computer that cannot both be true are refused, wherever both come from."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows.meaning import convert
from tests.parsers.windows.both import smb
from tests.parsers.windows.computers import HEADER, POLICY, allow, block, host, local
from tests.parsers.windows.test_powershell import PROFILE, RULE, documented
from tests.parsers.windows.windows import OTHER_WAY, Words, firewall, listing, profiles

SMB = Words("SMB", local_port="445", program="System")
WEB = Words("Web", local_port="80", program="System")
BOTH = ("one.reg", "other.reg")
CONTRADICT = "two exports of one computer contradict each other"


def active(*rules: dict[str, str], store: str = "ActiveStore") -> str:
    """Write an export of rules that open SMB, and of three profiles."""
    export = documented(*rules, **{each["InstanceID"]: {"RemoteAddress": "Any"} for each in rules})
    export["Profile"] = [PROFILE | {"Name": name, "AllowLocalFirewallRules": "True"}
                         for name in ("Domain", "Private", "Public")]
    return json.dumps(export | {"Store": store}, indent=1)


@pytest.mark.parametrize(("one", "other"), [
    (local(allow()), local()), (local(allow()), local(block())),
    (local(allow()), local(allow().replace("Active=TRUE", "Active=FALSE"))),
    (local(allow()), local(allow("Protocol=6|LPort=80|"))),
    (local(allow()), local(allow(), allow("Protocol=6|LPort=80|"))),
    (local(profile='"DefaultInboundAction"=dword:00000000'),
     local(profile='"DefaultInboundAction"=dword:00000001'))])
def test_two_exports_of_the_registry(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            host(*pair, names=BOTH)


def test_the_same_twice_is_no_contradiction() -> None:
    assert smb(host(local(allow()), local(allow()), names=BOTH)) == "permit"
    twice = listing(SMB)
    assert smb(firewall(profiles(), twice, twice)) == "permit"
    assert smb(firewall(profiles() + twice + profiles() + twice)) == "permit"
    off = allow("Protocol=6|LPort=80|").replace("Active=TRUE", "Active=FALSE")
    assert smb(host(local(allow()), local(allow(), off), names=BOTH)) == "permit"  # it does nothing


@pytest.mark.parametrize(("one", "other"), [
    (listing(SMB, WEB), listing(WEB)), (listing(SMB), listing(replace(SMB, enabled="No"))),
    (listing(SMB), listing(replace(SMB, action="Block"))),
    (listing(SMB), listing(replace(SMB, remote_ip="10.0.0.0/8"))),
    (listing(SMB), listing(replace(SMB, enabled="No", verbose=False)))])
def test_two_listings_of_netsh_in_two_files_or_in_one(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            firewall(profiles(), *pair)
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            firewall(profiles() + "".join(pair))


def test_listings_of_one_name_one_direction_or_one_profile_complete_each_other() -> None:
    private = replace(WEB, profiles="Private")
    only = SMB.text() + "Ok.\n"
    both_ways = profiles(), listing(replace(SMB, verbose=False)), listing(SMB)
    for texts in ((profiles(), only, listing(SMB, WEB)), (profiles(), only, OTHER_WAY + "Ok.\n"),
                  (profiles(), SMB.text() + private.text() + "Ok.\n",
                   SMB.text() + replace(SMB, name="x", profiles="Domain").text() + "Ok.\n"),
                  both_ways):
        assert smb(firewall(*texts), {"rules that are not in the files": False}) in ("permit", "undecided")


def test_settings_of_a_profile_that_differ() -> None:
    off = profiles(domain=("OFF", "BlockInbound,AllowOutbound"))
    for texts in ((profiles(), off, listing()), (profiles() + off, listing())):
        with pytest.raises(UnsupportedInputError, match="the Domain profile is otherwise"):
            firewall(*texts)


def test_powershell_and_the_registry_know_a_rule_by_its_id() -> None:
    def both(rule: dict[str, str], pairs: str = "") -> str:
        reg = local(allow(pairs)).replace('"R0"', f'"{RULE["InstanceID"]}"') if pairs else local()
        return smb(convert.parse([from_bytes(active(RULE | {"Profile": "Any"} | rule).encode(), "f.json"),
                                  from_bytes(reg.encode("utf-16"), "l.reg")]))

    same = "Protocol=6|LPort=445|App=System|"
    of_policy = {"PolicyStoreSourceType": "GroupPolicy"}
    assert both({}, same) == "permit"
    assert both({"PolicyStoreSourceType": ""}, same) == "permit"
    for rule, pairs in (({"Enabled": "False"}, same), ({"Action": "Block"}, same), ({}, ""),
                        (of_policy, same)):
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            both(rule, pairs)


# Different forms, different computers


def policy(profile: str, *rules: str) -> str:
    """The key of Group Policy, whole."""
    lines = [HEADER, "", f"[{POLICY}]", "", f"[{POLICY}\\DomainProfile]", profile, "",
             f"[{POLICY}\\FirewallRules]", *(f'"P{number}"="{each}"' for number, each in enumerate(rules))]
    return "\r\n".join([*lines, "", ""])


def files(**texts: str) -> None:
    """Read the files of one computer: netsh and PowerShell print UTF-8, the registry UTF-16."""
    convert.parse([from_bytes(text.encode("utf-16" if name in ("reg", "pol", "other") else "utf-8"),
                              f"{name}.txt") for name, text in texts.items()])


OF_POLICY = RULE | {"PolicyStoreSourceType": "GroupPolicy"}
OFF = profiles(domain=("OFF", "BlockInbound,AllowOutbound"))
LET_IN = profiles(domain=("ON", "AllowInbound,AllowOutbound"))
ALWAYS = profiles(domain=("ON", "BlockInboundAlways,AllowOutbound"))


@pytest.mark.parametrize("texts", [
    {"netsh": OFF, "reg": local(allow())},
    {"netsh": LET_IN, "reg": local(allow())},  # the registry leaves it at its default
    {"netsh": ALWAYS, "ps": active(RULE)},
    {"pol": policy('"DoNotAllowExceptions"=dword:00000001'), "ps": active(RULE)},
    {"pol": policy('"EnableFirewall"=dword:00000000'), "other": policy('"EnableFirewall"=dword:00000001')},
    {"pol": policy("", block()), "other": policy("")},
    {"pol": policy("", block()), "other": policy("", allow())}])
def test_settings_in_different_forms(texts: dict[str, str]) -> None:
    for order in (texts, dict(reversed(texts.items()))):
        with pytest.raises(UnsupportedInputError, match=CONTRADICT):
            files(**order)


@pytest.mark.parametrize("texts", [
    {"netsh": profiles(), "reg": local(), "ps": active(OF_POLICY)},
    {"ps": active(OF_POLICY), "reg": local(profile='"DefaultInboundAction"=dword:00000000')},
    {"netsh": OFF, "reg": local(), "pol": policy('"EnableFirewall"=dword:00000000')},
    {"pol": policy('"EnableFirewall"=dword:00000000'), "reg": local()},
    {"pol": policy('"DoNotAllowExceptions"=dword:00000000'), "ps": active(RULE)}])
def test_group_policy_may_explain_a_difference(texts: dict[str, str]) -> None:
    """What is in force need not be the computer's own."""
    files(**texts)


def test_the_policy_leaves_alone_what_it_does_not_set() -> None:
    texts = {"netsh": OFF, "reg": local(), "pol": policy('"DefaultInboundAction"=dword:00000001')}
    with pytest.raises(UnsupportedInputError, match=CONTRADICT):
        files(**texts)


def named(name: str, *, off: bool = False) -> str:
    rule = allow().replace("Name=a|", f"Name={name}|")
    return local(rule.replace("Active=TRUE", "Active=FALSE") if off else rule)


@pytest.mark.parametrize(("netsh", "reg", "contradict"), [
    (SMB, named("SMB"), False), (replace(SMB, enabled="No"), named("SMB"), True),
    (replace(SMB, action="Block"), named("smb"), True), (SMB, named("SMB", off=True), True),
    (SMB, named("Other"), True), (SMB, named("@FirewallAPI.dll,-28511"), False),
    (SMB, named("Zugriff f\u00fcr B\u00fcro"), False)])
def test_netsh_and_the_registry_know_a_rule_by_its_name(netsh: Words, reg: str, *, contradict: bool) -> None:
    """Names of the registry may be texts of a file, and a code page loses letters."""
    texts = {"netsh": profiles() + listing(netsh), "reg": reg}
    if not contradict:
        files(**texts)
        return
    with pytest.raises(UnsupportedInputError, match=CONTRADICT):
        files(**texts)


def test_files_that_name_different_computers() -> None:
    def capture(name: str, text: str) -> str:
        return f"C:\\>hostname\n{name}\n\nC:\\>netsh advfirewall show\n{text}"

    files(one=capture("PC1", profiles()), two=capture("pc1.corp.example", listing(SMB)))
    with pytest.raises(UnsupportedInputError, match=r"of 'PC1', and two\.txt:2 of 'SRV2'"):
        files(one=capture("PC1", profiles()), two=capture("SRV2", listing(SMB)))
    remote = json.dumps([PROFILE | {"PSComputerName": each} for each in ("PC1", "SRV2")], indent=1)
    with pytest.raises(UnsupportedInputError, match="files of one computer only"):
        files(one=remote)


def test_files_of_different_versions_of_windows() -> None:
    with pytest.raises(UnsupportedInputError, match=r"Windows 6\.1, and .* of Windows 10\.0"):
        files(reg=local(version=0x20A), other=local(version=0x21F))
