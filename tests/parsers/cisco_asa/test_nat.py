"""Translation: only where it decides which addresses the lists see, and then only doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.parsers.cisco_asa.asa import INTERFACES, crossing, packet, read

LIST = "access-list OUT extended permit tcp any any eq 443\naccess-group OUT in interface outside\n"
REAL, MAPPED = "10.1.0.9", "192.0.2.50"
OBJECTS = f"object network REAL\n host {REAL}\nobject network MAPPED\n host {MAPPED}\n"


def _fate(text: str, destination: str, version: str = "9.12(4)", port: int = 443) -> str:
    firewall = read(INTERFACES.replace("9.12(4)", version) + OBJECTS + LIST + text)
    return crossing(firewall, packet("198.51.100.1", destination, "tcp", port), "outside", "inside")


@pytest.mark.parametrize("text", [
    f"object network REAL\n nat (inside,outside) static {MAPPED}\n",
    "object network REAL\n nat (inside,outside) static MAPPED\n",
    "nat (inside,outside) source static REAL MAPPED\n",
    "nat (inside,outside) after-auto source static REAL MAPPED\n"])
def test_a_translated_host_is_open_under_both_addresses(text: str) -> None:
    """Its mapped address becomes the real one before the list; its real one fails the reverse path check."""
    assert _fate(text, MAPPED) == "undecided"
    assert _fate(text, REAL) == "undecided"
    assert _fate(text, "10.1.0.10") == "permit"
    assert _fate(text, "10.1.0.10", port=80) == "deny"


def test_a_mapped_destination_is_open() -> None:
    text = "nat (outside,inside) source dynamic any interface destination static MAPPED REAL\n"
    assert _fate(text, MAPPED) == "undecided"


def test_a_host_behind_one_address_for_all_cannot_surely_be_called() -> None:
    text = "object network REAL\n nat (inside,outside) dynamic interface\n"
    assert _fate(text, REAL) == "undecided"
    assert _fate(text, "10.1.0.10") == "permit"


@pytest.mark.parametrize("text", [
    "nat (inside,outside) source static REAL REAL destination static MAPPED MAPPED no-proxy-arp\n",
    "object network REAL\n nat (inside,outside) static REAL\n"])
def test_an_identity_changes_nothing(text: str) -> None:
    assert _fate(text, MAPPED) == "permit"
    assert _fate(text, REAL) == "permit"


def test_before_8_3_the_mapped_address_comes_first() -> None:
    text = f"static (inside,outside) {MAPPED} {REAL} netmask 255.255.255.255\n"
    assert _fate(text, MAPPED, "8.2(5)") == "undecided"
    assert _fate(text, REAL, "8.2(5)") == "undecided"
    assert _fate(text, "10.1.0.10", "8.2(5)") == "permit"


def test_a_network_is_mapped_as_a_whole() -> None:
    text = "static (inside,outside) 192.0.2.64 10.1.0.64 netmask 255.255.255.192\n"
    assert _fate(text, "192.0.2.127", "8.2(5)") == "undecided"
    assert _fate(text, "192.0.2.128", "8.2(5)") == "permit"


def test_nat_control_leaves_everything_open() -> None:
    assert _fate("nat-control\n", REAL, "8.2(5)") == "undecided"


@pytest.mark.parametrize("text", [
    "nat (inside,outside) source static GONE MAPPED\n", "nat (inside,outside) source static REAL\n",
    "static (inside,outside) nobody 10.1.0.9\n", "object network REAL\n nat (inside,outside) static\n",
    "object network REAL\n nat (inside,outside) static nobody\n"])
def test_a_translation_that_cannot_be_read_leaves_everything_open(text: str) -> None:
    assert _fate(text, "10.1.0.10") == "undecided"


def test_translation_of_one_port_leaves_the_others() -> None:
    text = f"object network REAL\n nat (inside,outside) static {MAPPED} service tcp 8443 443\n"
    assert _fate(text, MAPPED) == "undecided"
    assert _fate(text, MAPPED, port=80) == "deny"


def test_a_translation_permits_nothing() -> None:
    text = f"object network REAL\n nat (inside,outside) static {MAPPED}\n"
    firewall = read(INTERFACES + OBJECTS + text)
    assert crossing(firewall, packet("198.51.100.1", REAL, "tcp", 443), "outside", "inside") == "deny"


@pytest.mark.parametrize("used", ["nameif inside\n shutdown", "no nameif"])
def test_a_translation_to_an_interface_out_of_use_is_not_certain(used: str, tmp_path: Path) -> None:
    text = f"static (inside,outside) {MAPPED} {REAL} netmask 255.255.255.255\n"
    config = tmp_path / "fw.cfg"
    config.write_text(INTERFACES.replace("9.12(4)", "8.2(5)").replace("nameif inside", used) + LIST + text)
    ends = ["198.51.100.1", MAPPED]
    found = read(config.read_text()).translations
    assert {each.because for each in found if each.leave == "inside"} <= {"interface inside is not in use"}
    assert all(each.because for each in found if each.end == "destination")
    assert run(["check", str(config), "--client", ends[0], "--server", ends[1], "--set", "mode=native"]) == 3
    assert run(["trace", str(config), *ends, "tcp", "443"]) == 3
