"""Next hops, members of channels, and names given twice: nothing passes what is not there."""

from __future__ import annotations

import pytest

from aclproof.linter.trace.single import trace
from aclproof.parsers.model.addresses import Family
from tests.parsers.cisco_asa.asa import packet, read
from tests.parsers.cisco_asa.features.judged import OPEN, PUSH, SMB, TWO, inbound, judged

FAR = packet("10.1.1.10", "10.30.0.5", "tcp", 445)
BACK = packet("10.30.0.5", "10.1.1.10", "tcp", 445)
NEAR = "route outside 10.30.0.0 255.255.0.0 10.20.0.254 1\n"
OFF = "route outside 10.30.0.0 255.255.0.0 203.0.113.1 1\n"
MEMBER = "interface GigabitEthernet0/{}\n channel-group {} mode active\n"


@pytest.mark.parametrize(("more", "expected"), [
    (NEAR, "permit"),
    (OFF, "undecided"),
    (OFF + "arp permit-nonconnected\n", "permit"),
    (OFF + "arp outside 203.0.113.1 0011.2233.4455\n", "permit"),
    (OFF + "arp timeout 14400\n", "undecided"),
    ("route outside 10.30.0.0 255.255.0.0 10.1.1.9 1\n", "undecided"),
    ("route outside 10.30.0.0 255.255.0.0 10.20.0.1 1\n", "permit"),
    (NEAR + "route outside 10.30.0.0 255.255.0.0 203.0.113.1 2\n", "permit"),
    (OFF.replace("10.30.0.0 255.255.0.0", "10.20.0.0 255.255.0.0") + NEAR, "permit"),
    (NEAR + OFF.replace("10.30.0.0 255.255.0.0", "10.30.9.0 255.255.255.0"), "permit")])
def test_a_gateway_outside_of_the_interfaces_networks_is_asked_about(more: str, expected: str) -> None:
    """CR, arp permit-nonconnected: the ARP cache holds addresses of directly connected networks only, unless
    it says so. CR, route: by its own address the ASA asks for the destination itself."""
    assert judged(TWO + more, FAR, "inside", "outside") == expected
    assert judged(TWO + OPEN + more, BACK, "outside", "inside") == expected


def test_a_fact_says_whether_the_gateway_answers() -> None:
    key = "gateway 203.0.113.1 at outside"
    assert judged(TWO + OFF, FAR, "inside", "outside", {key: True}) == "permit"
    assert judged(TWO + OFF, FAR, "inside", "outside", {key: False}) == "deny"


@pytest.mark.parametrize("address", ["dhcp", "pppoe"])
def test_networks_that_are_not_in_the_file_are_not_asked(address: str) -> None:
    text = TWO.replace("10.20.0.1 255.255.0.0", address)
    assert judged(text + OFF, FAR, "inside", "outside") == "permit"


def test_a_tunnel_asks_for_no_neighbour() -> None:
    text = TWO.replace("GigabitEthernet0/0", "Tunnel1")
    assert judged(text + OFF, FAR, "inside", "outside") == judged(text + NEAR, FAR, "inside", "outside")


@pytest.mark.parametrize(("more", "up"), [
    ("", True),  # a context's, or the chassis has them
    (MEMBER.format(4, 1), True),
    (MEMBER.format(4, 2), False),
    (MEMBER.format(4, 1) + "interface Port-channel1\n port-channel min-bundle 2\n", False),
    (MEMBER.format(4, 1) + MEMBER.format(5, 1) + "interface Port-channel1\n port-channel min-bundle 2\n",
     True)])
@pytest.mark.parametrize("name", ["Port-channel1", "Port-channel1.5"])
def test_a_channel_needs_its_members(name: str, more: str, up: bool) -> None:
    """GEN, EtherChannel: it is down with fewer active members than `port-channel min-bundle` says, by default
    one."""
    text = TWO.replace("GigabitEthernet0/1", name)
    assert ("inside" in [each.name for each in read(text + more).interfaces]) is up


def test_members_of_a_bridge_without_a_name_pass_nothing() -> None:
    """FW, bridge groups: members are named interfaces."""
    text = TWO.replace("GigabitEthernet0/1", "BVI1")
    member = "interface GigabitEthernet0/2\n bridge-group 1\n"
    named = member + " nameif port\n security-level 100\n"
    assert "inside" in [each.name for each in read(text + named).interfaces]
    assert "inside" not in [each.name for each in read(text + member).interfaces]


def test_a_name_that_two_interfaces_have_leaves_all_open() -> None:
    """A device refuses it: 'Name "outside" has been assigned to interface ...'."""
    second = ("interface GigabitEthernet0/2\n nameif {}\n security-level 50\n"
              " ip address 10.2.0.1 255.255.255.0\n")
    assert inbound(second.format("dmz")) == "permit"
    assert inbound(second.format("outside")) == "undecided"
    assert trace(read(TWO + second.format("inside")), PUSH).verdict == "undecided"


@pytest.mark.parametrize(("line", "expected"), [
    ("  set connection timeout idle 1:00:00\n", "permit"), ("  service-policy QUEUES\n", "permit"),
    ("  user-statistics accounting\n", "permit"), ("  steer everything\n", "undecided")])
def test_an_action_on_a_class_that_is_not_known_may_stop_it(line: str, expected: str) -> None:
    policy = (f"class-map ALL\n match any\npolicy-map P\n class ALL\n{line}"
              "service-policy P interface outside\n")
    assert inbound(policy, SMB) == expected


def test_an_inspection_map_has_words_without_end() -> None:
    policy = "policy-map type inspect dns D\n parameters\n  id-mismatch count 30 duration 1 action log\n"
    assert inbound(policy, SMB) == "permit"


SIX = TWO.replace(" ip address 10.1.1.1 255.255.255.0\n", " ip address 10.1.1.1 255.255.255.0\n"
                  " ipv6 address 2001:db8:1::1/64\n")
OUT6 = "ipv6 route outside 2001:db8:20::/48 fe80::1\n"


@pytest.mark.parametrize(("line", "without"), [
    ("", True), (" ipv6 nd suppress-ra\n", True), (" ipv6 enable\n", False),
    (" ipv6 address autoconfig\n", False), (" ipv6 address 2001:db8:20::1/64\n", False),
    (" ipv6 address fe80::2 link-local\n", False)])
def test_ipv6_passes_no_interface_that_has_none(line: str, without: bool) -> None:
    """GEN, IPv6: an interface takes part once it has an address of it, or `ipv6 enable`."""
    text = SIX.replace(" ip address 10.20.0.1 255.255.0.0\n", f" ip address 10.20.0.1 255.255.0.0\n{line}")
    outside = read(text + OUT6).interface("outside")
    assert outside is not None
    assert (Family.V6 in outside.without) is without


def test_a_file_without_ipv6_says_nothing_of_it() -> None:
    assert not any(each.without for each in read(TWO).interfaces)


@pytest.mark.parametrize(("group", "expected"), [(" bridge-group 1\n", "permit"), ("", "deny")])
def test_in_transparent_mode_an_interface_without_a_group_passes_nothing(group: str, expected: str) -> None:
    """CLI8, transparent firewall: packets pass between the interfaces of a bridge group."""
    text = ("ASA Version 9.8(2)\nfirewall transparent\ninterface GigabitEthernet0/0\n nameif outside\n"
            f"{group} security-level 0\ninterface GigabitEthernet0/1\n nameif inside\n bridge-group 1\n"
            " security-level 100\ninterface BVI1\n ip address 10.1.1.1 255.255.255.0\n")
    assert judged(text, PUSH, "inside", "outside") == expected
