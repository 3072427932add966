"""Packets that no firewall judged: both of their ends lie behind one interface."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.result import DemandResult, Result, Verdict
from aclproof.linter.site import reader
from aclproof.parsers.model.addresses import parse

FIREWALL = """ASA Version 9.8(2)
hostname {name}
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address {outside} 255.255.0.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
access-list OUT extended permit tcp any any eq 80
access-group OUT in interface outside
route inside 10.30.0.0 255.255.0.0 10.1.1.254 1
: end
"""
ROUTE = "route inside 10.30.0.0 255.255.0.0 10.1.1.254 1"
SITE = """settings: {{mode: mixed}}
methods: [group-policy]
roles:
  client: [10.20.0.0/16, 10.30.0.0/16]
  management-point: [10.1.1.11]
firewalls:
  - {{name: fw, config: fw.cfg}}
{more}"""
"""Half of the clients lie behind the inside interface, as the server does: fw never sees their packets."""


def result(folder: Path, more: str = "", second: str = "", route: str = ROUTE) -> Result:
    (folder / "fw.cfg").write_text(FIREWALL.format(name="fw", outside="10.20.0.1").replace(ROUTE, route))
    (folder / "aclproof.yaml").write_text(SITE.format(more=more))
    if second:
        (folder / "second.cfg").write_text(second)
    return check(reader.read(folder / "aclproof.yaml"))


def needed(found: Result) -> DemandResult:
    return next(each for each in found.demands if each.requirement.id == "CM2007-GPO-MP-HTTP")


def test_they_are_open_and_named(tmp_path: Path) -> None:
    demand = needed(result(tmp_path))
    assert demand.verdict is Verdict.UNDECIDED
    part, = demand.undecided
    assert part.facts == ("beside fw at inside",)
    assert [box.sources for box in part.boxes] == [parse("10.30.0.0/16").v4]
    assert demand.coverage.permitted * 2 == demand.coverage.required
    assert not demand.caveats


def test_by_a_default_route_it_is_not_certain_and_no_fact_is_asked_for(tmp_path: Path) -> None:
    """Whoever says that no firewall is on their way says nothing of where they go."""
    demand = needed(result(tmp_path, route="route inside 0.0.0.0 0.0.0.0 10.1.1.254 1"))
    assert demand.verdict is Verdict.UNDECIDED
    assert [part.facts for part in demand.undecided] == [()]


def test_the_site_file_can_say_that_no_firewall_is_on_their_way(tmp_path: Path) -> None:
    found = result(tmp_path, 'facts: {"beside fw at inside": yes}\n')
    demand = needed(found)
    assert demand.verdict is Verdict.MET
    assert "10.30.0.0/16 -> 10.1.1.11" in demand.caveats[0]
    for name, render in FORMATS.items():
        assert "10.30.0.0/16 -" in render(found, Look()).replace("&gt;", ">"), name


@pytest.mark.parametrize("answer", ["no", "none"])
def test_no_leaves_them_open(tmp_path: Path, answer: str) -> None:
    found = result(tmp_path, f'facts: {{"beside fw at inside": {answer}}}\n')
    assert needed(found).verdict is Verdict.UNDECIDED


def test_another_firewall_may_judge_them(tmp_path: Path) -> None:
    """Both networks of the clients lie outside of the second one, which permits HTTP."""
    second = FIREWALL.format(name="second", outside="10.20.0.1").replace(
        "route inside 10.30.0.0 255.255.0.0 10.1.1.254", "route outside 10.30.0.0 255.255.0.0 10.20.0.254")
    more = "  - {name: second, config: second.cfg}\n"
    assert needed(result(tmp_path, more, second)).verdict is Verdict.MET


def test_where_another_firewall_leaves_them_open_nothing_else_is_asked(tmp_path: Path) -> None:
    """The second one has no route to half of the clients."""
    second = FIREWALL.format(name="second", outside="10.20.0.1").replace(f"{ROUTE}\n", "")
    demand = needed(result(tmp_path, "  - {name: second, config: second.cfg}\n", second))
    assert [(part.firewall, part.facts) for part in demand.undecided] == [("second", ())]


def test_paths_say_that_none_is_there(tmp_path: Path) -> None:
    found = needed(result(tmp_path, "paths: [{from: client, to: management-point, through: []}]\n"))
    assert found.verdict is Verdict.MET



EDGE = """ASA Version 9.8(2)
hostname second
interface GigabitEthernet0/0
 nameif branch
 security-level 100
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif core
 security-level 0
 ip address 10.40.0.1 255.255.0.0
route branch 10.30.0.0 255.255.0.0 10.20.0.254 1
route core 10.1.0.0 255.255.0.0 {gateway} 1
{more}: end
"""
ROUTER = """root@second:~# ip address; ip route
1: eth0: <BROADCAST,UP> mtu 1500 state UP
    inet 10.20.0.1/16 scope global eth0
2: eth1: <BROADCAST,UP> mtu 1500 state UP
    inet 10.40.0.1/16 scope global eth1
10.20.0.0/16 dev eth0 proto kernel scope link src 10.20.0.1
10.30.0.0/16 via 10.20.0.254 dev eth0
10.40.0.0/16 dev eth1 proto kernel scope link src 10.40.0.1
10.1.0.0/16 via {gateway} dev eth1
root@second:~# iptables-save
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
"""
ELSEWHERE = "route core 10.1.1.0 255.255.255.0 10.40.0.99 1\n"


@pytest.mark.parametrize(("second", "open_at"), [
    (EDGE.format(gateway="10.40.0.2", more=""), {"fw"}), (EDGE.format(gateway="10.40.0.99", more=""), set()),
    (EDGE.format(gateway="10.40.0.2", more=ELSEWHERE), set()),
    (ROUTER.format(gateway="10.40.0.2"), {"fw"}), (ROUTER.format(gateway="10.40.0.99"), set())])
def test_what_another_firewall_hands_over_does_not_pass_beside(tmp_path: Path, second: str,
                                                               open_at: set[str]) -> None:
    """Its route names an address of this one, whose own route leads to the clients elsewhere."""
    (tmp_path / "fw.cfg").write_text(FIREWALL.format(name="fw", outside="10.40.0.2").replace(
        ": end", "route outside 10.20.0.0 255.255.0.0 10.40.0.1 1\n: end"))
    (tmp_path / "second.cfg").write_text(second)
    (tmp_path / "aclproof.yaml").write_text(SITE.format(more="").replace(
        "firewalls:\n", "firewalls:\n  - {name: second, config: second.cfg}\n"))
    found = needed(check(reader.read(tmp_path / "aclproof.yaml")))
    assert found.verdict is (Verdict.UNDECIDED if open_at else Verdict.MET)
    assert {part.firewall for part in found.undecided} == open_at


OWN_LAN = """settings: {{mode: mixed}}
methods: [group-policy]
roles:
  client: [10.20.0.0/16]
  management-point: [10.20.0.250, 10.1.1.11]
firewalls:
  - {{name: second, config: [second.v4, second.ip]}}
{more}"""
"""One server is in the clients' own network, the other one beyond a router."""


def own_lan(folder: Path, more: str, policy: str = "ACCEPT") -> None:
    shown, rules = ROUTER.format(gateway="10.40.0.2").split("root@second:~# iptables-save\n")
    (folder / "second.ip").write_text(shown.partition("\n")[2])
    (folder / "second.v4").write_text(rules.replace(":FORWARD ACCEPT", f":FORWARD {policy}"))
    (folder / "aclproof.yaml").write_text(OWN_LAN.format(more=more))


@pytest.mark.parametrize(("facts", "policy", "verdict"), [
    ("", "ACCEPT", Verdict.UNDECIDED),
    ('facts: {"beside second at eth0": no}\n', "ACCEPT", Verdict.UNDECIDED),
    ('facts: {"beside second at eth0": yes}\n', "ACCEPT", Verdict.MET),
    ('facts: {"beside second at eth0": yes}\n', "DROP", Verdict.MISSING)])
def test_of_a_router_the_same_fact_says_it_and_of_those_packets_only(tmp_path: Path, facts: str, policy: str,
                                                                     verdict: Verdict) -> None:
    """`paths` would say it of the other server, too."""
    own_lan(tmp_path, facts, policy)
    found = needed(check(reader.read(tmp_path / "aclproof.yaml")))
    assert found.verdict is verdict
    if verdict is Verdict.UNDECIDED:
        part, = found.undecided
        assert part.facts == ("beside second at eth0",)
        assert [box.destinations for box in part.boxes] == [parse("10.20.0.250").v4]
    else:
        assert found.coverage.permitted == found.coverage.required // (1 if verdict is Verdict.MET else 2)


def test_what_passes_beside_one_firewall_and_all_others_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(FIREWALL.format(name="fw", outside="10.40.0.2").replace(
        ": end", "route outside 10.20.0.0 255.255.0.0 10.40.0.1 1\n: end"))
    more = "  - {name: fw, config: fw.cfg}\n"
    for facts, asked in (("", {"beside second at eth0"}), ('facts: {"beside second at eth0": yes}\n', set())):
        own_lan(tmp_path, more + facts)
        found = needed(check(reader.read(tmp_path / "aclproof.yaml")))
        assert {key for part in found.undecided for key in part.facts} == asked
        assert found.verdict is (Verdict.UNDECIDED if asked else Verdict.MET)
