"""`aclproof check` over many sites: options in, work handed out, reports written as it is done."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any, TypeAlias

import click
from msgspec import Struct, field
from msgspec.structs import replace

from aclproof import inputs
from aclproof.linter.cli import (
    exits,
    formats,
    leaving,
    notices,
    output,
    progress,
    quick,
    sinks,
    site_files,
    streams,
)
from aclproof.linter.cli.formats import STDOUT, Target
from aclproof.linter.cli.manner import Manner
from aclproof.linter.cli.site_options import QUICK, day_of
from aclproof.linter.fleet import engine
from aclproof.linter.fleet.engine import Task, Workers
from aclproof.linter.fleet.outcome import End, Outcome, worst
from aclproof.linter.fleet.proving import Wishes
from aclproof.linter.fleet.reports import FORMATS, PIECES, Report, Run
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.fleet.store import Store
from aclproof.linter.site.amending import Amendments
from aclproof.reason import Reason

_FEW = 24
"""So many sites are proven by one process: to start others takes as long."""
_CODES = {"proven": exits.PROVEN, "unproven": exits.UNPROVEN, "missing": exits.MISSING,
          "unreadable": exits.USAGE, "failed": exits.BUG}
_FAILURES: tuple[End, ...] = ("missing", "unreadable", "failed")
_Sink: TypeAlias = "sinks.Standard | sinks.Files | sinks.Summary"


def targets(values: Sequence[str]) -> list[Target]:
    """Read the values of `--format`, as for one site; UsageError for what does not fit together."""
    return formats.targets(values, FORMATS.keys())


def chosen(sites: Sequence[str], paths: Sequence[str]) -> list[str]:
    """The site files that arguments name; of `sites`, if any, those that name a changed file."""
    if not sites:
        return site_files.site_files(paths)
    changed = [each for path in paths for each in (site_files.listed() if path == STDOUT else [path])]
    return site_files.touched(site_files.site_files(sites), changed)


def check(sites: Sequence[str], wanted: Sequence[Target], wishes: Wishes, how: Manner,
          options: output.ReportOptions) -> int:
    """Prove all sites, write every report, and return the exit code of the worst one."""
    if not sites:
        streams.notice(Reason("no site names a file that changed: nothing is to be proven"), options.quiet)
    store = Store(how.cache) if how.cache else None
    if store:
        store.prepare()
    for site in sites:
        inputs.note(site)
    task = Task(replace(wishes, formats=_pieces(wanted, options)), store)
    with leaving.asked() as asked, ExitStack() as unfinished:
        books = _Books()
        for report, sink in _reports(wanted, len(sites), wishes, options, unfinished):
            books.reports.append((report, sink))
        with _workers(how, len(sites)) as workers:
            found = engine.outcomes(sites, replace(task, stopped=lambda: bool(asked()) or (
                how.fail_fast and books.failed)), workers)
            shown = progress.counted(found, len(sites), options.colour, quiet=_no_bar(wanted, options))
            for outcome in shown:
                books.add(outcome)
        books.close()
    if asked():
        streams.notice(Reason("stopped: {done} of {n} sites are in the reports", done=books.totals.sites,
                              n=len(sites)))
        return leaving.code_of(asked())
    notices.of_waivers(books.totals.counts["waived"], sorted(books.expired), options.quiet)
    code = _CODES[worst(books.totals.ends)] if sites else exits.PROVEN
    if how.allow_undecided and code == exits.UNPROVEN:
        notices.of_undecided(options.quiet)
        return exits.PROVEN
    return code


class _Books(Struct):
    """What is written of the sites that are done."""

    reports: list[tuple[Report, _Sink]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    expired: set[str] = field(default_factory=set)

    @property
    def failed(self) -> bool:
        """Whether a site is worse than unproven."""
        return any(self.totals.ends[end] for end in _FAILURES)

    def add(self, outcome: Outcome) -> None:
        """Write what came of a site."""
        self.totals.add(outcome)
        self.expired.update(outcome.expired)
        for file in outcome.files:
            inputs.note(file)
        for report, _ in self.reports:
            report.add(outcome)

    def close(self) -> None:
        """End every report, and then give each its name."""
        for report, _ in self.reports:
            report.close()
        for _, sink in self.reports:
            sink.finish()


def _reports(wanted: Sequence[Target], size: int, wishes: Wishes, options: output.ReportOptions,
             unfinished: ExitStack) -> Iterator[tuple[Report, _Sink]]:
    """Begin every report; on GitHub the step's summary as well."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    for target in wanted:
        _refuse_several_files(target, size)
        sink = sinks.sink(target.file, target.form, options.quiet)
        unfinished.enter_context(leaving.undone(sink.discard))
        look = output.look(options) if target.file == STDOUT else wishes.look
        yield FORMATS[target.form](Run(wishes.day, size, look), sink), sink
        if summary and target.form == "github":
            own = sinks.Summary(summary)
            yield FORMATS["markdown"](Run(wishes.day, size, wishes.look), own), own


def _refuse_several_files(target: Target, size: int) -> None:
    from aclproof.linter.fleet.reports.sarif import MOST_RUNS

    if target.form == "sarif" and target.file == STDOUT and size > MOST_RUNS:
        raise click.UsageError(Reason("{form} of so many sites is several files: give it a name, --format "
                                      "{form}=FILE", form=target.form))


def _workers(how: Manner, size: int) -> AbstractContextManager[Workers | None]:
    if how.cluster:
        from aclproof.linter.fleet import cluster

        return cluster.workers(how.cluster)
    number = how.jobs or min(_cores(), max(size // _FEW, 1))
    if number == 1:
        return nullcontext()
    from aclproof.linter.fleet.processes import processes

    return nullcontext(Workers(number, processes(number)))


def _no_bar(wanted: Sequence[Target], options: output.ReportOptions) -> bool:
    """Whether a bar is unwanted, or would stand in a report that is written meanwhile."""
    streamed = any(each.file == STDOUT and (each.form != "text" or options.verbose) for each in wanted)
    return bool(options.quiet) or (streamed and sys.stdout.isatty())


def wishes_of(given: dict[str, Any], options: output.ReportOptions, *, waivers: str | None, require: str,
              fixes: bool, second_opinion: bool) -> Wishes:
    """Read what a run asks of each site; UsageError for what goes with one site only."""
    for option in (*QUICK, "profile", "context"):
        if given.get(option):
            raise click.UsageError(Reason("--{option} is about one site; put it into the site files",
                                          option=option))
    if waivers == "":
        raise click.UsageError(Reason("--waivers: name the waiver file"))
    amendments = Amendments(
        given["methods"], dict(quick.facts_of(given["facts"])), given["packs"], given["tier"] or "",
        bool(given["strict"]), bool(given["assume"]), waivers or "")
    return Wishes(day_of(given), amendments, given["allow_outside"], require, fixes, second_opinion,
                  look=output.plain_look(options))


def _pieces(wanted: Sequence[Target], options: output.ReportOptions) -> tuple[str, ...]:
    forms = {PIECES[each.form] for each in wanted if each.form in PIECES}
    return tuple(sorted(forms | ({"text"} if options.verbose else set())))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
