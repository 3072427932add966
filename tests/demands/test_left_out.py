"""Addresses that no host has are no reason for a verdict: a firewall's own, and the ends of its networks.

What is left out follows from RFC 919 (broadcast), RFC 3021 (31-bit networks), and from one address having one
owner.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run

SITE = """\
settings: {{mode: mixed}}
methods: [client-push]
roles:
  client: [{client}]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
firewalls:
"""
ASA = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 50
 ip address {address}
{more}route clients 10.0.0.0 255.0.0.0 10.20.4.9
access-list CLIENTS extended permit ip any any
access-list SERVERS extended deny ip any {denied}
access-list SERVERS extended permit ip any any
access-group CLIENTS in interface clients
access-group SERVERS in interface servers
"""
WIDE = "10.20.0.1 255.255.0.0"
SMB, HTTP = "CM2007-PUSH-SMB", "CM2007-PUSH-MP-HTTP"

Output = pytest.CaptureFixture[str]


def asa(denied: str, address: str = WIDE, more: str = "") -> str:
    return ASA.format(denied=denied, address=address, more=more)


def check(folder: Path, capsys: Output, *configs: str, client: str = "10.20.0.0/16",
          server: str = "10.1.1.10", asked: str = SMB) -> dict[str, Any]:
    """The result for SMB, or what is asked for; the firewalls are in the clients' order."""
    text = SITE.format(client=client).replace("[10.1.1.10]", f"[{server}]")
    for number, config in enumerate(configs, 1):
        (folder / f"fw{number}.cfg").write_text(config, encoding="utf-8")
        text += f"  - {{name: fw{number}, config: fw{number}.cfg}}\n"
    file = folder / "aclproof.yaml"
    file.write_text(text, encoding="utf-8")
    run(["check", str(file), "--format", "json"])
    results = json.loads(capsys.readouterr().out)["results"]
    found: dict[str, Any] = next(each for each in results if each["requirement"] == asked)
    return found


@pytest.mark.parametrize(("denied", "address", "said"), [
    ("host 10.20.0.1", WIDE, "10.20.0.1 of client is left out: fw1 has it itself"),
    ("interface clients", WIDE, "10.20.0.1 of client is left out: fw1 has it itself"),
    ("host 10.20.0.0", WIDE, "network or broadcast address of a network that fw1 is in"),
    ("host 10.20.255.255", WIDE, "network or broadcast address of a network that fw1 is in"),
    ("host 10.20.4.127", "10.20.4.1 255.255.255.128", "10.20.4.0, 10.20.4.127 of client is left out"),
    ("10.20.0.0 255.255.255.254", WIDE, "10.20.0.1 of client")])
def test_what_no_host_has_is_left_out_and_said_to_be(tmp_path: Path, capsys: Output, denied: str,
                                                     address: str, said: str) -> None:
    found = check(tmp_path, capsys, asa(denied, address))
    assert found["verdict"] == "met"
    assert any(said in each for each in found["caveats"])
    assert found["coverage"]["permitted"] == found["coverage"]["required"]
    assert found["coverage"]["required"] < 65536 * 64512


@pytest.mark.parametrize(("when", "verdict"), [("", "missing"), (" time-range NIGHT", "undecided")])
def test_what_is_left_out_hides_nothing_that_counts(tmp_path: Path, capsys: Output, when: str,
                                                    verdict: str) -> None:
    night = "time-range NIGHT\n periodic daily 20:00 to 23:00\n" if when else ""
    own = f"host 10.20.0.1{when}"
    assert check(tmp_path, capsys, asa(own, more=night))["verdict"] == "met"
    another = f"access-list SERVERS extended deny ip any host 10.20.0.2{when}"
    found = check(tmp_path, capsys, asa(f"{own}\n{another}", more=night))
    assert found["verdict"] == verdict
    assert found["coverage"]["required"] - found["coverage"]["permitted"] == 64512  # ports of one host


@pytest.mark.parametrize(("denied", "address", "client"), [
    ("host 10.20.0.2", WIDE, "10.20.0.0/16"),  # anybody
    ("host 10.20.255.255", "10.20.0.1 255.255.128.0", "10.20.0.0/16"),  # of no network of the firewall's
    ("host 10.20.127.255", WIDE, "10.20.0.0/17"),  # the end of the role's network, not of one that exists
    ("host 10.20.0.0", "10.20.0.1 255.255.255.254", "10.20.0.0/16"),  # RFC 3021: two hosts
    ("host 10.20.255.255", "10.20.0.1 255.255.255.255", "10.20.0.0/16"),
    ("10.20.0.0 255.255.255.252", WIDE, "10.20.0.0/16"),  # .2 and .3 are hosts
    ("host 10.20.0.0", WIDE.replace("10.20.0.1", "10.20.7.1"), "10.20.0.0"),  # given alone: somebody means it
])
def test_what_may_be_a_host_is_not_left_out(tmp_path: Path, capsys: Output, denied: str, address: str,
                                            client: str) -> None:
    found = check(tmp_path, capsys, asa(denied, address), client=client)
    assert found["verdict"] == "missing"
    assert not any("left out" in each for each in found["caveats"])


def test_the_address_of_an_interface_that_is_shut_down_may_be_a_hosts(tmp_path: Path, capsys: Output) -> None:
    spare = "interface GigabitEthernet0/2\n nameif spare\n shutdown\n ip address 10.21.0.1 255.255.0.0\n"
    found = check(tmp_path, capsys, asa("host 10.21.0.1", more=spare), client="10.21.0.0/16")
    assert found["verdict"] == "missing"


def test_firewalls_on_the_path_count_together(tmp_path: Path, capsys: Output) -> None:
    far = asa("host 10.20.0.1", "10.99.0.2 255.255.255.0").replace("10.20.4.9", "10.99.0.1")
    near = asa("host 10.20.255.254", more="").replace("10.1.1.1 255.255.255.0", "10.99.0.1 255.255.255.0") + \
        "route servers 10.1.1.0 255.255.255.0 10.99.0.2\n"
    found = check(tmp_path, capsys, near, far)
    assert [each["blocked_by"]["firewall"] for each in found["missing"]] == ["fw1"]  # .254 may be anybody
    assert any("10.20.0.1 of client is left out: fw1 has it itself" in each for each in found["caveats"])


def test_an_address_that_is_published_for_a_host_counts(tmp_path: Path, capsys: Output) -> None:
    nat = "object network PC\n host 10.20.5.5\n nat (clients,servers) static 10.20.0.0\n"
    found = check(tmp_path, capsys, asa("host 10.20.5.5") + nat)  # real addresses in lists, since 8.3
    assert {end for part in found["missing"] for end in part["destination"]} >= {"10.20.0.0", "10.20.5.5"}
    assert not any("10.20.0.0" in each for each in found["caveats"])


def test_ipv6_has_no_broadcast_and_its_first_address_is_left_in(tmp_path: Path, capsys: Output) -> None:
    config = asa("any4").replace("deny ip any any4", "deny ip any host fd20::{end}").replace(
        WIDE, f"{WIDE}\n ipv6 address fd20::1/120").replace("10.1.1.1 255.255.255.0",
                                                           "10.1.1.1 255.255.255.0\n ipv6 address fd01::1/64")
    for end, verdict in (("1", "met"), ("0", "missing"), ("ff", "missing")):
        text = SITE.format(client="fd20::/120").replace("[10.1.1.10]", "[\"fd01::10\"]").replace(
            "[10.1.1.11]", "[\"fd01::11\"]").replace("[fd20::/120]", "[\"fd20::/120\"]")
        (tmp_path / "fw1.cfg").write_text(config.replace("{end}", end), encoding="utf-8")
        file = tmp_path / "aclproof.yaml"
        file.write_text(text + "  - {name: fw1, config: fw1.cfg}\n", encoding="utf-8")
        run(["check", str(file), "--format", "json"])
        results = json.loads(capsys.readouterr().out)["results"]
        assert next(each for each in results if each["requirement"] == SMB)["verdict"] == verdict, end


@pytest.mark.parametrize("form", ["text", "json", "html", "markdown", "csv", "junit", "sarif", "github",
                                  "gitlab"])
def test_every_report_says_what_was_left_out(tmp_path: Path, capsys: Output, form: str) -> None:
    check(tmp_path, capsys, asa("host 10.20.0.1"))
    run(["check", str(tmp_path / "aclproof.yaml"), "--format", form])
    assert "10.20.0.1 of client is left out" in " ".join(capsys.readouterr().out.split())


def test_a_filter_that_stops_more_is_shown_whole(tmp_path: Path, capsys: Output) -> None:
    found = check(tmp_path, capsys, asa("10.20.0.0 255.255.0.0"))
    assert found["missing"][0]["destination"] == ["10.20.0.0/16"]
    assert found["coverage"]["permitted"] == 0


@pytest.mark.parametrize("client", ["10.20.0.1", "10.20.0.1, 10.20.0.2", "10.20.0.1, 10.20.0.0/32"])
def test_what_is_named_alone_is_meant_whatever_its_neighbours_are(tmp_path: Path, capsys: Output,
                                                                  client: str) -> None:
    """Two addresses in a row are one range of numbers, and two entries of the site file all the same."""
    found = check(tmp_path, capsys, asa("host 10.20.0.1"), client=client)
    assert (found["verdict"] != "met", found["caveats"]) == (True, [])
    between = check(tmp_path, capsys, asa("host 10.20.0.1"), client="10.20.0.0-10.20.4.9")
    assert between["verdict"] == "met"


@pytest.mark.parametrize(("sender", "verdict"), [("10.20.0.1", "met"), ("10.20.0.2", "missing")])
def test_what_no_host_sends_is_left_out_as_well(tmp_path: Path, capsys: Output, sender: str,
                                                verdict: str) -> None:
    text = asa("host 10.9.9.9").replace("list CLIENTS", f"list CLIENTS extended deny ip host {sender} any\n"
                                        "access-list CLIENTS", 1)
    assert check(tmp_path, capsys, text, asked=HTTP)["verdict"] == verdict


@pytest.mark.parametrize(("first", "verdict"), [("host 10.1.1.10", "missing"), ("any", "met")])
def test_a_line_that_stops_nobody_of_one_and_somebody_of_another_counts(tmp_path: Path, capsys: Output,
                                                                        first: str, verdict: str) -> None:
    """What is left for the line are packets of both servers to nobody, and of one server to somebody."""
    group = "object-group network TWO\n network-object host 10.20.0.1\n network-object host 10.20.0.2\n"
    before = f"permit ip {first} host 10.20.0.2\naccess-list SERVERS extended deny ip any"
    text = group + asa("object-group TWO").replace("deny ip any", before, 1)
    assert check(tmp_path, capsys, text, server="10.1.1.10, 10.1.1.12")["verdict"] == verdict


def test_what_a_firewall_before_it_hides_is_left_out_as_well(tmp_path: Path, capsys: Output) -> None:
    """The ports of a hidden server are others, and more: packets are not counted as they were sent."""
    far = asa("host 10.20.0.1", WIDE).replace("10.1.1.1 255.255.255.0", "10.99.0.2 255.255.255.0")
    near = asa("host 10.9.9.9", "10.99.0.1 255.255.255.0").replace("10.20.4.9", "10.99.0.2") + \
        "object network POOL\n range 10.99.0.128 10.99.0.255\n" \
        "nat (servers,clients) source dynamic any POOL\n"
    found = check(tmp_path, capsys, far, near, client="10.20.0.1-10.20.4.99")
    assert found["verdict"] == "met"
