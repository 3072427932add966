"""Figures for who wants to see it again: `python -m tests.oracle.translated --rulesets 1000 --seed 7`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from typing import NamedTuple

from tests.oracle.translated.road import fresh
from tests.oracle.translated.trials import disagreements, explain
from tests.oracle.translated.vendors import VENDORS

_TOGETHER = 50
"""Rulesets for which one namespace is made."""
_SHOWN = 3


class Figures(NamedTuple):
    """What some rulesets of one vendor showed."""

    vendor: str
    counts: Counter[str]
    shown: list[str]
    """Every ruleset with a disagreement."""


def main() -> int:
    """Judge rulesets, print the figures, and return 1 where anything disagrees."""
    asked = argparse.ArgumentParser(prog="python -m tests.oracle.translated", description=__doc__)
    asked.add_argument("--rulesets", type=int, default=200, help="for each vendor")
    asked.add_argument("--packets", type=int, default=300, help="for each of them")
    asked.add_argument("--seed", type=int, default=10_000, help="the number of the first ruleset")
    asked.add_argument("--vendor", choices=list(VENDORS), help="only this one")
    asked.add_argument("--processes", type=int, default=2)
    wanted = asked.parse_args()
    start = time.monotonic()
    end = wanted.seed + wanted.rulesets
    lots = [(vendor, range(first, min(first + _TOGETHER, end)))
            for vendor in ([wanted.vendor] if wanted.vendor else VENDORS)
            for first in range(wanted.seed, end, _TOGETHER)]
    with ProcessPoolExecutor(wanted.processes) as pool:
        found = list(pool.map(_judged, *zip(*lots, strict=True), repeat(wanted.packets)))
    wrong = [text for each in found for text in each.shown]
    print(*wrong[:_SHOWN], sep="\n\n")
    for vendor in dict.fromkeys(each.vendor for each in found):
        print(_line(vendor, sum((each.counts for each in found if each.vendor == vendor), Counter[str]())))
    print(f"seeds {wanted.seed:,} to {end - 1:,}; {time.monotonic() - start:.0f} s")
    return 1 if wrong else 0


def _line(vendor: str, counts: Counter[str]) -> str:
    return (f"{vendor}: {counts['rulesets']:,} rulesets, {counts['packets']:,} packets ({counts['permit']:,} "
            f"permitted, {counts['deny']:,} denied); open in the text: {counts['undecided']:,}, "
            f"{counts['undecided'] / counts['packets']:.2%}; undecided without need: {counts['needless']:,}; "
            f"disagreements: {counts['disagreements']:,}")


def _judged(vendor: str, seeds: range, packets: int) -> Figures:
    found = Figures(vendor, Counter(), [])
    with fresh() as kernel:
        for seed in seeds:
            trial = VENDORS[vendor](seed, packets)
            wanted, said = trial.ask_kernel(kernel), trial.ask_product()
            wrong = list(disagreements(trial, said, wanted))
            found.counts.update(each.partition(" ")[0] for each in wanted)
            found.counts.update(rulesets=1, packets=len(wanted), disagreements=len(wrong), needless=sum(
                mine == "undecided" != true for mine, true in zip(said.traced, wanted, strict=True)))
            if wrong:
                found.shown.append(explain(trial, wrong))
    return found


if __name__ == "__main__":
    sys.exit(main())
