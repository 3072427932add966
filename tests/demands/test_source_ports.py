"""Demands come from the ports that the initiator's system opens connections from, and from no others.

Microsoft KB 929851: 1025-5000 up to Windows XP and Server 2003, 49152-65535 since Windows Vista. All of them
lie in 1024-65535, which stands for a system that is not known.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.demands.demands import Plan, plan
from aclproof.linter.demands.systems import RoleSystem
from aclproof.linter.site.site import Site
from aclproof.parsers.model.addresses import parse
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.rules.loader import load_pack
from aclproof.rules.settings import MissingSettingError, applies, resolve

PACK = rules.load("configmgr-2007")
OLD, NEW, UNKNOWN = ((1025, 5000),), ((49152, 65535),), ((1024, 65535),)
ROLES = {"client": parse("10.20.0.0/16"), "site-server": parse("10.1.1.10"),
         "management-point": parse("10.1.1.11")}
SITE = """\
settings: {{mode: mixed{settings}}}
methods: [{method}]
roles:
  client: [10.20.0.0/16]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
firewalls:
  - {{name: fw, config: {config}}}
"""
ASA = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 50
 ip address 10.20.0.1 255.255.0.0
access-group CLIENTS in interface clients
"""
REG = """\
Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy]
"PolicyVersion"=dword:0000020a

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\DomainProfile]
"EnableFirewall"=dword:00000001

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]
"RPC"="v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=49152-65535|Name=rpc|"
"""
"""Of Windows 7: policy version 2.10 (MS-FASP)."""

Output = pytest.CaptureFixture[str]


def planned(settings: dict[str, str | list[str] | None] | None = None, **systems: RoleSystem) -> Plan:
    given = {"mode": "mixed", **(settings or {})}
    site = Site(ROLES, (), methods=("client-push",), settings=given)
    return plan(site, PACK, {role.replace("_", "-"): each for role, each in systems.items()})


def ports(work: Plan, requirement: str) -> tuple[tuple[int, int], ...]:
    demand = next(each for each in work.demands if each.requirement.id == f"CM2007-PUSH-{requirement}")
    box = demand.request.boxes[0]
    request, reply, later = demand.legs
    assert reply.boxes[0].destination_ports == box.source_ports  # turned round
    assert later.boxes == request.boxes
    return box.source_ports.ranges


def system(*names: str, ranges: tuple[tuple[int, int], ...]) -> RoleSystem:
    return RoleSystem("pc: some Windows", names, IntervalSet.of(*ranges))


@pytest.mark.parametrize(("client_os", "expected"), [
    ("windows-2000", OLD), ("windows-xp", OLD), ("windows-server-2003-r2", OLD), ("windows-vista", NEW),
    ("windows-7", NEW), ("windows-8.1", NEW), ("windows-11", NEW), ("windows-server-2025", NEW),
    ("mixed", UNKNOWN), (None, UNKNOWN)])
def test_clients_connect_from_the_ports_of_their_system(client_os: str | None,
                                                        expected: tuple[tuple[int, int], ...]) -> None:
    work = planned({"client-os": client_os} if client_os else None)
    assert ports(work, "MP-HTTP") == expected
    assert ports(work, "SMB") == UNKNOWN  # of the site server nothing is known


def test_what_is_given_counts_for_all() -> None:
    work = planned({"client-os": "windows-xp", "ephemeral-ports": ["2000-3000", "60000-65535"]})
    assert ports(work, "MP-HTTP") == ports(work, "SMB") == ((2000, 3000), (60000, 65535))


def test_an_export_tells_the_system_of_its_own_role() -> None:
    seven = system("windows-7", "windows-server-2008-r2", ranges=NEW)
    work = planned(client=seven)
    assert ports(work, "MP-HTTP") == NEW
    assert work.settings.values["client-os"] == "windows-7"
    assert work.settings.values["rpc-dynamic-ports"] == NEW
    assert ports(work, "SMB") == UNKNOWN
    assert ports(planned(site_server=seven), "SMB") == NEW
    assert ports(planned(site_server=seven), "MP-HTTP") == UNKNOWN


def test_what_is_given_beats_an_export() -> None:
    work = planned({"client-os": "mixed"}, client=system("windows-7", ranges=NEW))
    assert ports(work, "MP-HTTP") == UNKNOWN
    assert work.settings.values["rpc-dynamic-ports"] == OLD + NEW


def test_hosts_of_several_systems_need_the_ports_of_all() -> None:
    work = planned(client=system("windows-xp", "windows-7", ranges=OLD + NEW))
    assert work.settings.values["rpc-dynamic-ports"] == ports(work, "MP-HTTP") == OLD + NEW


def test_a_condition_on_what_an_export_leaves_open_asks_the_user() -> None:
    text = (Path(rules.__file__).parent / "configmgr-2007.yaml").read_text(encoding="utf-8")
    pack = load_pack(text.replace("when: {setting: epm-udp, is: true}",
                                  "when: {setting: client-os, is: windows-11}"), "p")
    udp = next(each for each in pack.requirements if each.id == "CM2007-PUSH-EPM-UDP")
    ten = resolve(pack, {}, {"client": ("windows-10", "windows-11")})
    with pytest.raises(MissingSettingError):
        applies(udp.when, ten, ())
    assert applies(udp.when, resolve(pack, {}, {"client": ("windows-11",)}), ())
    assert not applies(udp.when, resolve(pack, {}, {"client": ("windows-7",)}), ())


# Whole checks


def site(folder: Path, text: str, config: str = "fw.cfg", method: str = "group-policy",
         settings: str = "", more: str = "") -> str:
    (folder / config).write_text(text, encoding="utf-8")
    file = folder / "aclproof.yaml"
    file.write_text(SITE.format(config=config + more, method=method, settings=settings), encoding="utf-8")
    return str(file)


def check(capsys: Output, *arguments: str) -> tuple[int, str]:
    code = run(["check", *arguments])
    return code, capsys.readouterr().out


def report(capsys: Output, file: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(check(capsys, file, "--format", "json")[1])
    return told


def result(capsys: Output, file: str) -> dict[str, Any]:
    results: list[dict[str, Any]] = report(capsys, file)["results"]
    return next(each for each in results if each["requirement"] == "CM2007-GPO-MP-HTTP")


@pytest.mark.parametrize("acl", [
    "access-list CLIENTS extended permit tcp any gt 1023 host 10.1.1.11 eq www\n",
    "access-list CLIENTS extended deny tcp any lt 1024 any\naccess-list CLIENTS extended permit ip any any\n",
    "access-list CLIENTS extended deny tcp any eq 0 any\naccess-list CLIENTS extended permit ip any any\n"])
def test_ports_of_the_system_are_not_asked_for(tmp_path: Path, capsys: Output, acl: str) -> None:
    code, text = check(capsys, site(tmp_path, ASA + acl))
    assert code == 0
    assert "ephemeral-ports 1024-65535" in " ".join(text.split())


def test_a_port_that_some_system_uses_is_asked_for(tmp_path: Path, capsys: Output) -> None:
    acl = "access-list CLIENTS extended deny tcp any eq 60000 any\n" \
          "access-list CLIENTS extended permit ip any any\n"
    file = site(tmp_path, ASA + acl)
    code, text = check(capsys, file)
    assert code == 1
    assert "Missing     less than 1 % of it" in text  # one port of 64,512, so nearly all of it passes
    assert "TCP 80 from source port 60000" in text
    assert result(capsys, file)["coverage"] == {"permitted": 65536 * 64511, "required": 65536 * 64512,
                                                  "stopped": 65536}
    xp = site(tmp_path, ASA + acl, settings=", client-os: windows-xp")
    assert check(capsys, xp)[0] == 0  # 60000 is beyond 5000


def test_a_permit_for_the_wrong_system_lacks_the_rest(tmp_path: Path, capsys: Output) -> None:
    acl = "access-list CLIENTS extended permit tcp any range 1025 5000 host 10.1.1.11 eq 80\n"
    file = site(tmp_path, ASA + acl, settings=", client-os: windows-10")
    code, text = check(capsys, file)
    assert code == 1
    assert "all of it" in text
    assert "from source port" not in text  # all that the clients use lacks
    assert result(capsys, file)["missing"][0]["source_ports"] == ["49152-65535"]


@pytest.mark.parametrize("form", ["text", "json", "html", "markdown", "csv", "junit", "sarif", "github"])
def test_no_report_speaks_of_packets_that_nobody_sends(tmp_path: Path, capsys: Output, form: str) -> None:
    text = check(capsys, site(tmp_path, ASA, method="client-push"), "--format", form)[1]
    assert "source port 0" not in text
    assert "0-65535" not in text
    assert ":0 " not in text


def test_a_permit_of_fix_names_no_source_port(tmp_path: Path, capsys: Output) -> None:
    run(["fix", site(tmp_path, ASA + "access-list CLIENTS extended deny ip any any\n",
                     settings=", client-os: windows-7")])
    lines = capsys.readouterr().out
    assert "permit tcp 10.20.0.0 255.255.0.0 host 10.1.1.11 eq www" in lines.replace("eq 80", "eq www")
    assert "met, and nothing" in lines


def test_a_port_request_names_no_source_port(tmp_path: Path, capsys: Output) -> None:
    run(["requirements", site(tmp_path, ASA, settings=", client-os: windows-7"), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["flows"][0]["source_ports"] == ["0-65535"]


STATELESS = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A FORWARD -s 10.20.0.0/16 -d 10.1.1.11/32 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.1.1.11/32 -d 10.20.0.0/16 -p tcp -m tcp --sport 80 --dport {back} -j ACCEPT
COMMIT
"""


def test_answers_go_back_to_the_same_ports(tmp_path: Path, capsys: Output) -> None:
    assert check(capsys, site(tmp_path, STATELESS.format(back="1024:65535"), "gw.rules"))[0] == 0
    file = site(tmp_path, STATELESS.format(back="49152:65535"), "gw.rules")
    code, text = check(capsys, file)
    assert code == 1
    assert "TCP 1024-49151 from source port 80" in " ".join(text.split())
    assert check(capsys, site(tmp_path, STATELESS.format(back="49152:65535"), "gw.rules",
                              settings=", client-os: windows-10"))[0] == 0


HOST = ", host: client, profile: domain"


def test_an_export_is_believed_and_said_to_be(tmp_path: Path, capsys: Output) -> None:
    file = site(tmp_path, REG, "c.reg", "client-push", more=HOST)
    told = report(capsys, file)
    assert {each["requirement"]: each["verdict"] for each in told["results"]}["CM2007-PUSH-RPC"] == "met"
    known = {each["key"]: each["value"] for each in told["assumptions"]}
    assert known["client-os"] == "windows-7 (fw: Windows 6.1)"
    assert known["rpc-dynamic-ports"] == "49152-65535"
    assert known["ephemeral-ports"] == "site-server 1024-65535; client 49152-65535"


def test_a_system_that_the_export_excludes_is_refused(tmp_path: Path, capsys: Output) -> None:
    file = site(tmp_path, REG, "c.reg", "client-push", ", client-os: windows-xp", HOST)
    assert run(["check", file]) == 2
    said = capsys.readouterr().err
    assert "windows-xp is not what client runs on (fw: Windows 6.1): write windows-7" in said


def test_another_system_with_the_same_ports_is_taken_as_given(tmp_path: Path, capsys: Output) -> None:
    file = site(tmp_path, REG, "c.reg", "client-push", ", client-os: windows-10", HOST)
    assert check(capsys, file)[0] == 1
    assert "client-os" not in [each["key"] for each in report(capsys, file)["assumptions"]]


NAT = """\
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.20.0.0/16 -o eth0 -j SNAT --to-source {to}
COMMIT
*filter
:FORWARD ACCEPT [0:0]
COMMIT
"""
DYNAMIC_ONLY = """\
*filter
:FORWARD DROP [0:0]
-A FORWARD -m state --state ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --sport 49152:65535 --dport 80 -j ACCEPT
COMMIT
"""


def test_after_a_translation_of_many_hosts_to_one_any_port_may_come(tmp_path: Path, capsys: Output) -> None:
    """Two clients may use one port at the same time: the kernel then takes another from 1024 up."""
    (tmp_path / "nat.rules").write_text(NAT.format(to="10.99.0.1"), encoding="utf-8")
    before = "nat.rules, interfaces: {client: eth1, management-point: eth0}"
    file = site(tmp_path, DYNAMIC_ONLY, "gw.rules", settings=", client-os: windows-10",
                more="}\n  - {name: nat, config: " + before)
    text = Path(file).read_text(encoding="utf-8").splitlines()
    text[-2:] = reversed(text[-2:])  # the clients meet the translation first
    Path(file).write_text("\n".join(text) + "\n", encoding="utf-8")
    assert check(capsys, file)[0] in (1, 3)
    netmap = NAT.format(to="-").replace("SNAT --to-source -", "NETMAP --to 10.98.0.0/16")
    (tmp_path / "nat.rules").write_text(netmap, encoding="utf-8")
    assert check(capsys, file)[0] == 0  # an address for each
    (tmp_path / "nat.rules").write_text(NAT.format(to="10.99.0.1"), encoding="utf-8")
    text[-2:] = reversed(text[-2:])  # and last
    Path(file).write_text("\n".join(text) + "\n", encoding="utf-8")
    assert check(capsys, file)[0] == 0
