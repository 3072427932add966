"""Runs the proofs of what is promised: `make trust`, or `python -m trust [R1 ...] [--long] [--keep]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from random import Random

from trust import figures
from trust.promises import PROMISES, Promise
from trust.running import Outcome, run, shown


def main() -> None:
    """Run them one after the other; exit 1 where a promise is not kept."""
    numbers = [each.number for each in PROMISES]
    asked = argparse.ArgumentParser(prog="python -m trust", description=__doc__)
    asked.add_argument("promises", nargs="*", metavar="R1", help=f"{', '.join(numbers)}; default: all")
    asked.add_argument("--long", action="store_true", help="the long forms: hours")
    asked.add_argument("--keep", action="store_true", help="keep the figures: make docs quotes them")
    asked.add_argument("--seed", type=int, default=Random().randrange(2**32),
                       help="which cases are drawn; default: any")
    given = asked.parse_args()
    if unknown := set(given.promises) - set(numbers):
        asked.error(f"there is no promise {', '.join(sorted(unknown))}")
    wanted = [each for each in PROMISES if each.number in (given.promises or numbers)]
    print(f"Drawn cases: seed {given.seed}; to replay: --seed {given.seed}", flush=True)
    found = list(_told(wanted, long=given.long, seed=given.seed))
    if given.keep:
        figures.keep([each for each in found if each.kept])
    broken = sum(not each.kept for each in found)
    print(f"{len(found)} proofs, {broken} failed" if broken else f"{len(found)} proofs: all is kept")
    sys.exit(1 if broken else 0)


def _told(promises: Sequence[Promise], *, long: bool, seed: int) -> Iterator[Outcome]:
    """Run proofs, and tell each as it ends; a proof of several promises is run once."""
    done: dict[int, Outcome] = {}
    for promise in promises:
        print(f"{promise.number}  {promise.text}", flush=True)
        for proof in promise.proofs:
            if id(proof) not in done:
                done[id(proof)] = run(proof, long=long, seed=seed)
                yield done[id(proof)]
            outcome = done[id(proof)]
            print(f"  {'kept' if outcome.kept else 'FAILED'}  {outcome.figure or 'no figure'}  "
                  f"({outcome.seconds} s)\n        by {proof.judge}\n        "
                  f"{shown(proof, long=long, seed=seed)}", flush=True)
            if outcome.said:
                print(outcome.said, flush=True)


if __name__ == "__main__":
    main()
