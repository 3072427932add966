"""Many cases of every law, and how many broke it: `python -m tests.laws --cases 1000 [--seed S]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import Random

from tests.laws.laws import LAWS, tried
from tests.laws.spelled import WRITERS


def main() -> int:
    """Print a line for each law; exit code 1 where one was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100, help="of each law and vendor")
    parser.add_argument("--seed", type=int, default=None, help="default: any")
    parser.add_argument("--law", choices=[*LAWS], action="append")
    parser.add_argument("--vendor", choices=[*WRITERS], action="append")
    given = parser.parse_args()
    seed = Random().randrange(2**32) if given.seed is None else given.seed
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        print(f"seed {seed}\n{'law':20}{'vendor':12}{'cases':>8}{'violations':>12}")
        for law in given.law or LAWS:
            for vendor in given.vendor or WRITERS:
                found = {number: wrong for number in range(seed, seed + given.cases)
                         if (wrong := tried(law, vendor, number, Path(folder)))}
                print(f"{law:20}{vendor:12}{given.cases:8}{len(found):12}", flush=True)
                for number, wrong in list(found.items())[:3]:
                    print(f"  --law '{law}' --vendor {vendor} --seed {number} --cases 1: {wrong[0]}")
                broken += len(found)
    cases = given.cases * len(given.law or LAWS) * len(given.vendor or WRITERS)
    print(f"{cases:,} cases of {len(given.law or LAWS)} laws: {broken:,} violations")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
