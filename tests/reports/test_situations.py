"""Installations that failed, as people reported them: the first screen names the cause.

Each input has the shape of the one in its thread, with addresses and names of our own; what the cause was is
what was found there. A screen is 25 lines.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.parsers.windows.test_powershell import PROFILE, RULE, documented
from tests.parsers.windows.windows import SVCHOST, Words, listing, profiles

SCREEN = 25
SERVER, CLIENTS = "host 10.1.1.10", "10.20.0.0 255.255.0.0"
PUSH = "methods: [client-push]\nroles: {client: [10.20.0.0/16], site-server: [10.1.1.10], " \
       "management-point: [10.1.1.11]}\n"
EDGE = "firewalls: [{name: edge, config: fw.cfg}]\n"
HOST = "firewalls: [{name: pc, config: [%s], host: client, profile: domain}]\n"
ASA = """ASA Version 9.8(2)
interface GigabitEthernet0/0
 nameif clients
 security-level 50
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif servers
 security-level 60
 ip address 10.1.1.1 255.255.255.0
"""
ECHO = [f"S permit icmp {SERVER} {CLIENTS} echo", f"C permit icmp {CLIENTS} {SERVER} echo-reply"]
WEB = f"C permit tcp {CLIENTS} host 10.1.1.11 eq 80"


def asa(*entries: str, before: str = ASA, after: str = "") -> str:
    """A firewall between clients (list C) and servers (list S)."""
    lines = "".join(f"access-list {each.replace(' ', ' extended ', 1)}\n" for each in entries)
    bound = "".join(f"access-group {name} in interface {where}\n" for name, where in (
        ("S", "servers"), ("C", "clients")) if f"access-list {name} " in lines)
    return before + lines + bound + after


def smb_and(*others: str) -> tuple[str, ...]:
    """What client push needs but the ports that a situation is about."""
    ports = [f"S permit tcp {SERVER} {CLIENTS} eq {port}" for port in (445, 135)]
    return (*ports, f"S permit udp {SERVER} {CLIENTS} eq 135", *ECHO, WEB, *others)


SUP = "methods: [software-update-point]\nroles: {client: [10.20.0.0/16], " \
      "software-update-point: [10.1.1.12]}\n"
WEB_ROLES = "methods: [group-policy]\nroles: {client: [10.20.0.0/16], management-point: [10.1.1.11]%s}\n"
INSPECT = "class-map inspection_default\n match default-inspection-traffic\npolicy-map global_policy\n " \
          "class inspection_default\n  inspect dcerpc\nservice-policy global_policy global\n"


def settings(**given: str) -> str:
    return f"settings: {json.dumps({name.replace('_', '-'): value for name, value in given.items()})}\n"


def site(*parts: str, **given: str) -> str:
    return settings(mode=given.pop("mode", "mixed"), **given) + "".join(parts)


def web(*lines: str) -> str:
    return asa(*(f"C permit tcp {CLIENTS} host {line}" for line in lines))


SEVEN, EIGHT = {"client_os": "windows-7"}, {"wsus_http_port": "8530"}
NETWORK = {
    "PoshPAIG 26: a part of the dynamic ports": (
        site(PUSH, EDGE, **SEVEN), asa(*smb_and(f"S permit tcp {SERVER} {CLIENTS} range 49000 55000")),
        ["CM2007-PUSH-RPC", r"fw\.cfg:16 permits it for some of the ports only: 49152-55000"]),
    "the dynamic ports of older clients": (
        site(PUSH, EDGE, **SEVEN), asa(*smb_and(f"S permit tcp {SERVER} {CLIENTS} range 1025 5000")),
        ["CM2007-PUSH-RPC", r"fw\.cfg:16 permits the same on TCP 1025-5000 only"]),
    "0x80072ee2: WSUS is on another port": (
        site(SUP, EDGE, **EIGHT), web("10.1.1.12 eq 80", "10.1.1.12 eq 443"),
        ["CM2007-SUP-HTTP", r"fw\.cfg:10 permits the same on TCP 80 only"]),
    "memdocs 950: the partner of port 8530": (
        site(SUP, EDGE, mode="native", **EIGHT), web("10.1.1.12 eq 8530"),
        ["CM2007-SUP-HTTPS", "permits the same on TCP 8530 only"]),
    "sccmclictr 181: the site moved to SSL": (
        site(WEB_ROLES % ", server-locator-point: [10.1.1.13], fallback-status-point: [10.1.1.14]", EDGE,
             mode="native", untrusted_clients="true"),
        web("10.1.1.11 eq 80", "10.1.1.13 eq 443", "10.1.1.14 eq 443"),
        ["CM2007-ALL-SLP, CM2007-ALL-FSP, CM2007-GPO-MP-HTTPS", "permits the same on TCP 443 only"]),
    "systemscenter.ru: workgroup clients need the locator": (
        site(WEB_ROLES % "", EDGE, untrusted_clients="true"), web("10.1.1.11 eq 80"),
        ["needs the role 'server-locator-point'"]),
    "note 1 of the source: IIS is on another port": (
        site(WEB_ROLES % "", EDGE, http_port="8080"), web("10.1.1.11 eq 80"),
        ["CM2007-GPO-MP-HTTP", r"fw\.cfg:10 permits the same on TCP 80 only"]),
    "KB925282: a secondary site pushes": (
        site(PUSH.replace("[10.1.1.10]", "[10.1.1.10, 10.1.1.20]"), EDGE, **SEVEN),
        asa(*smb_and(f"S permit tcp {SERVER} {CLIENTS} range 49152 65535")),
        ["CM2007-PUSH-SMB", r"permits it from 10\.1\.1\.10 only"]),
    "SCCMdocs 1053: no dynamic ports, no UDP 135": (
        site(PUSH, EDGE, **SEVEN), asa(f"S permit tcp {SERVER} {CLIENTS} eq 445",
                                       f"S permit tcp {SERVER} {CLIENTS} eq 135", *ECHO, WEB),
        [r"CM2007-PUSH-EPM-UDP \(warning\), CM2007-PUSH-RPC"]),
    "SCCMdocs 1402: 139 instead of 445": (
        site(WEB_ROLES % ", source-server: [10.1.1.15]", EDGE, ccmsetup_source="true"),
        web("10.1.1.11 eq 80", "10.1.1.15 eq 139"),
        ["CM2007-GPO-SOURCE", r"fw\.cfg:11 permits the same on TCP 139 only"]),
    "community 3126395: WMI through inspect dcerpc": (
        site(PUSH, EDGE, **SEVEN), asa(*smb_and(), after=INSPECT),
        ["works 6 of 6", "CM2007-PUSH-RPC .* but: .* relies on 'inspect dcerpc'"]),
    "the same on a release before 9.4": (
        site(PUSH, EDGE, **SEVEN), asa(*smb_and(), after=INSPECT).replace("9.8(2)", "9.1(7)"),
        ["works if 1 thing is so", "release 9.1 may miss WMI's activation",
         "works if 'inspect dcerpc: yes'"]),
    "8.3 migration guide: the list holds the mapped address": (
        site(WEB_ROLES.replace("10.1.1.11", "203.0.113.11") % "", EDGE),
        asa(f"C permit tcp {CLIENTS} host 203.0.113.11 eq 80",
            before=ASA + "object network MP\n host 10.1.1.11\n nat (servers,clients) static 203.0.113.11\n"),
        ["to the mapped address 203.0.113.11; this list is compared with the real one, 10.1.1.11"]),
    "a branch that moved to another network": (
        site(PUSH, EDGE, **SEVEN),
        asa(*(each.replace(CLIENTS, "10.24.0.0 255.255.0.0") for each in smb_and())),
        ["CM2007-PUSH-SMB", r"permits the same to 10\.24\.0\.0/16 only"])}


@pytest.mark.parametrize("name", NETWORK)
def test_at_a_firewall_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                               capsys: pytest.CaptureFixture[str], name: str) -> None:
    given, config, causes = NETWORK[name]
    found = screen(tmp_path, monkeypatch, capsys, {"aclproof.yaml": given, "fw.cfg": config})
    assert [cause for cause in causes if not re.search(cause, found)] == [], found


SHARING, WMI = "@FirewallAPI.dll,-28502", "@FirewallAPI.dll,-34251"
Shipped = tuple[str, str, str, dict[str, str]]
SMB_IN: Shipped = ("FPS-SMB-In-TCP", "File and Printer Sharing (SMB-In)", SHARING, {})
ECHO_IN = ("FPS-ICMP4-ERQ-In", "File and Printer Sharing (Echo Request - ICMPv4-In)", SHARING,
           {"Protocol": "ICMPv4", "LocalPort": "RPC", "IcmpType": "8"})
DCOM_IN = ("WMI-RPCSS-In-TCP", "Windows Management Instrumentation (DCOM-In)", WMI,
           {"LocalPort": "RPCEPMap", "Program": SVCHOST, "Service": "rpcss"})
WMI_IN = ("WMI-WINMGMT-In-TCP", "Windows Management Instrumentation (WMI-In)", WMI,
          {"LocalPort": "RPC", "Program": SVCHOST, "Service": "winmgmt"})


def powershell(*rules: tuple[Shipped, dict[str, str]], **of_profiles: str) -> str:
    """The documented export: rules, each with what is changed of it."""
    records, filters = [], {}
    for (key, title, group, columns), changed in rules:
        records.append(RULE | {"InstanceID": key, "DisplayName": title, "Group": group, "Profile": "Any"}
                       | changed)
        filters[key] = {"RemoteAddress": "Any"} | columns | changed
    export = documented(*records, **filters)
    export["Profile"] = [PROFILE | {"AllowLocalFirewallRules": "True", "Name": each} | of_profiles
                         for each in ("Domain", "Private", "Public")]
    return json.dumps(export, indent=2)


def shipped(**changed: str) -> list[tuple[Shipped, dict[str, str]]]:
    return [(each, changed) for each in (SMB_IN, ECHO_IN, DCOM_IN, WMI_IN)]


OFF = {"Enabled": "False"}
BLOCK: tuple[Shipped, dict[str, str]] = (("blk", "Block SMB inbound", "", {"Program": "Any"}),
                                         {"Action": "Block"})
GROUP_OFF = r"is disabled \(group 'Windows Management Instrumentation \(WMI\)'\)"
ON_HOST = {
    "gg682180: WMI is off": (
        powershell((SMB_IN, {}), (ECHO_IN, {}), (DCOM_IN, OFF), (WMI_IN, OFF)), "domain",
        [GROUP_OFF, r"DCOM-In\) \(WMI-RPCSS-In-TCP\)", "enable the group 'Windows Management"]),
    "cc766312: the network has another profile": (
        powershell(*shipped(Profile="Domain")), "public", ["permits it, but only in the profile Domain"]),
    "a block rule against ransomware": (
        powershell(*shipped(), BLOCK), "domain",
        [r"Block SMB inbound \(blk\): Inbound, Block, TCP, LocalPort 445",
         r"permits it, but the block rule of line \d+ wins"]),
    "gg682180: exactly what Microsoft asks for": (
        powershell(*shipped()), "domain", ["works, 1 warning"]),
    "sharing is for the local subnet only": (
        powershell(*shipped(RemoteAddress="LocalSubnet")), "domain",
        ["among the subnets of the host", '"LocalSubnet of fw.json": \\[FILL-IN\\]']),
    "mql 10270: Group Policy lets no local rule count": (
        powershell(*shipped(), AllowLocalFirewallRules="False"), "domain",
        ["is a local rule, and Group Policy lets only its own rules count"])}


@pytest.mark.parametrize("name", ON_HOST)
def test_at_the_firewall_of_the_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                       capsys: pytest.CaptureFixture[str], name: str) -> None:
    export, profile, causes = ON_HOST[name]
    given = site(PUSH, HOST.replace("domain", profile) % "fw.json", **SEVEN)
    found = screen(tmp_path, monkeypatch, capsys, {"aclproof.yaml": given, "fw.json": export})
    assert [cause for cause in causes if not re.search(cause, found)] == [], found
    assert not re.search(r"json:\d+ \{", found)
    assert "Group Policy" not in name or "enable the group" not in found


def test_netsh_without_verbose_names_the_group_that_is_off(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wmi = "Windows Management Instrumentation (WMI)"
    rules = listing(Words("File and Printer Sharing (SMB-In)", grouping="File and Printer Sharing",
                          local_port="445", verbose=False),
                    Words("WMI (DCOM-In)", grouping=wmi, local_port="135", enabled="No", verbose=False),
                    Words("WMI (WMI-In)", grouping=wmi, local_port="RPC", enabled="No", verbose=False))
    files = {"rules.txt": rules, "profiles.txt": profiles(),
             "aclproof.yaml": site(PUSH, HOST % "rules.txt, profiles.txt", **SEVEN)}
    found = screen(tmp_path, monkeypatch, capsys, files)
    assert re.search(GROUP_OFF, found), found


@pytest.mark.parametrize(("text", "name", "causes"), [
    ("Windows Registry Editor Version 5.00\n\n[{key}\\DomainProfile]\n\"EnableFirewall\"=dword:00000001\n\n"
     "[{key}\\DomainProfile\\RemoteAdminSettings]\n\"Enabled\"=dword:00000001\n"
     "\"RemoteAddresses\"=\"10.1.1.10\"\n\n", "policy.reg",
     ["works if [23] things are so", "Answer in the site file", "this is usual"]),
    ("\nDomain profile configuration (current):\n{dashes}\nOperational mode                  = Enable\n"
     "Exception mode                    = Enable\n\nService configuration for Domain profile:\n"
     "Mode     Customized  Name\n{dashes}\nEnable   No          File and Printer Sharing\n\n"
     "Standard profile configuration:\n{dashes}\nOperational mode                  = Enable\n"
     "Exception mode                    = Enable\n", "config.txt",
     [r"does not show of 'File and Printer Sharing' \(line 10\) \(addresses\)"])])
def test_windows_xp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
                    text: str, name: str, causes: list[str]) -> None:
    """Iowa's page: an exception by policy. aa389286: `netsh firewall show config` does not show the scope."""
    key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
    files = {name: text.format(key=key, dashes="-" * 70),
             "aclproof.yaml": site(PUSH, HOST % name, client_os="windows-xp")}
    found = screen(tmp_path, monkeypatch, capsys, files)
    assert [cause for cause in causes if not re.search(cause, found)] == [], found


def screen(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
           files: dict[str, str]) -> str:
    """The first lines of the report, or of what is said instead of one, without the breaks of its lines."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    run(["check"])
    out, err = capsys.readouterr()
    lines = (out or err).splitlines()[:SCREEN]
    return " ".join(" ".join(lines).split())
