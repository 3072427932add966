"""Many rulesets in several processes, and figures of what they show: `python -m tests.oracle.nft --help`."""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from traceback import format_exception
from typing import NamedTuple

from tests.oracle import states, traffic
from tests.oracle.differential import Run, disagreements, explain, said
from tests.oracle.judge import Judge
from tests.oracle.kernel import Kernel
from tests.oracle.nft import rulesets
from tests.oracle.nft.differential import as_listed, read, record
from tests.oracle.nft.rulesets import Ruleset
from tests.oracle.plan import HOOKS, PLANS, Hook
from tests.oracle.states import Kinds

_NUMBER = re.compile(r"0x[0-9a-f]+|\b\d+")
_TOGETHER = 25
"""Rulesets for which one namespace is made."""


class Figures(NamedTuple):
    """What some rulesets showed."""

    counts: Counter[str]
    doubts: Counter[str]
    """Undecided packets by what leaves them open."""
    wrong: Counter[str]
    """Disagreements by kind."""
    shown: list[str]
    """Of each ruleset with a disagreement, the smallest that shows it."""
    seconds: float
    """Of processor time on the product's side."""


class _Lot(NamedTuple):
    """Rulesets that are judged together."""

    first: int
    size: int
    family: int
    hook: Hook


def main() -> None:
    """Judge rulesets, and print the figures."""
    asked = argparse.ArgumentParser(prog="python -m tests.oracle.nft", description=__doc__)
    asked.add_argument("--rulesets", type=int, default=600, help="how many, over all families and hooks")
    asked.add_argument("--packets", type=int, default=300, help="for each of them")
    asked.add_argument("--first", type=int, default=10_000, help="the number of the first")
    asked.add_argument("--processes", type=int, default=2)
    wanted = asked.parse_args()
    start = time.monotonic()
    lots = list(_lots(wanted.first, wanted.rulesets))
    with ProcessPoolExecutor(wanted.processes) as pool:
        found = list(pool.map(_judged, lots, repeat(wanted.packets)))
    _print(found, time.monotonic() - start)


def _lots(first: int, count: int) -> Iterator[_Lot]:
    each = -(-count // (len(PLANS) * len(HOOKS)))
    for family in PLANS:
        for hook in HOOKS:
            for start in range(first, first + each, _TOGETHER):
                yield _Lot(start, min(_TOGETHER, first + each - start), family, hook)


def _judged(lot: _Lot, packets: int) -> Figures:
    found = Figures(Counter(), Counter(), Counter(), [], 0.0)
    with Kernel() as kernel:
        kinds = states.measure(kernel, lot.family)
    start = time.process_time()
    with Kernel() as kernel:
        for seed in range(lot.first, lot.first + lot.size):
            ruleset = as_listed(kernel, rulesets.make(seed, lot.family, lot.hook))
            run = record(kernel, ruleset, traffic.draw(ruleset, packets))
            _add(found, kernel, run, kinds)
    return found._replace(seconds=time.process_time() - start)


def _add(found: Figures, kernel: Kernel, run: Run[Ruleset], kinds: Kinds) -> None:
    found.counts.update(rulesets=1, packets=len(run.shots), passed=sum(run.passed), counters=len(run.counted))
    try:
        _compare(found, kernel, run, kinds)
    except Exception as error:  # whatever it is, the others are to be judged
        found.wrong["error"] += 1
        found.shown.append("\n".join([str(run.ruleset), *format_exception(error)]))


def _compare(found: Figures, kernel: Kernel, run: Run[Ruleset], kinds: Kinds) -> None:
    judge = read(run.ruleset)
    for shot in run.shots:
        verdict = said(judge, run.ruleset.hook, shot, kinds)
        if verdict.verdict == "undecided":
            found.counts["undecided"] += 1
            found.doubts.update({_NUMBER.sub("N", each) for each in verdict.doubts})
    kinds_of_wrong = {_kind(each) for each in disagreements(run, judge, kinds)}
    found.wrong.update(kinds_of_wrong)
    if kinds_of_wrong:
        found.shown.append(_explained(kernel, run, judge, kinds))


def _kind(disagreement: str) -> str:
    if disagreement.startswith("line "):
        return "counter"
    return next(each for each in ("permit", "deny", "undecided") if f"product says {each}" in disagreement)


def _explained(kernel: Kernel, run: Run[Ruleset], judge: Judge, kinds: Kinds) -> str:
    return explain(lambda shots: record(kernel, run.ruleset, shots), run, judge, kinds)


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counters, Counter[str]())


def _print(found: list[Figures], seconds: float) -> None:
    counts = _sum(each.counts for each in found)
    doubts, wrong = _sum(each.doubts for each in found), _sum(each.wrong for each in found)
    for each in found:
        for text in each.shown:
            print(text, end="\n\n")
    print(f"{counts['rulesets']:,} rulesets, {counts['packets']:,} packets ({counts['passed']:,} passed), "
          f"{counts['counters']:,} counters; {seconds:.0f} s, {sum(each.seconds for each in found):.0f} s of "
          "processor time without the kernel's")
    print(f"undecided: {counts['undecided']:,} packets, {counts['undecided'] / counts['packets']:.2%}")
    for because, count in doubts.most_common():
        print(f"  {count:7,} {because}")
    print(f"rulesets with a disagreement: {wrong.total():,}", dict(wrong))


if __name__ == "__main__":
    main()
