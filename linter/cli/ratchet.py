"""The options of a baseline for many sites, and the file that is written of all their gaps."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext

from aclproof import inputs
from aclproof.linter.baseline import file as baselines
from aclproof.linter.cli import baseline, files, streams
from aclproof.linter.cli.formats import Target
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.ratchet import Ratchet
from aclproof.linter.gap import Gaps
from aclproof.reason import Reason


def ratchet_of(known: str | None, written: str | None, reports: Sequence[Target]) -> Ratchet:
    """Read the options of a baseline; UsageError for what does not fit, InputError for a damaged one."""
    if known is None and written is None:
        return Ratchet()
    file = baseline.file_of(known, written, [each.file for each in reports])
    with inputs.noted() if written else nullcontext():  # what is written again need not stay as it is
        if known:
            baselines.read(file)
    return Ratchet(file, bool(known), bool(written))


def gaps_of(outcome: Outcome, ratchet: Ratchet) -> Mapping[str, Gaps]:
    """The gaps of a site that a baseline is to have, by the name that it gives the site."""
    if outcome.gaps is None:
        return {}
    return {baselines.site_name(outcome.site, ratchet.file): baselines.read_gaps(outcome.gaps)}


def write(gaps: Mapping[str, Gaps], ratchet: Ratchet, quiet: int) -> None:
    """Write the gaps of all sites that were proven, if wished; what it knows of others stays."""
    if not ratchet.writes:
        return
    with inputs.noted():
        before = baselines.read(ratchet.file) if os.path.exists(ratchet.file) else {}
    files.save(baselines.write({**before, **gaps}), ratchet.file)
    count = sum(map(len, gaps.values()))
    streams.notice(Reason("{file} has {n} known gaps of {sites} sites", file=ratchet.file, n=count,
                          sites=len(gaps)), quiet)
