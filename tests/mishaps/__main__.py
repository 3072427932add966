"""`python -m tests.mishaps`: calls, acts, and what came of mishaps, as figures for an auditor."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mishaps.disks import disk, filled
from tests.mishaps.judging import NO_MEMORY
from tests.mishaps.lacking import LACKS, lacking
from tests.mishaps.place import Place, calls
from tests.mishaps.planted import CALL, PLANTED
from tests.mishaps.sweep import Figures, never_written, swept, writes


def main() -> int:
    """Return 1 where a case broke the promise, or nothing was tried of a call."""
    asked = argparse.ArgumentParser(prog="python -m tests.mishaps", description=__doc__)
    asked.add_argument("--whole", action="store_true",
                       help="every error and signal at every act of every call")
    asked.add_argument("--only", default="", metavar="TEXT", help="calls with this in them")
    asked.add_argument("--planted", action="store_true", help="count what is found of planted faults")
    asked.add_argument("--disk", action="store_true",
                       help="a disk that is full in truth, by the page, and one that is read-only; for root")
    asked.add_argument("--lack", action="store_true",
                       help="no home, closed streams, little memory; for Linux")
    given = asked.parse_args()
    with TemporaryDirectory() as folder:
        chosen = [each for each in calls() if given.only in " ".join(each)]
        if given.disk:
            return _disk(Path(folder).resolve(), list(filter(writes, chosen)), whole=given.whole)
        place = Place(Path(folder).resolve())
        if given.lack:
            return _lack(place, list(filter(writes, chosen)), whole=given.whole)
        if given.planted:
            return _planted(place)
        found = swept(place, chosen, whole=given.whole)
    _print(found)
    missed = [] if given.only else never_written(chosen, found.written)
    for each in missed:
        print(f"never written: aclproof {each}")
    return bool(found.faults or missed)


def _disk(folder: Path, chosen: Sequence[Sequence[str]], *, whole: bool) -> int:
    with disk(folder) as root:
        found = filled(Place(root), chosen, whole=whole)
    _print_faults(found)
    print(f"{found.calls:,} calls that write, on {found.cases:,} disks that are full or read-only: "
          f"{len(found.faults):,} faults")
    return bool(found.faults)


def _lack(place: Place, chosen: Sequence[Sequence[str]], *, whole: bool) -> int:
    found = lacking(place, chosen, whole=whole)
    _print_faults(found)
    print(f"{found.calls:,} calls that write, {found.cases:,} with {', '.join(LACKS)} or little memory "
          f"({found.ends[NO_MEMORY]:,} ended for want of it): {len(found.faults):,} faults")
    return bool(found.faults or not found.ends[NO_MEMORY])


def _planted(place: Place) -> int:
    before, found = place.state(), []
    for name, plant in PLANTED.items():
        place.restore(before)
        found.append(len(swept(place, [CALL], whole=True, first=plant).faults))
        print(f"{name}: {found[-1]} faults")
    return not all(found)


def _print_faults(found: Figures) -> None:
    for each in found.faults:
        print(f"aclproof {each.call}\n  {each.what} at act {each.number}, {each.act.kind} {each.act.path}: "
              f"{each.said}")


def _print(found: Figures) -> None:
    _print_faults(found)
    print(f"acts: {', '.join(f'{kind} {number:,}' for kind, number in found.acts.most_common())}")
    print(f"ends: {', '.join(f'{_end(code)} {number:,}' for code, number in sorted(found.ends.items()))}")
    errors = ", ".join(errno.errorcode[each] for each in sorted(found.errors))
    print(f"{found.calls:,} calls that write {len(found.written):,} files, {found.acts.total():,} acts: "
          f"{found.cases:,} mishaps ({errors}, signals), {len(found.faults):,} faults")


def _end(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


if __name__ == "__main__":
    sys.exit(main())
