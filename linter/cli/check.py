"""`aclproof check`: the main job."""

from __future__ import annotations

from typing import Any

import click

from aclproof.linter.cli import baseline, completing, exits, output, progress, site_files, streams
from aclproof.linter.cli.formats import targets, write
from aclproof.linter.cli.site_options import (
    QUICK,
    day_of,
    site_of,
    site_options,
    strict_option,
    waivers_option,
)
from aclproof.linter.cli.statistics import Stopwatch
from aclproof.linter.fleet.one_site import result_of
from aclproof.linter.reports import FORMATS
from aclproof.linter.reports.language.language import Language
from aclproof.linter.result import Result
from aclproof.linter.verdict.ending import ending
from aclproof.reason import Reason


@click.command(name="check")
@site_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              shell_complete=completing.formats, help=f"{', '.join(FORMATS)}; repeatable.  [default: text]")
@waivers_option
@baseline.baseline_options
@click.option("--require", type=click.Choice(["all", "any"]), default="all", show_default=True,
              help="Exit 0 if all methods are proven, or any one.")
@strict_option
@click.option("--allow-undecided", is_flag=True, help="Exit 0 instead of 3 when nothing is missing.")
@click.option("--fixes/--no-fixes", default=None,
              help="Add verified permits for what is missing.  [default: only with html]")
@click.option("--second-opinion", is_flag=True, help="Have ciscoconfparse read the sections of an ASA too.")
@click.option("-v", "--verbose", is_flag=True, help="Show everything in the text report.")
@click.option("--statistics", is_flag=True, help="Counts and times, on standard error.")
@click.option("--sites", multiple=True, metavar="DIR|FILE",
              help="Many sites: these; the arguments are changed files, and only sites that name one of them "
                   "are proven.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N",
              help="Many sites: so many processes.  [default: as many as there are processors]")
@click.option("--cache", metavar="DIR",
              help="Many sites: keep outcomes here, and prove again only what changed.")
@click.option("--fail-fast", is_flag=True,
              help="Many sites: stop at the first one where something is missing.")
@output.quiet_option
@output.colour_option
@output.language_option
def command(formats: tuple[str, ...], known: str | None, write_baseline: str | None, require: str,
            allow_undecided: bool, fixes: bool | None, second_opinion: bool, verbose: bool, statistics: bool,
            sites: tuple[str, ...], jobs: int | None, cache: str | None, fail_fast: bool, quiet: int,
            colour: str, language: Language, **given: Any) -> int:
    """Prove which client installation methods work through the firewalls, and what the others lack.

    With no argument the site file aclproof.yaml in the working directory is used. Many site files, folders of
    them and patterns are one run with one report; '-' is a list of them. Without a site file:

    \b
      aclproof check fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/24 \\
                     --set mode=native --method client-push
    """
    look = output.ReportOptions(colour, verbose, quiet, language)
    if sites or site_files.are_many(given["paths"], listed=not any(given[option] for option in QUICK)):
        from aclproof.linter.cli import many

        reports = many.targets(formats)
        wishes = many.wishes_of(given, look, require=require, fixes=bool(fixes), waivers=given["waivers"],
                                second_opinion=second_opinion,
                                ratchet=many.ratchet_of(known, write_baseline, reports))
        return many.check(many.chosen(sites, given["paths"]), reports, wishes,
                          many.Manner(jobs, cache or "", fail_fast, allow_undecided), look)
    site = site_of(given)
    wanted = targets(formats)
    gaps = baseline.chosen(known, write_baseline, site, [each.file for each in wanted])
    if fixes is None:
        fixes = any(each.form == "html" for each in wanted)
    with progress.bar(colour, quiet=bool(quiet)) as shown:
        watch = Stopwatch(shown)
        result = result_of(site, day_of(given), fixes=fixes, second_opinion=second_opinion,
                           progress=watch.record)
    result = baseline.compared(result, gaps)
    counts = list(watch.report(result)) if statistics else []
    code = exits.OF_ENDING[ending(result, require).value]
    note = allow_undecided and code == exits.UNPROVEN
    write(result, wanted, look)
    for line in counts:
        streams.tell(line)
    baseline.save(result, gaps, quiet)
    _notify_of_waivers(result, quiet)
    baseline.notify(result, quiet, rewritten=bool(gaps.written))
    if note:
        streams.notice(Reason("not everything is proven; --allow-undecided makes this exit 0"), quiet)
    return exits.PROVEN if note else code


def _notify_of_waivers(result: Result, quiet: int) -> None:
    """Print how much the exit code leaves out, and which waivers have expired."""
    if count := len(result.waived):
        streams.notice(Reason("1 requirement is waived, not proven") if count == 1 else
                       Reason("{n} requirements are waived, not proven", n=count), quiet)
    if ended := [each.waiver.id for each in result.waivers if each.state == "expired"]:
        streams.notice(Reason("waivers that have expired do not apply: {names}", names=", ".join(ended)),
                       quiet)
