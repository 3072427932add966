"""`aclproof check` over many sites: options in, work handed out, reports written as it is done."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from aclproof import inputs
from aclproof.linter.baseline import file as baselines
from aclproof.linter.cli import (
    baseline,
    exits,
    files,
    formats,
    leaving,
    output,
    progress,
    quick,
    site_files,
    streams,
)
from aclproof.linter.cli.formats import STDOUT, Target
from aclproof.linter.cli.sinks import sink
from aclproof.linter.cli.site_options import QUICK, day_of
from aclproof.linter.fleet import engine
from aclproof.linter.fleet.outcome import End, Outcome, worst
from aclproof.linter.fleet.proving import Wishes
from aclproof.linter.fleet.ratchet import Ratchet
from aclproof.linter.fleet.reports import FORMATS, PIECES, Run
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.fleet.store import Store
from aclproof.linter.gap import Gaps
from aclproof.linter.site.amending import Amendments
from aclproof.reason import Reason

_FEW = 24
"""So many sites are proven by one process: to start others takes as long."""
_CODES = {"proven": exits.PROVEN, "accepted": exits.PROVEN, "unproven": exits.UNPROVEN,
          "missing": exits.MISSING, "unreadable": exits.USAGE, "failed": exits.BUG}


def targets(values: Sequence[str]) -> list[Target]:
    """Read the values of `--format`, as for one site; UsageError for what does not fit together."""
    return formats.targets(values, FORMATS.keys())


def chosen(sites: Sequence[str], paths: Sequence[str]) -> list[str]:
    """The site files that arguments name; of `sites`, if any, those that name a changed file."""
    if not sites:
        return site_files.site_files(paths)
    changed = [each for path in paths for each in (site_files.listed() if path == STDOUT else [path])]
    return site_files.touched(site_files.site_files(sites), changed)


class Manner(Struct, frozen=True):
    """How a run over many sites is done."""

    jobs: int | None = None
    cache: str = ""
    fail_fast: bool = False
    allow_undecided: bool = False


def check(sites: Sequence[str], wanted: Sequence[Target], wishes: Wishes, manner: Manner,
          options: output.ReportOptions) -> int:
    """Prove all sites, write every report, and return the exit code of the worst one."""
    if not sites:
        streams.notice(Reason("no site names a file that changed: nothing is to be proven"), options.quiet)
    store = Store(manner.cache) if manner.cache else None
    if store:
        store.prepare()
    workers = manner.jobs or min(_cores(), max(len(sites) // _FEW, 1))
    totals = Totals()
    gaps: dict[str, Gaps] = {}
    sinks = [sink(each.file, each.form, options.quiet) for each in wanted]
    with leaving.asked() as asked, ExitStack() as unfinished:
        for each in sinks:
            unfinished.enter_context(leaving.undone(each.discard))
        reports = [FORMATS[target.form](_run(target, len(sites), wishes, options), place)
                   for target, place in zip(wanted, sinks, strict=True)]

        def stopped() -> bool:
            return asked() or (manner.fail_fast and any(totals.ends[end] for end in _FAILURES))

        for outcome in progress.counted(engine.outcomes(
                sites, replace(wishes, formats=_pieces(wanted, options)), workers=workers, store=store,
                executors=engine.processes(workers) if workers > 1 else None, stopped=stopped), len(sites),
                quiet=bool(options.quiet)):
            totals.add(outcome)
            gaps |= _gaps(outcome, wishes.ratchet)
            for file in outcome.files:
                inputs.note(file)
            for report in reports:
                report.add(outcome)
        for report, place in zip(reports, sinks, strict=True):
            report.close()
            place.finish()
    if asked():
        streams.notice(Reason("stopped: {done} of {n} sites are in the reports", done=totals.sites,
                              n=len(sites)))
        return exits.STOPPED
    _write_baseline(gaps, wishes.ratchet, options.quiet)
    return _code(totals, manner)


def _code(totals: Totals, manner: Manner) -> int:
    code = _CODES[worst(totals.ends)] if totals.sites else exits.PROVEN
    return exits.PROVEN if manner.allow_undecided and code == exits.UNPROVEN else code


def _gaps(outcome: Outcome, ratchet: Ratchet) -> Mapping[str, Gaps]:
    """The gaps of a site that a baseline is to have, by the name that it gives the site."""
    return {} if outcome.gaps is None else {baselines.site_name(outcome.site, ratchet.file): outcome.gaps}


_FAILURES: tuple[End, ...] = ("missing", "unreadable", "failed")


def _run(target: Target, sites: int, wishes: Wishes, options: output.ReportOptions) -> Run:
    return Run(wishes.day, sites, output.look(options) if target.file == STDOUT else wishes.look)


def _write_baseline(gaps: Mapping[str, Gaps], ratchet: Ratchet, quiet: int) -> None:
    """Write the gaps of all sites that were proven, if wished; what it knows of others stays."""
    if not ratchet.writes:
        return
    with inputs.noted():
        before = baselines.read(ratchet.file) if os.path.exists(ratchet.file) else {}
    files.save(baselines.write({**before, **gaps}), ratchet.file)
    count = sum(map(len, gaps.values()))
    streams.notice(Reason("{file} has {n} known gaps of {sites} sites", file=ratchet.file, n=count,
                          sites=len(gaps)), quiet)


def ratchet_of(known: str | None, written: str | None, reports: Sequence[Target]) -> Ratchet:
    """Read the options of a baseline; UsageError for what does not fit, InputError for a damaged one."""
    if known is None and written is None:
        return Ratchet()
    file = baseline.file_of(known, written, [each.file for each in reports])
    with inputs.noted() if written else nullcontext():  # what is written again need not stay as it is
        if known:
            baselines.read(file)
    return Ratchet(file, bool(known), bool(written))


def wishes_of(given: dict[str, Any], options: output.ReportOptions, **more: Any) -> Wishes:
    """Read what a run asks of each site; UsageError for what goes with one site only."""
    for option in _OF_ONE:
        if given.get(option):
            raise click.UsageError(Reason("--{option} is about one site; put it into the site files",
                                          option=option.replace("_", "-")))
    amendments = Amendments(
        given["methods"], dict(quick.facts_of(given["facts"])), given["packs"], given["tier"] or "",
        bool(given["strict"]), bool(given["assume"]), more.pop("waivers") or "")
    return Wishes(day_of(given), amendments, given["allow_outside"], look=output.plain_look(options), **more)


_OF_ONE = (*QUICK, "profile", "context")


def _pieces(wanted: Sequence[Target], options: output.ReportOptions) -> tuple[str, ...]:
    forms = {PIECES[each.form] for each in wanted if each.form in PIECES}
    return tuple(sorted(forms | ({"text"} if options.verbose else set())))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
