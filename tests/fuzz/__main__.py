"""Read many cases, and print for each reader what came of them."""

from __future__ import annotations

import argparse
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from tests.fuzz import run as runs
from tests.fuzz.readers import READERS
from tests.fuzz.run import Fault, Figures

_LOT = 5_000
"""Cases that a process reads at once."""


def main() -> int:
    """Return 1 where a case broke a promise."""
    asked = _arguments()
    chosen = [each for each in READERS if asked.reader.lower() in each.name.lower()]
    if asked.case is not None:
        for reader in chosen:
            sys.stdout.buffer.write(runs.case(reader, asked.seed, asked.case)[1])
        return 0
    each_reads = -(-asked.cases // max(len(chosen), 1))
    print(f"{len(chosen)} readers, {each_reads:,} cases each, seed {asked.seed}\n\n"
          f"{'reader':34} {'cases':>9} {'read':>9} {'refused':>9} {'errors':>7} {'faults':>6} {'slowest':>9}")
    total = Figures("all")
    with ProcessPoolExecutor(asked.jobs) as pool:
        for reader in chosen:
            lots = [range(first, min(first + _LOT, each_reads)) for first in range(0, each_reads, _LOT)]
            found = Figures(reader.name)
            for one in pool.map(_lot, repeat(reader.name), repeat(asked.seed), lots):
                _add(found, one)
            _print(found)
            _add(total, found)
    _print(total)
    print(f"\ncases by kind: {', '.join(f'{kind} {count:,}' for kind, count in total.kinds.most_common())}; "
          f"{total.seconds:,.0f} s of the processor")
    print(f"{total.cases:,} cases of {len(chosen)} readers: {total.read:,} read, "
          f"{total.refused.total():,} refused with {len(total.refused):,} different sentences, "
          f"{len(total.faults):,} faults")
    if asked.errors:
        for said, count in total.refused.most_common():
            print(f"{count:9,} {said}")
    for fault in total.faults.values():
        print(f"\n{_shown(fault, asked.seed)}")
    return bool(total.faults)


def _lot(name: str, seed: int, numbers: range) -> Figures:
    return runs.run(next(each for each in READERS if each.name == name), seed, numbers)


def _add(total: Figures, one: Figures) -> None:
    total.cases += one.cases
    total.read += one.read
    total.refused += one.refused
    total.kinds += one.kinds
    total.seconds += one.seconds
    total.slowest = max(total.slowest, one.slowest)
    for what, fault in one.faults.items():
        known = total.faults.get(what)
        if known is None or len(fault.data) < len(known.data):
            total.faults[what] = fault


def _print(found: Figures) -> None:
    print(f"{found.reader:34} {found.cases:9,} {found.read:9,} {sum(found.refused.values()):9,} "
          f"{len(found.refused):7} {len(found.faults):6} {found.slowest[0]:7.2f} s", flush=True)


def _shown(fault: Fault, seed: int) -> str:
    reader = next(each for each in READERS if each.name == fault.reader)
    least = runs.smallest(reader, fault.data, fault.what)
    return (f"{fault.what}\n  {fault.reader}, --seed {seed} --case {fault.number}, made small:\n"
            f"  {fault.said}\n  {least[:2000]!r}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=30_000, help="of all readers together")
    parser.add_argument("--reader", default="", help="a part of the names of those that are wanted")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--case", type=int, help="write the case of this number to standard output")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--errors", action="store_true", help="what users are told, and how often")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
