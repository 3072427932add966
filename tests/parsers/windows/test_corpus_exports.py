"""Public exports, checked against what Windows and others say of the same firewall.

The files are not part of the project; the tests run where a copy lies next to the checkout.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from aclproof.parsers import source
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows import mmc
from aclproof.parsers.windows.netsh import legacy
from aclproof.parsers.windows.powershell import export as powershell
from aclproof.parsers.windows.records.rule import PROFILES, ProfileSettings, WindowsInput, WindowsRule
from aclproof.parsers.windows.registry import binary
from aclproof.parsers.windows.registry import export as registry

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "windows"

if not CORPUS.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)

HIVES = sorted(path.name for path in (CORPUS / "hives").glob("*.Parameters.reg"))
_PAIR = re.compile(r"\|([A-Za-z0-9_]+)=([^|]*)")
_STRING = re.compile(r'^"((?:[^"\\]|\\.)*)"="(v2\.[^|]*\|(?:[^"\\]|\\.)*)"\r?$', re.MULTILINE)
_XML = {None: None, True: "true", False: "false", "Block": "true", "Allow": "false"}
_XMLNS = "{http://www.microsoft.com/GroupPolicy/Settings/WindowsFirewall}"


def given(name: str) -> Source:
    """Read a file of the corpus, in whichever container it comes."""
    data = (CORPUS / name).read_bytes()
    return binary.read_bytes(data, name) or source.from_bytes(data, name)


def read(name: str) -> WindowsInput:
    """Read a registry export or a container of one."""
    found = registry.read(given(name))
    assert found.counts.total == len(found.source.lines())
    return found


def without_lines(rules: tuple[WindowsRule, ...]) -> Counter[WindowsRule]:
    """Rules without their places."""
    return Counter(replace(each, line=0) for each in rules)


def test_a_wfw_export_and_its_reg_twin_hold_the_same() -> None:
    pytest.importorskip("regipy")
    hive, text = read("wfw/f1rsty_rules.wfw"), read("wfw/f1rsty_rules.reg")
    assert len(hive.rules) == 569
    assert without_lines(hive.rules) == without_lines(text.rules)
    assert [replace(each, line=0) for each in hive.profiles] == [
        replace(each, line=0) for each in text.profiles]
    assert hive.shows == text.shows == {"In", "Out"}
    assert hive.system == text.system == (10, 0)
    for each in hive.rules:
        assert each.id.replace("\\", "\\\\") in hive.source.span(each.line).text


def test_a_damaged_hive_is_refused_or_says_what_it_lost() -> None:
    pytest.importorskip("regipy")
    data = (CORPUS / "wfw/f1rsty_rules.wfw").read_bytes()
    whole = read("wfw/f1rsty_rules.wfw")
    for seed in range(60):
        random = Random(seed)
        damaged = bytearray(data)
        for _ in range(random.choice((1, 5, 60))):
            damaged[random.randrange(0x1020, len(data))] = random.randrange(256)
        try:
            found = registry.read(binary.read_bytes(bytes(damaged), "x.wfw") or source.from_bytes(data, "x"))
        except UnsupportedInputError:
            continue
        assert len(found.rules) + len(found.broken) >= len(whole.rules)


@pytest.mark.parametrize("name", ["dod", "nsacyber"])
def test_a_policy_says_what_windows_own_report_of_it_says(name: str) -> None:
    report = ElementTree.fromstring((CORPUS / f"gpo/{name}_gpreport.xml").read_bytes())
    settings = {each.profile: each for each in read(f"gpo/{name}_registry.pol").profiles}
    for profile in PROFILES:
        (said,) = report.iter(f"{_XMLNS}{profile}Profile")
        values = {each.tag.removeprefix(_XMLNS): each.findtext(f"{_XMLNS}Value") for each in said}
        found = settings[profile]
        assert found.store == "policy"
        assert _XML[found.enabled] == values.get("EnableFirewall")
        assert _XML[found.inbound] == values.get("DefaultInboundAction")
        assert _XML[found.outbound] == values.get("DefaultOutboundAction")
        assert _XML[found.local_rules] == values.get("AllowLocalPolicyMerge")
        quiet = None if found.unicast_response is None else not found.unicast_response
        assert _XML[quiet] == values.get("DisableUnicastResponsesToMulticastBroadcast")


def test_a_policy_passes_its_own_audit() -> None:
    audit = (CORPUS / "gpo/nsacyber_WindowsFirewall.audit").read_text()
    checks = set(re.findall(
        r'value_data\s*: "(\d)"\s*reg_key\s*: "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall'
        r'\\(\w+)Profile\\"\s*reg_item\s*: "(\w+)"', audit))
    settings = {each.profile: each for each in read("gpo/nsacyber_registry.pol").profiles}
    told = 0
    for value, profile, item in checks:
        expected = _said(settings[profile], item)
        if expected is not None:
            told += 1
            assert expected == value, (profile, item)
    assert told >= 10


def _said(found: ProfileSettings, item: str) -> str | None:
    """What was read, as the registry writes it."""
    match item:
        case "EnableFirewall":
            return str(int(bool(found.enabled)))
        case "DefaultInboundAction":
            return str(int(found.inbound == "Block"))
        case "DefaultOutboundAction":
            return str(int(found.outbound == "Block"))
        case "AllowLocalPolicyMerge":
            return str(int(bool(found.local_rules)))
        case _:
            return None


@pytest.mark.parametrize("name", [*(f"hives/{each}" for each in HIVES), "wfw/f1rsty_rules.reg",
                                  "reg/yossi_FirewallRules.reg"])
def test_every_rule_string_is_read_and_nothing_in_it_is_lost(name: str) -> None:
    """Count what the strings say with a pattern that knows nothing of registries."""
    found = read(name)
    assert not found.broken
    text = re.sub(r"\[[^\]]*(?:RestrictedServices|Defaults)[^\]]*\][^\[]*", "", found.source.text)
    said: Counter[str] = Counter()
    strings = _STRING.findall(text)
    for _, string in strings:
        pairs = [(key.lower(), value) for key, value in _PAIR.findall(string)]
        said.update(f"{key}={value.lower()}" for key, value in pairs if key in ("action", "dir", "active"))
        said["ports"] += sum(key.startswith(("lport", "rport")) for key, _ in pairs)
        said["profiles"] += sum(key == "profile" for key, _ in pairs) or 3
        said["programs"] += any(key == "app" for key, _ in pairs)
        said["groups"] += any(key == "embedctxt" and value for key, value in pairs)
    rules = found.rules
    assert len(rules) == len(strings)
    got = Counter(f"action={each.action.lower()}" for each in rules)
    got.update(f"dir={each.direction.lower()}" for each in rules)
    got.update(f"active={str(each.enabled).lower()}" for each in rules)
    got["ports"] = sum(len(each.local_ports) + len(each.remote_ports) for each in rules)
    got["profiles"] = sum(len(each.profiles) for each in rules)
    got["programs"] = sum(bool(each.program) for each in rules)
    got["groups"] = sum(bool(each.group) for each in rules)
    assert got == said


@pytest.mark.parametrize("name", HIVES)
def test_the_rules_that_windows_came_with_are_among_those_in_force(name: str) -> None:
    with pytest.raises(UnsupportedInputError, match="not in force"):
        read(f"hives/{name.replace('Parameters', 'Defaults')}")
    shipped = given(f"hives/{name.replace('Parameters', 'Defaults')}").text
    ids = {each.lower() for each, _ in _STRING.findall(shipped)}
    present = {each.id.lower() for each in read(f"hives/{name}").rules}
    assert len(ids & present) > 0.8 * len(ids)


def test_the_specifications_own_example() -> None:
    (rule,) = read("reg/msgpfas_example.reg").rules
    assert (rule.direction, rule.action, rule.enabled, rule.store) == ("In", "Allow", True, "policy")
    assert (rule.protocol, rule.local_ports, rule.remote_ports) == (6, ("RPC",), ("49000",))
    assert rule.local_addresses == ("192.168.1.0/255.255.255.0", "192.168.0.0/255.255.255.0")
    assert rule.remote_addresses == ("LocalSubnet",)
    assert (rule.program, rule.name) == ("c:\\path\\foo.exe", "Firewall Rule Test")
    assert (rule.profiles, rule.security) == (("Public",), "An-NoEncap")


def test_tables_of_powershell() -> None:
    rules = powershell.read(given("csv/jdamborsky_FirewallRules.csv")).rules
    assert len(rules) == 366
    assert not any(each.hidden for each in rules)
    assert {each.icmp for each in rules if each.name == "Networking - Echo Request (ICMPv4-In)"} == {("8:*",)}
    joy = powershell.read(given("csv/remotefirewall_rules_sample.csv")).rules
    assert [(each.direction, each.protocol, each.local_ports, each.service, each.store) for each in joy] == [
        ("In", 6, ("9955",), "AJRouter", "local"), ("In", 17, (), "AJRouter", "local"),
        ("Out", 6, (), "AJRouter", "local")]
    profiles = powershell.read(given("csv/remotefirewall_profiles_sample.csv")).profiles
    assert [(each.profile, each.enabled, each.inbound, each.local_rules) for each in profiles] == [
        (each, True, "Block", True) for each in PROFILES]


def test_a_chinese_list_without_filters_hides_its_ports() -> None:
    (rule,) = powershell.read(given("ps_list/zh-CN_GetNetFirewallRule_list.txt")).rules
    assert (rule.name, rule.direction, rule.action, rule.enabled) == ("Allow 8000 TCP", "In", "Allow", True)
    assert {"ports", "addresses", "program", "service"} <= rule.hidden


def test_a_list_of_the_console_needs_its_direction() -> None:
    with pytest.raises(UnsupportedInputError, match="inbound"):
        mmc.read(given("wfmsc/en_export_list.txt"))
    data = (CORPUS / "wfmsc/en_export_list.txt").read_bytes()
    rules = mmc.read(source.from_bytes(data, "inbound.txt")).rules
    assert [each.local_ports for each in rules] == [("31415", "31416"), ("33000",)]


def test_listings_of_the_old_netsh() -> None:
    xp = legacy.read(given("netsh_legacy/xp_show_portopening.txt"))
    assert Counter((each.profiles[0], each.local_ports[0]) for each in xp.rules if each.local_ports) == {
        ("Domain", "139"): 1, ("Domain", "445"): 1, ("Domain", "137"): 1, ("Domain", "138"): 1,
        ("Private", "445"): 2, ("Private", "139"): 1, ("Private", "137"): 1, ("Private", "138"): 1}
    seven = legacy.read(given("netsh_legacy/win7_show_config.txt"))
    assert [each.program for each in seven.rules if each.program][::2] == [
        "E:\\comraider\\comraider.exe", "C:\\users\\b33f\\desktop\\nc.exe"]
    assert not seven.shows
    server = legacy.read(given("netsh_legacy/server2022_dc_show_config.txt"))
    assert {each.enabled for each in server.profiles} == {True}
    assert not [*xp.broken, *seven.broken, *server.broken]
