"""In which order packets meet the firewalls of a site: by the pack's near role, whatever it is called.

`far` translates the server, so `near`, which permits the server's own address only, stops what comes through
`far` first. In the wrong order all of it would pass.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.result import DemandResult, Verdict
from aclproof.linter.site import paths, reader
from aclproof.linter.trace.order import firewalls_in_order
from aclproof.rules.strict_yaml import InputError

NEAR = """\
ASA Version 9.12(4)
hostname near
interface GigabitEthernet0/0
 nameif transit
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.0.1 255.255.0.0
access-list T extended permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 445
access-group T in interface transit
route transit 0.0.0.0 0.0.0.0 192.0.2.2 1
"""
FAR = """\
ASA Version 9.12(4)
hostname far
interface GigabitEthernet0/0
 nameif transit
 security-level 0
 ip address 192.0.2.2 255.255.255.0
interface GigabitEthernet0/1
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
object network SERVER
 host 10.1.1.10
 nat (servers,transit) static 192.0.2.10
route transit 10.20.0.0 255.255.0.0 192.0.2.1 1
"""
PACK = """\
id: acme
title: {en: Acme, de: Acme}
version: "1"
page: {url: "https://example.com/ports", edition: first}
methods: [{id: push, title: {en: Push, de: Push}}]
roles:
  - {id: workstation, title: {en: Workstations, de: Arbeitsplätze}}
  - {id: server, title: {en: Server, de: Server}}
settings: []
requirements:
  - id: ACME-SMB
    title: {en: SMB from the server to workstations, de: SMB vom Server zum Arbeitsplatz}
    methods: [push]
    from: server
    to: workstation
    protocol: tcp
    ports: [445]
    alternate-port: false
    why: {en: Because., de: Darum.}
    fix: {en: Permit it., de: Lassen Sie es zu.}
    citation: {page: p, table: t, row: 1}
"""
SITE = """\
pack: pack.yaml
roles: {workstation: [10.20.1.0/24], server: [10.1.1.10]}
firewalls:
  - {name: near, config: near.cfg}
  - {name: far, config: far.cfg}
"""
THROUGH = "paths: [{from: server, to: workstation, through: [far, near]}]\n"
PACKET = ("10.1.1.10", "10.20.1.5", "tcp", "445")


def site(folder: Path, near: str = "", more: str = "") -> Path:
    """A site whose pack counts from the role `near`, if any; in the order `far`, `near` it is blocked."""
    (folder / "near.cfg").write_text(NEAR)
    (folder / "far.cfg").write_text(FAR)
    (folder / "pack.yaml").write_text(PACK.replace(f"{{id: {near},", f"{{id: {near}, near: true,"))
    file = folder / "aclproof.yaml"
    file.write_text(SITE.replace("pack.yaml", str(folder / "pack.yaml")) + more)
    return file


def smb(file: Path) -> DemandResult:
    demand, = check(reader.read(file)).demands
    return demand


def test_the_order_is_that_from_the_near_role(tmp_path: Path) -> None:
    found = smb(site(tmp_path, near="workstation"))
    assert [hop.firewall for hop in found.hops] == ["far", "near"]
    assert found.verdict is Verdict.MISSING
    assert {part.blocked_by.firewall for part in found.missing} == {"near"}


def test_from_the_other_role_it_is_the_other_way_round(tmp_path: Path) -> None:
    """Counted from the server, the file says that `near` is next to it."""
    found = smb(site(tmp_path, near="server"))
    assert [hop.firewall for hop in found.hops] == ["near", "far"]


def test_without_a_near_role_the_order_is_not_known(tmp_path: Path) -> None:
    found = smb(site(tmp_path))
    assert found.verdict is Verdict.UNDECIDED
    assert found.coverage.permitted == 0
    assert found.hops == ()
    reason, = found.undecided[0].because
    assert "paths: [{from: server, to: workstation, through: [near, far]}]" in reason


def test_paths_decide_without_a_near_role(tmp_path: Path) -> None:
    found = smb(site(tmp_path, more=THROUGH))
    assert [hop.firewall for hop in found.hops] == ["far", "near"]
    assert found.verdict is Verdict.MISSING


def test_one_firewall_needs_no_order(tmp_path: Path) -> None:
    file = site(tmp_path)
    file.write_text(file.read_text().replace("  - {name: far, config: far.cfg}\n", ""))
    assert smb(file).verdict is Verdict.MET


def test_a_host_s_own_firewall_needs_no_order(tmp_path: Path) -> None:
    file = site(tmp_path)
    (tmp_path / "host.rules").write_text("*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n")
    file.write_text(file.read_text().replace("{name: far, config: far.cfg}",
                                             "{name: host, config: host.rules, host: workstation}"))
    found = smb(file)
    assert [hop.firewall for hop in found.hops] == ["near", "host"]
    assert found.verdict is Verdict.MET


@pytest.mark.parametrize(("ends", "names"), [
    (("client", "management-point"), ("first", "second")),
    (("site-server", "client"), ("second", "first")),
    (("site-server", "management-point"), ()), (("client", "client"), ())])
def test_only_one_end_can_be_the_near_one(
        tmp_path: Path, ends: tuple[str, str], names: tuple[str, ...]) -> None:
    """Between two site systems, and between clients, neither order follows from the file's."""
    file = tmp_path / "aclproof.yaml"
    file.write_text("roles: {client: [10.20.0.0/16], site-server: [10.1.1.10]}\n"
                    "firewalls: [{name: first, config: a.cfg}, {name: second, config: b.cfg}]\n")
    path = paths.between(reader.read(file), ["client"], *ends)
    assert path.names == names
    assert path.unordered is not bool(names)
    assert bool(path.doubt) is path.unordered


@pytest.mark.parametrize(("roles", "ends", "names"), [
    # the second pack's near role, and a role that no pack calls near, are among the clients
    ({"member": "10.20.1.0/24"}, ("member", "server"), ("first", "second")),
    ({"member": "10.20.1.0/24"}, ("server", "member"), ("second", "first")),
    ({"application": "10.20.0.5"}, ("application", "server"), ("first", "second")),
    # not all of them are, or both ends are, or neither
    ({"member": "10.20.1.0-10.21.0.0"}, ("member", "server"), ()),
    ({"member": "10.30.0.0/24"}, ("member", "server"), ()),
    ({"application": "10.20.0.5", "member": "10.20.1.0/24"}, ("member", "application"), ()),
    ({"member": "2001:db8::/64"}, ("member", "server"), ()),
    # of the client and one of its own computers, the client counts
    ({"application": "10.20.0.5"}, ("application", "client"), ("second", "first"))])
def test_a_role_among_the_near_one_meets_the_firewalls_as_that_does(
        tmp_path: Path, roles: dict[str, str], ends: tuple[str, str], names: tuple[str, ...]) -> None:
    file = tmp_path / "aclproof.yaml"
    more = "".join(f", {role}: [{text}]" for role, text in roles.items())
    file.write_text(f"roles: {{client: [10.20.0.0/16], server: [10.1.1.10]{more}}}\n"
                    "firewalls: [{name: first, config: a.cfg}, {name: second, config: b.cfg}]\n")
    known = reader.read(file)
    assert paths.between(known, ["client", "member"], *ends).names == names
    traced = firewalls_in_order(known, ["client", "member"], *ends)
    assert tuple(each.name for each in traced or ()) == names


def test_without_addresses_for_the_first_near_role_the_next_one_is_it(tmp_path: Path) -> None:
    file = tmp_path / "aclproof.yaml"
    file.write_text("roles: {member: [10.20.0.0/16], server: [10.1.1.10]}\n"
                    "firewalls: [{name: first, config: a.cfg}, {name: second, config: b.cfg}]\n")
    known = reader.read(file)
    names = ["first", "second"]
    for ends in (("member", "server"), ("server", "member")):
        assert paths.between(known, ["client", "member"], *ends).names == tuple(names)
        assert [each.name for each in firewalls_in_order(known, ["client", "member"], *ends) or ()] == names
        names.reverse()


@pytest.mark.parametrize(("near", "more", "code", "says"), [
    ("", "", 3, "UNDECIDED"), ("workstation", "", 1, "DENY"), ("", THROUGH, 1, "DENY")])
@pytest.mark.parametrize("packet", [PACKET, ("10.1.1.10", "10.20.1.5", "tcp", "446")])
def test_a_trace_along_the_site_guesses_no_order(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], near: str, more: str, code: int, says: str,
        packet: tuple[str, ...]) -> None:
    """Also of a packet that belongs to no requirement."""
    assert run(["trace", str(site(tmp_path, near, more)), *packet]) == code
    out = capsys.readouterr().out
    assert says in out
    assert ("through: [near, far]" in out) is (code == 3)
    assert ("PERMIT" in out or "DENY" in out) is (code != 3)


@pytest.mark.parametrize(
    "form", ["text", "markdown", "html", "json", "sarif", "junit", "github", "gitlab", "csv"])
def test_every_report_names_the_lines_to_write(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert run(["check", str(site(tmp_path)), "--format", form]) == 3
    out = " ".join(capsys.readouterr().out.split())
    assert "in which order packets from server to workstation meet near, far" in out
    assert "through" in out
    assert "no firewall of the site file" not in out


def test_the_port_request_names_firewalls_in_a_known_order_only(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["requirements", str(site(tmp_path))]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Note in which order packets from server to workstation meet near, far" in out
    assert "near -> far" not in out
    assert run(["requirements", str(site(tmp_path, "workstation"))]) == 0
    assert "far -> near" in capsys.readouterr().out


def test_a_change_of_lines_may_matter_where_the_order_is_not_known(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = site(tmp_path)
    (tmp_path / "other.cfg").write_text(NEAR.replace("eq 445", "eq 446"))
    new = tmp_path / "new.yaml"
    new.write_text(old.read_text().replace("near.cfg", "other.cfg"))
    assert run(["diff", str(old), str(new)]) == 3
    assert "UNCLEAR" in capsys.readouterr().out
    assert run(["diff", str(old), str(old)]) == 0


def quick(folder: Path, *more: str) -> list[str]:
    return ["check", str(folder / "near.cfg"), "--pack", str(folder / "pack.yaml"), *more]


def test_without_a_site_file_client_is_the_near_role_and_server_all_others(tmp_path: Path) -> None:
    site(tmp_path, "workstation")
    assert run(quick(tmp_path, "--client", "10.20.1.0/24", "--server", "10.1.1.10")) == 0
    site(tmp_path, "server")
    assert run(quick(tmp_path, "--client", "10.1.1.10", "--server", "10.20.1.0/24")) == 0


def test_without_a_near_role_roles_are_named_one_by_one(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site(tmp_path)
    assert run(quick(tmp_path, "--role", "workstation=10.20.1.0/24", "--role", "server=10.1.1.10")) == 0
    for options in (["--client", "10.20.1.0/24"], ["--server", "10.1.1.10"], ["--role", "server=10.1.1.10"]):
        assert run(quick(tmp_path, *options)) == 2
        assert "--role ROLE=ADDR (workstation, server)" in capsys.readouterr().err


def test_two_near_roles_are_an_error_with_its_line(tmp_path: Path) -> None:
    file = site(tmp_path, "workstation")
    pack = tmp_path / "pack.yaml"
    pack.write_text(pack.read_text().replace("{id: server,", "{id: server, near: true,"))
    with pytest.raises(InputError, match=r"pack.yaml:8: roles\[1\].near: 'workstation' is the near role"):
        check(reader.read(file))
