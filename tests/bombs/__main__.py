"""`python -m tests.bombs [NAME...]`: what each bomb takes, and what the answer to it is.

The exit code is 1 when one takes more than it may.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.bombs import laying
from tests.bombs.bomb import BOMBS
from tests.bombs.running import MEGABYTES, SECONDS, explode

assert laying.ROOMS


def main(names: Sequence[str]) -> int:
    """Run these bombs, or all; return 1 when one takes more than it may."""
    over, most, largest = 0, 0.0, 0
    bombs = [BOMBS[name] for name in names] or list(BOMBS.values())
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the processor's time is what is measured
        outcomes = pool.map(explode, (each.name for each in bombs), (each.size for each in bombs))
        for bomb, found in zip(bombs, outcomes, strict=True):
            over += not found.is_kept
            most, largest = max(most, found.spent.seconds), max(largest, found.spent.megabytes)
            print(
                f"{'over ' if not found.is_kept else ''}{bomb.name}: {bomb.size:,} {bomb.title}: "
                f"{found.spent.seconds:.1f} s, {found.spent.megabytes} MB: {found.answer}"
                f"{f' ({found.why[:150]})' if found.why else ''}",
                flush=True,
            )
    print(
        f"{len(bombs)} bombs: at most {most:.1f} s of the processor and {largest} MB; "
        f"over {SECONDS} s or {MEGABYTES} MB, or without an answer: {over}"
    )
    return bool(over)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
