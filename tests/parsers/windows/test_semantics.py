"""What Windows rules mean, one law after another (MS-FASP 2.2.34 and following)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family, parse
from aclproof.parsers.model.conditions import Context, Fact, Opaque, Place
from aclproof.parsers.model.firewall import Hook, Transit
from aclproof.parsers.model.services import ICMP, TCP, UDP
from aclproof.parsers.model.ternary import Ternary, settle
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows.meaning import hidden, implicit, listeners, rules, stages
from aclproof.parsers.windows.meaning.narrowing import Host
from aclproof.parsers.windows.meaning.settings import Effective, effective
from aclproof.parsers.windows.records.aspects import Aspect
from aclproof.parsers.windows.records.rule import PROFILES, ProfileSettings, WindowsRule
from aclproof.rules.pack import COMMON_LISTENERS
from tests.parsers.windows.windows import SVCHOST, Words, firewall, listing, packet, profiles, verdict

SMB = Words("SMB", local_port="445", program="System")
ON, OFF = "ON", "OFF"


def smb(*found: Words, settings: str = "", profile: str = "domain", listener: str = "system-smb",
        facts: Mapping[str, Fact] = MappingProxyType({})) -> str:
    """Ask for SMB from another network."""
    both = firewall((settings or profiles()) + listing(*found))
    return verdict(both, packet(445), profile=profile, listener=listener, facts=Context(facts))


def test_a_block_beats_every_allow_wherever_it_stands() -> None:
    block = Words("no SMB", local_port="440-450", action="Block")
    assert smb(SMB) == "permit"
    assert smb(SMB, block) == smb(block, SMB) == "deny"


def test_a_block_for_another_program_does_not_close_the_port() -> None:
    block = Words("no x", local_port="445", action="Block", program=r"C:\x\x.exe")
    assert smb(SMB, block) == "permit"
    assert smb(SMB, block, listener="") == "undecided"


def test_a_disabled_rule_stays_in_place_and_matches_nothing() -> None:
    found = firewall(profiles() + listing(Words("SMB", enabled="No", local_port="445")))
    assert verdict(found, packet(445)) == "deny"
    kept = [rule for rule in found.chains["inbound"].rules if "SMB" in found.source.span(rule.line).text]
    assert [rule.enabled for rule in kept] == [False]


def test_a_rule_holds_in_its_profiles_only() -> None:
    only = Words("SMB", profiles="Private,Public", local_port="445")
    assert [smb(only, profile=each) for each in ("domain", "private", "Public", "")] \
        == ["deny", "permit", "permit", "undecided"]


def test_a_profile_that_windows_does_not_have_is_an_error() -> None:
    with pytest.raises(UnsupportedInputError, match=r"no profile 'work'; say domain, private or public"):
        smb(SMB, profile="work")


@pytest.mark.parametrize(("state", "policy", "expected"), [
    (OFF, "BlockInbound,AllowOutbound", ("permit", "permit")),
    (OFF, "BlockInboundAlways,AllowOutbound", ("permit", "permit")),
    (ON, "BlockInboundAlways,AllowOutbound", ("deny", "deny")),
    (ON, "AllowInbound,AllowOutbound", ("permit", "permit")),
    (ON, "BlockInbound,BlockOutbound", ("permit", "deny")),
])
def test_the_settings_of_a_profile(state: str, policy: str, expected: tuple[str, str]) -> None:
    settings = profiles(domain=(state, policy))
    assert (smb(SMB, settings=settings), smb(settings=settings)) == expected
    assert smb(settings=settings, profile="private") == "deny"  # the other profiles keep their own


def test_without_a_profile_the_answer_is_sure_where_all_three_agree() -> None:
    found = firewall(profiles() + listing(SMB))
    assert verdict(found, packet(445), profile="", listener="system-smb") == "permit"
    assert verdict(found, packet(446), profile="") == "deny"
    mixed = firewall(profiles(public=(ON, "AllowInbound,AllowOutbound")) + listing(SMB))
    assert verdict(mixed, packet(446), profile="") == "undecided"


def test_outbound_follows_its_own_default_and_rules() -> None:
    block = Words("no web", direction="Out", remote_port="80", action="Block")
    found = firewall(profiles() + listing(block))
    assert verdict(found, packet(80, out=True), hook="output") == "deny"
    assert verdict(found, packet(81, out=True), hook="output") == "permit"
    closed = firewall(profiles(domain=(ON, "BlockInbound,BlockOutbound")) + listing())
    assert verdict(closed, packet(81, out=True), hook="output") == "deny"


def test_nothing_passes_through_a_computer() -> None:
    with pytest.raises(UnsupportedInputError, match="say whose it is: 'host: ROLE'"):
        stages.stages(firewall(profiles() + listing(SMB)), Transit(Family.V4))


@pytest.mark.parametrize(("hook", "place"), [
    ("input", Place("a", "", to_itself=True, from_itself=False, profile="Private")),
    ("output", Place("", "b", to_itself=False, from_itself=True, profile="Private"))])
def test_a_packet_is_at_one_adapter(hook: Hook, place: Place) -> None:
    found = firewall(profiles() + listing(SMB))
    [stage] = stages.stages(found, Transit(Family.V4, "a", "b", hook=hook, profile="private"))
    assert stage.place == place
    assert stage.default.text.startswith("default action of the Private profile")


@pytest.mark.parametrize(("enabled", "open_"), [("Yes", True), ("No", False)])
def test_what_stays_open_of_a_rule_that_is_on_is_told(enabled: str, *, open_: bool) -> None:
    rule = Words("SMB", enabled=enabled, local_port="445", interface_types="Wireless")
    notes = [note.reason for note in firewall(profiles() + listing(rule)).notes]
    assert ("open: whether the interface is of the type wireless" in notes) is open_


def test_one_direction_as_a_chain_of_its_own() -> None:
    found = firewall(profiles() + listing(SMB))
    assert [stage.name for stage in stages.through(found, "inbound")] == ["inbound"]
    assert list(found.lists) == ["inbound", "outbound"]
    with pytest.raises(KeyError):
        stages.through(found, "forward")


# Programs and services


def test_the_listeners_are_those_that_every_pack_may_name() -> None:
    assert set(COMMON_LISTENERS) == listeners.LISTENERS | {listeners.MAPPED_RPC}


LSASS = r"%SystemRoot%\System32\lsass.exe"
KERBEROS = Words("Kerberos", local_port="88", program=LSASS)
DNS_RULE = Words("DNS", local_port="53", program=r"%systemroot%\System32\dns.exe", service="dns")
WMI = Words("WMI-In", program=SVCHOST, service="Winmgmt")


@pytest.mark.parametrize(("rule", "listener", "port", "expected"), [
    (WMI, "rpc-server", 49200, "permit"), (replace(WMI, program=None), "rpc-server", 49200, "permit"),
    (WMI, "system-smb", 445, "deny"),
    (WMI, "endpoint-mapper", 135, "deny"),
    (Words("DCOM-In", local_port="135", program=SVCHOST, service="rpcss"), "endpoint-mapper", 135, "permit"),
    (Words("EPM", local_port="RPC-EPMap", service="RPCSS"), "endpoint-mapper", 135, "permit"),
    (Words("RPC", local_port="RPC", program=SVCHOST), "rpc-server", 50000, "permit"),
    (Words("RPC", local_port="RPC"), "rpc-server", 1025, "permit"),
    (Words("RPC", local_port="RPC"), "mapped-rpc", 50000, "permit"),
    (Words("RPC", local_port="RPC", program=SVCHOST), "mapped-rpc", 50000, "undecided"),
    (Words("LSASS", local_port="RPC", program=r"C:\Windows\system32\lsass.exe"), "mapped-rpc", 50000,
     "undecided"),
    (Words("Kernel", local_port="RPC", program="System"), "mapped-rpc", 50000, "deny"),
    (KERBEROS, "lsass", 88, "permit"),
    (KERBEROS, "system-smb", 88, "deny"),
    (Words("Kerberos", local_port="88", program=r"D:\tools\lsass.exe"), "lsass", 88, "undecided"),
    (Words("Kerberos", local_port="88", program=SVCHOST), "lsass", 88, "deny"),
    (Words("Kerberos", local_port="88", program="System"), "lsass", 88, "deny"),
    (Words("Kerberos", local_port="88", program=r"C:\mit\krb5kdc.exe"), "lsass", 88, "deny"),
    (Words("Kerberos", local_port="88", program=LSASS, service="kdc"), "lsass", 88, "undecided"),
    (Words("Mapper", local_port="88", service="rpcss"), "lsass", 88, "deny"),
    (Words("LSASS", local_port="RPC", program=LSASS), "lsass", 88, "deny"),
    (Words("LSASS", program=LSASS, action="Block"), "lsass", 88, "deny"),
    (Words("RPC", local_port="RPC"), "system-smb", 445, "deny"),
    (Words("RPC", local_port="RPC"), "", 50000, "undecided"),
    (Words("Spooler", local_port="RPC", program=r"C:\Windows\system32\spoolsv.exe"), "rpc-server", 50000,
     "deny"),
    (Words("Events", local_port="RPC", program=SVCHOST, service="Eventlog"), "rpc-server", 50000, "deny"),
    (Words("Tasks", local_port="RPC", program=SVCHOST, service="schedule"), "rpc-server", 50000, "undecided"),
    (Words("Any service", local_port="RPC", program=SVCHOST, service="Any"), "rpc-server", 50000, "permit"),
    (Words("Not Windows' own", program=r"D:\tools\svchost.exe"), "rpc-server", 50000, "undecided"),
    (Words("HTTP", local_port="80", program="System"), "http-sys", 80, "permit"),
    (Words("HTTP", local_port="80", program=r"C:\apache\httpd.exe"), "http-sys", 80, "deny"),
    (Words("HTTPS tunnel", local_port="IPHTTPS", program="System"), "http-sys", 443, "undecided"),
    (Words("HTTPS tunnel", local_port="IPHTTPS"), "system-smb", 445, "deny"),
    (Words("Odd", local_port="SomeNewWord"), "system-smb", 445, "undecided"),
    # Microsoft, DNS server and time service of domain controllers: dns.exe, and w32time in svchost.exe
    (DNS_RULE, "dns", 53, "permit"), (replace(DNS_RULE, program=None), "dns", 53, "permit"),
    (replace(DNS_RULE, service=None), "dns", 53, "permit"), (DNS_RULE, "lsass", 53, "deny"),
    (WMI, "dns", 53, "deny"), (KERBEROS, "dns", 88, "deny"),
    (Words("Time", program=SVCHOST, service="w32time"), "windows-time", 123, "permit"),
    (Words("Time", service="w32time"), "dns", 53, "deny"), (DNS_RULE, "windows-time", 53, "deny"),
    (Words("Some service", program=SVCHOST, service="dnscache"), "windows-time", 123, "undecided"),
    # a listener that is called like a program is that one, and no other
    (WMI, "sqlservr.exe", 1433, "deny"), (replace(WMI, program=None), "sqlservr.exe", 1433, "deny"),
    (Words("Spooler", service="Spooler"), "sqlservr.exe", 1433, "deny"),
    (Words("Kernel", program="System"), "sqlservr.exe", 1433, "deny"),
    (Words("SQL", program=r"C:\Program Files\MSSQL\Binn\SQLServr.exe"), "sqlservr.exe", 1433, "undecided"),
    (Words("Service", service="MSSQLSERVER"), "sqlservr.exe", 1433, "undecided"),
    (Words("Service", service="Any"), "sqlservr.exe", 1433, "undecided"),
    (Words("Browser", program=r"C:\SQL\sqlbrowser.exe"), "sqlservr.exe", 1433, "deny"),
    (Words("SQL", program=r"C:\SQL\sqlservr.exe"), "agent-of-a-pack", 1433, "undecided"),
])
def test_programs_services_and_keywords(rule: Words, listener: str, port: int, expected: str) -> None:
    assert verdict(firewall(profiles() + listing(rule)), packet(port), listener=listener) == expected


def test_an_echo_request_needs_its_type() -> None:
    echo = Words("Echo", protocol="ICMPv4", icmp=(("8", "Any"),), program="System")
    found = firewall(profiles() + listing(echo))
    assert verdict(found, packet(0, ICMP, source_port=8), listener="icmp") == "permit"
    assert verdict(found, packet(0, ICMP, source_port=13), listener="icmp") == "deny"
    assert {TCP, UDP, ICMP} <= found.stateful


# Addresses


@pytest.mark.parametrize(("written", "expected"), [
    ("10.0.0.0/8", "permit"), ("10.9.9.0/255.255.255.0", "permit"), ("10.9.9.77/24", "permit"),
    ("10.9.9.1-10.9.9.9", "permit"), ("10.9.9.9", "permit"), ("10.9.8.0/24,10.9.9.9/32", "permit"),
    ("10.9.9.10/32", "deny"), ("fe80::/64", "deny"), ("2001:db8::1", "deny"),
    ("LocalSubnet", "undecided"), ("DNS,10.9.9.9", "permit"), ("10.0.0.0/255.0.255.0", "undecided"),
    ("10.9.9.9-10.9.9.1", "undecided"), ("10.9.9.1-10.9.9.9/24", "undecided"), ("Internet", "undecided"),
    ("2001:db8::/255.255.255.0", "undecided"), ("10.9.9.0/ffff::", "undecided"),
])
def test_remote_addresses(written: str, expected: str) -> None:
    assert smb(Words("SMB", local_port="445", remote_ip=written)) == expected


def test_a_fact_says_what_a_keyword_stands_for() -> None:
    local = Words("SMB", local_port="445", remote_ip="LocalSubnet")
    key = "LocalSubnet of fw0.txt"
    assert smb(local, facts={key: parse("10.9.0.0/16")}) == "permit"
    assert smb(local, facts={key: parse("10.8.0.0/16")}) == "deny"


# IPsec


def test_an_authenticated_rule_is_open_and_beats_a_plain_allow() -> None:
    secure = Words("secure SMB", local_port="445", security="Authenticate")
    assert smb(secure) == smb(SMB, secure) == "undecided"
    assert smb(secure, facts={"IPsec": True}) == "permit"
    assert smb(SMB, secure, facts={"IPsec": False}) == "undecided"
    assert smb(SMB, secure, facts={"IPsec": False, "IPsec block": False}) == "permit"


def test_an_authenticated_bypass_beats_a_block() -> None:
    block = Words("no SMB", local_port="445", action="Block")
    bypass = Words("scanner", local_port="445", action="Bypass", security="Authenticate",
                   computers="O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)")
    assert smb(SMB, block) == "deny"
    assert smb(block, bypass) == "undecided"
    assert smb(block, Words("scanner", local_port="445", action="Bypass")) == "deny"  # Windows enforces none
    assert smb(SMB, bypass) == smb(SMB, bypass, facts={"IPsec": False}) == "permit"  # it blocks nothing


# What the files do not show


def test_without_verbose_an_allow_is_an_upper_bound() -> None:
    found = firewall(profiles() + listing(Words("SMB", local_port="445", verbose=False)))
    assert verdict(found, packet(445), listener="system-smb") == "undecided"
    assert verdict(found, packet(446), listener="system-smb") == "deny"
    assert any("upper bound" in note.reason for note in found.notes)


def test_without_profile_settings_nothing_is_sure() -> None:
    found = firewall(listing(SMB))
    assert {verdict(found, packet(port), listener="system-smb") for port in (445, 446)} == {"undecided"}
    assert found.defaults["inbound Domain"].span.first_line == 1
    defaults = Context({"profile settings differ from the defaults": False})
    assert [verdict(found, packet(port), listener="system-smb", facts=defaults) for port in (445, 446)] \
        == ["permit", "deny"]
    differ = Context({"profile settings differ from the defaults": True})
    assert verdict(found, packet(445), listener="system-smb", facts=differ) == "undecided"


def test_a_direction_that_no_file_shows_is_open() -> None:
    found = firewall(profiles() + SMB.text() + replace(SMB, name="Web", local_port="80").text() + "Ok.\n")
    assert verdict(found, packet(445), listener="system-smb") == "permit"
    assert verdict(found, packet(80, out=True), hook="output") == "undecided"


def test_a_script_adds_to_rules_that_it_does_not_show() -> None:
    add = "netsh advfirewall firewall add rule name=x dir=in protocol=tcp localport="
    found = firewall(profiles(), f"{add}445 action=allow\n{add}80 action=block\n")
    assert [verdict(found, packet(port)) for port in (445, 80, 81)] == ["undecided", "deny", "undecided"]
    alone = Context({"rules that are not in the files": False})
    assert [verdict(found, packet(port), facts=alone) for port in (445, 80, 81)] == ["permit", "deny", "deny"]


# Group Policy


def test_local_rules_do_not_count_where_group_policy_says_so() -> None:
    found = firewall(profiles(local_rules="Disable") + listing(SMB))
    assert verdict(found, packet(445), listener="system-smb") == "undecided"  # its own rules are not given
    none = Context({"rules of Group Policy that are not in the files": False})
    assert verdict(found, packet(445), listener="system-smb", facts=none) == "deny"
    whose = firewall(profiles(local_rules="Disable") + listing(Words("SMB", local_port="445", source="?")))
    assert verdict(whose, packet(445), facts=none) == "undecided"


def test_local_rules_count_in_the_profiles_where_group_policy_lets_them() -> None:
    label = f"{'LocalFirewallRules':38}"
    of_domain = profiles().replace(f"{label}N/A (GPO-store only)", f"{label}Disable", 1)
    none = {"rules of Group Policy that are not in the files": False}
    whose = Words("SMB", profiles="Private", local_port="445", source="?")
    assert [smb(SMB, settings=of_domain, profile=each, facts=none) for each in ("domain", "private")] == [
        "deny", "permit"]
    assert smb(whose, settings=of_domain, profile="private", facts=none) == "permit"


def test_group_policy_wins_where_it_is_configured_and_block_all_wherever_it_stands() -> None:
    local = ProfileSettings(1, "Domain", "local", enabled=False, inbound="Allow", block_all_inbound=True)
    policy = ProfileSettings(2, "Domain", "policy", enabled=True)
    found = effective("Domain", [(local, 1), (policy, 2)])
    assert (found.enabled, found.inbound_allowed, found.block_all_inbound, found.known) == (True,) * 4
    assert found.line == 2  # of what wins
    assert not effective("Domain", [(policy, 2)]).known  # what it leaves alone is not in the files
    assert not effective("Public", [(policy, 2)]).known


def test_finer_switches_of_the_merge() -> None:
    some = Effective("Domain", True, 1, local_programs=False, local_ports=False)
    rule = WindowsRule(1, "x", "In", "Allow", True, protocol=TCP, store="local")
    assert [some.takes(each) for each in (
        WindowsRule(1, "x", "In", "Allow", True, protocol=TCP, program="x.exe"),
        WindowsRule(1, "x", "In", "Allow", True, protocol=TCP, local_ports=("80",)),
        WindowsRule(1, "x", "In", "Allow", True, protocol=TCP, local_ports=("80", "81")),
        WindowsRule(1, "x", "In", "Allow", True, protocol=TCP, program="x.exe", local_ports=("80",)),
        rule)] == [False, False, True, True, True]


# What only registry and PowerShell exports have


def converted(rule: WindowsRule, system: tuple[int, int] | None = None) -> list[tuple[str, bool, list[str]]]:
    """Convert one rule: actions, whether it is enabled, and the facts that it waits for."""
    settings = [Effective(each, True, 1) for each in PROFILES]
    return [(made.action.value, made.enabled, [condition.key for condition in made.conditions])
            for _, made in rules.rules(rule, 1, Host("h", settings, system))]


def test_local_only_mapping_opens_an_allow_to_all() -> None:
    allow = WindowsRule(1, "x", "In", "Allow", True, protocol=TCP, local_ports=("80",),
                        remote_addresses=("10.0.0.0/8",), local_only_mapping=True)
    block = WindowsRule(1, "x", "In", "Block", True, protocol=TCP, remote_addresses=("10.0.0.0/8",),
                        local_only_mapping=True)
    settings = [Effective(each, True, 1) for each in PROFILES]
    [(_, open_), (_, closed)] = [made for rule in (allow, block)
                                 for made in rules.rules(rule, 1, Host("h", settings))]
    assert parse("192.0.2.1") <= open_.sources
    assert closed.sources == parse("10.0.0.0/8")


@pytest.mark.parametrize(("system", "enabled", "open_"), [
    ((6, 1), False, False), ((6, 2), True, False), ((10, 0), True, False), (None, True, True)])
def test_platforms(system: tuple[int, int] | None, enabled: bool, open_: bool) -> None:
    rule = WindowsRule(1, "x", "In", "Allow", True, platforms=("2:6:2+",))
    assert converted(rule, system) == [("permit", enabled, ["platform 2:6:2+"] if open_ else [])]


@pytest.mark.parametrize("written", ["x", "2:x:1", "2:6", "1:6:1", "2:6:1:0"])
def test_a_platform_that_cannot_be_read_stays_open(written: str) -> None:
    rule = WindowsRule(1, "x", "In", "Allow", True, platforms=(written,))
    assert converted(rule, (6, 1)) == [("permit", True, [f"platform {written}"])]


def test_a_bypass_of_which_no_ipsec_is_shown_is_not_said_to_break_the_law() -> None:
    rule = WindowsRule(1, "x", "In", "ByPass", True, hidden=frozenset({"security"}))
    assert converted(rule) == [("permit", True, ["hidden conditions of 'x' (line 1)", "IPsec"])]


@pytest.mark.parametrize(("rule", "counts"), [
    (WindowsRule(1, "ports of any protocol", "In", "Allow", True, local_ports=("80",)), False),
    (WindowsRule(1, "types of TCP", "In", "Allow", True, protocol=TCP, icmp=("8:*",)), False),
    (WindowsRule(1, "RPC over UDP", "In", "Allow", True, protocol=UDP, local_ports=("RPC",)), False),
    (WindowsRule(1, "a bypass for all", "In", "ByPass", True, security="Authenticate"), False),
    (WindowsRule(1, "a block of no protocol", "In", "Block", True, local_ports=("80",)), True),
    (WindowsRule(1, "a block with IPsec", "In", "Block", True, security="Authenticate"), True),
    (WindowsRule(1, "users without IPsec", "In", "Allow", True, remote_users="O:LS"), True),
])
def test_rules_that_windows_refuses_let_nothing_through(rule: WindowsRule, *, counts: bool) -> None:
    """MS-FASP 2.2.37; a block that breaks the law is left open, since it may be enforced after all."""
    for _, enabled, keys in converted(rule):
        assert enabled is counts
        assert f"'{rule.name}' (line 1) is enforced" in keys


@pytest.mark.parametrize("how", [
    {"protocol": None, "local_ports": ("445",)}, {"security": "Authenticate"},
    {"local_users": "D:(A;;CC;;;WD)"}, {"owner": "S-1-5-18"},
])
def test_no_usual_answer_takes_a_block_away(how: dict[str, Any]) -> None:
    rule = replace(WindowsRule(1, "x", "In", "Block", enabled=True, protocol=TCP), **how)
    settings = [Effective(each, True, 1) for each in PROFILES]
    for _, made in rules.rules(rule, 1, Host("h", settings)):
        assert [each.usual for each in made.conditions if isinstance(each, Opaque)] == [None]


def test_other_tests_stay_open_with_their_words() -> None:
    rule = WindowsRule(1, "x", "In", "Allow", True, tests=("NEW=x",), local_users="D:(A;;CC;;;S-1)",
                       owner="S-1-5", interface_types=("Wireless",), interfaces=("{GUID}",), icmp=("x",),
                       protocol=ICMP, platforms=("x",))
    assert converted(rule, (10, 0)) == [("permit", True, [
        "interface type wireless", "local users of 'x' (line 1)", "owner of 'x' (line 1)",
        "NEW=x", "platform x", "ICMP types of 'x'", ""])]


SYSTEM = WindowsRule(1, "WFD Driver-only (TCP-In)", "In", "Allow", True, protocol=TCP, program="System")


@pytest.mark.parametrize(("how", "expected"), [
    ({}, "permit"), ({"tests": ("TTK2_27=WFDKmDriver",)}, "deny"), ({"group": "@wlansvc.dll,-36865"}, "deny"),
    ({"id": "WiFiDirect-KM-Driver-In-TCP"}, "deny"), ({"tests": ("DynamicTarget=ProximityApps",)}, "deny"),
    ({"group": "Regeln von Windows"}, "undecided"), ({"tests": ("TTK2_99=NewKind",)}, "undecided"),
    ({"group": "Regeln von Windows", "id": "x"}, "permit"),
])
def test_a_rule_for_paired_devices_opens_nothing_to_a_site(how: dict[str, Any], expected: str) -> None:
    """Windows 10 ships it enabled, and PowerShell shows it as any port of System for everybody."""
    settings = [Effective(each, True, 1) for each in PROFILES]
    made = [rule for _, rule in rules.rules(replace(SYSTEM, **how), 1, Host("h", settings))]
    answers = {settle(each, Context(listener="system-smb")) for each in made[0].conditions}
    got = "deny" if Ternary.NO in answers else "undecided" if Ternary.UNKNOWN in answers else "permit"
    assert got == expected


def test_an_adapter_without_the_firewall_lets_everything_through() -> None:
    some = [Effective(each, True, 1, disabled_interfaces=("Ethernet 2",)) for each in PROFILES]
    for way, known, expected in (("In", Place("Ethernet 2", profile="Domain"), Ternary.YES),
                                 ("In", Place("Ethernet", profile="Domain"), Ternary.NO),
                                 ("In", Place(profile="Domain"), Ternary.UNKNOWN),
                                 ("Out", Place("", "Ethernet 2", profile="Domain"), Ternary.YES)):
        first = next(implicit.states(some, "In" if way == "In" else "Out", ()))
        assert [settle(each, Context(place=known)) for each in first.conditions] == [Ternary.YES, expected]


def test_an_application_package_is_none_of_windows_own_listeners() -> None:
    rule = WindowsRule(1, "app", "In", "Allow", True, package="S-1-15-2-1")
    settings = [Effective(each, True, 1) for each in PROFILES]
    [(_, made)] = rules.rules(rule, 1, Host("h", settings))
    answers = {listener: settle(made.conditions[0], Context(listener=listener))
               for listener in (*listeners.LISTENERS, "")}
    assert answers == dict.fromkeys(listeners.LISTENERS, Ternary.NO) | {"": Ternary.UNKNOWN}


def test_every_part_that_an_export_may_hide_has_a_word() -> None:
    assert set(hidden._PARTS) == set(get_args(Aspect))
