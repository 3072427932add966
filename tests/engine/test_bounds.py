"""The shapes that hurt packet-set engines, small: the sets agree with the tracer packet by packet."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.conditions import Context, Opaque
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet, size
from aclproof.parsers.model.rules import Chain
from benchmarks import engine_families as families
from benchmarks.engine_families import STAGE, Case

CASES = [families.real(60), families.hosts(60), families.slabs(60), families.sets(10), families.nest3(30),
         families.rand3(25), *families.groups(4, members=40, ports=10)]


def doubtful(case: Case) -> Case:
    """Every third line depends on something that is not known."""
    unknown = (Opaque("user bob", "who the user is"),)
    return replace(case, name=f"{case.name}, doubtful", rules=[
        each._replace(conditions=unknown) if at % 3 == 0 else each for at, each in enumerate(case.rules)])


def pick(rng: random.Random, whole: IntervalSet, sets: list[IntervalSet]) -> int:
    """An end of some rule's range or a number next to it, where mistakes live; sometimes any number."""
    low, high = rng.choice(rng.choice(sets).ranges)
    near = rng.choice((low - 1, low, (low + high) // 2, high, high + 1))
    if near in whole and rng.random() < 0.9:
        return near
    low, high = rng.choice(whole.ranges)
    return rng.randint(low, high)


def sample(case: Case, count: int) -> list[Packet]:
    rng = random.Random(7)
    demand, rules = case.demand, case.rules
    sources, destinations = ([each.sources.v4 for each in rules], [each.destinations.v4 for each in rules])
    ports = [one.destination_ports for each in rules for one in each.services]
    return [Packet(demand.family, demand.protocol, pick(rng, demand.sources, sources),
                   pick(rng, demand.destinations, destinations), 50_000,
                   pick(rng, demand.destination_ports, ports)) for _ in range(count)]


@pytest.mark.parametrize("case", [*CASES, *map(doubtful, CASES)], ids=lambda case: case.name)
def test_sampled_packets_get_the_verdict_and_the_line_of_the_tracer(case: Case) -> None:
    outcome = case.run()
    lazy = {"permit": outcome.permitted, "deny": outcome.denied, "undecided": outcome.undecided}
    assert sum(map(size, lazy.values())) == case.demand.size
    parts = {name: tuple(boxes) for name, boxes in lazy.items()}
    assert [size(boxes) for boxes in parts.values()] == [size(boxes) for boxes in lazy.values()]
    lines = [(part.by, tuple(part.boxes)) for part in (*outcome.permits, *outcome.denials)]
    for packet in sample(case, 300):
        seen = trace_packet((STAGE,), {"acl": Chain("acl", case.rules)}, packet, Context())
        found = [name for name, boxes in parts.items() for box in boxes if packet in box]
        assert found == [seen.verdict]
        if seen.verdict != "undecided":
            blamed = [by for by, boxes in lines if any(packet in box for box in boxes)]
            assert seen.deciding is not None
            assert blamed == [seen.deciding.by]


def test_the_peer_of_the_benchmark_finds_the_same_packets() -> None:
    for case in CASES[:3]:
        assert families.subtract_boxes(case, 30_000, 3_000_000) >= len(case.run().permitted)
