"""`python -m shipping`: build and check all files of a release, in an empty folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from shipping import bill, packages, single_file, sums, version


def main() -> None:
    """Build them in the order in which each needs the ones before it."""
    parser = argparse.ArgumentParser(prog="python -m shipping", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("dist"))
    parser.add_argument("--here", action="store_true",
                        help="the single file for this Python and system only: seconds in place of minutes")
    given = parser.parse_args()
    version.require_release()
    packages.require_empty(given.folder)
    wheel, source = packages.build(given.folder)
    packages.check(wheel, source)
    targets = single_file.here() if given.here else single_file.EVERYWHERE
    bill.write(single_file.build(wheel, given.folder, targets), given.folder)
    print(sums.write(given.folder), end="")


if __name__ == "__main__":
    main()
