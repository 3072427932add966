"""Known gaps of many sites: one baseline has those of all, and each site is compared with its own."""

from __future__ import annotations

import os
from functools import lru_cache

from msgspec import Struct

from aclproof import inputs
from aclproof.linter.baseline import file as baselines
from aclproof.linter.baseline.comparing import compare, shrunk
from aclproof.linter.baseline.gaps import gaps_of
from aclproof.linter.gap import Gaps
from aclproof.linter.result import Result


class Ratchet(Struct, frozen=True):
    """What a run does with a baseline."""

    file: str = ""
    """Empty where there is none."""
    compares: bool = False
    """Gaps that it knows are left out of how a site ends; a site that it does not have has none."""
    writes: bool = False
    """It is written again: where it was compared with, without what is cured, else with every gap."""


def compared(site: str, result: Result, ratchet: Ratchet) -> tuple[Result, str | None]:
    """Compare a result with the known gaps of its site; also write its gaps where that is wished.

    InputError for a baseline that is damaged.
    """
    known = known_gaps(site, ratchet)
    if ratchet.compares:
        result = compare(result, known, ratchet.file)
    if not ratchet.writes:
        return result, None
    return result, baselines.write_gaps(shrunk(known, result) if ratchet.compares else gaps_of(result))


def known_gaps(site: str, ratchet: Ratchet) -> Gaps:
    """What is known of a site: nothing where the baseline does not have it, or where there is none."""
    if not ratchet.compares:
        return ()
    found = os.stat(ratchet.file)
    known = _read(ratchet.file, found.st_mtime_ns, found.st_size)
    return known.get(baselines.site_name(site, ratchet.file), ())


@lru_cache(maxsize=2)
def _read(file: str, changed: int, size: int) -> baselines.Baseline:
    """A baseline in one state of its file: thousands of sites are compared with it."""
    with inputs.noted():  # the run itself says whether it may be written
        return baselines.read(file)
