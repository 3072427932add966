"""Short ways to read an ASA text and to send a packet through it, for the tests of this room."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from aclproof import parsers
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers import source
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Context, Fact
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Rule

PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "icmp6": 58, "sctp": 132}

INTERFACES = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.2 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.0.0
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
 ip address 10.2.0.1 255.255.0.0
"""


def read(text: str, name: str = "fw.cfg") -> Firewall:
    return parsers.parse(source.from_bytes(text.encode(), name))


def packet(source_: str, destination: str, protocol: str = "tcp", port: int = 0,
           from_: int = 50000) -> Packet:
    """For ICMP, `from_` is the type and `port` the code."""
    ends = ipaddress.ip_address(source_), ipaddress.ip_address(destination)
    number = PROTOCOLS[protocol] if protocol in PROTOCOLS else int(protocol)
    return Packet(Family(ends[0].version), number, int(ends[0]), int(ends[1]), from_, port)


def through(firewall: Firewall, one: Packet, acl: str = "A", *, reply: bool = False,
            facts: Mapping[str, Fact] | None = None) -> str:
    """What becomes of a packet in one access list: `permit`, `deny` or `undecided`."""
    context = Context(facts or {}, reply=reply)
    return trace_packet(parsers.through(firewall, acl), firewall.chains, one, context).verdict


def crossing(firewall: Firewall, one: Packet, ingress: str, egress: str, *, reply: bool = False,
             facts: Mapping[str, Fact] | None = None) -> str:
    """What becomes of a packet from one interface to another."""
    stages = parsers.stages(firewall, Transit(one.family, ingress, egress))
    return trace_packet(stages, firewall.chains, one, Context(facts or {}, reply=reply)).verdict


def only_rule(ace: str, before: str = "") -> Rule:
    """The one rule of the one ACE of list A."""
    rules = read(f"ASA Version 9.12(4)\n{before}access-list A extended {ace}\n").chains["A"].rules
    assert len(rules) == 1, rules
    return rules[0]


def addresses(*texts: str) -> AddressSet:
    """`any4`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9` and IPv6 networks, by the standard library only."""
    found: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
    for text in texts:
        if text in ("any4", "any6", "any"):
            text4, text6 = "0.0.0.0/0", "::/0"
            for each in {"any4": [text4], "any6": [text6], "any": [text4, text6]}[text]:
                _add(found, each)
        else:
            _add(found, text)
    return AddressSet(IntervalSet.of(*found[4]), IntervalSet.of(*found[6]))


def _add(found: dict[int, list[tuple[int, int]]], text: str) -> None:
    first, dash, last = text.partition("-")
    if dash:
        low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
        found[low.version].append((int(low), int(high)))
    else:
        network = ipaddress.ip_network(text)
        found[network.version].append((int(network[0]), int(network[-1])))


def ports(*ranges: tuple[int, int] | int) -> IntervalSet:
    return IntervalSet.of(*((each, each) if isinstance(each, int) else each for each in ranges))
