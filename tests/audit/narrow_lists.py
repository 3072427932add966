"""Random lists of a small universe in the words of each make, a site for them, and what passes by hand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from aclproof.linter.audit.rewriting import Rewriting
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Fact, InState
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Action, Rule
from tests.audit.test_surplus import PROFILES, WINDOWS
from tests.oracle.asks import Ask, pack

DAY = date(2026, 11, 30)
CLIENTS, SERVERS, PORTS = range(4), range(4), range(80, 84)
CLIENT, SERVER = addresses.parse("10.1.0.0").v4.lowest, addresses.parse("10.2.0.0").v4.lowest
"""As in the oracle's plan."""
NUMBERS = {"tcp": 6, "udp": 17}
SOURCE_PORT = 50_000
ASKS = (Ask("client", "tcp", "81-82"), Ask("client", "udp", "82"))
Point = tuple[int, int, str, int]
"""A client, a server, a protocol, and a port."""
POINTS: list[Point] = list(product(CLIENTS, SERVERS, NUMBERS, PORTS))
WANTED = {(client, server, protocol, port) for client, server in product(range(1, 4), range(2))
          for protocol, port in (("tcp", 81), ("tcp", 82), ("udp", 82))}
"""What the asks of three clients and two servers are for."""


class Line(NamedTuple):
    """Networks of 1, 2 or 4 hosts, and a range of ports of a protocol, or all protocols (`ip`)."""

    permits: bool
    clients: range
    servers: range
    protocol: str
    ports: range

    @property
    def points(self) -> set[Point]:
        protocols = NUMBERS if self.protocol == "ip" else [self.protocol]
        return set(product(self.clients, self.servers, protocols, self.ports))


def draw(seed: int) -> list[Line]:
    rng = random.Random(f"narrow {seed}")
    found = []
    for _ in range(rng.randint(2, 8)):
        protocol, first = rng.choice(("tcp", "tcp", "udp", "ip")), rng.choice(PORTS)
        ports = PORTS if protocol == "ip" else range(first, rng.randint(first, PORTS[-1]) + 1)
        found.append(Line(rng.random() < 0.8, _network(rng), _network(rng), protocol, ports))
    return found


def _network(rng: random.Random) -> range:
    length = rng.choice((1, 2, 4, 4))
    first = rng.randrange(0, 4, length)
    return range(first, first + length)


def asa(some: Sequence[Line]) -> str:
    lines = []
    for each in some:
        masks = [f"255.255.255.{256 - len(hosts)}" for hosts in (each.clients, each.servers)]
        ports = "" if each.protocol == "ip" else f" range {each.ports[0]} {each.ports[-1]}"
        lines.append(f"access-list IN extended {'permit' if each.permits else 'deny'} {each.protocol} "
                     f"10.1.0.{each.clients[0]} {masks[0]} 10.2.0.{each.servers[0]} {masks[1]}{ports}")
    return "\n".join(("ASA Version 9.16(4)", "interface GigabitEthernet0/0", " nameif in",
                      " security-level 0", " ip address 10.1.0.254 255.255.255.0",
                      "interface GigabitEthernet0/1", " nameif out", " security-level 50",
                      " ip address 10.2.0.254 255.255.255.0", *lines,
                      "access-group IN in interface in", ": end", ""))


def iptables(some: Sequence[Line]) -> str:
    lines = [f"-A FORWARD -s {_ends(each)[0]} -d {_ends(each)[1]} " + (
        "" if each.protocol == "ip" else f"-p {each.protocol} -m {each.protocol} "
        f"--dport {each.ports[0]}:{each.ports[-1]} ") + f"-j {'ACCEPT' if each.permits else 'DROP'}"
        for each in some]
    return "\n".join(("*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]",
                      "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT", *lines, "COMMIT", ""))


def nftables(some: Sequence[Line]) -> str:
    """As `nft -a list ruleset` prints it."""
    lines = [f"\t\tip saddr {_ends(each)[0]} ip daddr {_ends(each)[1]} " + (
        "" if each.protocol == "ip" else f"{each.protocol} dport {each.ports[0]}-{each.ports[-1]} ")
        + f"{'accept' if each.permits else 'drop'} # handle {number}" for number, each in enumerate(some, 3)]
    return "\n".join(("table ip filter { # handle 1", "\tchain forward { # handle 1",
                      "\t\ttype filter hook forward priority filter; policy drop;",
                      "\t\tct state established accept # handle 2", *lines, "\t}", "}", ""))


_PORTS = re.compile(r"(?:Local|Remote)Port: .*\n")


def windows(some: Sequence[Line]) -> str:
    """As `netsh advfirewall firewall show rule name=all verbose` prints it, whatever the server."""
    found = PROFILES
    for number, each in enumerate(some):
        protocol = "Any" if each.protocol == "ip" else each.protocol.upper()
        rule = WINDOWS.format(number, "Any", _ends(each)[0], f"{each.ports[0]}-{each.ports[-1]}",
                              "Allow" if each.permits else "Block").replace("TCP", protocol)
        found += _PORTS.sub("", rule) if protocol == "Any" else rule
    return f"{found}Ok.\n"


def _ends(each: Line) -> tuple[str, str]:
    return (f"10.1.0.{each.clients[0]}/{33 - len(each.clients).bit_length()}",
            f"10.2.0.{each.servers[0]}/{33 - len(each.servers).bit_length()}")


Write = Callable[[Sequence[Line]], str]
LISTS: dict[Write, str] = {asa: "IN", iptables: "filter/FORWARD", nftables: "ip filter forward",
                           windows: "inbound"}
"""The list of each make that decides."""


def site_of(folder: Path, write: Write, text: str,
            facts: Mapping[str, Fact] = MappingProxyType({})) -> Analysis:
    (folder / "pack.yaml").write_text(pack(ASKS))
    (folder / "fw").write_text(text)
    files = (str(folder / "fw"),)
    ends = {"client": "in", "server": "out"} if write is asa else {"client": "eth0", "server": "eth1"}
    place = SiteFirewall("fw", files, host=("server",), profile="domain") if write is windows else \
        SiteFirewall("fw", files, ends)
    roles = {"client": addresses.parse("10.1.0.1-10.1.0.3"), "server": addresses.parse("10.2.0.0/31")}
    return analyse(Site(roles, (place,), packs=(str(folder / "pack.yaml"),), facts=facts), DAY)


def passing(firewall: Firewall, chain: str, without: Collection[int] = ()) -> set[Point]:
    """Every packet that the first rule that matches permits."""
    rules = [rule for rule in firewall.chains[chain].rules if rule.line not in without]
    return {point for point in POINTS if _permitted(rules, point)}


def _permitted(rules: Sequence[Rule], point: Point) -> bool:
    first = next((rule for rule in rules if _matches(rule, *point)), None)
    return first is not None and first.action is Action.PERMIT


def _matches(rule: Rule, client: int, server: int, protocol: str, port: int) -> bool:
    if not rule.enabled or any(isinstance(each, InState) and "NEW" not in each.states
                               for each in rule.conditions):
        return False
    return (CLIENT + client in rule.sources.of(Family.V4)
            and SERVER + server in rule.destinations.of(Family.V4)
            and any(NUMBERS[protocol] in each.protocols and SOURCE_PORT in each.source_ports
                    and port in each.destination_ports for each in rule.services))


def opened(found: Rewriting) -> set[Point]:
    """What the permits open."""
    boxes = [box for each in found.snippets for box in each.opens]
    return {point for point in POINTS if any(
        NUMBERS[point[2]] == box.protocol and CLIENT + point[0] in box.sources
        and SERVER + point[1] in box.destinations and point[3] in box.destination_ports for box in boxes)}


def points_of(firewall: Firewall, chain: str, some: Sequence[Line], numbers: Collection[int]) -> set[Point]:
    """What some lines of a list permit, by what it was written from."""
    lines = sorted({rule.line for rule in firewall.chains[chain].rules
                    if rule.in_file and not any(isinstance(each, InState) for each in rule.conditions)})
    return {point for number in numbers for point in some[lines.index(number)].points}


def of_one_host(some: Sequence[Line]) -> list[Line]:
    """As a host sees them: all servers are itself, and what denies comes first."""
    return sorted((each._replace(servers=SERVERS) for each in some), key=lambda each: each.permits)


def wanted(write: Write) -> set[Point]:
    """What is asked for, with what no packet differs by."""
    if write is not windows:
        return WANTED
    return {(client, server, protocol, port) for client, _, protocol, port in WANTED for server in SERVERS}
