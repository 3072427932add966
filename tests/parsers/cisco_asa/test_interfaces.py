"""Interfaces, levels, routes, bindings and inspection: who filters what on the way."""

from __future__ import annotations

import pytest

from aclproof.linter.trace.single import trace
from aclproof.parsers.model.addresses import Family, spell_all
from aclproof.parsers.model.notes import State
from tests.parsers.cisco_asa.asa import INTERFACES, addresses, crossing, packet, read

WEB = packet("10.1.0.9", "192.0.2.9", "tcp", 443)
BACK = packet("192.0.2.9", "10.1.0.9", "tcp", 443)
PERMIT_WEB = "access-list WEB extended permit tcp any any eq 443\n"
END = "timeout xlate 3:00:00\n"
NOTHING = "access-list NOTHING extended deny ip any any\n"


def test_what_an_interface_says() -> None:
    firewall = read(INTERFACES)
    assert [(each.name, each.level) for each in firewall.interfaces] == [
        ("outside", 0), ("inside", 100), ("dmz", 50)]
    assert firewall.interfaces[1].addresses == addresses("10.1.0.1/32")
    assert [(each.interface, each.length) for each in firewall.routes] == [
        ("outside", 24), ("inside", 16), ("dmz", 16)]


@pytest.mark.parametrize(("body", "level"), [
    (" nameif inside\n", 100), (" nameif dmz\n", 0), (" nameif dmz\n security-level 30\n", 30),
    (" security-level 30\n nameif dmz\n", 30), (" nameif dmz\n! comment\n security-level 30\n", 30)])
def test_default_levels(body: str, level: int) -> None:
    assert read(f"ASA Version 9.1\ninterface E0\n{body}").interfaces[0].level == level


@pytest.mark.parametrize("body", [
    " no nameif\n security-level 50\n", " shutdown\n nameif dmz\n", " nameif dmz\n shutdown\n",
    " management-only\n nameif management\n", " description nameif dmz\n"])
def test_interfaces_that_take_no_part(body: str) -> None:
    assert read(f"ASA Version 9.1\ninterface E0\n{body}").interfaces == ()


def test_children_without_indentation() -> None:
    firewall = read("ASA Version 9.1\ninterface E0\nnameif inside\nsecurity-level 90\nip address 10.0.0.1 "
                    "255.0.0.0\n"
                    "ipv6 address 2001:db8::1/64\nno shutdown\nexit\naccess-list A extended permit ip any "
                    "any\naccess-group A in interface inside\n")
    assert not firewall.notes
    assert firewall.interfaces[0].addresses == addresses("10.0.0.1/32", "2001:db8::1/128")
    assert firewall.interfaces[0].level == 90


def test_an_interface_that_is_entered_twice() -> None:
    assert read("ASA Version 9.1\ninterface E0\n nameif inside\ninterface E1\n nameif dmz\ninterface E0\n "
                "shutdown\n"
                ).interfaces[0].name == "dmz"


@pytest.mark.parametrize("body", [
    "ip address xxx.xxx.45.194 255.255.255.0", "ip address 10.0.0.1 0.0.0.255",
    "ip adress 10.0.0.1 255.0.0.0",
    "ip address 10.0.0.1", "security-level high", "ip address 10.0.0.1 255.0.255.0"])
def test_an_interface_that_cannot_be_read_stays_and_makes_routes_doubtful(body: str) -> None:
    firewall = read(f"ASA Version 9.1\ninterface E0\n nameif dmz\n security-level 50\n {body}\n"
                    "interface E1\n nameif outside\n ip address 192.0.2.2 255.255.255.0\n"
                    "interface E2\n nameif inside\n ip address 10.1.0.1 255.255.0.0\n"
                    "route outside 0.0.0.0 0.0.0.0 192.0.2.1\n")
    assert {each.name for each in firewall.interfaces} >= {"dmz", "outside"}
    assert firewall.notes[0].decides
    # Its own network is unknown, so the default route proves nothing.
    assert trace(firewall, packet("10.1.0.5", "172.16.0.1", "tcp", 80)).packet_trace is None


@pytest.mark.parametrize(("kind", "body", "lost"), [
    ("Ethernet0", "", True), ("Ethernet0", " no nameif\n", False), ("Ethernet0", " shutdown\n", False),
    ("BVI2", "", False)])
def test_an_address_without_a_name_has_lost_it(kind: str, body: str, lost: bool) -> None:
    """A device prints `no nameif`; of an interface whose name is lost the networks are not known."""
    firewall = read(f"{INTERFACES}interface {kind}\n{body} ip address 172.16.0.1 255.255.0.0\n"
                    "route outside 0.0.0.0 0.0.0.0 192.0.2.1\n")
    assert any(note.decides for note in firewall.notes) is lost
    asked = trace(firewall, packet("10.1.0.5", "172.16.0.9", "tcp", 80))
    assert (asked.packet_trace is None) is lost


def test_addresses_by_dhcp_are_unknown() -> None:
    firewall = read("ASA Version 9.1\ninterface E0\n nameif outside\n ip address dhcp setroute\n")
    assert (firewall.interfaces[0].dynamic, firewall.interfaces[0].addresses) == (True, addresses())


def test_pix_6() -> None:
    firewall = read("PIX Version 6.3(5)\nnameif ethernet0 outside security0\nnameif ethernet1 inside "
                    "security100\n"
                    "ip address outside 192.0.2.2 255.255.255.0\nip address inside 10.1.0.1 255.255.0.0\n"
                    "access-list 100 permit tcp any host 192.0.2.5 eq smtp\naccess-group 100 in interface "
                    "outside\n"
                    "route outside 0.0.0.0 0.0.0.0 192.0.2.1 1\n")
    assert [(each.name, each.level) for each in firewall.interfaces] == [("outside", 0), ("inside", 100)]
    assert crossing(firewall, packet("1.1.1.1", "192.0.2.5", "tcp", 25), "outside", "inside") == "permit"
    assert crossing(firewall, BACK, "outside", "inside") == "deny"


def test_a_pix_6_address_that_cannot_be_read_is_reported() -> None:
    firewall = read("PIX Version 6.3(5)\nnameif ethernet0 outside security0\nip address outside 999.0.2.2 "
                    "255.255.255.0\n")
    assert [note.state for note in firewall.notes] == [State.UNREAD]


@pytest.mark.parametrize(("ingress", "egress", "expected"), [
    ("inside", "outside", "permit"), ("inside", "dmz", "permit"), ("dmz", "inside", "deny"),
    ("outside", "dmz", "deny")])
def test_levels_decide_without_a_list(ingress: str, egress: str, expected: str) -> None:
    assert crossing(read(INTERFACES), WEB, ingress, egress) == expected


@pytest.mark.parametrize(("option", "expected"), [
    ("", "deny"), ("same-security-traffic permit inter-interface\n", "permit"),
    ("same-security-traffic permit intra-interface\n", "deny")])
def test_equal_levels_need_the_option(option: str, expected: str) -> None:
    text = INTERFACES.replace("security-level 50", "security-level 100")
    assert crossing(read(text + option), WEB, "inside", "dmz") == expected


def test_an_inbound_list_replaces_the_level() -> None:
    firewall = read(INTERFACES + PERMIT_WEB + "access-group WEB in interface outside\n")
    assert crossing(firewall, BACK, "outside", "inside") == "permit"
    assert crossing(firewall, packet("192.0.2.9", "10.1.0.9", "tcp", 80), "outside", "inside") == "deny"
    denied = read(INTERFACES + NOTHING + "access-group NOTHING in interface inside\n")
    assert crossing(denied, WEB, "inside", "outside") == "deny"


def test_an_outbound_list_must_permit_as_well() -> None:
    firewall = read(INTERFACES + NOTHING + "access-group NOTHING out interface outside\n")
    assert crossing(firewall, WEB, "inside", "outside") == "deny"
    assert crossing(firewall, WEB, "inside", "dmz") == "permit"
    both = read(INTERFACES + PERMIT_WEB + "access-group WEB out interface inside\n")
    assert crossing(both, BACK, "outside", "inside") == "deny"  # the level still forbids the way in


def test_the_global_list_comes_behind_the_interface_list() -> None:
    text = INTERFACES + PERMIT_WEB + "access-list FIRST extended deny tcp host 10.1.0.9 any eq 443\n"
    firewall = read(text + "access-group FIRST in interface inside\naccess-group WEB global\n")
    assert crossing(firewall, WEB, "inside", "outside") == "deny"
    assert crossing(firewall, packet("10.1.0.8", "192.0.2.9", "tcp", 443), "inside", "outside") == "permit"
    assert crossing(firewall, packet("10.1.0.8", "192.0.2.9", "tcp", 80), "inside", "outside") == "deny"
    assert crossing(firewall, BACK, "outside", "inside") == "permit"  # only the global list there


def test_a_list_that_is_not_bound_filters_nothing() -> None:
    assert crossing(read(INTERFACES + NOTHING + END), WEB, "inside", "outside") == "permit"


def test_a_control_plane_list_filters_nothing_that_passes() -> None:
    firewall = read(INTERFACES + NOTHING + "access-group NOTHING in interface inside control-plane\n")
    assert crossing(firewall, WEB, "inside", "outside") == "permit"


def test_a_list_that_is_bound_and_missing_leaves_everything_open() -> None:
    firewall = read(INTERFACES + "access-group GONE in interface inside\n")
    assert crossing(firewall, WEB, "inside", "outside") == "undecided"


@pytest.mark.parametrize(("way", "fates"), [
    ("in", [["undecided", "permit"], ["deny", "undecided"]]),
    ("out", [["undecided", "permit"], ["deny", "deny"]])])
def test_a_list_at_an_interface_that_is_not_there_may_filter_anywhere(way: str,
                                                                      fates: list[list[str]]) -> None:
    """Where it filters what comes in from outside, that passes by it alone; what goes there does anyway."""
    firewall = read(f"{INTERFACES}access-list A extended deny tcp any any eq 80\n"
                    f"access-list A extended permit ip any any\naccess-group A {way} interface nowhere\n")
    ends = (("10.1.0.5", "192.0.2.9", "inside", "outside"), ("192.0.2.9", "10.1.0.5", "outside", "inside"))
    assert [[crossing(firewall, packet(source, to, "tcp", port), *ways) for port in (80, 81)]
            for source, to, *ways in ends] == fates


def test_a_later_binding_replaces_an_earlier_one() -> None:
    firewall = read(INTERFACES + PERMIT_WEB + NOTHING + "access-group WEB in interface outside\n"
                                                        "access-group NOTHING in interface outside\n")
    assert crossing(firewall, BACK, "outside", "inside") == "deny"


def test_an_ipv4_and_an_ipv6_list_are_bound_side_by_side() -> None:
    text = INTERFACES.replace("9.12(4)", "8.4(2)") + "access-list V4 extended permit tcp any any eq 443\n"
    firewall = read(text + "ipv6 access-list V6 permit tcp any any eq 80\naccess-group V4 in interface "
                           "outside\n"
                           "access-group V6 in interface outside\n")
    assert crossing(firewall, BACK, "outside", "inside") == "permit"
    assert crossing(firewall, packet("2001:db8::1", "2001:db8::2", "tcp", 80), "outside",
                    "inside") == "permit"
    assert crossing(firewall, packet("2001:db8::1", "2001:db8::2", "tcp", 443), "outside", "inside") == "deny"


@pytest.mark.parametrize(("login", "expected"), [("", "permit"), ("aaa authentication match X outside R\n",
                                                                  "undecided")])
def test_a_downloaded_user_list_may_win_where_users_log_in(login: str, expected: str) -> None:
    firewall = read(INTERFACES + PERMIT_WEB + login + "access-group WEB in interface outside "
                                                      "per-user-override\n")
    assert crossing(firewall, BACK, "outside", "inside") == expected


def test_commands_about_traffic_to_the_firewall_itself_decide_nothing() -> None:
    firewall = read(INTERFACES + "ssh 0.0.0.0 0.0.0.0 outside\nhttp 0.0.0.0 0.0.0.0 outside\nicmp deny any "
                                 "outside\n"
                                 "telnet 10.0.0.0 255.0.0.0 inside\n")
    assert not firewall.notes
    assert crossing(firewall, BACK, "outside", "inside") == "deny"


POLICY = ("class-map C\n match {match}\npolicy-map P\n class C\n  inspect icmp\nservice-policy P {place}\n")


@pytest.mark.parametrize(("match", "place", "expected"), [
    ("any", "global", "permit"), ("default-inspection-traffic", "global", "permit"),
    ("access-list X", "global", "undecided"), ("any", "interface outside", "permit"),
    ("any", "interface dmz", "deny"),
    ("default-inspection-traffic\n match access-list X", "global", "undecided"),
    ("port tcp eq 80", "global", "undecided")])
def test_an_echo_reply_comes_back_with_inspection(match: str, place: str, expected: str) -> None:
    firewall = read(INTERFACES + POLICY.format(match=match, place=place))
    reply = packet("192.0.2.9", "10.1.0.9", "icmp", 0, 0)
    assert crossing(firewall, reply, "outside", "inside", reply=True) == expected
    assert crossing(firewall, reply, "outside", "inside") == "deny"  # nobody asked
    assert crossing(read(INTERFACES), reply, "outside", "inside", reply=True) == "deny"


def test_without_a_service_policy_nothing_is_inspected() -> None:
    firewall = read(INTERFACES + POLICY.format(match="any", place="global").rpartition("service-policy")[0])
    assert firewall.inspections == ()


def test_a_class_without_indentation() -> None:
    firewall = read(INTERFACES + "class-map C\nmatch any\npolicy-map P\nclass C\ninspect icmp\n"
                                 "service-policy P global\n")
    assert [(each.protocol, each.certain) for each in firewall.inspections] == [("icmp", True)]


def test_a_route_that_cannot_be_read_is_reported() -> None:
    firewall = read(INTERFACES + "route outside 10.0.0.0\nroute outside nowhere 255.0.0.0 192.0.2.1\n"
                                 "ipv6 route outside 2001:db8::/32 2001:db8::1\n")
    assert [note.span.text for note in firewall.notes] == ["route outside 10.0.0.0",
                                                           "route outside nowhere 255.0.0.0 192.0.2.1"]
    assert "unread-route" in firewall.options


@pytest.mark.parametrize("name", ["GigabitEthernet0/2", "gigabitethernet 0/2", "Gig0/2", "gi 0/2", "G0/2"])
def test_an_interface_is_entered_again_by_any_spelling_of_its_name(name: str) -> None:
    """A device takes abbreviations and a blank before the number."""
    firewall = read(f"{INTERFACES}interface {name}\n shutdown\n")
    assert [each.name for each in firewall.interfaces] == ["outside", "inside"]


def test_names_of_a_context_are_no_abbreviations() -> None:
    text = "ASA Version 9.1 <context>\ninterface inside2\n nameif a\ninterface inside\n nameif b\n"
    assert [each.name for each in read(text + "interface in\n nameif c\n").interfaces] == ["a", "b", "c"]


def test_an_interface_has_one_address_of_ipv4() -> None:
    firewall = read(f"{INTERFACES}interface GigabitEthernet0/2\n ip address 10.3.0.1 255.255.0.0\n")
    assert firewall.interfaces[2].addresses == addresses("10.3.0.1/32")
    assert [each.network >> 16 for each in firewall.routes if each.interface == "dmz"] == [10 << 8 | 3]
    two = read(f"{INTERFACES} ipv6 address 2001:db8::1/64\n ipv6 address 2001:db8:1::1/64\n")
    assert two.interfaces[2].addresses == addresses("10.2.0.1/32", "2001:db8::1/128", "2001:db8:1::1/128")


@pytest.mark.parametrize(("version", "vlan", "fate"), [
    ("", " vlan 10\n", "permit"), ("", "", "undecided"), ("", " vlan 10\n no vlan\n", "undecided"),
    (" <context>", "", "permit")])  # the system space says it
def test_a_subinterface_without_a_vlan_passes_nothing(version: str, vlan: str, fate: str) -> None:
    text = INTERFACES.replace("9.12(4)", f"9.12(4){version}").replace(
        "GigabitEthernet0/1\n", f"GigabitEthernet0/1.10\n{vlan}")
    firewall = read(text)
    request = packet("10.1.0.9", "192.0.2.9", "tcp", 80)
    assert crossing(firewall, request, "inside", "outside") == fate
    stated = {"vlan of GigabitEthernet0/1.10": True}
    assert crossing(firewall, request, "inside", "outside", facts=stated) == "permit"


def test_a_list_of_the_other_family_is_none_for_this_one() -> None:
    """Before 9.0 an interface has a list of each: with one of IPv6 only, IPv4 goes down by the levels."""
    six = INTERFACES.replace("9.12(4)", "8.4(7)") + (
        "ipv6 access-list SIX permit tcp any any eq www\naccess-group SIX in interface inside\n")
    assert crossing(read(six), WEB, "inside", "outside") == "permit"


@pytest.mark.parametrize(("said", "routed"), [("autoconfig", False), ("dhcp", False), (
    "autoconfig default trust dhcp", True), ("dhcp default", True), ("dhcp setroute", False)])
def test_addresses_of_ipv6_by_router_or_dhcp_are_unknown(said: str, routed: bool) -> None:
    own = "10.1.0.1 255.255.0.0\n"
    firewall = read(INTERFACES.replace(own, f"{own} ipv6 address {said}\n"))
    known = firewall.interface("inside")
    assert known is not None
    assert (known.dynamic, spell_all(known.addresses)) == (True, ["10.1.0.1"])
    assert [each.interface for each in firewall.routes if not each.length and each.family is Family.V6] == (
        ["inside"] if routed else [])
