"""`python -m tests.injection [FIRST...]`: attacks at every position through every command, as figures.

FIRST is the attack at the first position; the others follow. Without any it is one of them.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import every_call
from tests.injection.subjects import SUBJECTS, inputs_of
from tests.injection.sweep import Outcome, swept

_SHOWN = 300


def main(firsts: Sequence[int], names: Sequence[str] = ()) -> int:
    """Run every call over every subject with these attacks; return 1 if anything acts or breaks."""
    runs = judged = held = faults = 0
    lots = list(itertools.product(firsts, names or SUBJECTS))
    with ProcessPoolExecutor() as pool:
        for (first, name), found in zip(lots, pool.map(_swept, *zip(*lots, strict=True)), strict=True):
            broken = [
                f"exit code {each.code}: {each.error}" for each in found if each.code not in (0, 1, 2, 3)
            ]
            said = [f"aclproof {each.call}: {fault}" for each in found for fault in each.faults] + broken
            refused = sum(each.code == 2 for each in found)
            print(
                f"{name}, from attack {first}: {len(found)} runs, refused {refused}, faults {len(said)}",
                flush=True,
            )
            for each in said:
                print(f"  {each[:_SHOWN]}", flush=True)
            runs, faults = runs + len(found), faults + len(said)
            judged += sum(each.judged for each in found)
            held += sum(each.held for each in found)
    print(
        f"{len(names or SUBJECTS)} kinds of input, {len(firsts)} orders of the attacks, "
        f"{sum(1 for _ in every_call.calls())} calls: {runs} runs, {judged} texts judged, "
        f"{held} of them with attacks; {faults} faults"
    )
    return bool(faults)


def _swept(first: int, name: str) -> Sequence[Outcome]:
    """Run every call over one subject."""
    with TemporaryDirectory() as folder:
        os.environ.update(LC_ALL="C", XDG_CACHE_HOME=f"{folder}/cache", XDG_CONFIG_HOME=f"{folder}/settings")
        every_call.lay(Path(folder), inputs_of(SUBJECTS[name], first))
        return list(swept(Path(folder), every_call.calls()))


if __name__ == "__main__":
    sys.exit(
        main(
            [int(each) for each in sys.argv[1:] if each.isdigit()] or [0],
            [each for each in sys.argv[1:] if not each.isdigit()],
        )
    )
