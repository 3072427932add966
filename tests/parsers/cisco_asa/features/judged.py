"""One packet between two interfaces, judged twice: the sets of `check` and the tracer must agree."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof import parsers
from aclproof.linter.engine.relevant import every_rule
from aclproof.linter.engine.stages import evaluate_stages
from aclproof.linter.trace.representatives import box_of
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.conditions import ESTABLISHED, NEW, Context, Fact
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.packets import Packet
from tests.parsers.cisco_asa.asa import packet, read

TWO = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
"""
"""Clients outside, servers inside."""
OPEN = "access-list OUT extended permit ip any any\naccess-group OUT in interface outside\n"
SMB = packet("10.20.0.5", "10.1.1.10", "tcp", 445)
WEB = packet("10.20.0.5", "10.1.1.10", "tcp", 80)
PUSH = packet("10.1.1.10", "10.20.0.5", "tcp", 445)
MAPPER = packet("10.1.1.10", "10.20.0.5", "tcp", 135)
DYNAMIC = packet("10.1.1.10", "10.20.0.5", "tcp", 50000)
PING = packet("10.1.1.10", "10.20.0.5", "icmp", 0, 8)
PONG = packet("10.20.0.5", "10.1.1.10", "icmp", 0, 0)


def judged(firewall: Firewall | str, one: Packet, ingress: str, egress: str,
           facts: Mapping[str, Fact] | None = None, *, reply: bool = False, listener: str = "") -> str:
    """`permit`, `deny` or `undecided`, of a firewall or its text."""
    firewall = read(firewall) if isinstance(firewall, str) else firewall
    stages = parsers.stages(firewall, Transit(one.family, ingress, egress))
    context = Context(facts or {}, listener=listener, reply=reply,
                      states=frozenset({ESTABLISHED if reply else NEW}))
    by_tracer = trace_packet(stages, firewall.chains, one, context).verdict
    outcome, _ = evaluate_stages(stages, every_rule(firewall), box_of(one), context)
    by_sets = "undecided" if outcome.undecided else "deny" if outcome.denied else "permit"
    assert by_sets == by_tracer
    return by_sets


def inbound(text: str, one: Packet = SMB, facts: Mapping[str, Fact] | None = None) -> str:
    """What becomes of a client's packet through `TWO` with an open list and some more lines."""
    return judged(TWO + OPEN + text, one, "outside", "inside", facts)


def outbound(text: str, one: Packet = PUSH, facts: Mapping[str, Fact] | None = None, *,
             listener: str = "") -> str:
    """What becomes of a server's packet through `TWO` without lists and with some more lines."""
    return judged(TWO + text, one, "inside", "outside", facts, listener=listener)
