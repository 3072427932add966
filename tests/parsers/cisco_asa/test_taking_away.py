"""`no` and `clear`: carried out where one line is meant, else what it could take away is open."""

from __future__ import annotations

import pytest

from tests.parsers.cisco_asa.asa import INTERFACES, crossing, packet, read, through

LIST = ("access-list A extended permit tcp any any eq 80\naccess-list A extended permit tcp any any eq 443\n"
        "access-group A in interface outside\n")
EQUAL = INTERFACES.replace("level 50", "level 100") + "same-security-traffic permit inter-interface\n"


def _from_outside(text: str, port: int = 80) -> str:
    return crossing(read(INTERFACES + LIST + text), packet("192.0.2.9", "10.1.0.5", "tcp", port), "outside",
                    "inside")


@pytest.mark.parametrize(("line", "fate"), [
    ("no access-list A extended permit tcp any any eq 80", "deny"),  # the very line
    ("no access-list A extended permit tcp any any eq www", "deny"),  # the same, in other words
    ("no access-list A", "undecided"), ("no access-list B extended permit ip any any", "undecided"),
    ("no access-group A in interface outside", "deny"),  # then the levels decide
    ("no access-group A", "deny"), ("clear configure access-group", "deny"),
    ("clear configure access-list A", "undecided"), ("clear configure all", "undecided"),
    ("clear configure interface", "undecided"), ("clear xlate", "permit"), ("clear configure nat", "permit"),
    ("no nat-control", "permit"), ("no snmp-server location", "permit"), ("no logging enable", "permit"),
    ("no interface GigabitEthernet0/1", "undecided"), ("no interface GigabitEthernet0/9", "permit"),
    ("no nameif", "undecided")])
def test_what_a_line_takes_away(line: str, fate: str) -> None:
    assert _from_outside(line + "\n") == fate


@pytest.mark.parametrize(("again", "fate"), [
    ("access-list A extended permit tcp any any eq www\n"
     "no access-list A extended permit tcp any any eq 80\n", "deny"),  # the device has it once
    ("no access-list A line 1 extended permit tcp any any eq www\n", "deny"),
    ("no access-list A extended permit tcp any any eq 80\n"
     "access-list A extended permit tcp any any eq 80\n", "permit"),
    ("no access-list A extended permit tcp any any eq 8080\n", "undecided")])
def test_an_entry_is_one_in_any_spelling(again: str, fate: str) -> None:
    assert _from_outside(again) == fate


NAMED_AGAIN = "interface GigabitEthernet0/0\n no nameif\n nameif outside\n security-level 0\n"


def test_what_names_an_interface_goes_with_its_name() -> None:
    """The device takes out the access-group, the routes and the translations that name it."""
    assert _from_outside(NAMED_AGAIN) == "undecided"


def test_a_name_that_is_taken_before_anything_uses_it_takes_nothing_with_it() -> None:
    firewall = read(INTERFACES + NAMED_AGAIN + LIST)
    assert crossing(firewall, packet("192.0.2.9", "10.1.0.5", "tcp", 80), "outside", "inside") == "permit"


def test_of_another_list_nothing_is_taken_away() -> None:
    firewall = read(INTERFACES + LIST + "access-list B extended permit ip any any\n"
                    "access-group A in interface inside\naccess-group B in interface outside\n"
                    "no access-list A extended deny ip any any\n")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80), "B") == "permit"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80), "A") == "undecided"


@pytest.mark.parametrize(("line", "fate"), [
    ("", "permit"), ("no same-security-traffic permit inter-interface", "deny"),
    ("no same-security-traffic permit intra-interface", "undecided"),
    ("clear configure same-security-traffic", "undecided")])
def test_equal_levels(line: str, fate: str) -> None:
    firewall = read(f"{EQUAL}{line}\n")
    assert crossing(firewall, packet("10.1.0.5", "10.2.0.5", "tcp", 80), "inside", "dmz") == fate


@pytest.mark.parametrize(("away", "fates"), [
    ("network-object host 10.0.0.1", ["deny", "permit"]),
    ("network-object host 10.0.0.3", ["permit", "permit"]),
    ("network-object hots", ["undecided", "undecided"])])
def test_members_of_a_group(away: str, fates: list[str]) -> None:
    firewall = read("ASA Version 9.1\nobject-group network G\n network-object host 10.0.0.1\n"
                    f" network-object host 10.0.0.2\nobject-group network G\n no {away}\n"
                    "access-list A extended permit ip object-group G any\n")
    assert [through(firewall, packet(f"10.0.0.{n}", "1.1.1.1")) for n in (1, 2)] == fates


def test_an_object_that_loses_its_value_may_be_anything() -> None:
    firewall = read("ASA Version 9.1\nobject network S\n host 10.0.0.1\nobject network S\n"
                    " no host 10.0.0.1\naccess-list A extended permit ip object S any\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == "undecided"


@pytest.mark.parametrize(("line", "in_use"), [
    ("no nameif", False), ("shutdown", False), ("shutdown\n no shutdown", True), ("no security-level", True)])
def test_an_interface_that_is_entered_again(line: str, in_use: bool) -> None:
    firewall = read(f"{INTERFACES}interface GigabitEthernet0/1\n {line}\n")
    assert (firewall.interface("inside") is not None) is in_use


@pytest.mark.parametrize("away", [
    "no service-policy P global", "policy-map P\n class C\n  no inspect icmp", "policy-map P\n no class C"])
def test_an_inspection_that_is_taken_away_lets_nothing_back(away: str) -> None:
    maps = ("class-map C\n match default-inspection-traffic\npolicy-map P\n class C\n  inspect icmp\n"
            "service-policy P global\n")
    assert read(INTERFACES + maps).inspections
    assert not read(INTERFACES + maps + away + "\n").inspections
