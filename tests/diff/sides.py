"""Random configurations, edits of one line, and what the tracer says of a packet before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from aclproof import parsers
from aclproof.linter.demands.demands import Demand, Leg, answer
from aclproof.linter.demands.demands import plan as plan_of
from aclproof.linter.diff.changed_lines import ChangedLines
from aclproof.linter.diff.comparison import Comparison, compare
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.linter.trace.records import Connection
from aclproof.linter.trace.representatives import box_of, lowest_packet
from aclproof.linter.trace.site import follow
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers import source
from aclproof.parsers.model.addresses import parse
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box, Packet
from tests.test_sites import any_of, axes, corners

AS_OF = date(2026, 1, 15)
NAME = "fw"
SITE = Site(
    {"client": parse("10.20.0.0/28"), "management-point": parse("10.1.1.11"),
     "distribution-point": parse("10.1.1.12-10.1.1.13"), "site-server": parse("10.1.1.10")},
    (SiteFirewall(NAME, ("fw.cfg",), {}),), methods=("group-policy", "software-distribution", "client-push"),
    settings={"mode": "mixed", "client-os": "windows-7"})
ON_LINUX = Site(SITE.roles, (SiteFirewall(NAME, ("fw.cfg",), {
    "client": "eth1", "management-point": "eth0", "distribution-point": "eth0", "site-server": "eth0"}),),
    methods=SITE.methods, settings=SITE.settings)

_ASA = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif clients
 security-level 50
 ip address 10.20.0.254 255.255.255.0
interface GigabitEthernet0/1
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
object network SERVER
 host 10.1.1.12
object-group network G0
 network-object host 10.20.0.3
 network-object 10.20.0.8 255.255.255.252
object-group network G1
 group-object G0
 network-object host 10.1.1.11
object-group service WEB tcp
 port-object eq www
 port-object range 440 450
"""
_CLIENTS = [
    "any",
    "host 10.20.0.3",
    "10.20.0.0 255.255.255.252",
    "10.20.0.4 255.255.255.252",
    "object-group G0",
    "object-group G1",
    "10.20.0.0 255.255.255.0",
]
_SERVERS = ["any", "host 10.1.1.11", "object SERVER", "10.1.1.8 255.255.255.248", "object-group G1"]
_PORTS = ["", "eq 80", "eq 445", "eq www", "range 80 445", "gt 100", "lt 136", "object-group WEB", "neq 135"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A configuration before and after one of its lines was touched."""

    old: str
    new: str
    what: str


def asa(random: Random) -> Edit:
    """Make an ASA with two lists, and edit a line that can decide something."""
    lines = _ASA.splitlines()
    for name, ends in (("IN", (_CLIENTS, _SERVERS)), ("BACK", (_SERVERS, _CLIENTS))):
        lines += [f"access-list {name} {_ace(random, *ends)}" for _ in range(random.randint(2, 7))]
    lines += ["access-group IN in interface clients", "access-group BACK in interface servers"]
    first = lines.index("object network SERVER")
    at = random.randrange(first, len(lines))
    return _edited(lines, at, random, _other_asa)


def _ace(random: Random, sources: Sequence[str], targets: Sequence[str]) -> str:
    action = random.choice(["permit", "permit", "deny"])
    kind = random.random()
    ends = f"{random.choice(sources)} {random.choice(targets)}"
    late = random.choice(["", "", "", "", " inactive", " time-range T", " log"])
    if kind < 0.1:
        return f"extended {action} ip {ends}{late}"
    if kind < 0.2:
        return f"extended {action} icmp {ends}{random.choice(['', ' echo', ' echo-reply'])}{late}"
    if kind < 0.3:
        return f"extended {action} udp {ends} {random.choice(['eq 135', 'eq domain', ''])}".rstrip() + late
    return f"extended {action} tcp {ends} {random.choice(_PORTS)}".rstrip() + late


def _other_asa(line: str, random: Random) -> str:
    words = line.split()
    if words[0] == "access-list":
        ends = (_CLIENTS, _SERVERS) if words[1] == "IN" else (_SERVERS, _CLIENTS)
        return f"access-list {words[1]} {_ace(random, *ends)}"
    if words[0] in ("network-object", "host"):
        member = random.choice(["host 10.20.0.5", "host 10.1.1.13", "10.20.0.0 255.255.255.248"])
        return f" {member}" if words[0] == "host" and member[0] == "h" else f" network-object {member}"
    if words[0] == "port-object":
        return f" port-object {random.choice(['eq 445', 'eq 81', 'range 1 1000'])}"
    return line


def iptables(random: Random) -> Edit:
    """Make a router, and edit a line of its filter."""
    rules_ = ["-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT"]
    rules_ += [_rule("FORWARD", random, ["A", "B"]) for _ in range(random.randint(2, 7))]
    rules_ += [_rule("A", random, ["B"]) for _ in range(random.randint(0, 3))]
    rules_ += [_rule("B", random, []) for _ in range(random.randint(0, 3))]
    policy = random.choice(["DROP", "ACCEPT"])
    lines = ["# Generated by iptables-save v1.8.9", "*filter", ":INPUT DROP [0:0]",
             f":FORWARD {policy} [0:0]", ":OUTPUT ACCEPT [0:0]", ":A - [0:0]", ":B - [0:0]", *rules_,
             "COMMIT"]
    at = random.choice([3, *range(7, len(lines) - 1)])
    if at == 3:
        other = "ACCEPT" if policy == "DROP" else "DROP"
        new = [*lines[:3], f":FORWARD {other} [0:0]", *lines[4:]]
        return Edit("\n".join(lines) + "\n", "\n".join(new) + "\n", "the policy")
    return _edited(lines, at, random, lambda line, draw: _rule(line.split()[1], draw, {
        "FORWARD": ["A", "B"], "A": ["B"], "B": []}[line.split()[1]]))


def _rule(chain: str, random: Random, callees: Sequence[str]) -> str:
    words = [f"-A {chain}"]
    if random.random() < 0.6:
        words.append(f"-s {random.choice(['10.20.0.0/24', '10.20.0.3/32', '10.20.0.4/30', '10.1.1.0/24'])}")
    if random.random() < 0.5:
        words.append(f"-d {random.choice(['10.1.1.11/32', '10.1.1.12/31', '10.20.0.0/28', '10.1.1.0/24'])}")
    kind = random.random()
    if kind < 0.5:
        words.append(f"-p tcp -m tcp --dport {random.choice(['80', '445', '80:445', '135', '1024:65535'])}")
    elif kind < 0.6:
        words.append(f"-p tcp -m multiport --dports {random.choice(['80,445', '135,445', '1:79'])}")
    elif kind < 0.7:
        words.append(random.choice(["-p udp -m udp --dport 135", "-p udp", "-p icmp",
                                    "-p icmp -m icmp --icmp-type 8"]))
    if random.random() < 0.2:
        words.append(random.choice(["-i eth1", "-o eth0", "-m state --state NEW", "-m limit --limit 3/min"]))
    target = random.choice(["ACCEPT", "ACCEPT", "DROP", "REJECT", "RETURN", "LOG", *callees, *callees])
    return " ".join([*words, f"-j {target}"])


def _edited(lines: list[str], at: int, random: Random, other: Callable[[str, Random], str]) -> Edit:
    new = list(lines)
    kind = random.choice(["delete", "insert", "change", "move"])
    line = lines[at]
    if kind == "delete" and not line.startswith(("object", "access-group")):
        del new[at]
    elif kind == "insert":
        new.insert(at, other(line, random))
    elif kind == "move" and line.startswith(("access-list", "-A")):
        same = [place for place, each in enumerate(lines) if each.split()[:2] == line.split()[:2]]
        new.insert(random.choice(same), new.pop(at))
    else:
        new[at] = other(line, random)
    return Edit("\n".join(lines) + "\n", "\n".join(new) + "\n", f"{kind} {line}")


def read(text: str) -> Firewall:
    return parsers.parse(source.from_bytes(text.encode(), "fw.cfg"))


def compared(site: Site, old: Firewall, new: Firewall) -> tuple[Analysis, Comparison]:
    before, after = (analyse(site, AS_OF, {NAME: firewall}) for firewall in (old, new))
    return after, compare(before, after, {NAME: ChangedLines(NAME, old, new)})


def demands(site: Site) -> Sequence[Demand]:
    return plan_of(site, pack_of(site)).demands


def fate(site: Site, firewall: Firewall, demand: Demand, packet: Packet) -> str:
    """What becomes of a request with everything that belongs to it: `permit`, `deny` or `undecided`."""
    ends = Connection(demand.request.source, demand.request.destination, demand)
    found: set[str] = set()
    for leg in demand.legs:
        here = lowest_packet(answer(box_of(packet))) if leg.kind == "reply" else packet
        found.add(follow(site, {NAME: firewall}, ends, here, leg.kind, AS_OF).verdict)
    return "deny" if "deny" in found else "undecided" if "undecided" in found else "permit"


def samples(leg: Leg, boxes: Sequence[Box], random: Random, count: int) -> Iterator[Packet]:
    """The corners of some boxes, then random packets of these and of the leg."""
    for box in boxes[:4]:
        yield from corners(box)
    for _ in range(count):
        yield drawn(random.choice([*leg.boxes, *boxes]), random)


def drawn(box: Box, random: Random) -> Packet:
    return Packet(box.family, box.protocol, *(any_of(axis, random) for axis in axes(box)))


def through(firewall: Firewall, chain: str, packet: Packet) -> str:
    """What one list does with a packet, by the tracer."""
    stages = parsers.through(firewall, chain)
    return trace_packet(stages, firewall.chains, packet, Context(as_of=AS_OF)).verdict
