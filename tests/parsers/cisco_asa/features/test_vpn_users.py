"""What users of a VPN send past their tunnel, and what of theirs turns back at one interface."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aclproof.linter.trace.single import Question, trace
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.packets import Packet
from tests.parsers.cisco_asa.asa import packet, read
from tests.parsers.cisco_asa.features.judged import judged
from tests.parsers.cisco_asa.features.test_vpn import BASE, CLOSED, ENDS, PAT, POOL, PUSH, WEB

HERE = {"vpn pool VP": True}
SPLIT = """\
access-list NEAR standard permit 10.1.1.0 255.255.255.0
access-list FAR standard deny host 10.1.1.10
access-list FAR standard permit 10.0.0.0 255.0.0.0
access-list NETS extended permit ip 10.1.1.0 255.255.255.0 any
access-list OTHER standard permit 10.7.0.0 255.255.0.0
group-policy GP attributes
 split-tunnel-policy tunnelspecified
 split-tunnel-network-list value NEAR
 address-pools value VP
"""


@pytest.mark.parametrize(("policy", "name", "expected"), [
    ("tunnelspecified", "NEAR", "permit"), ("tunnelspecified", "NETS", "permit"),
    ("tunnelspecified", "FAR", "undecided"), ("tunnelspecified", "OTHER", "undecided"),
    ("excludespecified", "NEAR", "undecided"), ("excludespecified", "NETS", "undecided"),
    ("excludespecified", "FAR", "permit"), ("excludespecified", "OTHER", "permit"),
    ("tunnelall", "OTHER", "permit"), ("tunnelspecified", "LOST", "undecided")])
def test_users_send_past_a_split_tunnel_what_its_list_leaves_out(policy: str, name: str,
                                                                  expected: str) -> None:
    """VPN guide, split tunneling: such packets never come to the firewall, nor do their answers."""
    split = SPLIT.replace("tunnelspecified", policy).replace("value NEAR", f"value {name}")
    text = BASE + CLOSED + POOL + ENDS + split
    assert judged(text, WEB, "outside", "inside", HERE) == expected
    assert judged(text.replace(CLOSED, ""), PUSH, "inside", "outside", HERE) == expected
    if expected == "undecided" and name != "LOST":
        assert judged(text, WEB, "outside", "inside", {**HERE, f"past tunnel {name}": True}) == "deny"
        assert judged(text, WEB, "outside", "inside", {**HERE, f"past tunnel {name}": False}) == "permit"


def traced(text: str, one: Packet, facts: Mapping[str, Fact] | None = None) -> str:
    """What becomes of one packet that opens a connection, by routes and translations."""
    return trace(read(text), one, Question(facts=facts or {})).verdict


def test_users_answer_past_their_tunnel_what_comes_from_the_address_where_it_ends() -> None:
    """A client sends nothing for the firewall's address into the tunnel to it: an exemption is needed."""
    text, asked = BASE + POOL + ENDS + PAT, "answers past tunnel VP"
    assert traced(text, PUSH, HERE) == "undecided"
    assert traced(text, PUSH, {**HERE, asked: True}) == "deny"
    assert traced(text, PUSH, {**HERE, asked: False}) == "permit"
    assert traced(text.replace("any interface", "any 192.0.2.77"), PUSH, HERE) == "permit"
    assert traced(text, packet("10.1.1.10", "203.0.113.5", "tcp", 445), HERE) == "permit"


FAR = packet("10.20.0.5", "10.60.0.9", "tcp", 80)
"""To a server that lies where the tunnels end."""
AGAIN = "same-security-traffic permit intra-interface\n"
TURNED = BASE + POOL + ENDS + "route outside 10.60.0.0 255.255.0.0 192.0.2.9 1\n"


@pytest.mark.parametrize("lists", ["", CLOSED])
def test_what_comes_out_of_a_tunnel_crosses_the_firewall_also_by_one_interface(lists: str) -> None:
    """CR, same-security-traffic: such packets turn back only where it permits them to."""
    assert traced(TURNED + lists, FAR, HERE) == ("undecided" if lists else "deny")
    assert traced(TURNED + lists, FAR, {**HERE, "same-security-traffic intra-interface": False}) == "deny"
    assert traced(TURNED + lists + AGAIN, FAR, HERE) == "permit"
    assert traced(TURNED + lists + AGAIN, FAR, {"vpn pool VP": False}) == "deny"
    into = packet("10.60.0.9", "10.20.0.5", "tcp", 445)
    assert traced(TURNED + lists + AGAIN, into, HERE) == ("deny" if lists else "permit")
    beside = packet("10.60.0.5", "10.60.0.9", "tcp", 80)
    assert traced(TURNED + lists + AGAIN, beside, HERE) == "beside"


@pytest.mark.parametrize("named", [
    "username b password x encrypted\nusername b attributes\n vpn-idle-timeout 3\n vpn-filter value OWN\n",
    "dynamic-access-policy-record CORP\n description laptops\n network-acl OWN\n priority 10\n"])
def test_a_filter_of_some_users_may_stop_what_any_of_them_sends(named: str) -> None:
    """VPN guide, "DAP": network lists filter users whom a record chooses; TAC 99103: so do attributes."""
    text = BASE + POOL + ENDS + "access-list OWN extended permit tcp any any eq 443\n"
    assert judged(text, WEB, "outside", "inside", HERE) == "permit"
    assert judged(text + named, WEB, "outside", "inside", HERE) == "undecided"
    assert judged(text + named, WEB, "outside", "inside", {**HERE, "vpn-filter OWN": True}) == "deny"
    assert judged(text + named, WEB, "outside", "inside", {**HERE, "vpn-filter OWN": False}) == "permit"
    passed = packet("10.20.0.5", "10.1.1.10", "tcp", 443)
    assert judged(text + named, passed, "outside", "inside", HERE) == "permit"


def test_what_the_server_of_a_vpn_client_says_is_not_known() -> None:
    text = BASE + "vpnclient server 198.51.100.1\nvpnclient mode network-extension-mode\n"
    assert judged(text, PUSH, "inside", "outside") == "permit"
    assert judged(f"{text}vpnclient enable\n", PUSH, "inside", "outside") == "undecided"
