"""`aclproof check`: the main job."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from aclproof.linter.cli import (
    baseline,
    completing,
    exits,
    notices,
    output,
    progress,
    site_files,
    streams,
)
from aclproof.linter.cli.formats import Target, targets, with_fixes, write
from aclproof.linter.cli.manner import manner_of, manner_options
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
from aclproof.linter.reports import FORMATS, Renderers
from aclproof.linter.reports.language.language import Language
from aclproof.linter.site.site import Site
from aclproof.linter.verdict.ending import ending
from aclproof.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aclproof.linter.observation import CheckId, Severity
    from aclproof.linter.site.site import Site


_ALL_CHECKS = "hygiene"


def _wanted(ctx: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[CheckId, ...]:
    """Read the values of --checks, each of which may hold several with commas."""
    if not given:
        return ()
    from aclproof.linter.observation import CHECKS
    from aclproof.rules.suggest import unknown

    wanted = {word.strip() for text in given for word in text.split(",") if word.strip()}
    for word in sorted(wanted - {_ALL_CHECKS, *CHECKS}):
        raise click.UsageError(unknown("check", word, [_ALL_CHECKS, *CHECKS]), ctx)
    return tuple(each for each in CHECKS if _ALL_CHECKS in wanted or each in wanted)


def _transcripts(given: Sequence[str], site: Site) -> Sequence[tuple[str, str]]:
    if not given:
        return ()
    from aclproof.linter.cli.evidence import files_of

    return files_of(given, site)


def _with_history(site: Site, since: str, wanted: Sequence[Target], require: str,
                  look: output.ReportOptions) -> Renderers:
    """The formats that tell of the commits of a site as well."""
    from aclproof.linter.cli import past

    return past.renderers(site, since, wanted, require, look)


def _of_many(given: dict[str, Any], look: output.ReportOptions) -> int:
    from aclproof.linter.cli import many
    from aclproof.linter.cli.ratchet import ratchet_of

    known = given["known"]
    many.refuse({"--statistics": given["statistics"], "--history": given["history"] is not None,
                 "--evidence": bool(given["evidence"]), "--bundle": given["bundle"] is not None})
    reports = many.targets(given["formats"])
    every = many.chosen(given["sites"], given, known)
    wishes = many.wishes_of(given, look, require=given["require"], fixes=bool(given["fixes"]),
                            second_opinion=given["second_opinion"], self_check=given["self_check"],
                            checks=given["checks"], fail_on=given["fail_on"],
                            ratchet=ratchet_of(known, given["write_baseline"], reports, every.sites))
    manner = manner_of(given, allow_undecided=given["allow_undecided"])
    return many.check(every, reports, wishes, manner, look)


@click.command(name="check")
@site_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              shell_complete=completing.formats,
              help=f"{', '.join(FORMATS)}; of many sites also jsonl; repeatable.  [default: text]")
@waivers_option
@baseline.baseline_options
@click.option("--require", type=click.Choice(["all", "any"]), default="all", show_default=True,
              help="Exit 0 if all methods are proven, or any one.")
@strict_option
@click.option("--allow-undecided", is_flag=True, help="Exit 0 instead of 3 when nothing is missing.")
@click.option("--fixes/--no-fixes", default=None,
              help="Add verified permits for what is missing.  [default: only with html of one site]")
@click.option("--checks", multiple=True, metavar="CHECK|hygiene", callback=_wanted,
              help="Name lines that do nothing, or too much, as well; all kinds, or some.")
@click.option("--fail-on", type=click.Choice(["warning", "note"]),
              help="Exit 1 if --checks name a line of this level, or of a worse one.  [default: never]")
@click.option("--evidence", multiple=True, metavar="[NAME=]FILE|DIR", shell_complete=completing.files,
              help="Of one site: hold answers of devices (packet-tracer, ...) against the proof; NAME is the "
                   "firewall they are of.")
@click.option("--history", metavar="all|REV",
              help="Of one site: add what all commits, or those after one, changed to html and json.")
@click.option("--second-opinion", is_flag=True, help="Have ciscoconfparse read the sections of an ASA too.")
@click.option("--self-check", type=click.IntRange(0, 1_000_000), metavar="N", default=0,
              help="Judge N packets of each requirement again, one by one; exit 4 where that differs.")
@click.option("-v", "--verbose", is_flag=True, help="Show everything in the text report.")
@click.option("--statistics", is_flag=True, help="Of one site: counts and times, on standard error.")
@click.option("--sites", multiple=True, metavar="DIR|FILE",
              help="Many sites: these; the arguments are changed files, and only sites that name one of them "
                   "are proven.")
@click.option("--bundle", metavar="FILE", shell_complete=completing.files,
              help="Of one site: write a zip with all that was read, the reports, and a script that proves "
                   "the same bytes again.")
@click.option("--without-inputs", is_flag=True,
              help="With --bundle: the sums of what was read in place of the files.")
@manner_options
@click.option("--watch", is_flag=True,
              help="Prove again whenever a file changes that a site names, until Ctrl-C.")
@output.quiet_option
@output.colour_option
@output.language_option
def command(formats: tuple[str, ...], known: str | None, write_baseline: str | None, require: str,
            allow_undecided: bool, fixes: bool | None, checks: tuple[CheckId, ...], fail_on: Severity | None,
            history: str | None, second_opinion: bool, self_check: int, verbose: bool, statistics: bool,
            sites: tuple[str, ...], bundle: str | None, watch: bool, quiet: int, colour: str,
            language: Language, **given: Any) -> int:
    """Prove which client installation methods work through the firewalls, and what the others lack.

    With no argument the site file aclproof.yaml in the working directory is used. Many site files, folders of
    them and patterns are one run with one report; '-' is a list of them. Without a site file:

    \b
      aclproof check fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/24 \\
                     --set mode=native --method client-push
    """
    call = click.get_current_context()
    if watch and bundle is None:
        from aclproof.linter.cli import watching

        return watching.repeat(partial(call.invoke, command, **{**call.params, "watch": False}), call.params)
    if given["without_inputs"] and bundle is None:
        raise click.UsageError(Reason("--without-inputs is about --bundle: name its file"))
    if fail_on and not checks:
        raise click.UsageError(Reason("--fail-on is about what --checks name: which ones?"))
    look = output.ReportOptions(colour, verbose, quiet, language)
    are_many = sites or site_files.are_many(given["paths"], listed=not any(given[each] for each in QUICK))
    if bundle is not None and not are_many:
        from aclproof.linter.cli import bundle as bundles

        return bundles.make(bundle, partial(call.invoke, command), call)
    if are_many:
        return _of_many(call.params, look)
    site = site_of(given)
    wanted = targets(formats)
    others = {} if history is None else _with_history(site, history, wanted, require, look)
    gaps = baseline.chosen(known, write_baseline, site, [each.file for each in wanted])
    fixes = with_fixes(fixes, wanted)
    with progress.bar(colour, quiet=bool(quiet)) as shown:
        stopwatch = Stopwatch(shown)
        result = result_of(site, day_of(given), fixes=fixes, second_opinion=second_opinion,
                           self_check=self_check, checks=checks, fail_on=fail_on,
                           evidence=_transcripts(given["evidence"], site), progress=stopwatch.record)
    result = baseline.compared(result, gaps)
    counts = list(stopwatch.report(result)) if statistics else []
    failing = len(result.audit.failing) if result.audit else 0
    code = exits.with_lines(exits.OF_ENDING[ending(result, require).value], failing)
    note = allow_undecided and code == exits.UNPROVEN
    write(result, wanted, look, others)
    for line in counts:
        streams.tell(line)
    baseline.save(result, gaps, quiet)
    notices.of_waivers(len(result.waived), (each.waiver.id for each in result.waivers
                                            if each.state == "expired"), quiet)
    baseline.notify(result, quiet, rewritten=bool(gaps.written))
    notices.of_lines(failing, fail_on, quiet)
    if note:
        notices.of_undecided(quiet)
    return exits.PROVEN if note else code
