"""Translation at one firewall: what is dialled, what answers, and what the guides say of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.demands.demands import Leg
from aclproof.linter.proof.routed import Segment, segments
from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.representatives import box_of
from aclproof.linter.trace.single import Question, trace
from aclproof.parsers.model.intervals import IntervalSet
from tests.parsers.cisco_asa.asa import INTERFACES, packet, read, through

LIST = "access-list OUT extended permit tcp any any eq 443\naccess-group OUT in interface outside\n"
REAL, MAPPED, CLIENT = "10.1.0.9", "192.0.2.50", "198.51.100.1"
OBJECTS = f"object network REAL\n host {REAL}\nobject network MAPPED\n host {MAPPED}\n"
OLD = "8.2(5)"
STATIC = f"static (inside,outside) {MAPPED} {REAL} netmask 255.255.255.255\n"


def _fate(text: str, destination: str, version: str = "9.12(4)", port: int = 443, *, client: str = CLIENT,
          ways: tuple[str, str] = ("outside", "")) -> str:
    firewall = read(INTERFACES.replace("9.12(4)", version) + OBJECTS + LIST + text)
    asked = packet(client, destination, "tcp", port)
    return trace(firewall, asked, Question(ingress=ways[0], egress=ways[1])).verdict


def _down(text: str, version: str = OLD, source: str = REAL, leave: str = "outside") -> str:
    """A connection from inside, which has level 100 and no list."""
    destination = {"outside": CLIENT, "dmz": "10.2.0.7"}[leave]
    return _fate(text, destination, version, client=source, ways=("inside", leave))


def _to_dmz(text: str, version: str = OLD, leave: str = "dmz") -> str:
    return _down(text, version, leave=leave)


@pytest.mark.parametrize("text", [
    f"object network REAL\n nat (inside,outside) static {MAPPED}\n",
    "object network REAL\n nat (inside,outside) static MAPPED\n",
    "nat (inside,outside) source static REAL MAPPED\n",
    "nat (inside,outside) source static REAL MAPPED description inactive in service before destination\n",
    "nat (inside,outside) after-auto source static REAL MAPPED\n"])
def test_a_translated_host_is_reached_by_its_mapped_address(text: str) -> None:
    """The list sees the real one; who dials that fails the reverse path check, if anybody does."""
    assert _fate(text, MAPPED) == "permit"
    assert _fate(text, MAPPED, port=80) == "deny"
    assert _fate(text, REAL) == "undecided"
    assert _fate(text, "10.1.0.10") == "permit"
    assert _fate(text, "10.1.0.10", port=80) == "deny"


@pytest.mark.parametrize(("real", "mapped"), [
    ("subnet 10.1.0.8 255.255.255.254", ["192.0.2.50", "192.0.2.51"]),
    ("range 10.1.0.8 10.1.0.9", ["192.0.2.51", "192.0.2.52"])])
def test_one_mapped_address_stands_for_a_network_or_begins_a_range(real: str, mapped: list[str]) -> None:
    """Guide to 9.12, "Configure Static Network Object NAT": a real range of six and 172.20.1.1 are
    172.20.1.1 to .6; the mask of a real network holds for the mapped one."""
    text = f"object network SOME\n {real}\n nat (inside,outside) static 192.0.2.51\n"
    assert [each for each in ("192.0.2.50", "192.0.2.51", "192.0.2.52")
            if _fate(text, each) == "permit"] == mapped


def test_a_mapped_destination_is_translated() -> None:
    text = "nat (outside,inside) source dynamic any interface destination static MAPPED REAL\n"
    assert _fate(text, MAPPED) == "permit"


def test_a_host_behind_one_address_for_all_cannot_be_called() -> None:
    """Guide to 8.2, "Dynamic NAT": an attempt to connect to a real address directly is rejected."""
    text = "object network REAL\n nat (inside,outside) dynamic interface\n"
    assert _fate(text, REAL) == "deny"
    assert _fate(text, "10.1.0.10") == "permit"
    from_dhcp = INTERFACES.replace("address 192.0.2.2 255.255.255.0", "address dhcp")
    found = trace(read(from_dhcp + OBJECTS + LIST + text), packet(CLIENT, REAL, "tcp", 443),
                  Question("outside", "inside"))
    assert found.verdict == "deny"  # whatever the address is


@pytest.mark.parametrize("text", [
    "nat (inside,outside) source static REAL REAL destination static MAPPED MAPPED no-proxy-arp\n",
    "object network REAL\n nat (inside,outside) static REAL\n"])
def test_an_identity_changes_nothing(text: str) -> None:
    assert _fate(text, REAL) == "permit"
    assert _fate(text, "10.1.0.10") == "permit"


@pytest.mark.parametrize(("lines", "source"), [([0, 1], CLIENT), ([1, 0], "10.1.0.1")])
def test_the_first_line_that_fits_decides_about_both_ends(lines: list[int], source: str) -> None:
    """CLI guide, twice NAT: a line that keeps what is dialled keeps it from the lines after it."""
    said = ("nat (inside,outside) source static REAL REAL destination static FAR FAR\n",
            "nat (outside,inside) source dynamic any interface\n")
    text = f"{OBJECTS}object network FAR\n host {CLIENT}\n{LIST}{said[lines[0]]}{said[lines[1]]}"
    asked = packet(CLIENT, REAL, "tcp", 443)
    left = trace(read(INTERFACES + text), asked, Question("outside", "inside")).left
    assert left
    assert left.source == packet(source, REAL).source


def test_before_8_3_the_list_holds_the_mapped_address() -> None:
    strict = LIST.replace("any any", f"any host {MAPPED}")
    real = LIST.replace("any any", f"any host {REAL}")
    for acl, expected in ((LIST, "permit"), (strict, "permit"), (real, "deny")):
        firewall = read(INTERFACES.replace("9.12(4)", OLD) + acl + STATIC)
        assert trace(firewall, packet(CLIENT, MAPPED, "tcp", 443), Question("outside")).verdict == expected
    assert _fate(STATIC, REAL, OLD) == "undecided"
    assert _fate(STATIC, "10.1.0.10", OLD) == "permit"


def test_a_network_is_mapped_as_a_whole() -> None:
    """192.0.2.64/26 stands for 10.1.0.64/26: .127 is its last, .128 is a neighbour's own."""
    text = "static (inside,outside) 192.0.2.64 10.1.0.64 netmask 255.255.255.192\n"
    firewall = read(INTERFACES.replace("9.12(4)", OLD) + LIST + text)
    found = trace(firewall, packet(CLIENT, "192.0.2.127", "tcp", 443), Question("outside"))
    assert found.verdict == "permit"
    assert found.left is not None
    assert found.left.destination == packet(CLIENT, "10.1.0.127").destination
    assert _fate(text, "192.0.2.128", OLD, ways=("outside", "inside")) == "permit"


# Before 8.3: what needs a translation

PAIR = "nat (inside) 1 10.1.0.0 255.255.0.0\nglobal (outside) 1 interface\n"
EXEMPT = "access-list NONAT extended permit ip host 10.1.0.9 any\nnat (inside) 0 access-list NONAT\n"
IDENTITY = f"static (inside,outside) {REAL} {REAL} netmask 255.255.255.255\n"
KEPT = "nat (inside) 0 10.1.0.0 255.255.0.0\n"
"""Identity NAT: no list, so no exemption."""


@pytest.mark.parametrize(("text", "expected"), [
    ("", "deny"),  # message 305005
    (PAIR, "permit"), (EXEMPT, "permit"), (STATIC, "permit"), (IDENTITY, "permit"), (KEPT, "permit"),
    ("nat (inside) 1 10.1.0.0 255.255.0.0\n", "deny"),  # message 305006
    ("nat (inside) 1 10.1.7.0 255.255.255.0\nglobal (outside) 1 interface\n", "deny")])
def test_nat_control_lets_down_only_what_is_translated(text: str, expected: str) -> None:
    """Guide to 8.2, "NAT Control": from a higher to a lower level each packet has to match a NAT rule."""
    assert _down("nat-control\n" + text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("", "deny"), (EXEMPT, "permit"), (IDENTITY, "permit"), (KEPT, "deny"), (PAIR, "deny")])
def test_nat_control_lets_up_only_to_hosts_that_may_be_called(text: str, expected: str) -> None:
    """The same rule for inbound traffic; identity NAT is for connections of the hosts themselves only."""
    assert _fate("nat-control\n" + text, REAL, OLD) == expected


def test_without_nat_control_only_what_has_a_dynamic_line_needs_a_translation() -> None:
    assert _down("") == "permit"
    assert _down("nat (inside) 1 10.1.0.0 255.255.0.0\n") == "deny"
    assert _down("nat (inside) 1 10.1.7.0 255.255.255.0\n") == "permit"
    assert _to_dmz(PAIR) == "deny"  # there is no pool for the DMZ
    assert _to_dmz(PAIR + "global (dmz) 1 interface\n") == "permit"
    assert _to_dmz(PAIR + f"static (inside,dmz) {REAL} {REAL}\n") == "permit"
    assert _to_dmz(PAIR + EXEMPT) == "permit"


@pytest.mark.parametrize("text", [KEPT, PAIR, "nat (inside) 1 10.1.0.0 255.255.0.0\n"])
def test_hosts_with_a_dynamic_line_are_not_called_by_their_real_address(text: str) -> None:
    assert _fate(text, REAL, OLD) == "deny"
    assert _fate(text + EXEMPT, REAL, OLD) == "permit"
    assert _fate(text + IDENTITY, REAL, OLD) == "permit"


def test_a_dynamic_line_holds_downwards_and_between_equals_unless_it_says_outside() -> None:
    """Guide to 8.2, "Managing Global Pools": not for a higher interface, unless it is outside NAT."""
    line = "nat (dmz) 1 10.2.0.0 255.255.0.0{}\naccess-group OUT in interface dmz\n"
    asked = {"destination": REAL, "version": OLD, "client": "10.2.0.7", "ways": ("dmz", "inside")}
    assert _fate(line.format(""), **asked) == "permit"  # type: ignore[arg-type]
    assert _fate(line.format(" outside"), **asked) == "deny"  # type: ignore[arg-type]
    level = "interface GigabitEthernet0/2\n security-level 100\n" \
        "same-security-traffic permit inter-interface\n"
    assert _fate(line.format("") + level, **asked) == "deny"  # type: ignore[arg-type]


def test_of_dynamic_lines_the_best_match_decides_and_policies_go_first() -> None:
    whole = "nat (inside) 1 0.0.0.0 0.0.0.0\nglobal (outside) 1 192.0.2.60\n"
    one = f"nat (inside) 2 {REAL} 255.255.255.255\nglobal (outside) 2 192.0.2.61\n"
    policy = f"access-list P extended permit ip any host {CLIENT}\nnat (inside) 3 access-list P\n" \
        "global (outside) 3 192.0.2.62\n"
    for text, expected in ((whole + one, "192.0.2.61"), (whole + one + policy, "192.0.2.62")):
        firewall = read(INTERFACES.replace("9.12(4)", OLD) + text)
        left = trace(firewall, packet(REAL, CLIENT), Question("inside", "outside")).left
        assert left is not None
        assert left.source == packet(expected, CLIENT).source


POLICIES = {
    "static": f"static (inside,outside) {MAPPED} access-list P\n",
    "of a port": f"static (inside,outside) tcp {MAPPED} 443 access-list P\n",
    "dynamic": "nat-control\nnat (inside) 1 access-list P\nglobal (outside) 1 192.0.2.60\n",
    "exempt": "nat-control\nnat (inside) 0 access-list P\n"}


@pytest.mark.parametrize(("entries", "static", "dynamic", "exempt"), [
    (f"permit ip host {REAL} host {CLIENT}", "permit", "permit", "permit"),
    (f"permit ip host {REAL} host 203.0.113.9", "undecided", "deny", "deny"),
    (f"permit tcp host {REAL} host {CLIENT}", "undecided", "permit", "permit"),
    (f"permit tcp host {REAL} host {CLIENT} eq 80", "undecided", "deny", "permit"),
    (f"permit ip host {REAL} host {CLIENT}\ndeny ip any any", "permit", "permit", "permit"),
    (f"deny ip host {REAL} host {CLIENT}", "beside", "deny", "deny"),
    (f"deny ip host {REAL} host {CLIENT}\npermit ip any any", "undecided", "undecided", "deny"),
    (f"deny ip host {REAL} host 203.0.113.9\npermit ip any any", "undecided", "permit", "permit"),
    (f"deny ip host 10.1.0.8 any\npermit ip any host {CLIENT}", "undecided", "permit", "permit"),
    (f"deny tcp host {REAL} host {CLIENT} eq 99\npermit ip any any", "undecided", "permit", "undecided"),
    (f"deny ip host {REAL} any time-range NIGHT\npermit ip any any", "undecided", "undecided", "undecided"),
    (f"permit ip host {REAL} host {CLIENT} inactive", "beside", "deny", "deny"),
    (f"permit ip host {REAL} host {CLIENT}\npermit ip host 10.1.0.8 host {CLIENT}", "undecided", "permit",
     "permit")])
def test_a_policy_holds_for_whom_its_list_permits(entries: str, static: str, dynamic: str,
                                                  exempt: str) -> None:
    """Guide to 8.2, "Policy NAT": by source, destination and, but for exemption, by ports. What a static
    line with ports, or a list that refuses some, translates is open, as is one address for several hosts.
    Exempt is not what the list denies."""
    lists = "".join(f"access-list P extended {entry}\n" for entry in entries.split("\n"))
    assert _fate(lists + POLICIES["static"], MAPPED, OLD) == static
    assert _fate(lists + POLICIES["of a port"], MAPPED, OLD) == static.replace("permit", "undecided")
    assert _down(lists + POLICIES["dynamic"]) == dynamic
    assert _down(lists + POLICIES["exempt"]) == exempt


PIX = """\
PIX Version 6.3(5)
nameif ethernet0 outside security0
nameif ethernet1 inside security100
nameif ethernet2 dmz security{level}
ip address outside 192.0.2.2 255.255.255.0
ip address inside 10.1.0.1 255.255.0.0
ip address dmz 10.2.0.1 255.255.0.0
access-list OUT permit tcp any any eq 443
access-group OUT in interface outside
access-group OUT in interface inside
"""


@pytest.mark.parametrize(("text", "down", "up"), [
    ("", "deny", "deny"), (PAIR, "permit", "deny"), (KEPT, "permit", "deny"), (IDENTITY, "permit", "permit"),
    (EXEMPT.replace("extended ", ""), "permit", "permit")])
def test_a_pix_6_translates_each_packet(text: str, down: str, up: str) -> None:
    """Up to 6.3 a packet that matches no translation was dropped, outbound and inbound."""
    firewall = read(PIX.format(level=50) + text)
    assert trace(firewall, packet(REAL, CLIENT, "tcp", 443), Question("inside", "outside")).verdict == down
    assert trace(firewall, packet(CLIENT, REAL, "tcp", 443), Question("outside", "inside")).verdict == up


def test_equal_levels_of_a_pix_6_never_talk() -> None:
    firewall = read(PIX.format(level=100) + PAIR + "global (dmz) 1 interface\n")
    asked = packet(REAL, "10.2.0.7", "tcp", 443)
    assert trace(firewall, asked, Question("inside", "dmz")).verdict == "deny"


# The way back

TWO = f"object network TOO\n host {REAL}\n nat (inside,outside) static 192.0.2.51\n"


@pytest.mark.parametrize(("text", "version", "dialled", "expected"), [
    # The answers of 10.1.0.9 meet the line of the whole host first: by name, MAPPED's object REAL goes first.
    ("object network REAL\n nat (inside,outside) static MAPPED\n" + TWO, "9.12(4)", MAPPED, "permit"),
    ("object network REAL\n nat (inside,outside) static MAPPED\n" + TWO, "9.12(4)", "192.0.2.51", "deny"),
    ("object network NET\n subnet 10.1.0.0 255.255.255.0\n nat (inside,outside) static 192.0.2.0\n"
     f"object network REAL\n nat (inside,outside) static {MAPPED}\n", "9.12(4)", "192.0.2.9", "deny"),
    ("nat (inside,outside) source static REAL REAL\n"
     "object network REAL\n nat (inside,outside) static MAPPED\n", "9.12(4)", MAPPED, "deny"),
    (STATIC + EXEMPT, OLD, MAPPED, "deny"),
    (STATIC + EXEMPT.replace("9 any", "9 10.2.0.0 255.255.0.0"), OLD, MAPPED, "permit")])
def test_the_answers_must_meet_the_line_of_the_request(text: str, version: str, dialled: str,
                                                       expected: str) -> None:
    """Message 305013, asymmetric NAT rules; supportforums 10807946 is static with exemption."""
    assert _fate(text, dialled, version) == expected


def test_nobody_calls_by_a_line_that_is_unidirectional() -> None:
    """TAC on upgrades to 8.3(2), CSCti36048: with the word, connections the other way fail (305013)."""
    text = "nat (inside,outside) source static REAL MAPPED unidirectional\n"
    assert _fate(text, REAL) == "deny"
    assert _fate(text.replace("MAPPED", "REAL"), REAL) == "deny"
    assert _fate(text, MAPPED) == "undecided"
    one = SERVICES + text.replace("MAPPED", "MAPPED service S443 S8443")
    assert _fate(one, REAL) == "deny"
    assert _fate(one, "10.1.0.10") == "permit"


def test_dynamic_nat_with_a_translated_destination_is_one_line_for_both_ends() -> None:
    text = "route outside 0 0 192.0.2.1\n" \
        "object network FAR\n host 198.51.100.7\nobject network NEAR\n host 10.1.0.200\n" \
        "nat (inside,outside) source dynamic any interface destination static NEAR FAR\n"
    assert _fate(text, "10.1.0.200", client=REAL, ways=("inside", "")) == "permit"


def test_an_object_has_one_translation_the_latest() -> None:
    """FW, network object NAT: `nat` that is entered again takes the place of the one before."""
    first = f"object network REAL\n nat (inside,outside) static {MAPPED}\n"
    then = first.replace(MAPPED, "192.0.2.51")
    assert _fate(first, MAPPED) == _fate(then + first, MAPPED) == "permit"
    assert _fate(first + then, MAPPED) == _fate(then, MAPPED) == "beside"
    for gone in ("nat", f"nat (inside,outside) static {MAPPED}"):
        assert _fate(f"{first}object network REAL\n no {gone}\n: end\n", REAL) == "permit"


# Addresses of no host

@pytest.mark.parametrize(("text", "version"), [
    ("nat (inside,outside) source static REAL MAPPED destination static FEW FEW\n", "9.12(4)"),
    (f"nat (inside) 1 10.1.0.0 255.255.0.0\nglobal (outside) 1 {MAPPED}\n", OLD),
    (f"static (inside,outside) tcp {MAPPED} 80 {REAL} 80 netmask 255.255.255.255\n", OLD),
    ("object network POOL\n range 192.0.2.48 192.0.2.55\n"
     "nat (inside,outside) source dynamic REAL POOL\n", "9.12(4)")])
@pytest.mark.parametrize(("client", "entry"), [(CLIENT, "outside"), ("10.2.0.7", "dmz")])
def test_a_mapped_address_that_nothing_translates_is_no_host(text: str, version: str, client: str,
                                                             entry: str) -> None:
    few = "object network FEW\n host 198.51.100.200\naccess-group OUT in interface dmz\n"
    assert _fate(few + text, MAPPED, version, client=client, ways=(entry, "")) == "undecided"


@pytest.mark.parametrize("address", ["10.1.0.1", "192.0.2.2"])
def test_the_firewall_itself_is_no_server(address: str) -> None:
    assert _fate("", address) == "undecided"


# Lines that show less

@pytest.mark.parametrize("text", [
    "nat (inside,outside) source static GONE MAPPED\n", "nat (inside,outside) source static REAL\n",
    "static (inside,outside) nobody 10.1.0.9\n", "object network REAL\n nat (inside,outside) static\n",
    "object network REAL\n nat (inside,outside) static nobody\n"])
def test_a_translation_that_cannot_be_read_leaves_its_interfaces_open(text: str) -> None:
    assert _fate(text, "10.1.0.10") == "undecided"
    dmz = "access-group OUT in interface dmz\n"
    assert _fate(text + dmz, "198.51.100.7", client="10.2.0.7", ways=("dmz", "outside")) == "permit"


SERVICES = "".join(f"object service {name}\n service tcp {words}\n" for name, words in (
    ("S443", "source eq https"), ("S8443", "source eq 8443"), ("D443", "destination eq 443"),
    ("D8443", "destination eq 8443"), ("DFEW", "destination range 8443 8444"), ("S8080", "source eq 8080")))


@pytest.mark.parametrize("text", [
    f"object network REAL\n nat (inside,outside) static {MAPPED} service tcp 443 8443\n",
    "nat (inside,outside) source static REAL MAPPED service S443 S8443\n"])
def test_translation_of_one_port_leaves_the_others(text: str) -> None:
    text = SERVICES + text
    assert _fate(text, MAPPED, port=8443) == "permit"
    assert _fate(text, MAPPED) == "undecided"
    assert _fate(text, REAL) == "undecided"
    assert _fate(text, REAL, port=80) == "deny"


@pytest.mark.parametrize(("services", "dialled", "others"), [
    ("D8443 D443", "permit", "undecided"),  # to another port nobody has the address
    ("DFEW DFEW", "undecided", "undecided"), ("S8443 S443", "undecided", "undecided"),
    ("D8443 GONE", "undecided", "undecided"), ("D8443", "undecided", "undecided")])
def test_twice_nat_translates_the_port_that_its_hosts_dial(services: str, dialled: str, others: str) -> None:
    """Guide, "Configuring Twice NAT": the first object has the mapped port, the second the real one."""
    text = SERVICES + "nat (outside,inside) source dynamic any interface destination static MAPPED REAL " \
        f"service {services}\n"
    assert _fate(text, MAPPED, port=8443) == dialled
    assert _fate(text, MAPPED) == others
    assert _fate(text, "10.1.0.10") == "permit"


def test_a_network_keeps_its_order_with_a_port() -> None:
    mask = "255.255.255.192"
    text = SERVICES + f"object network NET\n subnet 10.1.0.64 {mask}\nobject network OUTER\n" \
        f" subnet 192.0.2.64 {mask}\nnat (inside,outside) source static NET OUTER service S443 S8080\n"
    found = trace(read(INTERFACES + LIST + text), packet(CLIENT, "192.0.2.70", "tcp", 8080),
                  Question("outside"))
    assert found.verdict == "permit"
    assert found.left
    left = packet(CLIENT, "10.1.0.70", "tcp", 443)
    assert (found.left.destination, found.left.destination_port) == (left.destination, left.destination_port)


@pytest.mark.parametrize(("real", "mapped", "fate"), [
    ("range 10.1.0.9 10.1.0.12", "range 192.0.2.50 192.0.2.53", "permit"),
    ("range 10.1.0.9 10.1.0.11", "range 192.0.2.50 192.0.2.53", "undecided"),
    ("host 10.1.0.9", "range 192.0.2.50 192.0.2.53", "undecided"),
    ("range 10.1.0.9 10.1.0.12", "host 192.0.2.50", "undecided")])
@pytest.mark.parametrize("line", ["nat (inside,outside) source static A B\n",
                                  "object network A\n nat (inside,outside) static B\n"])
def test_who_is_meant_is_certain_of_ranges_of_one_size(real: str, mapped: str, fate: str, line: str) -> None:
    text = f"object network A\n {real}\nobject network B\n {mapped}\n{line}"
    assert _fate(text, MAPPED) == fate
    assert _down(text, "9.12(4)") == fate


def test_a_translation_permits_nothing() -> None:
    text = f"object network REAL\n nat (inside,outside) static {MAPPED}\n"
    firewall = read(INTERFACES + OBJECTS + text)
    assert trace(firewall, packet(CLIENT, MAPPED, "tcp", 443), Question("outside")).verdict == "deny"


def test_a_list_by_itself_is_open_for_what_a_line_may_translate() -> None:
    text = f"object network REAL\n nat (inside,outside) static {MAPPED}\n"
    firewall = read(INTERFACES + OBJECTS + LIST + text)
    for destination, expected in ((MAPPED, "undecided"), (REAL, "undecided"), ("10.1.0.10", "permit")):
        assert through(firewall, packet(CLIENT, destination, "tcp", 443), "OUT") == expected


def test_the_way_out_is_the_line_s_or_the_routes() -> None:
    """Guide to 8.4, "Determining the Egress Interface": identity by routes up to 8.3, or if it says so."""
    text = "object network ALL\n subnet 10.0.0.0 255.0.0.0\n" \
        "nat (dmz,outside) source static ALL ALL{}\naccess-list B extended deny ip any any\n" \
        "access-group B out interface dmz\n"
    assert _fate(text.format(""), REAL) == "deny"
    assert _fate(text.format(""), REAL, "8.3(2)") == "permit"
    assert _fate(text.format(" route-lookup"), REAL) == "permit"


@pytest.mark.parametrize(("more", "expected"), [
    ("", "deny"), ("route dmz 10.1.0.0 255.255.0.0 10.2.0.7\n", "permit"),
    ("route dmz 0.0.0.0 0.0.0.0 10.2.0.7 200\n", "permit"), ("router ospf 1\n", "undecided"),
    ("route dmz 10.1.0.0 255.255.0.x 10.2.0.7\n", "undecided")])
def test_what_a_line_sends_out_where_no_route_leads_is_dropped(more: str, expected: str) -> None:
    """Message 110003: "Routing failed to locate next hop" by the interface that the line names."""
    text = "object network ALL\n subnet 10.0.0.0 255.0.0.0\nnat (dmz,outside) source static ALL ALL\n"
    assert _fate(text + more, REAL) == expected
    of_one = f"static (dmz,outside) {MAPPED} {REAL} netmask 255.255.255.255\n"
    open_list = LIST.replace("443", "443\naccess-list OUT extended permit ip any any")
    assert _fate(open_list + of_one + more, MAPPED, OLD) == expected


# Lists on the way out, before 8.3

@pytest.mark.parametrize(("seen", "expected"), [(MAPPED, "permit"), (REAL, "deny")])
def test_before_8_3_a_list_on_the_way_out_sees_mapped_sources(seen: str, expected: str) -> None:
    text = f"access-list L extended permit tcp host {seen} any eq 443\n" \
        "access-group L out interface outside\n"
    assert _down(STATIC + text) == expected
    pool = f"nat (inside) 1 {REAL} 255.255.255.255\nglobal (outside) 1 {MAPPED}\n"
    assert _down(pool + text) == expected


@pytest.mark.parametrize(("seen", "expected"), [(REAL, "permit"), (MAPPED, "deny")])
def test_before_8_3_a_list_on_the_way_out_sees_real_destinations(seen: str, expected: str) -> None:
    text = f"access-list L extended permit tcp any host {seen} eq 443\n" \
        "access-group L out interface inside\n"
    assert _fate(STATIC + text, MAPPED, OLD) == expected


@pytest.mark.parametrize("used", ["nameif inside\n shutdown", "no nameif"])
def test_a_translation_to_an_interface_out_of_use_is_not_certain(used: str, tmp_path: Path) -> None:
    config = tmp_path / "fw.cfg"
    config.write_text(INTERFACES.replace("9.12(4)", OLD).replace("nameif inside", used) + LIST + STATIC)
    ends = [CLIENT, MAPPED]
    found = read(config.read_text()).translations
    assert {each.because for each in found if each.leave == "inside"} <= {"interface inside is not in use"}
    assert all(each.because for each in found if each.end == "destination")
    assert run(["check", str(config), "--client", ends[0], "--server", ends[1], "--set", "mode=native"]) == 3
    assert run(["trace", str(config), *ends, "tcp", "443"]) == 3


@pytest.mark.parametrize(("text", "version", "expected"), [
    (STATIC, OLD, "permit"), (STATIC + "sysopt noproxyarp outside\n", OLD, "undecided"),
    (STATIC + "sysopt noproxyarp inside\n", OLD, "permit"),
    (STATIC.replace(MAPPED, "203.0.113.9") + "sysopt noproxyarp outside\n", OLD, "permit"),  # routed anyway
    ("nat (inside,outside) source static REAL MAPPED no-proxy-arp\n", "9.12(4)", "undecided")])
def test_where_no_arp_is_answered_the_neighbours_need_a_route(text: str, version: str, expected: str) -> None:
    """Guide to 8.4, "Mapped Addresses and Routing": packets to them must come to the firewall somehow."""
    assert _fate(text, "203.0.113.9" if "203" in text else MAPPED, version) == expected


def test_a_host_that_is_dialled_from_its_own_side_is_not_beside() -> None:
    """The packet comes to the firewall and goes back by the same interface, which is a matter of its own."""
    text = "object network REAL\n nat (inside,any) static MAPPED\n"
    assert _fate(text, MAPPED, client="10.1.0.200", ways=("inside", "")) == "undecided"


def test_a_pool_of_ipv4_translates_no_ipv6() -> None:
    firewall = read(INTERFACES + "nat (inside,outside) source dynamic any interface\n")
    asked = packet("2001:db8::1", "2001:db8:1::1", "tcp", 80)
    found = trace(firewall, asked, Question("inside", "outside"))
    assert (found.verdict, found.left) == ("permit", asked)


def test_the_address_of_an_interface_is_the_one_of_ipv4_unless_the_line_says_ipv6() -> None:
    old = "ip address 192.0.2.2 255.255.255.0\n"
    both = INTERFACES.replace(old, f"{old} ipv6 address 2001:db8::2/64\n")
    assert both != INTERFACES
    for words, left in (("", "192.0.2.2"), (" ipv6", "")):
        firewall = read(f"{both}nat (inside,outside) source dynamic any interface{words}\n")
        found = trace(firewall, packet(REAL, CLIENT, "tcp", 443), Question("inside", "outside"))
        assert (found.left and found.left.source) == (packet(left, CLIENT).source if left else None)


def test_what_a_pool_picks_does_not_matter_where_all_answers_meet_one_line() -> None:
    """Of two servers one is published: what becomes of the other one does not depend on that."""
    firewall = read(INTERFACES + "object network POOL\n range 10.2.0.48 10.2.0.55\n"
                    "object network SERVER\n host 10.2.0.9\n nat (dmz,inside) static 10.1.0.77\n"
                    "nat (inside,dmz) source dynamic any POOL\n")
    asked = [packet(REAL, server, "tcp", 443) for server in ("10.2.0.7", "10.2.0.9")]
    box = box_of(asked[0])
    box = replace(box, destinations=IntervalSet.of(*((each.destination,) * 2 for each in asked)))
    placed = list(segments(firewall, SiteFirewall("fw", ()), Leg("request", "client", "server", (box,))))
    lines = {each.transit.met.answer.line if each.transit.met.answer else 0: each.box
             for each in placed if isinstance(each, Segment) and each.transit and each.transit.met}
    assert len(lines) == len(placed) == 2
    assert asked[0] in lines.pop(0)
    assert asked[1] in lines.popitem()[1]


FLAT = """nameif {outside} outside security0
nameif {inside} inside security100
ip address outside 198.51.100.254 255.255.255.0
ip address inside 10.1.0.1 255.255.255.0
"""


@pytest.mark.parametrize(("outside", "inside"), [("ethernet0", "ethernet1"), ("vlan20", "vlan30")])
def test_a_release_is_known_by_its_syntax_where_the_version_line_is_lost(outside: str, inside: str) -> None:
    """Interfaces are sections from PIX 7.0 and FWSM 3.1 on; before, nothing passes without a translation."""
    flat = FLAT.format(outside=outside, inside=inside) + LIST
    question = Question(ingress="outside", egress="")
    asked = packet(CLIENT, REAL, "tcp", 443)
    assert trace(read(flat), asked, question).verdict == "deny"
    exempt = f"access-list X permit ip host {REAL} any\nnat (inside) 0 access-list X\n"
    assert trace(read(flat + exempt), asked, question).verdict == "permit"


def test_a_line_with_a_number_is_entered_before_the_others() -> None:
    """`nat (in,out) 1 source ...`: what stands first hides the host before its static line is tried."""
    static = f"nat (inside,outside) source static REAL MAPPED\n{LIST}"
    hiding = "nat (inside,outside) {place}source dynamic any interface\n"
    assert _fate(static + hiding.format(place=""), MAPPED) == "permit"
    assert _fate(static + hiding.format(place="2 "), MAPPED) == "permit"
    assert _fate(static + hiding.format(place="1 "), MAPPED) != "permit"
    assert _fate(static + hiding.format(place="after-auto 1 "), MAPPED) == "permit"


BRIDGE = """ASA Version 9.8(2)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.2 255.255.255.0
interface GigabitEthernet0/1
 bridge-group 1
 nameif inside_1
 security-level 100
interface GigabitEthernet0/2
 bridge-group 1
 nameif inside_2
 security-level 100
interface BVI1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.0.0
""" + LIST


def test_lines_of_all_members_are_lines_of_their_bridge() -> None:
    """Lines name members, since none may name the bridge (guide of 9.7, NAT in routed mode)."""
    hidden = "".join(f"object network ANY{number}\n subnet 0.0.0.0 0.0.0.0\n"
                     f" nat (inside_{number},outside) dynamic interface\n" for number in (1, 2))
    asked, question = packet(CLIENT, REAL, "tcp", 443), Question(ingress="outside", egress="")
    assert trace(read(BRIDGE), asked, question).verdict == "permit"
    assert trace(read(BRIDGE + hidden), asked, question).verdict == "deny"
    static = f"object network REAL\n host {REAL}\n nat (inside_1,outside) static {MAPPED}\n"
    assert trace(read(BRIDGE + static), asked, question).verdict == "undecided"


@pytest.mark.parametrize("body", [
    "interface GigabitEthernet0/1\n shutdown\ninterface GigabitEthernet0/2\n shutdown\n",
    "interface GigabitEthernet0/1\n bridge-group 2\ninterface GigabitEthernet0/2\n bridge-group 2\n"])
def test_a_bridge_is_down_without_a_member_that_is_up(body: str) -> None:
    assert "inside" not in [each.name for each in read(BRIDGE + body).interfaces]
