"""The engine of sets: what it says of a whole demand is what the kernel does with the packets in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from random import Random

import pytest

from tests.oracle import rulesets, traffic
from tests.oracle.differential import read
from tests.oracle.judge import Demand, Product, Range, Way
from tests.oracle.kernel import Kernel
from tests.oracle.plan import BACK_ENDS, HOOKS, INGRESS, LOOPBACK, PLANS, Hook
from tests.oracle.probes import ACK, PSH, SYN, TCP, UDP, Probe
from tests.oracle.rulesets import Ruleset
from tests.oracle.scale import RULESETS
from tests.oracle.traffic import Shot

_DEMANDS = 2
"""For each ruleset."""
_SAMPLE = 1_000
"""Packets of each part of a demand."""
_CORNERS = 2_000
"""A part with more corners than this is looked at in so many of them."""
_PLAIN = frozenset({SYN})
_SEVERAL = frozenset({SYN, ACK, PSH | ACK})
"""All of them are NEW when they come first."""
_MAY_STAY_OPEN = ("--ctorig", "--ctrepl", "NETMAP", "-j SET")
"""What may treat the packets of one demand each in its own way, and so leave a part of it undecided."""
_Point = tuple[int, int, int, int]
_ALL_PORTS = Range(0, 65535)


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("family", PLANS)
def test_every_packet_of_a_part_fares_as_the_part(kernel: Kernel, family: int, hook: Hook) -> None:
    seen = {True: 0, False: 0}
    for seed in range(3000, 3000 + 5 * RULESETS):
        if seed >= 3000 + RULESETS // 2 and min(seen.values()) >= _SAMPLE:
            break
        ruleset = rulesets.make(seed, family, hook)
        rng = ruleset.constants.rng
        back_end = BACK_ENDS[seed % 2]
        if ruleset.sets:
            kernel.add_sets(ruleset.sets)
        kernel.load(BACK_ENDS[1 - seed % 2], family, _NOTHING)
        kernel.load(back_end, family, ruleset.text)
        way = Way.by(hook, LOOPBACK if hook == "output" else rng.choice(INGRESS))
        judge = read(ruleset)
        for _ in range(_DEMANDS):
            demand = _demand(ruleset)
            flags = rng.choice((_PLAIN, _PLAIN, _SEVERAL)) if demand.protocol == TCP else _PLAIN
            parts = judge.sets(way, demand, "NEW", flags)
            if len(flags) == 1 and not any(word in ruleset.text for word in _MAY_STAY_OPEN):
                assert not parts["undecided"], f"{ruleset}\n{demand}\n{parts['undecided']}"
            for name, wanted in (("permitted", True), ("denied", False)):
                shots = [Shot(way.ingress or LOOPBACK, each)
                         for each in _sample(rng, demand, parts[name], flags)]
                for batch in traffic.batches(ruleset, shots):
                    passed = kernel.send(hook, [(shot.by, shot.probe) for shot in batch])
                    wrong = [shot for shot, each in zip(batch, passed, strict=True) if each is not wanted]
                    assert not wrong, f"{back_end}, {ruleset}\n{demand}, {flags}: {name}, but {wrong[0]!r}"
                    seen[wanted] += len(batch)
    assert min(seen.values()) >= _SAMPLE


_NOTHING = "".join(f"*{table}\n" + "".join(f":{chain} ACCEPT [0:0]\n" for chain in chains) + "COMMIT\n"
                   for table, chains in rulesets.BUILT_IN.items())


def _demand(ruleset: Ruleset) -> Demand:
    """Some of what lies between the outermost constants of the ruleset."""
    constants = ruleset.constants
    protocol = constants.rng.choice((TCP, TCP, UDP, constants.icmp))
    addresses = [_between(constants.rng, sorted(edges)) for edges in constants.address_edges.values()]
    if protocol == constants.icmp:
        kind = constants.icmp_kinds[0][0]
        return Demand(ruleset.family, protocol, (addresses[0], addresses[1], Range(kind, kind), Range(0, 1)))
    ports = [_ALL_PORTS if constants.chance(0.5) else _between(constants.rng, sorted(edges))
             for edges in constants.port_edges.values()]
    return Demand(ruleset.family, protocol, (addresses[0], addresses[1], ports[0], ports[1]))


def _between(rng: Random, edges: Sequence[int]) -> Range:
    return Range(*sorted((rng.choice(edges[:len(edges) // 3 + 1]), rng.choice(edges[len(edges) // 3:]))))


def _sample(rng: Random, demand: Demand, parts: Sequence[Product], flags: frozenset[int]) -> list[Probe]:
    """Every corner, and packets from anywhere in the parts."""
    if not parts:
        return []
    points = [point for part in parts for point in islice(_corners(rng, part), _CORNERS // len(parts) + 1)]
    points += [_anywhere(rng, rng.choice(parts)) for _ in range(_SAMPLE - len(points))]
    carried = sorted(flags) if demand.protocol == TCP else [0]
    return [Probe(demand.family, demand.protocol, *point, flags=rng.choice(carried), identifier=number)
            for number, point in enumerate(dict.fromkeys(points))]


def _corners(rng: Random, part: Product) -> Iterator[_Point]:
    ends = [[end for each in axis for end in dict.fromkeys(each)] for axis in part.axes]
    for axis in ends:
        rng.shuffle(axis)
    first, second, third, fourth = ends
    return product(first, second, third, fourth)


def _anywhere(rng: Random, part: Product) -> _Point:
    first, second, third, fourth = (rng.randint(*rng.choice(axis)) for axis in part.axes)
    return first, second, third, fourth
