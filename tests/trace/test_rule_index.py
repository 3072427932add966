"""The rules that an index leaves out are rules whose addresses the packet does not have."""

from __future__ import annotations

import random

import pytest

from aclproof.linter.trace.rule_index import rules_for, translations_for, translations_of_sender
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, parse
from aclproof.parsers.model.firewall import Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE, TCP, Service, service

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


def test_sets_of_several_networks_are_found_by_each_of_them() -> None:
    """As object groups are: 100 of them, each for 20 rules that differ in their services."""
    groups = [AddressSet(parse(f"10.{k}.0.0/16").v4 | parse(f"172.16.{k}.5-172.16.{k}.9").v4)
              for k in range(100)]
    rules = tuple(Rule(Action.DENY, groups[k % 100], groups[k * 7 % 100], (ANY_SERVICE,), k)
                  for k in range(1, 2_000))
    packet = Packet(Family.V4, TCP, parse("10.3.9.9").v4.lowest, parse("172.16.21.7").v4.lowest, 1024, 80)
    assert [rule.line for rule in rules_for(Chain("c", rules), packet)] == [
        k for k in range(1, 2_000) if k % 100 == 3 and k * 7 % 100 == 21]


def test_of_many_nested_networks_each_is_found() -> None:
    """So many sets hold the packet at both ends that it is quicker to go through the pairs that there are."""
    rules = tuple(Rule(Action.DENY, parse(f"10.0.0.0-10.0.{k}.255"), parse(f"10.0.0.0-10.1.{k}.255"),
                       (ANY_SERVICE,), k) for k in range(1, 200))
    packet = Packet(Family.V4, TCP, parse("10.0.100.1").v4.lowest, parse("10.1.150.1").v4.lowest, 1024, 80)
    assert [rule.line for rule in rules_for(Chain("c", rules), packet)] == list(range(150, 200))


@pytest.mark.parametrize("seed", range(3))
def test_rules_of_the_same_ends_are_found_by_their_ports(seed: int) -> None:
    draw = random.Random(seed)

    def any_services() -> tuple[Service, ...]:
        firsts = [draw.randrange(50_000) for _ in range(draw.randrange(1, 3))]
        return tuple(service(TCP, destination=IntervalSet.of((first, first + draw.choice((0, 9, 9_999)))))
                     for first in firsts)

    ends = parse("10.0.0.0/24"), parse("10.1.0.0-10.1.0.9")
    rules = tuple(Rule(Action.PERMIT, *ends, any_services(), line) for line in range(1, 400))
    known = [number for rule in rules for each in rule.services
             for low, high in each.destination_ports.ranges for number in (low, high)]
    for port in draw.choices(known, k=50):
        packet = Packet(Family.V4, TCP, ends[0].v4.lowest, ends[1].v4.lowest, 1024, port)
        assert [rule.line for rule in rules_for(Chain("c", rules), packet)] == [
            rule.line for rule in rules if any(port in each.destination_ports for each in rule.services)]


def test_only_a_few_of_many_translations_are_looked_at() -> None:
    lines = tuple(Translation("source", k, sources=parse(f"10.{k >> 8}.{k & 255}.1")) for k in range(1, 500))
    packet = Packet(Family.V4, TCP, parse("10.1.44.1").v4.lowest, 1, 1024, 80)
    assert [line.line for line in translations_for(lines, packet)] == [300]
    assert [line.line for line in translations_of_sender(lines, packet)] == [300]


def test_no_translation_of_the_sender_is_left_out() -> None:
    draw = random.Random(11)
    lines = tuple(Translation("source", k, sources=any_end(draw), destinations=any_end(draw))
                  for k in range(1, 100))
    for text in ("10.0.0.1", "10.0.0.3", "10.0.1.2", "192.0.2.1"):
        packet = Packet(Family.V4, TCP, parse(text).v4.lowest, 1, 1024, 80)
        assert [line.line for line in translations_of_sender(lines, packet)] == [
            line.line for line in lines if packet.source in line.sources.v4]
