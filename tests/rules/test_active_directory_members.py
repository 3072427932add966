"""The pack of domain members says what Microsoft's articles say, row by row.

The rows are those of the second table of KB 179442 (MicrosoftDocs/SupportArticles-docs, commit 203da2e2),
with their cells as printed; what each method needs is compared with the tables of the guidance for domain
joins (commit 000eddbb) and of KB 832017 (commit 08127321).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.rules.pack import EPHEMERAL_PORTS, Equals, Requirement
from aclproof.rules.settings import applies, leaves, ports_of, resolve
from tests.rules.test_readme import HOST

PACK = rules.load("active-directory-members")
REQUIREMENTS = {one.id.removeprefix("AD-"): one for one in PACK.requirements}
ROWS = {  # number: server port as printed, service, the requirements that it became
    "1": ("123/UDP", "W32Time", {"TIME"}),
    "2": ("135/TCP", "RPC Endpoint Mapper", {"EPM"}),
    "3": ("464/TCP/UDP", "Kerberos password change", {"PASSWORD-TCP", "PASSWORD-UDP"}),
    "4": ("49152-65535/TCP", "RPC for LSA, SAM, NetLogon", {"RPC"}),
    "5": ("389/TCP/UDP", "LDAP", {"LDAP", "LOCATOR"}),
    "6": ("636/TCP", "LDAP SSL", {"LDAP-TLS"}),
    "7": ("3268/TCP", "LDAP GC", {"GC"}),
    "8": ("3269/TCP", "LDAP GC SSL", {"GC-TLS"}),
    "9": ("53/TCP/UDP", "DNS", {"DNS-TCP", "DNS-UDP"}),
    "10": ("49152-65535/TCP", "FRS RPC", set()),  # between domain controllers
    "11": ("88/TCP/UDP", "Kerberos", {"KERBEROS-TCP", "KERBEROS-UDP"}),
    "12": ("445/TCP", "SMB", {"SMB"}),
    "13": ("49152-65535/TCP", "DFSR RPC", set())}  # between domain controllers
JOIN = {  # "Port Requirements" of the guidance for domain joins; its RPC row says 1024-65535
    ("tcp", 53), ("udp", 53), ("udp", 389), ("tcp", 389), ("tcp", 88), ("tcp", 135), ("tcp", 445),
    ("tcp", 49152)}
GROUP_POLICY = {("tcp", 88), ("tcp", 389), ("tcp", 445), ("tcp", 135), ("tcp", 49152)}
"""KB 832017: Kerberos, LDAP, SMB and RPC; that the domain controller is found first, its DC Locator says."""


def services(method: str, *roles: str, **given: str) -> set[tuple[str, int]]:
    settings = resolve(PACK, {name.replace("_", "-"): value for name, value in given.items()})
    return {(one.protocol, ports_of(one, settings)[0][0]) for one in PACK.requirements
            if method in one.methods and one.severity == "error" and applies(one.when, settings, roles)}


@pytest.mark.parametrize("row", ROWS)
def test_the_requirements_say_what_the_row_says(row: str) -> None:
    port, _, names = ROWS[row]
    for name in names:
        one = REQUIREMENTS[name]
        assert (one.citation.page, one.citation.table, one.citation.row) == (
            "config-firewall-for-ad-domains-and-trusts", "Windows Server 2008 and later versions", row)
        assert "-".join(str(each) for each in dict.fromkeys(ports_of(one, resolve(PACK, {}))[0])) == \
            port.split("/")[0]
    assert {REQUIREMENTS[name].protocol.upper() for name in names} <= set(port.split("/")[1:])
    assert not names or len(names) == len(port.split("/")[1:])


def test_every_requirement_has_its_row_but_the_ping() -> None:
    assert REQUIREMENTS.keys() - set().union(*(names for _, _, names in ROWS.values())) == {"ECHO"}
    assert {name for name, one in REQUIREMENTS.items() if one.severity == "warning"} == {"ECHO"}


def test_what_a_method_needs_is_what_its_own_table_lists() -> None:
    dns, locator = {("udp", 53), ("tcp", 53)}, {("udp", 389)}
    assert services("join") == JOIN
    assert services("group-policy") == GROUP_POLICY | dns | locator
    assert services("logon") == JOIN - {("tcp", 389)} | {("udp", 88)}
    assert services("time") == dns | locator | {("tcp", 88), ("udp", 123)}
    assert services("password-change") == dns | locator | {("tcp", 88), ("tcp", 464), ("udp", 464)}


def test_features_ask_for_their_ports_alone() -> None:
    search = {("udp", 53), ("tcp", 53), ("tcp", 389)}
    assert services("directory-search") == search
    assert services("directory-search", "global-catalog") == search | {("tcp", 3268)}
    assert services("directory-search", ldap_tls="true") == search | {("tcp", 636)}
    assert services("directory-search", "global-catalog", ldap_tls="true") == search | {
        ("tcp", 636), ("tcp", 3268), ("tcp", 3269)}
    assert ("udp", 88) not in services("logon", kerberos_udp="false")


@pytest.mark.parametrize("one", PACK.requirements, ids=list(REQUIREMENTS))
def test_the_member_opens_and_the_right_service_listens(one: Requirement) -> None:
    assert one.source == "member"
    listeners = {53: "dns", 123: "windows-time", 135: "endpoint-mapper", 445: "system-smb"}
    ports = ports_of(one, resolve(PACK, {}))
    listeners |= {49152: "mapped-rpc"}
    assert one.listener == (listeners.get(ports[0][0], "lsass") if ports else "icmp")


def test_every_role_and_setting_is_used_and_none_is_a_client() -> None:
    assert {name for one in PACK.requirements for name in (one.source, one.destination)} == {
        role.id for role in PACK.roles}
    assert "client" not in {role.id for role in PACK.roles}
    asked = {leaf.setting for one in PACK.requirements for _, leaf in leaves(one.when)
             if isinstance(leaf, Equals)}
    asked |= {port for one in PACK.requirements for port in one.ports if isinstance(port, str)}
    assert asked == {setting.id for setting in PACK.settings} - {EPHEMERAL_PORTS, "member-os"}


NO_RULES = HOST[:HOST.index('"wake"')]


@pytest.mark.parametrize(("program", "verdict"), [
    ("", "met"), ("App=%SystemRoot%\\\\system32\\\\svchost.exe|", "undecided"),
    ("App=%SystemRoot%\\\\System32\\\\lsass.exe|", "undecided"), ("App=System|", "missing")])
def test_a_rule_for_another_program_never_opens_rpc_of_lsass(
        program: str, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dc.reg").write_text(f'{NO_RULES}"rpc"="v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|'
                                     f'LPort=49152-65535|{program}Name=RPC|"\n')
    (tmp_path / "aclproof.yaml").write_text(
        "pack: active-directory-members\nmethods: [logon]\n"
        "roles: {member: [10.20.0.0/16], domain-controller: [10.1.1.10], dns-server: [10.1.1.10]}\n"
        "firewalls: [{name: dc, config: dc.reg, host: domain-controller, profile: domain}]\n")
    run(["check", str(tmp_path / "aclproof.yaml"), "--format", "json"])
    found = {each["requirement"]: each["verdict"] for each in json.loads(capsys.readouterr().out)["results"]}
    assert found["AD-RPC"] == verdict
