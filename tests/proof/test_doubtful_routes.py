"""Where routes do not say for certain by which interface packets come or leave: then nothing is proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import DemandResult, Verdict
from aclproof.linter.site import reader

HEAD = """\
ASA Version 9.8(2)
hostname {name}
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
 ip address 198.51.100.1 255.255.255.0
interface GigabitEthernet0/3
 nameif spare
 security-level 50
 ip address 203.0.113.1 255.255.255.0
access-list OUT extended permit tcp any any eq 80
access-group OUT in interface outside
access-group OUT in interface dmz
access-group OUT in interface spare
"""
OUTSIDE = "route outside 10.20.0.0 255.255.0.0 192.0.2.254 1\n"
DMZ = "route dmz 10.20.0.0 255.255.0.0 198.51.100.254 1\n"
SPARE = "route spare 10.20.0.0 255.255.0.0 203.0.113.254 1\n"
SITE = """\
settings: {mode: mixed}
methods: [group-policy]
roles:
  client: [10.20.0.0/16]
  management-point: [10.1.1.11]
firewalls:
"""


def needed(folder: Path, server: str = "10.1.1.11", **routes: str) -> DemandResult:
    """What becomes of HTTP to the management point through firewalls with these routes."""
    site = SITE.replace("10.1.1.11", server)
    for name, lines in routes.items():
        (folder / f"{name}.cfg").write_text(f"{HEAD.format(name=name)}{lines}: end\n", encoding="utf-8")
        site += f"  - {{name: {name}, config: {name}.cfg}}\n"
    (folder / "aclproof.yaml").write_text(site, encoding="utf-8")
    found = check(reader.read(folder / "aclproof.yaml"))
    return next(each for each in found.demands if each.requirement.id == "CM2007-GPO-MP-HTTP")


def test_one_route_is_certain(tmp_path: Path) -> None:
    assert needed(tmp_path, fw=OUTSIDE).verdict is Verdict.MET


@pytest.mark.parametrize(("routes", "because"), [
    (OUTSIDE + DMZ, "fw: routes of equal length lead to outside and dmz"),
    (OUTSIDE + DMZ + SPARE, "fw: routes of equal length lead to outside and dmz and spare"),
    (f"{OUTSIDE}router ospf 1\n network 10.0.0.0 255.0.0.0 area 0\n",
     "fw: line 24 learns routes that are not in the file; say which interface leads there: "
     "'interfaces: {ROLE: outside}'"),
    (f"{OUTSIDE}interface GigabitEthernet0/0\n policy-route route-map TO-DMZ\n",
     "fw: line 25 routes some packets that come in by outside by policy, these perhaps among them; name the "
     "interface that they leave by: 'interfaces: {management-point: NAME}'"),
])
def test_a_route_that_may_not_be_used_proves_nothing(routes: str, because: str, tmp_path: Path) -> None:
    demand = needed(tmp_path, fw=routes)
    assert demand.verdict is Verdict.UNDECIDED
    assert [str(each) for each in demand.undecided[0].because] == [because]


def test_a_longer_route_beats_equal_ones(tmp_path: Path) -> None:
    halves = "route outside 10.20.0.0 255.255.128.0 192.0.2.254 1\n" \
             "route outside 10.20.128.0 255.255.128.0 192.0.2.254 1\n"
    assert needed(tmp_path, fw=OUTSIDE + DMZ + halves).verdict is Verdict.MET


def test_what_is_connected_is_learnt_from_nobody(tmp_path: Path) -> None:
    """Its route is better than all that a protocol of routing learns."""
    lines = "interface GigabitEthernet0/4\n nameif clients\n security-level 10\n" \
            " ip address 10.20.0.1 255.255.0.0\naccess-group OUT in interface clients\n" \
            "router ospf 1\n network 10.0.0.0 255.0.0.0 area 0\n"
    assert needed(tmp_path, fw=lines).verdict is Verdict.MET


@pytest.mark.parametrize("second", [OUTSIDE, DMZ])
@pytest.mark.parametrize("default", [
    "route inside 0.0.0.0 0.0.0.0 10.1.1.254 1\n",
    "route inside 0.0.0.0 128.0.0.0 10.1.1.254 1\nroute inside 128.0.0.0 128.0.0.0 10.1.1.254 1\n"])
def test_a_default_route_back_does_not_show_that_packets_stay_beside(default: str, second: str,
                                                                     tmp_path: Path) -> None:
    """It says nothing of where the clients are, in halves either: what another firewall permits proves
    nothing."""
    demand = needed(tmp_path, first=default, second=second)
    assert demand.verdict is Verdict.UNDECIDED
    assert {each.firewall for each in demand.undecided} == {"first"}


def test_nor_does_one_towards_the_server(tmp_path: Path) -> None:
    first = "route inside 0.0.0.0 0.0.0.0 10.1.1.254 1\nroute inside 10.20.0.0 255.255.0.0 10.1.1.254 1\n"
    second = f"{OUTSIDE}route inside 10.50.0.0 255.255.0.0 10.1.1.254 1\n"
    demand = needed(tmp_path, "10.50.0.11", first=first, second=second)
    assert demand.verdict is Verdict.UNDECIDED
    assert {each.firewall for each in demand.undecided} == {"first"}


def test_a_route_to_these_networks_does(tmp_path: Path) -> None:
    inside = "route inside 10.20.0.0 255.255.0.0 10.1.1.254 1\n"
    assert needed(tmp_path, first=inside, second=OUTSIDE).verdict is Verdict.MET
    for unread in ("route inside 10.20.300.0 255.255.255.0 10.1.1.254", "ip address 10.20.7.1 255.255.0.0"):
        assert needed(tmp_path, first=f"{inside}{unread}\n", second=OUTSIDE).verdict is Verdict.UNDECIDED
