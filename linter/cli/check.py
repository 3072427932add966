"""`aclproof check`: the main job."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.cli import baseline, completing, exits, output, progress, streams
from aclproof.linter.cli.formats import targets, write
from aclproof.linter.cli.site_options import day_of, site_of, site_options, strict_option, waivers_option
from aclproof.linter.cli.statistics import Stopwatch
from aclproof.linter.program import analyse, to_result
from aclproof.linter.reports import FORMATS
from aclproof.linter.reports.language.language import Language
from aclproof.linter.result import MethodResult, MethodVerdict, Result, Verdict
from aclproof.linter.site.site import Site
from aclproof.linter.verdict import severity
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
@output.quiet_option
@output.colour_option
@output.language_option
def command(formats: tuple[str, ...], known: str | None, write_baseline: str | None, require: str,
            allow_undecided: bool, fixes: bool | None, second_opinion: bool, verbose: bool, statistics: bool,
            quiet: int, colour: str, language: Language, **given: Any) -> int:
    """Prove which client installation methods work through the firewalls, and what the others lack.

    With no argument the site file aclproof.yaml in the working directory is used. Without a site file:

    \b
      aclproof check fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/24 \\
                     --set mode=native --method client-push
    """
    site = site_of(given)
    wanted = targets(formats)
    gaps = baseline.chosen(known, write_baseline, site, [each.file for each in wanted])
    if fixes is None:
        fixes = any(each.form == "html" for each in wanted)
    with progress.bar(colour, quiet=bool(quiet)) as shown:
        watch = Stopwatch(shown)
        result = _result(site, day_of(given), watch, fixes=fixes, second_opinion=second_opinion)
    result = baseline.compared(result, gaps)
    counts = list(watch.report(result)) if statistics else []
    note = allow_undecided and _code(result, require) == exits.UNPROVEN
    write(result, wanted, output.ReportOptions(colour, verbose, quiet, language))
    for line in counts:
        streams.tell(line)
    baseline.save(result, gaps, quiet)
    _notify_of_waivers(result, quiet)
    baseline.notify(result, quiet, rewritten=bool(gaps.written))
    if note:
        streams.notice(Reason("not everything is proven; --allow-undecided makes this exit 0"), quiet)
    return exits.PROVEN if note else _code(result, require)


def _result(site: Site, day: date, watch: Stopwatch, *, fixes: bool, second_opinion: bool) -> Result:
    found = analyse(site, day, progress=watch.record)
    for firewall in found.firewalls.values() if second_opinion else ():
        parsers.confirm(firewall)
    result = to_result(found, day)
    if not fixes:
        return result
    from aclproof.linter.fix import search

    return replace(result, fixes=search.lines(search.fix(found, day)))


def _notify_of_waivers(result: Result, quiet: int) -> None:
    """Print how much the exit code leaves out, and which waivers have expired."""
    if count := len(result.waived):
        streams.notice(Reason("1 requirement is waived, not proven") if count == 1 else
                       Reason("{n} requirements are waived, not proven", n=count), quiet)
    if ended := [each.waiver.id for each in result.waivers if each.state == "expired"]:
        streams.notice(Reason("waivers that have expired do not apply: {names}", names=", ".join(ended)),
                       quiet)


def _code(result: Result, require: str) -> int:
    """Exit code of a result: something missing beats something unproven; what is tolerated or only warned
    of is neither."""
    if require == "any" and any(_works_but_for_tolerated(result, each) for each in result.methods):
        return exits.PROVEN
    if severity.ends_with(result, Verdict.MISSING):
        return exits.MISSING
    assessed = [each for each in result.methods if each.verdict is not MethodVerdict.NOT_ASSESSED]
    if severity.ends_with(result, Verdict.UNDECIDED) or not assessed:
        return exits.UNPROVEN
    return exits.PROVEN


def _works_but_for_tolerated(result: Result, method: MethodResult) -> bool:
    """Whether a method works, or would if what is tolerated were met."""
    unproven = {each.requirement.id for each in result.demands if each.unproven and not each.is_warning}
    return method.verdict is not MethodVerdict.NOT_ASSESSED and unproven.isdisjoint(method.requirements)
