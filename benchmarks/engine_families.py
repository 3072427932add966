"""The shapes that hurt packet-set engines, on one screen: `python -m benchmarks.engine_families`.

Each family is a list of rules and one demand, made from a fixed seed. `x split` is our time over a fixed unit
of work measured in the same run (splitting 10 MB of text), because machines differ and are shared. `boxes`
is the same question by plain box subtraction, which stops when it has too many pieces or too much to do.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import median

from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.outcomes import Outcome
from aclproof.parsers.model.addresses import ANY, AddressSet, Family, single
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, ANY_SERVICE, TCP, service

SEED = 2007
STAGE = Stage("in", ("acl",), Default(Action.DENY, "implicit", "deny any any", Span("acl", 1, 1, "")))

_TEN = 10 << 24
_ANYWHERE = IntervalSet.of((0, Family.V4.last))
_HIGH_PORTS = IntervalSet.of((1024, 65535))


@dataclass(frozen=True, slots=True)
class Case:
    """One row: rules, and the demand that is put to them."""

    name: str
    rules: list[Rule]
    demand: Box

    def run(self) -> Outcome:
        return evaluate((STAGE,), {"acl": self.rules}, self.demand, Context())


def demand(sources: IntervalSet = _ANYWHERE, destinations: IntervalSet = _ANYWHERE,
           ports: IntervalSet = ANY_PORT) -> Box:
    return Box(Family.V4, TCP, sources, destinations, ANY_PORT, ports)


def network(base: int, length: int) -> IntervalSet:
    low = base >> 32 - length << 32 - length
    return IntervalSet.of((low, low + (1 << 32 - length) - 1))


def rule(action: Action, sources: IntervalSet, destinations: IntervalSet, ports: IntervalSet,
         line: int) -> Rule:
    return Rule(action, single(Family.V4, sources), single(Family.V4, destinations),
                (service(TCP, destination=ports),), line)


def permit_any(line: int) -> Rule:
    return Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), line)


def real(count: int) -> Case:
    """What people write: some of 300 and 50 networks, their hosts and supernets, a few ports."""
    rng = random.Random(SEED)
    left = [_TEN + (n << 8) for n in rng.sample(range(4096), 300)]
    right = [_TEN + (200 << 16) + (n << 8) for n in rng.sample(range(1024), 50)]
    ports = [_HIGH_PORTS, *(IntervalSet.of((p, p)) for p in (1433, 3389, 5985, 8080, 8443, 8530)),
             IntervalSet.of((49152, 65535)), IntervalSet.of((1024, 5000)), IntervalSet.of((8000, 8100))]

    def end(networks: list[int]) -> IntervalSet:
        length = rng.choices((20, 24, 28, 32), (1, 4, 2, 5))[0]
        return network(rng.choice(networks) + rng.randrange(256), length)

    rules = [rule(rng.choices((Action.PERMIT, Action.DENY), (2, 1))[0], end(left), end(right),
                  rng.choice(ports), line) for line in range(1, count + 1)]
    return Case(f"real {count}", rules, demand(IntervalSet.union(network(n, 24) for n in left),
                                               IntervalSet.union(network(n, 24) for n in right), _HIGH_PORTS))


def hosts(count: int) -> Case:
    """Pairs of hosts denied, the rest permitted."""
    rng = random.Random(SEED)
    rules = [rule(Action.DENY, network(_TEN + rng.randrange(1 << 16), 32),
                  network(_TEN + (1 << 16) + rng.randrange(1 << 16), 32), ANY_PORT, line)
             for line in range(1, count + 1)]
    return Case(f"hosts {count}", [*rules, permit_any(count + 1)], demand())


def slabs(count: int) -> Case:
    """Holes on each axis alone: boxes need the product of all gaps, classes need one piece."""
    rng = random.Random(SEED)
    rules = []
    for line in range(1, count + 1):
        axes = [_ANYWHERE, _ANYWHERE, ANY_PORT]
        axis = line % 3
        at = rng.randrange(65536)
        axes[axis] = IntervalSet.of((at, at)) if axis == 2 else network(_TEN + (at << 4), 28)
        rules.append(rule(Action.DENY, axes[0], axes[1], axes[2], line))
    return Case(f"slabs {count}", [*rules, permit_any(count + 1)], demand())


def sets(count: int) -> Case:
    """Object-groups at random: 30 % of 100 networks to 30 % of 100 networks on 30 % of 25 port blocks."""
    rng = random.Random(SEED)
    networks = [network(_TEN + (2 * n << 8), 24) for n in range(100)]
    blocks = [IntervalSet.of((n * 2000, n * 2000 + 999)) for n in range(25)]

    def some(parts: list[IntervalSet]) -> IntervalSet:
        return IntervalSet.union(rng.sample(parts, len(parts) * 3 // 10))

    rules = [rule(rng.choice((Action.PERMIT, Action.DENY)), some(networks), some(networks), some(blocks),
                  line) for line in range(1, count + 1)]
    return Case(f"sets {count}", rules, demand(IntervalSet.union(networks), IntervalSet.union(networks),
                                               IntervalSet.union(blocks)))


def nest3(count: int) -> Case:
    """Boxes around one centre, each inside the next, in turn permitted and denied."""
    rng = random.Random(SEED)
    arms = [sorted(rng.sample(range(1, 30_000), count)) for _ in range(6)]
    rules = []
    for k in range(count):
        sources, destinations, ports = (IntervalSet.of((30_000 - below[k], 30_000 + above[k]))
                                        for below, above in zip(arms[::2], arms[1::2], strict=True))
        rules.append(rule((Action.PERMIT, Action.DENY)[k % 2], sources, destinations, ports, k + 1))
    return Case(f"nest3 {count}", rules, demand())


def rand3(count: int) -> Case:
    """Intervals in general position on three axes: as many classes as rules can make."""
    rng = random.Random(SEED)

    def some(top: int) -> IntervalSet:
        low, high = sorted(rng.sample(range(top), 2))
        return IntervalSet.of((low, high))

    rules = [rule(rng.choice((Action.PERMIT, Action.DENY)), some(1 << 20), some(1 << 20), some(1 << 16), line)
             for line in range(1, count + 1)]
    return Case(f"rand3 {count}", rules, demand(network(0, 12), network(0, 12)))


def groups(count: int, *, members: int = 1000, ports: int = 50) -> list[Case]:
    """Lines of three object-groups: `members` x `members` x `ports`, evaluated for a part and for all."""
    rng = random.Random(SEED)

    def group(top: int, number: int) -> IntervalSet:
        return IntervalSet.of(*((at, at) for at in rng.sample(range(top), number)))

    def ends() -> AddressSet:
        return single(Family.V4, IntervalSet.union([
            IntervalSet.of(*((_TEN + low, _TEN + low) for low, _ in group(1 << 24, members // 2).ranges)),
            *(network(_TEN + (n << 8), 24) for n in rng.sample(range(1 << 16), members - members // 2))]))

    rules = [Rule((Action.PERMIT, Action.DENY)[line % 4 == 0], ends(), ends(),
                  (service(TCP, destination=group(1 << 16, ports)),), line) for line in range(1, count + 1)]
    part = network(_TEN + (20 << 16), 16), network(_TEN + (30 << 16), 16)
    return [Case(f"groups {count}, /16 to /16", rules, demand(*part)),
            Case(f"groups {count}, any to any", rules, demand())]


def cases() -> Iterator[Case]:
    yield from (real(n) for n in (100, 300, 1000, 3000))
    yield from (hosts(n) for n in (1_000, 10_000))
    for family in (slabs, sets):
        yield from (family(n) for n in (100, 1000))
    for family in (nest3, rand3):
        yield from (family(n) for n in (300, 1000))
    for n in (1, 10, 100):
        yield from groups(n)


Plain = tuple[Range, Range, Range, Range]
"""A box with one range on each axis."""


class GaveUpError(Exception):
    """The peer gave up."""


def subtract_boxes(case: Case, pieces: int, operations: int) -> int:
    """The naive peer: cut each rule's boxes out of what is left; return the number of permitted pieces."""
    left: list[Plain] = list(_expand(case.demand.sources, case.demand.destinations,
                                     case.demand.source_ports, case.demand.destination_ports))
    permitted = 0
    for known in case.rules:
        for box in _boxes(known):
            rest: list[Plain] = []
            operations -= len(left)
            for piece in left:
                outside = _outside(piece, box)
                rest += outside or ()
                permitted += outside is not None and known.action is Action.PERMIT
                if outside is None:
                    rest.append(piece)
            left = rest
            if not left:
                return permitted
            if len(left) + permitted > pieces or operations < 0:
                raise GaveUpError
    return permitted


def _boxes(each: Rule) -> Iterator[Plain]:
    for one in each.services:
        yield from _expand(each.sources.v4, each.destinations.v4, one.source_ports, one.destination_ports)


def _expand(sources: IntervalSet, destinations: IntervalSet, source_ports: IntervalSet,
            ports: IntervalSet) -> Iterator[Plain]:
    for s in sources.ranges:
        for d in destinations.ranges:
            for sport, dport in product(source_ports.ranges, ports.ranges):
                yield s, d, sport, dport


def _outside(piece: Plain, box: Plain) -> list[Plain] | None:
    """The parts of `piece` outside `box`, at most two an axis; None when they do not meet."""
    if any(low > b or a > high for (low, high), (a, b) in zip(piece, box, strict=True)):
        return None
    parts: list[Plain] = []
    now = list(piece)
    for axis, (a, b) in enumerate(box):
        low, high = now[axis]
        for end in ((low, a - 1), (b + 1, high)):
            if end[0] <= end[1]:
                parts.append((*now[:axis], end, *now[axis + 1:]))  # type: ignore[arg-type]
        now[axis] = (max(low, a), min(high, b))
    return parts


def measure(work: Callable[[], object], runs: int) -> float:
    """Milliseconds of processor time, median of `runs`."""
    found = []
    for _ in range(runs):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return median(found)


def peak_of(work: Callable[[], object]) -> float:
    """Peak of traced memory in MB, on top of what was there before."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def unit_of_work() -> Callable[[], object]:
    text = "access-list outside extended permit tcp host 10.1.2.3 host 10.4.5.6 eq 443\n" * 133_000
    return lambda: text.split("\n")


def peer(case: Case, arguments: argparse.Namespace) -> str:
    start = time.process_time()
    try:
        pieces = subtract_boxes(case, arguments.pieces, arguments.operations)
    except GaveUpError:
        return f"> {(time.process_time() - start) * 1000:,.0f} ms"
    return f"{(time.process_time() - start) * 1000:,.0f} ms ({pieces:,})"


def report(chosen: Iterable[Case], arguments: argparse.Namespace) -> Iterator[str]:
    unit = measure(unit_of_work(), 5)
    yield f"one unit of work (10 MB split into lines): {unit:.1f} ms"
    yield f"{'family':28}{'rules':>7}{'ms':>9}{'x split':>9}{'pieces':>8}{'parts':>7}{'MB':>7}  boxes"
    for case in chosen:
        outcome = case.run()
        spent = measure(case.run, arguments.runs)
        memory = f"{peak_of(case.run):.1f}" if arguments.memory else "-"
        naive = peer(case, arguments) if arguments.peer else "-"
        pieces = len(outcome.permitted) + len(outcome.denied) + len(outcome.undecided)
        parts = sum(len(each.boxes) for each in (*outcome.permits, *outcome.denials))
        yield (f"{case.name:28}{len(case.rules):>7,}{spent:>9,.1f}{spent / unit:>9.2f}{pieces:>8,}{parts:>7,}"
               f"{memory:>7}  {naive}")


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_families", description=__doc__)
    parser.add_argument("--only", default="", help="families whose name holds this text")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="a second pass under tracemalloc")
    parser.add_argument("--no-peer", dest="peer", action="store_false")
    parser.add_argument("--pieces", type=int, default=30_000, help="where the peer gives up")
    parser.add_argument("--operations", type=int, default=3_000_000, help="where the peer gives up")
    return parser


def main(words: Sequence[str] | None = None) -> None:
    arguments = options().parse_args(words)
    chosen = (case for case in cases() if arguments.only in case.name)
    for line in report(chosen, arguments):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
