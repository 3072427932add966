"""What permits open besides, against every packet of a small universe, for each make of firewall."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from aclproof.linter.audit.surplus import surpluses
from aclproof.linter.program import analyse
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model import addresses
from aclproof.parsers.model.packets import Box, size
from tests.oracle.asks import Ask, pack

CLIENTS, SERVERS, PORTS = range(4), range(4), range(80, 84)
SOURCE_PORTS = 2**16
Point = tuple[int, int, int]
"""A client, a server, and a port of it."""


class Entry(NamedTuple):
    """One line: networks of 1, 2 or 4 hosts, and a range of ports."""

    permits: bool
    clients: range
    servers: range
    ports: range

    @property
    def points(self) -> set[Point]:
        return set(product(self.clients, self.servers, self.ports))


def entries(draw: random.Random) -> Iterator[Entry]:
    for _ in range(draw.randint(2, 8)):
        first = draw.choice(PORTS)
        yield Entry(draw.random() < 0.8, _network(draw), _network(draw),
                    range(first, draw.randint(first, PORTS[-1]) + 1))


def _network(draw: random.Random) -> range:
    length = draw.choice((1, 2, 4))
    first = draw.randrange(0, 4, length)
    return range(first, first + length)


def asa(some: list[Entry]) -> str:
    lines = []
    for each in some:
        masks = [f"255.255.255.{256 - len(hosts)}" for hosts in (each.clients, each.servers)]
        action = "permit" if each.permits else "deny"
        lines.append(f"access-list IN extended {action} tcp 10.0.0.{each.clients[0]} {masks[0]} "
                     f"10.1.0.{each.servers[0]} {masks[1]} range {each.ports[0]} {each.ports[-1]}")
    return "\n".join(("ASA Version 9.16(4)", "interface GigabitEthernet0/0", " nameif in",
                      " security-level 0", " ip address 10.0.0.254 255.255.255.0",
                      "interface GigabitEthernet0/1", " nameif out", " security-level 50",
                      " ip address 10.1.0.254 255.255.255.0", *lines,
                      "access-group IN in interface in", ": end", ""))


def _bits(hosts: range) -> int:
    return 33 - len(hosts).bit_length()


def iptables(some: list[Entry]) -> str:
    lines = [f"-A FORWARD -s 10.0.0.{each.clients[0]}/{_bits(each.clients)} "
             f"-d 10.1.0.{each.servers[0]}/{_bits(each.servers)} -p tcp -m tcp "
             f"--dport {each.ports[0]}:{each.ports[-1]} -j {'ACCEPT' if each.permits else 'DROP'}"
             for each in some]
    return "\n".join(("*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]",
                      "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT", *lines, "COMMIT", ""))


def nftables(some: list[Entry]) -> str:
    lines = [f"\t\tip saddr 10.0.0.{each.clients[0]}/{_bits(each.clients)} "
             f"ip daddr 10.1.0.{each.servers[0]}/{_bits(each.servers)} "
             f"tcp dport {each.ports[0]}-{each.ports[-1]} {'accept' if each.permits else 'drop'}"
             for each in some]
    return "\n".join(("table ip filter {", "\tchain forward {",
                      "\t\ttype filter hook forward priority filter; policy drop;",
                      "\t\tct state established accept", *lines, "\t}", "}", ""))


def windows(some: list[Entry]) -> str:
    """The blocks come first, as they win over every permit."""
    return PROFILES + "".join(WINDOWS.format(number, f"10.1.0.{each.servers[0]}/{_bits(each.servers)}",
                                  f"10.0.0.{each.clients[0]}/{_bits(each.clients)}",
                                  f"{each.ports[0]}-{each.ports[-1]}", "Allow" if each.permits else "Block")
                   for number, each in enumerate(some)) + "Ok.\n"


PROFILES = """
Domain Profile Settings:
----------------------------------------------------------------------
State                                 ON
Firewall Policy                       BlockInbound,AllowOutbound
LocalFirewallRules                    N/A (GPO-store only)
LocalConSecRules                      N/A (GPO-store only)
InboundUserNotification               Disable
RemoteManagement                      Disable
UnicastResponseToMulticast            Enable

Logging:
LogAllowedConnections                 Disable
LogDroppedConnections                 Disable
FileName                              %systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log
MaxFileSize                           4096

"""
WINDOWS = """
Rule Name:                            rule {}
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:
LocalIP:                              {}
RemoteIP:                             {}
Protocol:                             TCP
LocalPort:                            {}
RemotePort:                           Any
Edge traversal:                       No
Program:                              Any
InterfaceTypes:                       Any
Security:                             NotRequired
Rule source:                          Local Setting
Action:                               {}
"""


def expected(some: list[Entry], wanted: set[Point], alike: set[Point]) -> dict[int, tuple[int, int]]:
    """For each line that lets wanted packets pass, how many those are, and how many are not `alike`."""
    found: dict[int, tuple[int, int]] = {}
    left = wanted
    passing = [each.points & left if each.permits else set() for each in some]
    for number, each in enumerate(some):
        passing[number] = each.points & left if each.permits else set()
        left = left - each.points
    for number, each in enumerate(some):
        if passing[number] and (more := each.points - alike):
            found[number] = len(passing[number]), len(more)
    return found


@pytest.mark.parametrize("write", [asa, iptables, nftables, windows])
@pytest.mark.parametrize("seed", range(40))
def test_exact(seed: int, write: Callable[[list[Entry]], str], tmp_path: Path) -> None:
    draw = random.Random(seed)
    some = list(entries(draw))
    ask = Ask("client", "tcp", "81-82")
    (tmp_path / "pack.yaml").write_text(pack([ask]))
    if write is windows:
        some.sort(key=lambda each: each.permits)
    (tmp_path / "fw").write_text(write(some))
    ends = {"client": "in" if write is asa else "eth0", "server": "out" if write is asa else "eth1"}
    files = (str(tmp_path / "fw"),)
    place = SiteFirewall("fw", files, host=("server",), profile="domain") if write is windows else \
        SiteFirewall("fw", files, ends)
    site = Site({"client": addresses.parse("10.0.0.1-10.0.0.3"), "server": addresses.parse("10.1.0.0/31")},
                (place,), packs=(str(tmp_path / "pack.yaml"),))
    analysis = analyse(site)
    wanted = set(product(range(1, 4), range(2), range(81, 83)))
    starts = [number for number, line in enumerate(write(some).split("\n"), 1)
              if line.startswith("Rule Name:") or ("10.1.0." in line and "10.0.0." in line)]
    found = {starts.index(analysis.firewalls["fw"].quote(each.line).first_line):
             (_packets(each.needed), _packets(each.more)) for each in surpluses("fw", analysis)}
    own = {(client, server, port) for client, _, port in wanted for server in SERVERS}  # the host's addresses
    assert found == expected(some, wanted, own if write is windows else wanted)


def _packets(boxes: tuple[Box, ...]) -> int:
    count, rest = divmod(size(boxes), SOURCE_PORTS)
    assert rest == 0
    return count
