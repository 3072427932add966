"""The way of a demand: which firewalls it passes, in which order, and what each of them sees."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.result import DemandResult, HopVerdict, Verdict
from aclproof.linter.site import reader
from aclproof.rules.strict_yaml import InputError

OPEN = """\
ASA Version 9.12(4)
hostname {name}
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.{last} 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address {inside}
{more}
access-list IN extended {action} ip any any
access-group IN in interface outside
route outside 10.20.0.0 255.255.0.0 192.0.2.254 1
route inside 10.1.0.0 255.255.0.0 10.1.1.254 1
"""
SITE = """\
settings: {{mode: mixed}}
methods: [group-policy, software-distribution]
roles:
  client: [10.20.0.0/16]
  management-point: [10.1.1.11]
  distribution-point: [10.1.1.12]
firewalls:
  - {{name: first, config: first.cfg}}
  - {{name: second, config: second.cfg}}
{more}
"""


def asa(name: str, action: str = "permit", more: str = "", inside: str = "10.1.1.1 255.255.255.0") -> str:
    return OPEN.format(name=name, last=len(name), action=action, more=more, inside=inside)


def write(folder: Path, more: str = "", first: str = "", second: str = "") -> Path:
    (folder / "first.cfg").write_text(first or asa("first"))
    (folder / "second.cfg").write_text(second or asa("second"))
    site = folder / "aclproof.yaml"
    site.write_text(SITE.format(more=textwrap.dedent(more)))
    return site


def demands(site: Path) -> dict[str, DemandResult]:
    return {each.requirement.id: each for each in check(reader.read(site)).demands}


def hops(demand: DemandResult) -> list[tuple[str, HopVerdict]]:
    return [(hop.firewall, hop.verdict) for hop in demand.hops]


HTTP, SMB = "CM2007-GPO-MP-HTTP", "CM2007-SWD-SMB"


def test_without_paths_every_firewall_stands_on_every_way(tmp_path: Path) -> None:
    found = demands(write(tmp_path, second=asa("second", "deny")))
    for name in (HTTP, SMB):
        assert found[name].verdict is Verdict.MISSING
        assert hops(found[name]) == [("first", HopVerdict.PASSES), ("second", HopVerdict.STOPS)]


def test_a_path_names_the_firewalls_of_a_pair_of_roles(tmp_path: Path) -> None:
    site = write(tmp_path, "paths: [{from: client, to: management-point, through: [first]}]\n",
                 second=asa("second", "deny"))
    found = demands(site)
    assert found[HTTP].verdict is Verdict.MET
    assert hops(found[HTTP]) == [("first", HopVerdict.PASSES)]
    assert found[SMB].verdict is Verdict.MISSING


@pytest.mark.parametrize(("path", "order"), [
    ("{from: client, to: [management-point], through: [second, first]}", ["second", "first"]),
    ("{from: management-point, to: client, through: [second, first]}", ["first", "second"])])
def test_a_path_is_walked_from_either_end(tmp_path: Path, path: str, order: list[str]) -> None:
    found = demands(write(tmp_path, f"paths: [{path}]\n"))
    assert [name for name, _ in hops(found[HTTP])] == order


def test_nothing_on_the_way_is_met_because_the_site_file_says_so(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = write(tmp_path, "paths: [{from: client, to: distribution-point, through: []}]\n")
    assert hops(demands(site)[SMB]) == []
    assert run(["check", str(site)]) == 0
    assert "no firewall of the site file is between these roles" in capsys.readouterr().out


def test_nothing_on_the_way_is_undecided_unless_the_site_file_says_so(tmp_path: Path) -> None:
    host = "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"
    (tmp_path / "mp.rules").write_text(host)
    path = tmp_path / "aclproof.yaml"
    path.write_text(SITE.partition("firewalls:")[0].format()
                    + "firewalls: [{name: mp, config: mp.rules, host: management-point}]\n")
    found = demands(path)
    assert found[HTTP].verdict is Verdict.MET
    assert found[SMB].verdict is Verdict.UNDECIDED
    assert found[SMB].coverage.permitted == 0
    assert "say so: 'paths: [{from: client, to: distribution-point, through: []}]'" in \
        found[SMB].undecided[0].because[0]
    path.write_text(path.read_text() + "paths: [{from: client, to: distribution-point, through: []}]\n")
    assert demands(path)[SMB].verdict is Verdict.MET


def test_both_ends_behind_one_interface_are_not_stopped_by_it(tmp_path: Path) -> None:
    beside = asa("first", "deny").replace("route inside", "route outside")
    beside = beside.replace("10.1.1.1 255.255.255.0", "10.9.1.1 255.255.255.0")
    found = demands(write(tmp_path, first=beside))
    assert found[HTTP].verdict is Verdict.MET
    assert hops(found[HTTP]) == [("first", HopVerdict.BESIDE), ("second", HopVerdict.PASSES)]
    alone = demands(write(tmp_path, "paths: [{from: client, to: management-point, through: [first]}]\n",
                          first=beside))
    assert alone[HTTP].verdict is Verdict.UNDECIDED, "no firewall has judged it"


def test_a_default_route_does_not_tell_that_both_ends_lie_behind_one_interface(tmp_path: Path) -> None:
    vague = asa("first", "deny").replace("route inside 10.1.0.0 255.255.0.0 10.1.1.254", "")
    vague = vague.replace("10.1.1.1 255.255.255.0", "10.9.1.1 255.255.255.0")
    vague = vague.replace("10.20.0.0 255.255.0.0", "0.0.0.0 0.0.0.0").replace("\n 1\n", "\n")
    assert demands(write(tmp_path, first=vague))[HTTP].verdict is Verdict.UNDECIDED


SNAT = """\
object network CLIENTS
 subnet 10.20.0.0 255.255.0.0
object network MP
 host 10.1.1.11
nat (outside,inside) source dynamic CLIENTS interface destination static MP MP
"""


def test_behind_a_translation_the_next_firewall_sees_other_packets(tmp_path: Path) -> None:
    only = asa("second", "deny", "access-list IN extended permit tcp host 10.1.1.1 any eq 80\n"
                                 "route outside 10.1.1.1 255.255.255.255 192.0.2.254 1")
    site = write(tmp_path, first=asa("first", more=SNAT), second=only)
    assert demands(site)[HTTP].verdict is Verdict.MET
    assert demands(site)[SMB].verdict is Verdict.MISSING


@pytest.mark.parametrize(("line", "verdict"), [
    ("permit tcp any any eq 80", Verdict.MET), ("permit tcp any any eq 81", Verdict.MISSING),
    ("permit tcp host 10.1.9.4 any eq 80", Verdict.UNDECIDED)])
def test_a_pool_passes_as_a_whole_or_not_at_all(tmp_path: Path, line: str, verdict: Verdict) -> None:
    pool = SNAT.replace("interface", "POOL", 1).replace("object network MP", (
        "object network POOL\n range 10.1.9.4 10.1.9.7\nobject network MP"))
    second = asa("second", "deny", f"access-list IN extended {line}\n"
                                   "route outside 10.1.9.0 255.255.255.0 192.0.2.254 1")
    found = demands(write(tmp_path, first=asa("first", more=pool), second=second))
    assert found[HTTP].verdict is verdict


def test_a_translation_that_is_not_exact_leaves_what_comes_behind_open(tmp_path: Path) -> None:
    odd = SNAT.replace("dynamic CLIENTS interface", "static CLIENTS SMALL").replace(
        "object network MP", "object network SMALL\n subnet 10.1.9.0 255.255.255.0\nobject network MP")
    found = demands(write(tmp_path, first=asa("first", more=odd)))[HTTP]
    assert found.verdict is Verdict.UNDECIDED
    line, = (each.line for each in found.undecided if each.line)
    assert line.span.text.startswith("nat (outside,inside) source static CLIENTS SMALL")


@pytest.mark.parametrize(("paths", "message"), [
    ("{from: client}", "paths[0]: 'to' is missing"),
    ("{from: client, to: management-point, through: [thirst]}", "did you mean 'first'"),
    ("{from: client, to: nobody, through: [first]}", "unknown role 'nobody'"),
    ("{from: client, to: management-point, through: [first, first]}", "first is on one path twice"),
    ("{from: client, to: management-point, through: [first]}, "
     "{from: management-point, to: client, through: []}", "is given twice")])
def test_a_wrong_path_is_told_with_its_place(tmp_path: Path, paths: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        check(reader.read(write(tmp_path, f"paths: [{paths}]\n")))
    assert message in str(caught.value), str(caught.value)
    assert "aclproof.yaml:" in str(caught.value)
