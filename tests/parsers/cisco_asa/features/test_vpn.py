"""VPN: tunnels by crypto map, for users and as interfaces, and what filters them.

VPN guide, "bypass ACLs": with `sysopt connection permit-vpn` (the default, only `no` is printed) decrypted
packets skip the lists of both interfaces. TAC 99103: the source of a vpn-filter is the far side, both ways.
"""

from __future__ import annotations

import pytest

from aclproof.linter.trace.single import Question, trace
from tests.parsers.cisco_asa.asa import packet, read
from tests.parsers.cisco_asa.features.judged import judged

BASE = """\
ASA Version 9.8(2)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
route outside 0 0 192.0.2.9 1
"""
CLOSED = ("access-list OUT extended deny ip any any\naccess-group OUT in interface outside\n"
          "access-list IN extended permit ip any any\naccess-group IN out interface inside\n")
MAP = """\
access-list VPN extended permit ip 10.1.1.0 255.255.255.0 10.20.0.0 255.255.0.0
crypto map CM 10 match address VPN
crypto map CM 10 set peer 198.51.100.1
crypto map CM interface outside
"""
FILTER = """\
access-list VF extended permit tcp 10.20.0.0 255.255.0.0 host 10.1.1.10 eq 80
access-list VF extended permit tcp 10.20.0.0 255.255.0.0 eq 445 host 10.1.1.10
group-policy GP internal
group-policy GP attributes
 vpn-filter value VF
tunnel-group 198.51.100.1 type ipsec-l2l
tunnel-group 198.51.100.1 general-attributes
 default-group-policy GP
"""
UP, DOWN = {"vpn 198.51.100.1": True}, {"vpn 198.51.100.1": False}
WEB = packet("10.20.0.5", "10.1.1.10", "tcp", 80)
SMB = packet("10.20.0.5", "10.1.1.10", "tcp", 445)
PUSH = packet("10.1.1.10", "10.20.0.5", "tcp", 445)
BACK = packet("10.1.1.10", "10.20.0.5", "tcp", 80)
OTHER = packet("10.30.0.5", "10.1.1.10", "tcp", 80)


def test_decrypted_packets_skip_the_interface_lists() -> None:
    text = BASE + CLOSED + MAP
    assert judged(text, WEB, "outside", "inside") == "undecided"
    assert judged(text, WEB, "outside", "inside", UP) == "permit"
    assert judged(text, WEB, "outside", "inside", DOWN) == "deny"  # in clear, they are dropped
    assert judged(text, OTHER, "outside", "inside", UP) == "deny"  # no packet of the tunnel


def test_without_permit_vpn_the_lists_are_asked() -> None:
    text = BASE + MAP + "no sysopt connection permit-vpn\n"
    permits = text + "access-list OUT extended permit ip any any\naccess-group OUT in interface outside\n"
    assert judged(text + CLOSED, WEB, "outside", "inside", UP) == "deny"
    assert judged(permits, WEB, "outside", "inside") == "undecided"
    assert judged(permits, WEB, "outside", "inside", UP) == "permit"
    assert judged(permits, WEB, "outside", "inside", DOWN) == "deny"


@pytest.mark.parametrize(("version", "said", "expected"), [
    ("PIX Version 6.3(5)", "", "deny"), ("PIX Version 6.3(5)", "sysopt connection permit-ipsec\n", "permit"),
    ("PIX Version 7.0(4)", "", "deny"), ("PIX Version 7.2(1)", "", "permit"),
    ("ASA Version 7.0(8)", "", "deny"), ("ASA Version 7.1(1)", "", "permit")])
def test_since_when_they_skip_them(version: str, said: str, expected: str) -> None:
    """Command reference, sysopt connection permit-vpn: on by default since 7.1."""
    text = BASE.replace("ASA Version 9.8(2)", version) + CLOSED + MAP + said
    assert judged(text, WEB, "outside", "inside", UP) == expected


@pytest.mark.parametrize(("said", "expected"), [
    ("no sysopt connection permit-vpn\nsysopt connection permit-vpn\n", "permit"),
    ("sysopt connection permit-vpn\nno sysopt connection permit-vpn\n", "deny")])
def test_the_last_word_on_it_counts(said: str, expected: str) -> None:
    assert judged(BASE + CLOSED + MAP + said, WEB, "outside", "inside", UP) == expected


def test_what_goes_into_a_tunnel_meets_the_lists_and_needs_the_tunnel() -> None:
    text = BASE + MAP
    assert judged(text, PUSH, "inside", "outside") == "undecided"
    assert judged(text, PUSH, "inside", "outside", UP) == "permit"
    assert judged(text, PUSH, "inside", "outside", DOWN) == "deny"
    closed = text + "access-list IN extended deny ip any any\naccess-group IN in interface inside\n"
    assert judged(closed, PUSH, "inside", "outside", UP) == "deny"
    far = packet("10.1.1.10", "203.0.113.5", "tcp", 445)
    assert judged(text, far, "inside", "outside") == "permit"


def test_a_tunnel_takes_what_leaves_by_its_interface_and_nothing_else() -> None:
    text = BASE + ("interface GigabitEthernet0/2\n nameif core\n security-level 50\n"
                   " ip address 172.16.0.1 255.255.255.0\n") + MAP
    assert judged(text, PUSH, "inside", "core") == "permit"
    assert judged(text, WEB, "core", "inside", UP) == "deny"


def test_the_filter_of_a_tunnel_decides_in_both_directions() -> None:
    text = BASE + CLOSED + MAP + FILTER
    assert judged(text, WEB, "outside", "inside", UP) == "permit"
    assert judged(text, SMB, "outside", "inside", UP) == "deny"
    assert judged(text, SMB, "outside", "inside") == "deny"  # whether or not it is up
    assert judged(text, PUSH, "inside", "outside", UP) == "permit"  # to the far side's port 445
    assert judged(text, BACK, "inside", "outside", UP) == "deny"


def test_the_filter_of_the_default_policy_holds_where_no_other_does() -> None:
    text = BASE + CLOSED + MAP + FILTER.replace("GP", "DfltGrpPolicy").partition("tunnel-group")[0]
    assert judged(text, SMB, "outside", "inside", UP) == "deny"
    assert judged(text, WEB, "outside", "inside", UP) == "permit"
    none = text + ("group-policy P attributes\n vpn-filter none\n"
                   "tunnel-group DefaultL2LGroup general-attributes\n default-group-policy P\n")
    assert judged(none, SMB, "outside", "inside", UP) == "permit"


def test_a_filter_that_is_not_in_the_file_leaves_it_open() -> None:
    text = BASE + CLOSED + MAP + FILTER.replace("value VF", "value GONE")
    assert judged(text, WEB, "outside", "inside", UP) == "undecided"


def test_a_list_that_is_not_in_the_file_may_select_anything() -> None:
    text = BASE + MAP.replace("address VPN", "address GONE") + CLOSED
    assert judged(text, WEB, "outside", "inside") == "undecided"
    assert judged(text, packet("10.1.1.10", "203.0.113.5", "tcp", 445), "inside", "outside") == "undecided"


def test_a_map_that_is_bound_nowhere_makes_no_tunnel() -> None:
    text = BASE + CLOSED + MAP.replace("crypto map CM interface outside\n", "")
    assert judged(text, WEB, "outside", "inside") == "deny"


def test_a_dynamic_map_with_a_list() -> None:
    text = BASE + CLOSED + """\
access-list VPN extended permit ip 10.1.1.0 255.255.255.0 10.20.0.0 255.255.0.0
crypto dynamic-map D 5 match address VPN
crypto map CM 65535 ipsec-isakmp dynamic D
crypto map CM interface outside
"""
    assert judged(text, WEB, "outside", "inside") == "undecided"
    assert judged(text, WEB, "outside", "inside", {"vpn D": True}) == "permit"


def test_packets_that_the_list_denies_are_none_of_the_tunnel() -> None:
    """The guide contradicts itself on whether such packets may arrive in clear: open."""
    text = BASE + MAP.replace("access-list VPN", "access-list VPN extended deny ip host 10.1.1.10 any\n"
                                                 "access-list VPN", 1)
    permits = text + "access-list OUT extended permit ip any any\naccess-group OUT in interface outside\n"
    assert judged(permits, WEB, "outside", "inside") == "undecided"
    assert judged(permits, WEB, "outside", "inside", {"crypto map VPN in clear": False}) == "permit"


def test_a_list_of_translated_addresses_selects_the_real_ones() -> None:
    """VPN guide: the crypto map is asked after translation."""
    text = BASE + ("object network S\n host 10.1.1.10\n nat (inside,outside) static 172.16.1.10\n"
                   "access-list VPN extended permit ip host 172.16.1.10 10.20.0.0 255.255.0.0\n"
                   "crypto map CM 10 match address VPN\ncrypto map CM 10 set peer 198.51.100.1\n"
                   "crypto map CM interface outside\n")
    assert judged(text, PUSH, "inside", "outside") == "undecided"
    assert judged(text, PUSH, "inside", "outside", DOWN) == "deny"


PAT = "nat (inside,outside) after-auto source dynamic any interface\n"
EXEMPT = ("object network L\n subnet 10.1.1.0 255.255.255.0\n"
          "object network R\n subnet 10.20.0.0 255.255.0.0\n"
          "nat (inside,outside) source static L L destination static R R\n")
STATIC = "object network S\n host 10.1.1.10\n nat (inside,outside) static "
OLD = (BASE.replace("9.8(2)", "8.2(5)") + MAP + "nat (inside) 1 0 0\nglobal (outside) 1 interface\n")


@pytest.mark.parametrize(("text", "expected"), [
    (BASE + MAP + PAT, "undecided"), (BASE + MAP + EXEMPT + PAT, "permit"),
    (BASE + MAP + EXEMPT.replace("10.20.0.0", "10.21.0.0") + PAT, "undecided"),
    (BASE + MAP + STATIC + "192.0.2.10\n", "undecided"), (BASE + MAP + STATIC + "10.1.1.77\n", "permit"),
    (OLD, "undecided"),
    (OLD + "access-list X permit ip 10.1.1.0 255.255.255.0 10.20.0.0 255.255.0.0\n"
     "nat (inside) 0 access-list X\n", "permit")])
def test_what_is_translated_to_other_addresses_than_the_list_has_goes_into_no_tunnel(text: str,
                                                                                     expected: str) -> None:
    """VPN guide: the crypto map is asked after translation, so that a forgotten exemption breaks a tunnel."""
    kept_out = "kept out of tunnel VPN"
    lost = "permit" if expected == "permit" else "deny"
    for said, verdict in (({}, expected), ({kept_out: True}, lost), ({kept_out: False}, "permit")):
        assert trace(read(text), PUSH, Question(facts={**UP, **said})).verdict == verdict
    beside = packet("10.1.1.10", "203.0.113.5", "tcp", 445)
    assert trace(read(text), beside, Question(facts={**UP, kept_out: True})).verdict == "permit"


FIRST = """\
access-list ONE extended deny ip host 10.1.1.10 10.20.0.0 255.255.0.0
access-list ONE extended permit ip host 192.0.2.10 10.20.0.0 255.255.255.0
crypto map CM 5 match address ONE
crypto map CM 5 set peer 198.51.100.7
"""


@pytest.mark.parametrize(("mapped", "expected"), [
    ("192.0.2.10", "undecided"), ("192.0.2.77", "undecided"), ("10.1.1.77", "permit")])
def test_what_one_tunnel_leaves_alone_another_may_be_for(mapped: str, expected: str) -> None:
    """A deny in the list of the first goes on with the next, whether the first has the new address or not."""
    up = {**UP, "vpn 198.51.100.7": True, "crypto map ONE in clear": False}
    text = BASE + FIRST + MAP + STATIC + f"{mapped}\n"
    sent = packet("10.1.1.10", "10.20.9.5", "tcp", 445)
    assert trace(read(text), sent, Question(facts=up)).verdict == expected


POOL = "ip local pool VP 10.20.0.1-10.20.255.254 mask 255.255.0.0\n"
ENDS = "crypto map CM interface outside\n"


@pytest.mark.parametrize("end", [ENDS, "", "webvpn\n enable outside\n"])
def test_users_of_a_pool_skip_the_interface_lists(end: str) -> None:
    text = BASE + CLOSED + POOL + end
    assert judged(text, WEB, "outside", "inside") == "undecided"
    assert judged(text, WEB, "outside", "inside", {"vpn pool VP": True}) == "permit"
    assert judged(text, WEB, "outside", "inside", {"vpn pool VP": False}) == "deny"
    assert judged(BASE + POOL + end, PUSH, "inside", "outside") == "undecided"
    assert judged(BASE + POOL + end, PUSH, "inside", "outside", {"vpn pool VP": False}) == "deny"


@pytest.mark.parametrize(("count", "last"), [(" 16", 0xF), ("", 0xFFFF)])
def test_a_pool_of_ipv6_has_so_many_addresses_from_its_first(count: str, last: int) -> None:
    text = BASE.replace("255.255.255.0\n", "255.255.255.0\n ipv6 address 2001:db8:1::1/64\n") + (
        f"ipv6 local pool V6 2001:db8:9::/112{count}\n{ENDS}")
    for number, fate in ((0, "undecided"), (last, "undecided"), (last + 1, "permit")):
        far = packet("2001:db8:1::9", f"2001:db8:9::{number // 65536:x}:{number % 65536:x}", "tcp", 445)
        assert judged(text, far, "inside", "outside") == fate


def test_users_of_a_pool_are_where_their_tunnels_end() -> None:
    """The firewall has a route to each of them, whatever network their addresses are cut from."""
    text = BASE + POOL.replace("10.20.0.1-10.20.255.254 mask 255.255.0.0", "10.1.1.200-10.1.1.220") + ENDS
    transit = trace(read(text), packet("10.1.1.205", "10.1.1.10", "tcp", 80)).transit
    assert transit
    assert (transit.ingress, transit.egress) == ("outside", "inside")


@pytest.mark.parametrize(("said", "ingress"), [("crypto map CM 10 set reverse-route\n", "outside"), ("", "")])
def test_a_crypto_map_may_set_routes_to_its_far_side(said: str, ingress: str) -> None:
    """VPN guide, reverse route injection: static routes to the remote networks of the map's list."""
    text = BASE + MAP + said + "route inside 10.0.0.0 255.0.0.0 10.1.1.254 1\n"
    transit = trace(read(text), WEB).transit
    assert (transit.ingress if transit else "") == ingress


def test_the_filter_of_users_may_be_another_for_one_of_them() -> None:
    """DAP and the user's own attributes win over the group policy."""
    text = BASE + CLOSED + POOL + ENDS + FILTER.replace("198.51.100.1", "T").replace(
        " default-group-policy GP", " default-group-policy GP\n address-pool VP")
    here = {"vpn pool VP": True}
    assert judged(text, WEB, "outside", "inside", here) == "permit"
    assert judged(text, SMB, "outside", "inside", here) == "undecided"
    assert judged(text, SMB, "outside", "inside", {**here, "vpn-filter VF": True}) == "deny"
    assert judged(text, SMB, "outside", "inside", {**here, "vpn-filter VF": False}) == "permit"


def test_a_group_policy_may_send_users_out_by_a_vlan() -> None:
    text = BASE + CLOSED + POOL + ENDS + ("group-policy GP attributes\n vlan 20\n address-pools value VP\n")
    assert judged(text, WEB, "outside", "inside", {"vpn pool VP": True}) == "undecided"


def test_an_interface_that_is_a_tunnel() -> None:
    """VPN guide, virtual tunnel interfaces."""
    text = BASE + """\
interface Tunnel1
 nameif vti
 ip address 169.254.0.1 255.255.255.252
 tunnel source interface outside
 tunnel destination 198.51.100.1
 tunnel protection ipsec profile P
route vti 10.20.0.0 255.255.0.0 169.254.0.2 1
access-list NONE extended deny ip any any
access-group NONE in interface vti
"""
    assert judged(text, WEB, "vti", "inside") == "undecided"
    assert judged(text, WEB, "vti", "inside", {"vpn vti": True}) == "permit"
    assert judged(text, WEB, "vti", "inside", {"vpn vti": False}) == "deny"
    assert judged(text, PUSH, "inside", "vti") == "undecided"
    filtered = text + FILTER
    assert judged(filtered, WEB, "vti", "inside", {"vpn vti": True}) == "permit"
    assert judged(filtered, SMB, "vti", "inside", {"vpn vti": True}) == "deny"
    plain = text.replace(" tunnel protection ipsec profile P\n", "")
    assert judged(plain, WEB, "vti", "inside") == "deny"


def test_of_two_entries_of_a_crypto_map_the_lower_number_has_the_packets() -> None:
    """CLI8, IPsec: entries are tried by their sequence numbers, in whichever order they were entered."""
    before = MAP.replace("CM 10", "CM 9").replace("198.51.100.1", "198.51.100.2")
    for text in (BASE + MAP + before, BASE + before + MAP):
        assert judged(text, PUSH, "inside", "outside", {**UP, "vpn 198.51.100.2": False}) == "deny"
        assert judged(text, PUSH, "inside", "outside", {**DOWN, "vpn 198.51.100.2": True}) == "permit"
