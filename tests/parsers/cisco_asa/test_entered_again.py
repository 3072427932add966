"""What is entered a second time, as scripts and session logs do, and interfaces that pass nothing."""

from __future__ import annotations

import pytest

from aclproof.linter.trace.single import Question, trace
from tests.parsers.cisco_asa.asa import INTERFACES, addresses, packet, read

LIST = "access-list OUT extended permit tcp any any eq 443\naccess-group OUT in interface outside\n"
ASKED = packet("192.0.2.9", "10.1.0.9", "tcp", 443)
PIX = """PIX Version 6.3(5)
interface ethernet0 auto
interface ethernet1 {speed}
nameif ethernet0 outside security0
nameif ethernet1 inside security100
ip address outside 192.0.2.2 255.255.255.0
ip address inside 10.1.0.1 255.255.0.0
static (inside,outside) 10.1.0.0 10.1.0.0 netmask 255.255.0.0
""" + LIST


def _fate(text: str) -> str:
    return trace(read(text), ASKED, Question(ingress="outside", egress="")).verdict


@pytest.mark.parametrize(("again", "expected"), [
    ("", "permit"), ("access-list OUT extended permit tcp any any eq 443 inactive\n", "deny"),
    ("access-list OUT line 1 permit tcp any any eq 443 inactive\n", "deny"),
    ("access-list OUT extended permit tcp any any eq 443\n", "permit"),
    ("access-list OUT extended permit tcp any any eq 80 inactive\n", "permit")])
def test_an_entry_is_switched_by_entering_it_again(again: str, expected: str) -> None:
    """'To reenable it, enter the entire ACE without the inactive keyword' (ASA CLI guide)."""
    assert _fate(INTERFACES + LIST + again) == expected


def test_an_inactive_entry_is_switched_on_where_it_is() -> None:
    off = "access-list OUT extended deny tcp any any eq 443 inactive\n"
    assert _fate(INTERFACES + off + LIST) == "permit"
    assert _fate(INTERFACES + off + LIST + off.replace(" inactive", "")) == "deny"


@pytest.mark.parametrize(("speed", "passes"), [
    ("auto", True), ("100full", True), ("auto shutdown", False), ("100full shutdown", False),
    ("shutdown", False), ("auto shut", False), ("auto\ninterface ethernet1 shutdown", False)])
def test_pix_6_shuts_an_interface_on_its_own_line(speed: str, passes: bool) -> None:
    assert (_fate(PIX.format(speed=speed)) == "permit") is passes


@pytest.mark.parametrize("line", [
    "no ip address inside", "clear access-list OUT", "clear access-group", "clear static", "clear nameif",
    "clear ip address"])
def test_pix_6_takes_away(line: str) -> None:
    whole = PIX.format(speed="auto")
    assert _fate(whole) == "permit"
    assert _fate(f"{whole}{line}\n") != "permit"


def test_pix_6_has_one_address_at_an_interface() -> None:
    again = read(PIX.format(speed="auto") + "ip address inside 10.9.0.1 255.255.0.0\n")
    assert again.interfaces[1].addresses == addresses("10.9.0.1/32")
    assert read(PIX.format(speed="auto") + "ip address inside dhcp setroute\n").interfaces[1].dynamic


@pytest.mark.parametrize("line", ["access-list compiled", "access-list OUT compiled"])
def test_compiled_lists_say_the_same(line: str) -> None:
    assert _fate(f"{INTERFACES}{LIST}{line}\n") == "permit"


@pytest.mark.parametrize("address", ["", " no ip address\n", " ipv6 address 2001:db8::1/64\n"])
def test_nothing_passes_an_interface_without_an_address(address: str) -> None:
    text = INTERFACES.replace(" ip address 10.1.0.1 255.255.0.0\n", address)
    route = "route inside 10.1.0.0 255.255.0.0 10.2.0.9\n"
    assert _fate(f"{text}{LIST}{route}") == "undecided"
    static = "object network R\n host 10.1.0.9\n nat (inside,outside) static 192.0.2.50\n"
    assert trace(read(text + LIST + static), packet("192.0.2.9", "192.0.2.50", "tcp", 443),
                 Question(ingress="outside", egress="")).verdict == "undecided"


def _switch(ports: dict[int, str]) -> str:
    written = "".join(f"interface Ethernet0/{number}\n{ports.get(number, '')}" for number in range(8))
    return "ASA Version 9.2(4)\n" + written + (
        "interface Vlan1\n nameif inside\n security-level 100\n ip address 10.1.0.1 255.255.0.0\n"
        "interface Vlan2\n nameif outside\n security-level 0\n ip address 192.0.2.2 255.255.255.0\n") + LIST


@pytest.mark.parametrize(("ports", "passes"), [
    ({0: " switchport access vlan 2\n"}, True),
    ({}, False),
    ({0: " switchport access vlan 2\n shutdown\n"}, False),
    ({0: " switchport access vlan 2\n", **dict.fromkeys(range(1, 8), " shutdown\n")}, False),
    ({0: " switchport mode trunk\n switchport trunk allowed vlan 1\n"}, False),
    ({0: " switchport mode trunk\n switchport trunk allowed vlan 1-2\n"}, True),
    ({0: " switchport mode trunk\n switchport access vlan 2\n switchport trunk allowed vlan 5\n"}, False)])
def test_a_vlan_of_a_switch_needs_a_port_that_is_up(ports: dict[int, str], passes: bool) -> None:
    """All eight ports of an ASA 5505 are in its file; each is in VLAN 1 unless a line says otherwise."""
    assert ([each.name for each in read(_switch(ports)).interfaces] == ["inside", "outside"]) is passes


def test_an_fwsm_is_known_by_the_line_that_show_version_prints() -> None:
    text = INTERFACES.replace("ASA Version 9.12(4)", "FWSM Firewall Version 4.0(1)")
    assert trace(read(text), packet("10.1.0.9", "192.0.2.9", "tcp", 443),
                 Question(ingress="inside", egress="outside")).verdict == "deny"


@pytest.mark.parametrize(("typed", "expected"), [
    ("int gi0/1\n shutdown\n", "undecided"), ("int GigabitEthernet0/1\nshut\n", "undecided"),
    ("interface GigabitEthernet0/1\nshut\n", "undecided"), ("interface gi0/1\nno ip add\n", "undecided"),
    ("interface gi0/1\nip add 10.9.0.1 255.255.0.0\n", "undecided"),
    ("threat-d scanning shun\n", "undecided"), ("aaa authen match L outside LOCAL\n", "undecided"),
    ("dynamic-f drop blacklist\n", "undecided"), ("no access-g OUT in int outside\n", "undecided"),
    ("wr mem\n", "permit"), ("logg on\n", "permit"), ("Int down\n", "permit"), ("in use\n", "permit")])
def test_commands_that_are_cut_short_may_decide(typed: str, expected: str) -> None:
    """A device takes any word that is cut short as long as one command alone begins so."""
    assert _fate(f"{INTERFACES}{LIST}!\n{typed}!\n") == expected
    prompts = "".join(f"fw(config)# {line.strip()}\n" for line in typed.splitlines())
    shown = f"fw# show running-config\n{INTERFACES}{LIST}: end\n"
    assert _fate(f"{shown}fw# conf t\n{prompts}fw(config)# end\n") == expected


def test_two_translations_of_one_section_are_of_two_objects_one_of_which_is_lost() -> None:
    """`show running-config` has one `nat` for each object; what somebody types replaces the one before."""
    first = "object network R\n host 10.1.0.9\n nat (inside,outside) static 192.0.2.50\n"
    other = " nat (inside,outside) static 192.0.2.51\n"
    to = [packet("192.0.2.9", f"192.0.2.{last}", "tcp", 443) for last in (50, 51)]

    def fates(text: str) -> list[str]:
        question = Question(ingress="outside", egress="inside")
        return [trace(read(INTERFACES + LIST + text), each, question).verdict for each in to]

    alone = fates(first)
    assert fates(f"{first}object network R\n{other}") == alone[::-1]
    assert fates(first + other) == ["undecided"] * 2
    assert fates(first + " no nat (inside,outside) static 192.0.2.50\n" + other) == alone[::-1]
