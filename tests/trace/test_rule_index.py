"""The rules that an index leaves out are rules whose addresses the packet does not have."""

from __future__ import annotations

import random

import pytest

from aclproof.linter.trace.rule_index import rules_for
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, parse
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE, TCP

ENDS = {Family.V4: ("10.0.0.1", "10.0.0.2", "10.0.0.0/30", "10.0.0.0/24", "10.0.1.0/24", "0.0.0.0/0",
                    "10.0.0.1-10.0.0.2", "10.0.0.3-10.0.1.2"),
        Family.V6: ("fd00::1", "fd00::/64", "fd00::2-fd00::5", "::/0")}


def any_end(draw: random.Random) -> AddressSet:
    if draw.random() < 0.2:
        return ANY
    whole = [parse(text) for text in (*ENDS[Family.V4], *ENDS[Family.V6])]
    return draw.choice(whole) if draw.random() < 0.8 else draw.choice(whole) | draw.choice(whole)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("seed", range(5))
def test_no_rule_of_the_packets_addresses_is_left_out(family: Family, seed: int) -> None:
    draw = random.Random(seed)
    rules = tuple(Rule(Action.PERMIT, any_end(draw), any_end(draw), (ANY_SERVICE,), line)
                  for line in range(1, 200))
    known = sorted({number for text in ENDS[family] for low, high in parse(text).of(family).ranges
                    for number in (low, low + 1, high, high + 1) if number <= family.last})
    for _ in range(100):
        packet = Packet(family, TCP, draw.choice(known), draw.choice(known), 1024, 80)
        found = list(rules_for(Chain("c", rules), packet))
        assert found == sorted(found, key=lambda rule: rule.line)
        assert {rule.line for rule in rules if packet.source in rule.sources.of(family)
                and packet.destination in rule.destinations.of(family)} <= {rule.line for rule in found}


def test_only_a_few_of_many_rules_are_looked_at() -> None:
    rules = tuple(Rule(Action.DENY, parse(f"10.{k >> 8}.{k & 255}.1"), ANY, (ANY_SERVICE,), k)
                  for k in range(1, 2_000))
    packet = Packet(Family.V4, TCP, (10 << 24) + (700 << 8) + 1, 1, 1024, 80)
    assert [rule.line for rule in rules_for(Chain("c", rules), packet)] == [700]
