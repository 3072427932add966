"""`aclproof check` over many sites: options in, work handed out, exit code out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.cli import (
    baseline,
    exits,
    files,
    formats,
    leaving,
    name_lists,
    notices,
    output,
    progress,
    quick,
    ratchet,
    site_files,
    streams,
)
from aclproof.linter.cli.books import opened
from aclproof.linter.cli.formats import STDOUT, Target
from aclproof.linter.cli.manner import Manner
from aclproof.linter.cli.sinks import FOLDERS
from aclproof.linter.cli.site_options import QUICK, day_of, root_of
from aclproof.linter.cli.touched import OfRun, touched
from aclproof.linter.fleet import engine
from aclproof.linter.fleet.engine import Task, Workers
from aclproof.linter.fleet.outcome import worst
from aclproof.linter.fleet.proving import Wishes
from aclproof.linter.fleet.ratchet import Ratchet
from aclproof.linter.fleet.reports import FEW, FORMATS, PIECES, START
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.fleet.store import Store
from aclproof.linter.observation import CheckId, Severity
from aclproof.linter.site import root as roots
from aclproof.linter.site.amending import Amendments
from aclproof.reason import Reason
from aclproof.rules.search import is_path

_FEW = 24
"""So many sites are proven by one process: to start others takes as long."""
_CODES = {"proven": exits.PROVEN, "accepted": exits.PROVEN, "unproven": exits.UNPROVEN,
          "missing": exits.MISSING, "unreadable": exits.USAGE, "failed": exits.BUG}


def targets(values: Sequence[str]) -> list[Target]:
    """Read the values of `--format`, as for one site; UsageError for what does not fit together."""
    found = formats.targets(values, FORMATS.keys())
    starts = [files.key(os.path.join(each.file, START)) for each in found if each.form in FOLDERS]
    for each in found:
        if each.form not in FOLDERS and files.key(each.file) in starts:
            raise click.UsageError(Reason("two reports would go to {file}; give each a file of its own",
                                          file=each.file))
    return found


class Chosen(Struct, frozen=True):
    """The site files that a run is about, and what is to be said of files that it is not about."""

    sites: Sequence[str]
    said: Sequence[str]
    by_change: bool = False
    """Whether they are only those that changed files touch."""


def chosen(sites: Sequence[str], given: Mapping[str, Any], baseline_file: str | None) -> Chosen:
    """The site files that arguments name; of `sites`, if any, those that changed files touch."""
    paths, root = given["paths"], root_of(given)
    limits = roots.chosen(root, anywhere=given["allow_outside"])
    where = site_files.expanded(sites or paths)
    every = site_files.site_files(where, limits)
    said = list(site_files.of_others(where, every, limits))
    if not sites:
        return Chosen(every, said)
    changed = name_lists.changed(paths)
    of_run = OfRun(day_of(given), given["allow_outside"], root, given["waivers"] or "",
                   tuple(filter(None, (baseline_file, *filter(is_path, given["packs"])))))
    found = touched(every, changed, of_run)
    return Chosen(found, said if found else [*said, *name_lists.why_nothing(changed, paths)], by_change=True)


def refuse(of_one: Mapping[str, bool]) -> None:
    """UsageError for the first option that is given and is about one site."""
    for option, is_given in of_one.items():
        if is_given:
            raise click.UsageError(Reason(
                "{option} is about one site; for each: aclproof check SITE_FILE {option}...", option=option))


def check(about: Chosen, wanted: Sequence[Target], wishes: Wishes, manner: Manner,
          options: output.ReportOptions) -> int:
    """Prove all sites, write every report, and return the exit code of the worst one."""
    sites = about.sites
    if not sites:
        streams.notice(Reason("no site names a file that changed: nothing is to be proven"), options.quiet)
    with leaving.asked() as asked, _store(manner) as store, \
            opened(wanted, sites, wishes, options) as books:
        task = Task(replace(wishes, formats=_pieces(wanted, options, len(sites))), store,
                    lambda: bool(asked()))
        with _workers(manner, len(sites)) as workers, \
                closing(engine.outcomes(sites, task, workers)) as outcomes:
            for outcome in progress.counted(outcomes, len(sites), options.colour,
                                            quiet=_no_bar(wanted, options)):
                books.add(outcome)
                if manner.fail_fast and books.failed:
                    break
        books.close()
    if asked():
        streams.notice(Reason("stopped: {done} of {n} sites are in the reports", done=books.totals.sites,
                              n=len(sites)))
        return leaving.code_of(asked())
    for text in about.said:
        streams.notice(text)
    ratchet.write(books.known, wishes.checks, wishes.ratchet, options.quiet)
    if not about.by_change:
        ratchet.notify_left_out(sites, books.read, wishes.ratchet, options.quiet)
    cured = 0 if wishes.ratchet.writes else books.totals.cured
    baseline.notify_of(books.totals.counts["known"], cured, wishes.ratchet.file, options.quiet)
    baseline.notify_new(books.totals.new, books.totals.new_sites, options.quiet)
    named = books.totals.named
    baseline.notify_lines(named.known, named.new, 0 if wishes.ratchet.writes else named.gone,
                          wishes.ratchet.file, options.quiet)
    notices.of_lines(named.failing, wishes.fail_on, options.quiet)
    notices.of_waivers(books.totals.counts["waived"], sorted(books.expired), options.quiet)
    return _code(books.totals, manner, options.quiet)


def _code(totals: Totals, manner: Manner, quiet: int) -> int:
    end = worst(totals.ends) if totals.sites else "proven"
    code = exits.with_lines(_CODES[end], totals.named.failing)
    if not manner.allow_undecided or code != exits.UNPROVEN:
        return code
    notices.of_undecided(quiet)
    return exits.PROVEN


def _store(manner: Manner) -> AbstractContextManager[Store | None]:
    store = Store(manner.cache) if manner.cache else None
    if store:
        store.prepare()
    return nullcontext(store)


def _workers(manner: Manner, size: int) -> AbstractContextManager[Workers | None]:
    if manner.cluster:
        from aclproof.linter.fleet import cluster

        return cluster.workers(manner.cluster)
    number = manner.jobs or min(_cores(), max(size // _FEW, 1))
    if number == 1:
        return nullcontext()
    from aclproof.linter.fleet.processes import processes

    return nullcontext(Workers(number, processes(number)))


def _no_bar(wanted: Sequence[Target], options: output.ReportOptions) -> bool:
    """Whether a bar is unwanted, or would stand in a report that is written meanwhile."""
    streamed = any(each.file == STDOUT and (each.form != "text" or options.verbose) for each in wanted)
    return bool(options.quiet) or (streamed and sys.stdout.isatty())


def wishes_of(given: dict[str, Any], options: output.ReportOptions, *, require: str, fixes: bool,
              second_opinion: bool, self_check: int, checks: tuple[CheckId, ...], fail_on: Severity | None,
              ratchet: Ratchet) -> Wishes:
    """Read what a run asks of each site; UsageError for what goes with one site only."""
    for option in (*QUICK, "profile", "context"):
        if given.get(option):
            raise click.UsageError(Reason("--{option} is about one site; put it into the site files",
                                          option=option))
    if given["waivers"] == "":
        raise click.UsageError(Reason("--waivers: name the waiver file"))
    amendments = Amendments(
        given["methods"], dict(quick.facts_of(given["facts"])), given["packs"], given["tier"] or "",
        bool(given["strict"]), bool(given["assume"]), given["waivers"] or "")
    return Wishes(day_of(given), amendments, given["allow_outside"], root_of(given), require, fixes,
                  second_opinion, self_check, checks, fail_on, look=output.plain_look(options),
                  ratchet=ratchet)


def _pieces(wanted: Sequence[Target], options: output.ReportOptions, size: int) -> tuple[str, ...]:
    forms = {PIECES[each.form] for each in wanted if each.form in PIECES}
    return tuple(sorted(forms | ({"text"} if options.verbose or size <= FEW else set())))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
