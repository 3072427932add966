"""Names and numbers as iptables reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.parsers.iptables.text import names
from aclproof.parsers.iptables.text.port_names import PORTS
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import Family

V4, V6 = Family.V4, Family.V6
ALL = (0, 255)


@pytest.mark.parametrize(("text", "number"), [
    ("tcp", 6), ("TCP", 6), ("17", 17), ("0x11", 17), ("021", 17), ("all", None), ("0", None), ("ip", None),
    ("hopopt", None), ("icmp", 1), ("icmpv6", 58), ("ipv6-icmp", 58), ("Ipv6-Icmp", 58), ("vrrp", 112),
    ("gre", 47), ("udplite", 136), ("mh", 135), ("255", 255),
])
def test_protocols(text: str, number: int | None) -> None:
    assert names.protocol(text) == number


@pytest.mark.parametrize("text", ["icmp6", "256", "", "tcp,udp", "-1", "08", "1" * 40, "٦"])
def test_no_protocols(text: str) -> None:
    with pytest.raises(RuleError, match="is not a protocol"):
        names.protocol(text)


def test_protocols_are_written_as_they_are_saved() -> None:
    saved = {6: "tcp", 58: "ipv6-icmp", 112: "vrrp", 4: "ipencap", 44: "ipv6-frag", 135: "mobility-header",
             50: "esp", 200: "200"}
    assert {number: names.protocol_name(number) for number in saved} == saved
    assert all(names.protocol(names.protocol_name(number)) == number for number in range(1, 256))


@pytest.mark.parametrize(("text", "both"), [
    ("22", (22, 22)), ("ssh", (22, 22)), ("1024:", (1024, 65535)), (":1023", (0, 1023)), (":", (0, 65535)),
    ("1000:2000", (1000, 2000)), ("ssh:smtp", (22, 25)), ("bootps:bootpc", (67, 68)), ("0x50", (80, 80)),
    ("010", (8, 8)), ("0", (0, 0)), ("epmap", (135, 135)), ("loc-srv", (135, 135)),
    ("http-alt", (8080, 8080)),
])
def test_ports(text: str, both: tuple[int, int]) -> None:
    assert names.ports(text) == both


@pytest.mark.parametrize(("text", "reason"), [
    ("5:4", "reversed"), ("65536", "above 65535"), ("SSH", "no known port name"),
    ("22-23", "no known port name"), ("", "no known port name"), ("1:2:3", "'2:3' is no known"),
    ("-5", "no known port name"),
    ("099999999999999999999", "above 65535"),
])
def test_no_ports(text: str, reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        names.ports(text)


def test_names_are_those_of_a_debian_host() -> None:
    """The database of the machine is the oracle; the table never reads it."""
    services = Path("/etc/services")
    if not services.is_file() or "webcache" not in services.read_text(encoding="utf-8"):
        pytest.skip("no Debian list of services here")
    known: dict[str, set[int]] = {}
    for line in services.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1 and not words[1].endswith("/ddp"):
            for name in (words[0], *words[2:]):
                known.setdefault(name, set()).add(int(words[1].partition("/")[0]))
    ours = {name: {number} for name, number in PORTS.items() if name in known}
    assert len(ours) >= 120
    assert ours == {name: known[name] for name in ours}


def test_protocols_are_those_of_a_debian_host() -> None:
    protocols = Path("/etc/protocols")
    if not protocols.is_file():
        pytest.skip("no list of protocols here")
    for line in protocols.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1 and int(words[1]) < 256:
            assert names.protocol(words[0]) == (int(words[1]) or None)


@pytest.mark.parametrize(("text", "family", "found"), [
    ("8", V4, ((8, 8), ALL)), ("3/4", V4, ((3, 3), (4, 4))), ("3/1:4", V4, ((3, 3), (1, 4))),
    ("echo-request", V4, ((8, 8), ALL)), ("echo-req", V4, ((8, 8), ALL)), ("ping", V4, ((8, 8), ALL)),
    ("pi", V4, ((8, 8), ALL)), ("redirect", V4, ((5, 5), ALL)),
    ("TOS-network-redirect", V4, ((5, 5), (2, 2))),
    ("time-exc", V4, ((11, 11), ALL)), ("any", V4, (ALL, ALL)), ("Any", V4, (ALL, ALL)),
    ("255", V4, (ALL, ALL)), ("255/3", V4, (ALL, ALL)), ("fragmentation-needed", V4, ((3, 3), (4, 4))),
    ("echo-req", V6, ((128, 128), ALL)), ("1/4", V6, ((1, 1), (4, 4))), ("REDIRECT", V6, ((137, 137), ALL)),
    ("neighbour-s", V6, ((135, 135), ALL)), ("neighbor-solicitation", V6, ((135, 135), ALL)),
    ("255", V6, ((255, 255), ALL)), ("bad-header", V6, ((4, 4), (0, 0))),
])
def test_icmp(text: str, family: Family, found: tuple[tuple[int, int], tuple[int, int]]) -> None:
    assert names.icmp(text, family) == found


@pytest.mark.parametrize(("text", "family", "reason"), [
    ("echo-re", V4, "can mean the ICMP types echo-reply and echo-request"), ("p", V4, "can mean"),
    ("router-", V6, "can mean"), ("neigh", V6, "can mean"), ("any", V6, "not an ICMP type of IPv6"),
    ("", V4, "not an ICMP type"), ("256", V4, "not an ICMP type"), ("3/", V4, "not an ICMP type"),
    ("/3", V4, "not an ICMP type"), ("3/4:", V4, "not an ICMP type"), ("3/5:4", V4, "not an ICMP code"),
    ("3/256", V4, "not an ICMP code"), ("any/3", V4, "not an ICMP type"),
])
def test_no_icmp(text: str, family: Family, reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        names.icmp(text, family)
