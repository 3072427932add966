"""`python -m tests.bombs [NAME...]`: what each bomb takes, and what the answer to it is.

The exit code is 1 when one takes more than it may.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.bombs import laying
from tests.bombs.bomb import BOMBS
from tests.bombs.running import MEGABYTES, SECONDS, explode

assert laying.ROOMS


def main(names: Sequence[str]) -> int:
    """Run these bombs, or all; return 1 when one takes more than it may."""
    over, most, largest = 0, 0.0, 0
    for name in names or BOMBS:
        bomb = BOMBS[name]
        found = explode(name, bomb.size)
        over += not found.is_kept
        most, largest = max(most, found.spent.seconds), max(largest, found.spent.megabytes)
        print(
            f"{'over ' if not found.is_kept else ''}{name}: {bomb.size:,} {bomb.title}: "
            f"{found.spent.seconds:.1f} s, {found.spent.megabytes} MB: {found.answer}"
            f"{f' ({found.why[:150]})' if found.why else ''}",
            flush=True,
        )
    print(
        f"{len(names or BOMBS)} bombs: at most {most:.1f} s of the processor and {largest} MB; "
        f"over {SECONDS} s or {MEGABYTES} MB, or without an answer: {over}"
    )
    return bool(over)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
