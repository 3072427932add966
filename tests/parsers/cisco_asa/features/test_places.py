"""Interfaces, routes and bridges: what decides besides lists, each expectation with its source."""

from __future__ import annotations

import pytest

from aclproof.linter.trace.single import trace
from tests.parsers.cisco_asa.asa import packet, read
from tests.parsers.cisco_asa.features.judged import OPEN, PONG, PUSH, SMB, TWO, WEB, inbound, judged, outbound

FWSM = TWO.replace("ASA Version 9.12(4)", "FWSM Version 3.2(5)")
BRIDGE = """\
ASA Version 9.8(2)
interface GigabitEthernet1/1
 nameif outside
 security-level 0
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet1/2
 bridge-group 1
 nameif inside_1
 security-level 100
interface GigabitEthernet1/3
 bridge-group 1
 nameif inside_2
 security-level 100
interface BVI1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
access-list NONE extended deny ip any any
access-list ALL extended permit ip any any
access-list SMB extended permit tcp any any eq 445
"""
END = "timeout xlate 3:00:00\n"
"""What a device prints after the lists and what binds them."""
THREE = TWO + """\
interface GigabitEthernet0/2
 nameif core
 security-level 90
 ip address 172.16.0.1 255.255.255.0
"""
FAR = packet("10.1.1.10", "203.0.113.5", "tcp", 445)


def egress(text: str) -> str:
    """The interface by which a packet to a far network leaves, as the routes say; empty where none does."""
    transit = trace(read(text), FAR).transit
    return (transit.egress or "") if transit else ""


def test_an_fwsm_drops_what_no_list_permits_whatever_the_levels() -> None:
    """FWSM guide 3.1, chapter 15: without an inbound list it drops all traffic that enters an interface."""
    assert judged(TWO, PUSH, "inside", "outside") == "permit"
    assert judged(FWSM, PUSH, "inside", "outside") == "deny"
    listed = FWSM + "access-list IN extended permit tcp any any eq 445\naccess-group IN in interface inside\n"
    assert judged(listed, PUSH, "inside", "outside") == "permit"
    assert judged(FWSM, PONG, "outside", "inside", reply=True) == "deny"


@pytest.mark.parametrize(("first", "second", "expected"), [
    ("NONE", "NONE", "deny"), ("SMB", "SMB", "permit"), ("NONE", "SMB", "undecided"), ("SMB", "", "permit"),
    ("NONE", "", "undecided"), ("", "", "permit")])
@pytest.mark.parametrize("way", ["in", "out"])
def test_packets_of_a_bridge_meet_the_list_of_some_member(first: str, second: str, expected: str,
                                                         way: str) -> None:
    """ASA Firewall CLI guide 9.20, access rules: inbound the member's rules and then the BVI's, outbound the
    BVI's and then the member's."""
    text = BRIDGE + "access-group ALL in interface outside\n"
    text += "".join(f"access-group {name} {way} interface inside_{number}\n"
                    for number, name in enumerate((first, second), 1) if name)
    one, ends = (PUSH, ("inside", "outside")) if way == "in" else (SMB, ("outside", "inside"))
    assert judged(text + END, one, *ends) == expected


def test_the_site_file_may_name_the_member() -> None:
    text = BRIDGE + "access-group NONE in interface inside_1\naccess-group SMB in interface inside_2\n" + END
    assert judged(text, PUSH, "inside_1", "outside") == "deny"
    assert judged(text, PUSH, "inside_2", "outside") == "permit"


def test_the_bridges_own_list_comes_after_the_members() -> None:
    text = BRIDGE + "access-group SMB in interface inside_1\naccess-group SMB in interface inside_2\n"
    none, all_ = (f"{text}access-group {name} in interface inside\n{END}" for name in ("NONE", "ALL"))
    assert judged(none, PUSH, "inside", "outside") == judged(none, PUSH, "inside_1", "outside") == "deny"
    assert judged(all_, PUSH, "inside", "outside") == "permit"


def test_hosts_of_one_bridge_may_talk_through_the_firewall() -> None:
    """Both ends are in the bridge's network: which ports they are at is not in the file."""
    one = packet("10.1.1.9", "10.1.1.10", "tcp", 445)
    text = BRIDGE + "access-group NONE in interface inside_1\n"
    assert trace(read(text), one).verdict == "undecided"
    both = text + "same-security-traffic permit inter-interface\n"
    assert judged(both, one, "inside_1", "inside_2") == "deny"
    assert judged(both, one, "inside_2", "inside_1") == "permit"


def test_a_vlan_that_may_not_open_connections_to_another() -> None:
    """ASA 5505 guide 9.2, interfaces: `no forward interface` stops connections; replies come back."""
    text = TWO.replace("GigabitEthernet0/0", "Vlan2").replace("GigabitEthernet0/1", "Vlan1")
    text = text.replace(" nameif outside\n", " no forward interface Vlan1\n nameif outside\n") + OPEN
    assert judged(text, SMB, "outside", "inside") == "deny"
    assert judged(text, PUSH, "inside", "outside") == "permit"
    other = text.replace("forward interface Vlan1", "forward interface Vlan7")
    assert judged(other, SMB, "outside", "inside") == "permit"


@pytest.mark.parametrize(("hardware", "more"), [
    ("GigabitEthernet0/1.10", "interface GigabitEthernet0/1\n shutdown\n"),
    ("Port-channel1", "interface GigabitEthernet0/4\n channel-group 1 mode active\n shutdown\n"),
    ("Port-channel1.5", "interface GigabitEthernet0/4\n channel-group 1 mode active\n shutdown\n"
                        "interface Port-channel1\n"),
    ("Redundant1", "interface GigabitEthernet0/4\n shutdown\ninterface Redundant1\n member-interface "
                   "GigabitEthernet0/4\n"),
    ("Vlan5", "interface Ethernet0/3\n switchport access vlan 5\n shutdown\n")])
def test_what_is_part_of_something_that_is_down_is_down(hardware: str, more: str) -> None:
    """GEN, interfaces: traffic passes a subinterface, a Port-channel or a VLAN only while what it is part or
    made of is up."""
    text = TWO.replace("GigabitEthernet0/1", hardware)
    assert [each.name for each in read(text + more).interfaces] == ["outside"]
    up = more.replace(" shutdown\n", "")
    assert {each.name for each in read(text + up).interfaces} == {"outside", "inside"}


def test_one_member_that_is_up_is_enough() -> None:
    text = TWO.replace("GigabitEthernet0/1", "Port-channel1") + (
        "interface GigabitEthernet0/4\n channel-group 1 mode active\n shutdown\n"
        "interface GigabitEthernet0/5\n channel-group 1 mode active\n")
    assert len(read(text).interfaces) == 2


def test_pix_6_writes_shutdown_on_the_header_line() -> None:
    """PIX 6.3 command reference, interface: `interface ethernet0 auto shutdown`."""
    text = ("PIX Version 6.3(5)\ninterface ethernet0 auto{}\ninterface ethernet1 auto\n"
            "nameif ethernet0 outside security0\nnameif ethernet1 inside security100\n"
            "ip address outside 192.0.2.2 255.255.255.0\nip address inside 10.1.0.1 255.255.0.0\n")
    assert [each.name for each in read(text.format("")).interfaces] == ["outside", "inside"]
    assert [each.name for each in read(text.format(" shutdown")).interfaces] == ["inside"]


def test_a_tunneled_route_is_no_default_route() -> None:
    """GEN, static routes: `tunneled` is the default for decrypted packets only."""
    text = THREE + "route core 0.0.0.0 0.0.0.0 172.16.0.9 tunneled\nroute outside 0 0 10.20.0.9 1\n"
    assert [each.interface for each in read(text).routes if not each.length] == ["outside"]


def test_dhcp_gives_a_default_route_of_distance_1() -> None:
    """GEN, DHCP client: `setroute` takes the default route, with distance 1 unless the interface says so."""
    text = THREE.replace("ip address 10.20.0.1 255.255.0.0", "ip address dhcp setroute")
    assert judged(text, FAR, "inside", "outside") == "undecided"
    assert judged(text, FAR, "inside", "outside", {"default route outside": True}) == "permit"
    assert judged(text, FAR, "inside", "outside", {"default route outside": False}) == "deny"
    static = text + "route core 0.0.0.0 0.0.0.0 172.16.0.9 {}\n"
    assert egress(static.format(254)) == "outside"
    assert trace(read(static.format(1)), FAR).verdict == "undecided"
    far = text.replace("setroute", "setroute\n dhcp client route distance 200")
    assert egress(far + "route core 0 0 172.16.0.9 1\n") == "core"


@pytest.mark.parametrize("address", ["pppoe setroute", "203.0.113.9 255.255.255.255 pppoe setroute"])
def test_a_session_of_pppoe_has_its_other_end_for_a_gateway(address: str) -> None:
    """GEN, PPPoE client; CR, `pppoe client route distance|track`: `setroute` makes the access concentrator
    the default gateway, with distance 1 unless the interface says so."""
    text = THREE.replace("ip address 10.20.0.1 255.255.0.0", f"ip address {address}")
    assert judged(text, FAR, "inside", "outside") == "permit"
    static = text + "route core 0.0.0.0 0.0.0.0 172.16.0.9 {}\n"
    assert egress(static.format(254)) == "outside"
    assert trace(read(static.format(1)), FAR).verdict == "undecided"
    far = text.replace("setroute", "setroute\n pppoe client route distance 200")
    assert egress(far + "route core 0 0 172.16.0.9 100\n") == "core"
    tracked = text.replace("setroute", "setroute\n pppoe client route track 7")
    assert judged(tracked, FAR, "inside", "outside") == "undecided"
    assert judged(tracked, FAR, "inside", "outside", {"track 7": True}) == "permit"


def test_a_route_of_dhcp_with_a_probe_depends_on_both() -> None:
    text = THREE.replace("ip address 10.20.0.1 255.255.0.0", "ip address dhcp setroute")
    text = text.replace("setroute", "setroute\n dhcp client route track 7")
    assert judged(text, FAR, "inside", "outside", {"default route outside": True}) == "undecided"
    both = {"default route outside": True, "track 7": True}
    assert judged(text, FAR, "inside", "outside", both) == "permit"


@pytest.mark.parametrize("line", ["route core 0 0 172.16.0.9", "ipv6 route core ::/0 2001:db8::9"])
def test_a_route_by_an_interface_that_is_down_is_not_in_use(line: str) -> None:
    text = f"{THREE}{line}\n"
    assert [each.interface for each in read(text).routes if not each.length] == ["core"]
    off = text.replace(" nameif core\n", " shutdown\n nameif core\n")
    assert not [each for each in read(off).routes if not each.length]


def test_a_tracked_route_is_in_use_while_its_probe_answers() -> None:
    """GEN, static route tracking."""
    text = THREE + "route outside 0 0 10.20.0.9 1 track 7\nroute core 0 0 172.16.0.9 254\n"
    assert judged(text, FAR, "inside", "outside") == "undecided"
    assert judged(text, FAR, "inside", "outside", {"track 7": True}) == "permit"
    assert judged(text, PUSH, "inside", "outside") == "permit"  # connected: no question of the default route
    spare = text.replace(" 1 track 7", " 200 track 7").replace("254", "100")
    assert judged(spare, FAR, "inside", "core") == judged(spare, FAR, "inside", "outside") == "permit"


def test_a_black_hole_drops() -> None:
    """Command reference, route: the interface Null0 drops what is routed to it."""
    text = TWO + "route Null0 203.0.113.0 255.255.255.0\nroute outside 0 0 10.20.0.9\n"
    assert trace(read(text), FAR).verdict == "deny"


@pytest.mark.parametrize(("version", "expected"), [("9.12(4)", "outside"), ("9.5(1)", "outside"),
                                                   ("9.4(4)", "")])
def test_management_has_a_table_of_its_own_since_9_5(version: str, expected: str) -> None:
    """GEN 9.19, management-only: routes of management interfaces are in another table since 9.5(1)."""
    text = TWO.replace("9.12(4)", version) + (
        "interface Management0/0\n management-only\n nameif management\n"
        " ip address 10.254.0.1 255.255.255.0\n"
        "route outside 0 0 10.20.0.9 1\nroute management 203.0.113.0 255.255.255.0 10.254.0.9 1\n")
    assert egress(text) == expected
    assert trace(read(text), FAR).verdict == ("permit" if expected else "undecided")


@pytest.mark.parametrize("version", ["ASA Version 9.1(2)\n", "ASA Version 9.16(1)\n", ""])
def test_two_default_routes_one_of_them_for_management(version: str) -> None:
    """Two interfaces cannot have the same route in one table, so there are two tables."""
    text = TWO.replace("ASA Version 9.12(4)\n", version) + (
        "interface Management0/0\n management-only\n nameif management\n"
        " ip address 10.254.0.1 255.255.255.0\n"
        "route outside 0 0 10.20.0.9 1\nroute management 0 0 10.254.0.9 {}\n")
    assert egress(text.format(1)) == "outside"
    assert egress(text.format(5)) == "outside"


def test_without_a_release_a_route_for_management_is_not_passed_over() -> None:
    text = TWO.replace("ASA Version 9.12(4)\n", "") + (
        "interface Management0/0\n management-only\n nameif management\n"
        " ip address 10.254.0.1 255.255.255.0\n"
        "route outside 0 0 10.20.0.9 1\nroute management 203.0.113.0 255.255.255.0 10.254.0.9 1\n")
    assert trace(read(text), FAR).verdict == "undecided"


def test_the_reverse_path_is_asked_where_the_routes_do_not_lead_back() -> None:
    """CLI8, protection tools: the source must be routed to the interface by which it came in."""
    text = "ip verify reverse-path interface outside\n"
    assert inbound(text) == "permit"
    spoofed = packet("172.31.0.5", "10.1.1.10", "tcp", 445)
    assert inbound(text, spoofed) == "undecided"
    assert inbound(text, spoofed, {"reverse path outside": True}) == "permit"
    assert inbound(text, spoofed, {"reverse path outside": False}) == "deny"


@pytest.mark.parametrize("word", ["nve-only", "traffic-forward cxsc monitor-only", "inline-set S",
                                  "asr-group 1", "vrf forwarding RED"])
def test_interfaces_that_are_not_for_plain_packets(word: str) -> None:
    text = TWO.replace(" nameif outside\n", f" {word}\n nameif outside\n")
    assert judged(text + OPEN, SMB, "outside", "inside") == "undecided"
    assert outbound("") == "permit"
    assert judged(text, PUSH, "inside", "outside") == "undecided"


def test_tagged_frames_need_cts_manual() -> None:
    """FW, TrustSec, ingress table: without `cts manual` tagged frames are dropped, untagged ones pass."""
    assert inbound("") == "permit"
    assert inbound("cts sxp enable\n", WEB) == "undecided"
    tagged = TWO.replace(" nameif", " cts manual\n nameif")
    assert judged(tagged + OPEN, WEB, "outside", "inside") == "permit"


def test_bridge_groups_of_a_transparent_firewall_never_talk() -> None:
    """CLI8, transparent firewall: bridge groups are isolated from each other."""
    text = "ASA Version 8.4(2)\nfirewall transparent\n" + "".join(
        f"interface GigabitEthernet0/{number}\n nameif port{number}\n bridge-group {group}\n"
        f" security-level {level}\n"
        for number, group, level in ((1, 1, 100), (2, 1, 0), (3, 2, 0)))
    text += "".join(f"interface BVI{group}\n ip address 10.20.0.{group} 255.255.0.0\n" for group in (1, 2))
    assert judged(text, PUSH, "port1", "port2") == "permit"
    assert judged(text, PUSH, "port1", "port3") == "deny"


GROUP = """ASA Version 9.8(2)
firewall transparent
interface GigabitEthernet0/0
 nameif outside
 bridge-group 1
 security-level 0
interface GigabitEthernet0/1
 nameif inside
 bridge-group 1
 security-level 100
interface BVI1
"""


@pytest.mark.parametrize(("address", "expected"), [
    (" ip address 10.20.0.250 255.255.0.0\n", "permit"), (" no ip address\n", "deny"), ("", "deny"),
    (" ip address 10.20.0.250 255.255.0.0\ninterface BVI1\n no ip address\n", "deny")])
def test_a_bridge_group_of_a_transparent_firewall_needs_an_address(address: str, expected: str) -> None:
    """CLI8, transparent firewall: 'for IPv4 traffic, a management IP address is required ... to pass any
    traffic'; message 322004."""
    for entry, leave, one in (("inside", "outside", PUSH), ("outside", "inside", WEB)):
        assert judged(GROUP + address + OPEN, one, entry, leave) == expected


def test_a_transparent_firewall_of_8_3_has_one_address() -> None:
    old = GROUP.replace("9.8(2)", "8.3(2)").replace(" bridge-group 1\n", "").replace("interface BVI1\n", "")
    one = read(f"{old}ip address 10.20.0.250 255.255.0.0 standby 10.20.0.251\n")
    assert judged(one, PUSH, "inside", "outside") == "permit"
    assert not one.placement_doubt
    assert read(f"{old}!\nno ip address\n").placement_doubt


LINK = 'fw# show interface\nInterface {} "inside", is {}, line protocol is {}\n  Hardware is i82574L\n'
BRIEF = ("fw# show interface ip brief\n"
         "Interface                  IP-Address      OK?           Method Status                Protocol\n"
         "{}         10.1.1.1        YES           CONFIG {}                  {}\n")


@pytest.mark.parametrize("shown", [LINK, BRIEF])
@pytest.mark.parametrize(("state", "protocol", "fate"), [
    ("up", "up", "permit"), ("down", "down", "undecided"), ("up", "down", "undecided"),
    ("administratively down", "down", "undecided")])
def test_a_link_that_a_capture_shows_to_be_down_is_asked(
        shown: str, state: str, protocol: str, fate: str) -> None:
    """Command reference, show interface: nothing passes an interface unless both are up."""
    text = "fw# show running-config\n" + TWO + OPEN
    down = text + shown.format("GigabitEthernet0/1", state, protocol) + "fw#\n"
    assert judged(down, WEB, "outside", "inside") == fate
    assert judged(down, WEB, "outside", "inside", {"link of inside is down": False}) == "permit"
    later = down + shown.format("GigabitEthernet0/1", "up", "up") + "fw#\n"
    assert judged(later, WEB, "outside", "inside") == "permit"
    other = text + shown.format("GigabitEthernet0/7", state, protocol) + "fw#\n"
    assert judged(other, WEB, "outside", "inside") == "permit"
