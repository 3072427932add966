"""`policy-route` of Cisco ASA: which packets a route map leaves to the routes, and which it may not.

The expectations follow Cisco's guide to policy-based routing (9.4 and later): it is asked where a connection
comes in, its clauses in the order of their numbers, what a list denies goes on to the next clause, what a
clause of 'deny' matches is routed as ever, and so is what no clause matches.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import DemandResult, Verdict
from aclproof.linter.site import reader

HEAD = """\
ASA Version 9.8(2)
hostname fw
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.0.1 255.255.0.0
 policy-route route-map PBR
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/3
 nameif spare
 security-level 50
 ip address 203.0.113.1 255.255.255.0
route outside 0.0.0.0 0.0.0.0 192.0.2.254
route dmz 10.1.0.0 255.255.0.0 10.1.1.254
"""
SITE = """\
settings: {mode: mixed}
methods: [group-policy]
roles:
  client: [10.20.0.0/24]
  management-point: [SERVER]
firewalls:
  - {name: fw, config: fw.cfg}
"""
WEB = "access-list WEB extended permit tcp any any eq 80\n"
NAMED = ", interfaces: {management-point: dmz}"
OTHER = "access-list OTHER extended permit tcp any any eq 443\n"
NOT_OURS = "access-list WEB extended deny ip any 10.0.0.0 255.0.0.0\n"
PBR = "route-map PBR permit 10\n match ip address {name}\n set ip next-hop 203.0.113.254\n"


def needed(folder: Path, text: str, server: str = "10.1.1.11", interfaces: str = "",
           head: str = HEAD) -> DemandResult:
    """What becomes of HTTP from clients inside to the management point."""
    (folder / "fw.cfg").write_text(f"{head}{text}: end\n", encoding="utf-8")
    site = SITE.replace("SERVER", server).replace("fw.cfg}", f"fw.cfg{interfaces}}}")
    (folder / "aclproof.yaml").write_text(site, encoding="utf-8")
    found = check(reader.read(folder / "aclproof.yaml"))
    return next(each for each in found.demands if each.requirement.id == "CM2007-GPO-MP-HTTP")


@pytest.mark.parametrize("text", [
    OTHER + PBR.format(name="OTHER"),
    NOT_OURS + WEB + PBR.format(name="WEB"),
    "access-list OURS extended permit ip any 10.0.0.0 255.0.0.0\n" + WEB
    + "route-map PBR deny 5\n match ip address OURS\n" + PBR.format(name="WEB"),
    # clauses count by their numbers, not by their places
    WEB + "access-list OURS extended permit ip any 10.0.0.0 255.0.0.0\n" + PBR.format(name="WEB")
    + "route-map PBR deny 5\n match ip address OURS\n",
    # the gateway is in the network of the interface to which the routes lead as well
    WEB + "route-map PBR permit 10\n match ip address WEB\n set ip next-hop 10.1.1.253\n",
    WEB + "route-map PBR permit 10\n match ip address WEB\n set interface dmz\n",
    WEB + "route-map PBR permit 10\n match ip address WEB\n set ip dscp af11\n",
], ids=["other port", "denied", "clause of deny", "by number", "same way", "same interface", "mark only"])
def test_packets_that_no_clause_sends_elsewhere(text: str, tmp_path: Path) -> None:
    demand = needed(tmp_path, text)
    assert demand.verdict is Verdict.MET


@pytest.mark.parametrize("text", [
    WEB + PBR.format(name="WEB"),
    PBR.format(name="NOT-IN-FILE"),
    "",  # no such route map
    "route-map PBR permit 10\n set ip next-hop 203.0.113.254\n",  # all match
    NOT_OURS + WEB + PBR.format(name="WEB") + "route-map PBR permit 20\n set interface spare\n",
    # only what the list surely denies is left to the routes
    "access-list WEB extended deny ip any 10.0.0.0 255.0.0.0 time-range NIGHT\n" + WEB
    + PBR.format(name="WEB"),
    "access-list WEB extended deny ip any 10.0.0.0 255.0.0.0 inactive\n" + WEB + PBR.format(name="WEB"),
    "access-list OURS extended permit ip any 10.0.0.0 255.0.0.0 time-range NIGHT\n" + WEB
    + "route-map PBR deny 5\n match ip address OURS\n" + PBR.format(name="WEB"),
    # a later clause of deny comes too late
    "access-list OURS extended permit ip any 10.0.0.0 255.0.0.0\n" + WEB
    + PBR.format(name="WEB") + "route-map PBR deny 15\n match ip address OURS\n",
    NOT_OURS + WEB + PBR.format(name="WEB") + "no route-map PBR deny 5\n",
    NOT_OURS + WEB + PBR.format(name="WEB") + " no match ip address WEB\n",
    "access-list WEB extended permit tcp any object-group GONE eq 80\n" + PBR.format(name="WEB"),
], ids=["web", "no list", "no map", "no match", "next clause", "at times", "inactive", "deny at times",
        "late", "taken away", "match taken away", "unread"])
def test_packets_that_a_clause_may_send_elsewhere(text: str, tmp_path: Path) -> None:
    demand = needed(tmp_path, text)
    assert demand.verdict is Verdict.UNDECIDED
    assert [str(each) for each in demand.undecided[0].because] == [
        "fw: line 11 routes some packets that come in by inside by policy, these perhaps among them; name "
        "the interface that they leave by: 'interfaces: {management-point: NAME}'"]


def test_the_site_file_settles_it(tmp_path: Path) -> None:
    demand = needed(tmp_path, WEB + PBR.format(name="WEB"), interfaces=NAMED)
    assert demand.verdict is Verdict.MET


def test_only_what_comes_in_there_is_asked(tmp_path: Path) -> None:
    head = HEAD.replace(" policy-route route-map PBR\n", "").replace(
        "nameif spare\n", "nameif spare\n policy-route route-map PBR\n")
    assert needed(tmp_path, WEB + PBR.format(name="WEB"), head=head).verdict is Verdict.MET


def test_connections_the_other_way_tell_where_sources_are(tmp_path: Path) -> None:
    """What a policy sends to the clients by another interface may come from them by it, too: not where they
    are in the network of an interface."""
    head = HEAD.replace(" policy-route route-map PBR\n", "").replace(
        "nameif dmz\n", "nameif dmz\n policy-route route-map PBR\n")
    back = "access-list BACK extended permit tcp host 10.1.1.11 any\n" + PBR.format(name="BACK")
    assert needed(tmp_path, back, head=head).verdict is Verdict.MET
    far = head.replace("10.20.0.1 255.255.0.0", "10.99.0.1 255.255.0.0") + \
        "route inside 10.20.0.0 255.255.0.0 10.99.0.2\n"
    assert needed(tmp_path, back, head=far).verdict is Verdict.UNDECIDED
    assert needed(tmp_path, back.replace("10.1.1.11", "10.1.1.12"), head=far).verdict is Verdict.MET


def test_cost_and_probes_send_nothing_elsewhere(tmp_path: Path) -> None:
    head = HEAD.replace("route-map PBR\n", "cost 10\n", 1)
    assert needed(tmp_path, "", head=head).verdict is Verdict.MET
