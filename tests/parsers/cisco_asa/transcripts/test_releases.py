"""Each release prints a trace in its own shape: what is read of it was written down from the log by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.parsers.cisco_asa.transcripts.logs import NAMES, packets, said, text_of

DENIED = "(acl-drop) Flow is denied by configured rule"
EXPECTED = {
    "asa-8.2.txt": [
        "edge82: 10.20.4.17:49152 -> 10.1.1.11:80 tcp | inside > servers | allow "
        "as 10.1.1.250:1187 -> 10.1.1.11:80 tcp",
        f"edge82: 198.51.100.77:50000 -> 203.0.113.21:445 tcp | outside > servers | {DENIED}"],
    "asa-8.4-contexts.txt": [
        f"core/branch: 10.20.4.17:49200 -> 10.1.1.10:135 tcp | users > servers | {DENIED}",
        "core/dmz: 198.51.100.9 -> 203.0.113.80 icmp echo request | outside > ? | "
        "(no-route) No route to host"],
    "asa-9.1-failover.txt": [
        "gate: 198.51.100.9:40001 -> 203.0.113.80:443 tcp | outside > dmz | allow "
        "as 198.51.100.9:40001 -> 172.16.8.80:443 tcp",
        f"gate: 10.20.4.17 -> 192.0.2.200 protocol 47 | inside > outside | {DENIED}"],
    "asa-9.8-ipv6.txt": [
        "fw98: [2001:db8:20::17]:49153 -> [2001:db8:1::11]:8530 tcp | inside > servers | allow",
        "fw98: 2001:db8:20::17 -> 2001:db8:1::12 icmp echo request | inside > servers | "
        "(no-v6-adjacency) No valid V6 adjacency (not complete)"],
    "asa-9.16.txt": [
        f"gw916: 10.20.4.17:49160 -> 10.1.1.10:135 udp | inside > servers | {DENIED}"],
    "ftd-6.txt": [
        ": 10.20.4.17:49170 -> 10.1.1.11:443 tcp | inside > servers | allow",
        ": 10.20.4.17:49171 -> 10.1.1.11:10123 tcp | inside > servers | allow (not complete)"],
    "ftd-7.txt": [
        f"firepower: 10.20.4.17:49180 -> 10.1.1.12:8530 tcp | inside > servers | {DENIED}"],
    "asa-9-xml.txt": [
        f"gate: 198.51.100.9:1024 -> 203.0.113.81:445 tcp | outside > dmz | {DENIED}"],
    "shows.txt": [],
}


@pytest.mark.parametrize("name", NAMES)
def test_every_packet_of_a_log_is_read(name: str) -> None:
    assert [said(each) for each in packets(text_of(name))] == EXPECTED[name]


def test_the_time_is_the_device_s_or_the_terminal_s() -> None:
    assert [each.at for each in packets(text_of("asa-8.2.txt"))] == [datetime(2026, 11, 30, 10, 4, 32)] * 2
    assert [each.at for each in packets(text_of("ftd-7.txt"))] == [datetime(2026, 11, 30, 14, 20, 1)]
    assert [each.at for each in packets(text_of("asa-9.1-failover.txt"))] == [None, None]


@pytest.mark.parametrize(("name", "number", "kind", "line"), [
    ("asa-8.4-contexts.txt", 2, "ACCESS-LIST",
     "access-list users_in extended deny object-group push-ports any object-group site-servers log"),
    ("asa-9.16.txt", 3, "ACCESS-LIST", "access-list inside_in extended deny udp any any"),
    ("ftd-7.txt", 3, "ACCESS-LIST", "access-list CSM_FW_ACL_ advanced deny ip any any rule-id 268434432"),
    ("asa-9-xml.txt", 2, "ACCESS-LIST", "access-list outside_in extended deny tcp any any eq 445"),
])
def test_the_phase_that_drops_names_its_line(name: str, number: int, kind: str, line: str) -> None:
    dropped = [each for each in packets(text_of(name))[0].phases if not each.allowed]
    assert [(each.number, each.kind, each.entry) for each in dropped] == [(number, kind, line)]


def test_an_implicit_rule_is_no_line() -> None:
    phase = packets(text_of("asa-8.2.txt"))[1].phases[-1]
    assert phase.implicit
    assert phase.config == ()


def test_what_a_release_explains_is_no_line_of_its_configuration() -> None:
    nat = [each for each in packets(text_of("asa-8.2.txt"))[0].phases if each.kind == "NAT"]
    assert [each.config for each in nat] == [("nat (inside) 5 10.20.0.0 255.255.0.0",)] * 2


def test_why_an_answer_leaves_something_open() -> None:
    neighbour = packets(text_of("asa-9.8-ipv6.txt"))[1].leaves_open
    snort = packets(text_of("ftd-6.txt"))[1].leaves_open
    assert "(no-v6-adjacency)" in neighbour
    assert "Snort" in snort
