"""Lines of which nothing false may be said to be surplus, and some of which something must be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.audit.surplus import surpluses
from aclproof.linter.program import analyse
from aclproof.linter.reports.writing.wording import flow
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model import addresses
from tests.oracle.asks import Ask, pack

ASA = """ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif in
 security-level 0
 ip address 10.1.0.254 255.255.255.0
interface GigabitEthernet0/1
 nameif out
 security-level 50
 ip address 10.2.0.254 255.255.255.0
{lines}
access-group IN in interface in
: end
"""
LINUX = """*filter
:INPUT DROP [0:0]
:FORWARD {policy} [0:0]
:OUTPUT ACCEPT [0:0]
:called - [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
{lines}
COMMIT
"""
WEB, NAMES, PING = Ask("client", "tcp", "80"), Ask("client", "udp", "53"), Ask("client", "ping", "")


def named(tmp_path: Path, text: str, *asks: Ask, host: bool = False) -> dict[str, list[str]]:
    (tmp_path / "pack.yaml").write_text(pack(asks))
    (tmp_path / "fw").write_text(text)
    ends = {"client": "in", "server": "out"} if "ASA" in text else {"client": "eth0", "server": "eth1"}
    files = (str(tmp_path / "fw"),)
    place = SiteFirewall("fw", files, host=("server",)) if host else SiteFirewall("fw", files, ends)
    roles = {"client": addresses.parse("10.1.0.0/24"), "server": addresses.parse("10.2.0.10")}
    site = analyse(Site(roles, (place,), packs=(str(tmp_path / "pack.yaml"),)))
    firewall = site.firewalls["fw"]
    return {firewall.quote(each.line).text: list(map(flow, each.more)) for each in surpluses("fw", site)}


def test_a_permit_of_all_protocols_that_only_udp_needs(tmp_path: Path) -> None:
    line = "access-list IN extended permit ip 10.1.0.0 255.255.255.0 host 10.2.0.10"
    assert named(tmp_path, ASA.format(lines=line), NAMES) == {line: [
        "10.1.0.0/24 -> 10.2.0.10  TCP", "10.1.0.0/24 -> 10.2.0.10  UDP 0-52, 54-65535"]}


@pytest.mark.parametrize("ask", ["echo", ""])
def test_an_echo_has_one_code(tmp_path: Path, ask: str) -> None:
    line = f"access-list IN extended permit icmp 10.1.0.0 255.255.255.0 host 10.2.0.10 {ask}".strip()
    found = named(tmp_path, ASA.format(lines=line), PING)
    assert list(found) == ([] if ask else [line])


def test_answers_of_an_echo_are_needed_as_it_is(tmp_path: Path) -> None:
    """But a rule for all that belongs to a connection is for more than requirements can say."""
    back = "-A FORWARD -s 10.2.0.10/32 -d 10.1.0.0/24 -p icmp -m icmp --icmp-type 0 -j ACCEPT"
    there = "-A FORWARD -d 10.2.0.10/32 -p icmp -m icmp --icmp-type 8 -j ACCEPT"
    stateless = LINUX.replace("-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n", "")
    assert list(named(tmp_path, LINUX.format(policy="DROP", lines=there), PING)) == [there]
    assert list(named(tmp_path, stateless.format(policy="DROP", lines=f"{there}\n{back}"), PING)) == [there]
    wide = back.replace("-d 10.1.0.0/24 ", "")
    assert list(named(tmp_path, stateless.format(policy="DROP", lines=f"{there}\n{wide}"), PING)) == [
        there, wide]
    one = "-A FORWARD -p icmp -j ACCEPT"
    assert list(named(tmp_path, stateless.format(policy="DROP", lines=one), PING)) == [one]


def test_each_family_has_an_icmp_of_its_own(tmp_path: Path) -> None:
    line = "access-list IN extended permit icmp any any echo"
    assert named(tmp_path, ASA.format(lines=line), PING) == {line: [
        "0.0.0.0-10.0.255.255, 10.1.1.0-255.255.255.255 -> 0.0.0.0/0  ICMP echo request",
        "10.1.0.0/24 -> 0.0.0.0-10.2.0.9, 10.2.0.11-255.255.255.255  ICMP echo request"]}
    several = "access-list IN extended permit ip any any"
    assert "::/0 -> ::/0  UDP" in named(tmp_path, ASA.format(lines=several), WEB)[several]


def test_packets_that_are_translated_here_say_nothing(tmp_path: Path) -> None:
    """The list sees 10.9.0.10, and that is not what clients call."""
    lines = ("object network WEB\n host 10.9.0.10\n nat (out,in) static 10.2.0.10\n"
             "access-list IN extended permit ip any any")
    assert named(tmp_path, ASA.format(lines=lines), WEB) == {}


def test_what_is_demanded_and_does_not_pass_is_no_surplus(tmp_path: Path) -> None:
    deny = "access-list IN extended deny tcp 10.1.0.0 255.255.255.128 any eq 80\n"
    line = "access-list IN extended permit tcp 10.1.0.0 255.255.255.0 host 10.2.0.10 eq 80"
    assert named(tmp_path, ASA.format(lines=deny + line), WEB) == {}
    wide = "access-list IN extended permit tcp any host 10.2.0.10 eq 80"
    assert named(tmp_path, ASA.format(lines=deny + wide), WEB) == {
        wide: ["0.0.0.0-10.0.255.255, 10.1.1.0-255.255.255.255 -> 10.2.0.10  TCP 80"]}


def test_a_host_is_its_own_destination(tmp_path: Path) -> None:
    line = "-A INPUT -s 10.1.0.0/24 -p tcp -m tcp --dport 80 -j ACCEPT"
    text = LINUX.format(policy="DROP", lines=line)
    assert named(tmp_path, text, WEB, host=True) == {}
    wide = line.replace("-s 10.1.0.0/24 ", "")
    assert list(named(tmp_path, text.replace(line, wide), WEB, host=True)) == [wide]


def test_only_what_is_led_to_a_chain_is_let_pass_there(tmp_path: Path) -> None:
    line = "-A called -p tcp -m tcp --dport 80 -j ACCEPT"
    narrow = LINUX.format(policy="DROP", lines=f"-A FORWARD -s 10.1.0.0/24 -d 10.2.0.10/32 -j called\n{line}")
    assert named(tmp_path, narrow, WEB) == {}
    wide = narrow.replace("-s 10.1.0.0/24", "-s 10.1.0.0/23")
    assert named(tmp_path, wide, WEB) == {line: ["10.1.1.0/24 -> 10.2.0.10  TCP 80"]}


def test_what_passes_without_any_permit_is_no_surplus(tmp_path: Path) -> None:
    """Of what the line lets pass, only what the rule after it stops would not pass anyway."""
    line = "-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT"
    lines = f"{line}\n-A FORWARD -s 10.1.0.0/23 -j DROP"
    assert named(tmp_path, LINUX.format(policy="ACCEPT", lines=lines), WEB) == {line: [
        "10.1.0.0/24 -> 0.0.0.0-10.2.0.9, 10.2.0.11-255.255.255.255  TCP 80",
        "10.1.1.0/24 -> 0.0.0.0/0  TCP 80"]}
    assert named(tmp_path, LINUX.format(policy="ACCEPT", lines=line), WEB) == {}


def test_an_exception_from_translation_permits_nothing(tmp_path: Path) -> None:
    text = """*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 10.2.0.10/32 -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT
-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128
COMMIT
"""
    line = "-A FORWARD -s 10.1.0.0/24 -d 10.2.0.10/32 -p tcp -m tcp --dport 80 -j ACCEPT"
    assert named(tmp_path, text + LINUX.format(policy="DROP", lines=line), WEB) == {}


def test_a_rule_for_answers_of_another_service_is_not_what_clients_need(tmp_path: Path) -> None:
    """Clients send from 1024-65535: what a rule for answers from 8080 lets pass of that, nobody meant."""
    line = "-A FORWARD -s 10.1.0.0/16 -d 10.2.0.0/16 -p tcp -m tcp --sport {ports} -j ACCEPT"
    for ports, names in (("8080", 0), ("1024:2000", 0), ("1024:65535", 1), ("1:65535", 1)):
        text = LINUX.format(policy="DROP", lines=line.format(ports=ports))
        assert len(named(tmp_path, text, WEB)) == names, ports
