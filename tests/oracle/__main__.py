"""Many rulesets in several processes, and figures of what they show: `python -m tests.oracle --help`."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from traceback import format_exception
from typing import Any, NamedTuple, Protocol, TypeVar

from tests.oracle import differential, rulesets, states, traffic
from tests.oracle.differential import Run, differences, explain, verdicts
from tests.oracle.judge import Judge
from tests.oracle.kernel import Kernel
from tests.oracle.nft import differential as nft_differential
from tests.oracle.nft import rulesets as nft_rulesets
from tests.oracle.plan import BACK_ENDS, HOOKS, PLANS, BackEnd, Hook
from tests.oracle.states import Kinds
from tests.oracle.traffic import Shot, SomeRuleset

_R = TypeVar("_R", bound=SomeRuleset)

_NUMBER = re.compile(r"0x[0-9a-f]+|\b\d+")
_CONTRADICTED = frozenset({"permit", "deny", "error"})
"""Kinds of disagreements that no ruleset may have; others leave open what could be told."""
_MOST_OPEN = 0.02
"""Share of rulesets that may have something open which the kernel decides: large sets of marks and addresses,
sets that a file leaves empty (docs/trust.md)."""
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


class _Maker(Protocol[_R]):
    """How rulesets of one kind are made, loaded into the kernel and read."""

    def make(self, kernel: Kernel, seed: int, family: int, hook: Hook) -> _R:
        """Make one, half of them as the kernel's own programs write them."""

    def record(self, kernel: Kernel, ruleset: _R, shots: Sequence[Shot]) -> Run[_R]:
        """Load it, and send the packets."""

    def read(self, ruleset: _R) -> Judge:
        """Let the product read it."""


class _Iptables:
    def __init__(self, back_end: BackEnd) -> None:
        self._back_end = back_end

    def make(self, kernel: Kernel, seed: int, family: int, hook: Hook) -> rulesets.Ruleset:
        made = rulesets.make(seed, family, hook)
        if made.sets:
            kernel.add_sets(made.sets)
        return differential.as_saved(kernel, self._back_end, made) if seed % 2 else made

    def record(self, kernel: Kernel, ruleset: rulesets.Ruleset,
               shots: Sequence[Shot]) -> Run[rulesets.Ruleset]:
        return differential.record(kernel, self._back_end, ruleset, shots)

    def read(self, ruleset: rulesets.Ruleset) -> Judge:
        return differential.read(ruleset)


class _Nftables:
    def make(self, kernel: Kernel, seed: int, family: int, hook: Hook) -> nft_rulesets.Ruleset:
        made = nft_rulesets.make(seed, family, hook)
        return nft_differential.as_listed(kernel, made)

    def record(self, kernel: Kernel, ruleset: nft_rulesets.Ruleset,
               shots: Sequence[Shot]) -> Run[nft_rulesets.Ruleset]:
        return nft_differential.record(kernel, ruleset, shots)

    def read(self, ruleset: nft_rulesets.Ruleset) -> Judge:
        return nft_differential.read(ruleset)


_MAKERS: Mapping[str, _Maker[Any]] = {
    **{f"iptables-{each}": _Iptables(each) for each in BACK_ENDS}, "nftables": _Nftables()}


class _Lot(NamedTuple):
    """Rulesets that are judged together."""

    kind: str
    first: int
    size: int
    family: int
    hook: Hook


def main() -> None:
    """Judge rulesets, and print the figures; exit 1 where the kernel contradicts one, or decides more."""
    asked = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    asked.add_argument("--of", choices=_MAKERS, action="append", help="default: all kinds")
    asked.add_argument("--rulesets", type=int, default=600, help="of each kind, over all families and hooks")
    asked.add_argument("--packets", type=int, default=300, help="for each of them")
    asked.add_argument("--seed", type=int, default=10_000, help="the number of the first ruleset")
    asked.add_argument("--processes", type=int, default=2)
    wanted = asked.parse_args()
    start = time.monotonic()
    lots = [lot for kind in wanted.of or _MAKERS for lot in _lots(kind, wanted.seed, wanted.rulesets)]
    with ProcessPoolExecutor(wanted.processes) as pool:
        found = list(pool.map(_judged, lots, repeat(wanted.packets)))
    sys.exit(_print(found, time.monotonic() - start))


def _lots(kind: str, first: int, count: int) -> Iterator[_Lot]:
    each = -(-count // (len(PLANS) * len(HOOKS)))
    for family in PLANS:
        for hook in HOOKS:
            for start in range(first, first + each, _TOGETHER):
                yield _Lot(kind, start, min(_TOGETHER, first + each - start), family, hook)


def _judged(lot: _Lot, packets: int) -> Figures:
    return _judged_by(_MAKERS[lot.kind], lot, packets)


def _judged_by(maker: _Maker[_R], lot: _Lot, packets: int) -> Figures:
    found = Figures(Counter(), Counter(), Counter(), [], 0.0)
    with Kernel() as kernel:
        kinds = states.measure(kernel, lot.family)
    start = time.process_time()
    with Kernel() as kernel:
        for seed in range(lot.first, lot.first + lot.size):
            ruleset = maker.make(kernel, seed, lot.family, lot.hook)
            run = maker.record(kernel, ruleset, traffic.draw(ruleset, packets))
            _add(found, maker, kernel, run, kinds)
    return found._replace(seconds=time.process_time() - start)


def _add(found: Figures, maker: _Maker[_R], kernel: Kernel, run: Run[_R], kinds: Kinds) -> None:
    found.counts.update(rulesets=1, packets=len(run.shots), passed=sum(run.passed), counters=len(run.counted))
    try:
        _compare(found, maker, kernel, run, kinds)
    except Exception as error:  # whatever it is, the others are to be judged
        found.wrong["error"] += 1
        found.counts["contradicted"] += 1
        found.shown.append("\n".join([str(run.ruleset), *format_exception(error)]))


def _compare(found: Figures, maker: _Maker[_R], kernel: Kernel, run: Run[_R], kinds: Kinds) -> None:
    judge = maker.read(run.ruleset)
    judged = verdicts(run, judge, kinds)
    for verdict in judged:
        if verdict.verdict == "undecided":
            found.counts["undecided"] += 1
            found.doubts.update({_NUMBER.sub("N", each) for each in verdict.doubts})
    kinds_of_wrong = {_kind(each) for each in differences(run, judged)}
    found.wrong.update(kinds_of_wrong)
    if kinds_of_wrong:
        found.counts["contradicted" if kinds_of_wrong & _CONTRADICTED else "open"] += 1
        found.shown.append(explain(lambda shots: maker.record(kernel, run.ruleset, shots), run, judge, kinds))


def _kind(disagreement: str) -> str:
    if disagreement.startswith("line "):
        return "counter"
    return next(each for each in ("permit", "deny", "undecided") if f"product says {each}" in disagreement)


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counters, Counter[str]())


def _print(found: list[Figures], seconds: float) -> int:
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
    print(f"rulesets that the kernel contradicts: {counts['contradicted']:,}; with something open that it "
          f"decides: {counts['open']:,}", dict(wrong))
    return int(counts["contradicted"] > 0 or counts["open"] > _MOST_OPEN * counts["rulesets"])


if __name__ == "__main__":
    main()
