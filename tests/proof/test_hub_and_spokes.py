"""Packets from one site-to-site tunnel into another at the same interface of an ASA: they cross it.

VPN guide, hairpinning of spokes: the hub's crypto lists name both pairs, and `same-security-traffic permit
intra-interface` lets packets out where they came in.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.program import analyse
from aclproof.linter.second_judge.judging import judge
from aclproof.linter.site import reader

HUB = """\
: Saved
ASA Version 9.16(4)
hostname hub
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.2 255.255.255.248
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
same-security-traffic permit intra-interface
access-list TO-A extended permit ip 10.0.0.0 255.255.255.0 10.1.0.0 255.255.255.0
access-list TO-A extended permit ip 10.2.0.0 255.255.255.0 10.1.0.0 255.255.255.0
access-list TO-B extended permit ip 10.0.0.0 255.255.255.0 10.2.0.0 255.255.255.0
access-list TO-B extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0
access-list FILTER extended permit tcp 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0 eq ssh
route outside 0.0.0.0 0.0.0.0 203.0.113.1 1
crypto map MAP 10 match address TO-A
crypto map MAP 10 set peer 198.51.100.1
crypto map MAP 20 match address TO-B
crypto map MAP 20 set peer 198.51.100.9
crypto map MAP interface outside
group-policy GP-B internal
group-policy GP-B attributes
 vpn-tunnel-protocol ikev2
tunnel-group 198.51.100.9 type ipsec-l2l
tunnel-group 198.51.100.9 general-attributes
 default-group-policy GP-B
Cryptochecksum:0123456789abcdef0123456789abcdef
: end
"""
SITE = """\
settings: {mode: mixed}
methods: [group-policy]
roles: {client: [CLIENT], management-point: [10.2.0.10]}
facts: {"vpn 198.51.100.1": yes, "vpn 198.51.100.9": yes}
firewalls: [{name: hub, config: hub.cfg}]
"""
A_TO_B = "access-list TO-B extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0\n"
B_TO_A = "access-list TO-A extended permit ip 10.2.0.0 255.255.255.0 10.1.0.0 255.255.255.0\n"


def _verdict(folder: Path, hub: str, client: str = "10.1.0.0/24") -> str:
    (folder / "hub.cfg").write_text(hub)
    (folder / "aclproof.yaml").write_text(SITE.replace("CLIENT", client))
    analysis = analyse(reader.read(folder / "aclproof.yaml"))
    _, agreement = judge(analysis, date(2026, 11, 30), 60)
    assert not agreement.disagreements
    results = {each.requirement.id: each for each in analysis.results}
    return results["CM2007-GPO-MP-HTTP"].verdict.value


@pytest.mark.parametrize(("before", "after", "verdict"), [
    ("", "", "met"),
    ("same-security-traffic permit intra-interface\n", "", "missing"),
    (" vpn-tunnel", " vpn-filter value FILTER\n vpn-tunnel", "missing"),
    (A_TO_B, "", "undecided"),
    (B_TO_A, "", "undecided"),
    (A_TO_B, A_TO_B.replace("permit", "deny"), "undecided"),
    (A_TO_B, A_TO_B.replace(" ip ", " tcp ").replace("\n", " eq ssh\n"), "undecided"),
    (B_TO_A, B_TO_A.replace(" 10.2", " 10.3"), "undecided"),
])
def test_what_both_lists_select_turns_round_at_the_hub(
        tmp_path: Path, before: str, after: str, verdict: str) -> None:
    assert _verdict(tmp_path, HUB.replace(before, after)) == verdict


def test_hosts_at_one_end_of_a_tunnel_do_not_come_to_the_hub(tmp_path: Path) -> None:
    own = "access-list TO-B extended permit ip 10.2.0.0 255.255.0.0 10.2.0.0 255.255.0.0\n"
    assert _verdict(tmp_path, HUB.replace(A_TO_B, A_TO_B + own), "10.2.7.0/24") == "undecided"


def test_of_a_part_of_the_clients_only_those_in_both_lists_cross(tmp_path: Path) -> None:
    closed = HUB.replace(" vpn-tunnel", " vpn-filter value FILTER\n vpn-tunnel")
    assert _verdict(tmp_path, closed, "10.1.0.0/23") == "missing"
    assert _verdict(tmp_path, HUB, "10.1.0.0/23") == "undecided"
