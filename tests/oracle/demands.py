"""Demands around the constants of a ruleset, and packets from everywhere in a part of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from random import Random

from tests.oracle.judge import Demand, Product, Range
from tests.oracle.probes import TCP, UDP, Probe
from tests.oracle.traffic import SomeRuleset

SAMPLE = 1_000
"""Packets of each part of a demand."""
_CORNERS = 2_000
"""A part with more corners than this is looked at in so many of them."""
_Point = tuple[int, int, int, int]
_ALL_PORTS = Range(0, 65535)


def draw(ruleset: SomeRuleset) -> Demand:
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


def sample(rng: Random, demand: Demand, parts: Sequence[Product], flags: frozenset[int]) -> list[Probe]:
    """Every corner, and packets from anywhere in the parts."""
    if not parts:
        return []
    points = [point for part in parts for point in islice(_corners(rng, part), _CORNERS // len(parts) + 1)]
    points += [_anywhere(rng, rng.choice(parts)) for _ in range(SAMPLE - len(points))]
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
