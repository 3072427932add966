"""`aclproof diff OLD NEW`: what a change does to the methods, before it goes live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter import errors
from aclproof.linter.cli import diff_trees, exits, output, site_files, streams
from aclproof.linter.cli.site_options import QUICK, day_of, root_of, site_of, site_settings, strict_option
from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.site.site import DEFAULT_FILE, Site, is_site_file
from aclproof.parsers.vendor import doors
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.linter.diff.compare_sites import SiteChange
    from aclproof.linter.reports.diff import DiffReport

_SCRIPTS = ", ".join(vendor.traits.commands for _, vendor in doors() if vendor.traits.commands)
_HELP = f"""\
Compare a site before and after a change: which requirement gains or loses what, and by which line.

OLD and NEW are two site files, two folders of one site or of many, or two configurations with --client,
--server and --set. NEW may also be change scripts and configurations against the site OLD: {_SCRIPTS}.
A comment above the lines names the firewall that they are for, as 'aclproof fix' writes it; else the vendor
decides, or --firewall.

\b
  aclproof fix > tonight.txt && aclproof diff aclproof.yaml tonight.txt
  aclproof diff aclproof.yaml branch-asa.txt dc-asa.txt
  aclproof diff old.cfg new.cfg --client 10.20.0.0/16 --server 10.1.1.10

Exit code 1 only if something got worse; 3 if that is undecided. With --fail-on opened also 1 if more is
opened than any requirement asks, and 3 if that is undecided.
"""


@click.command(name="diff", help=_HELP)
@click.argument("old")
@click.argument("new", nargs=-1, required=True)
@site_settings
@click.option("--firewall", metavar="NAME", help="Which firewall of the site NEW is for.")
@click.option("--script/--no-script", "is_script", default=None,
              help="NEW is lines to be entered, or a whole configuration.  [default: detected]")
@strict_option
@click.option("--full", is_flag=True, help="Compare the changed lists for every packet, not only the pack's.")
@click.option("--chain", "chains", multiple=True, metavar="NAME",
              help="Compare this list for every packet.")
@click.option("--budget", type=click.IntRange(min=1), metavar="RULES",
              help="How many rules of a list --full may look at.  [default: 4000]")
@click.option("--fail-on", "fail_on", type=click.Choice(["opened"]), multiple=True,
              help="Exit 1 also if more is opened than any requirement asks.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text",
              show_default=True)
@output.language_option
def command(old: str, new: tuple[str, ...], firewall: str | None, is_script: bool | None, full: bool,
            chains: tuple[str, ...], budget: int | None, fail_on: tuple[str, ...], form: str,
            language: Language, **given: Any) -> int:
    """Compare a site before and after a change."""
    from aclproof.linter.reports.diff import render

    lists = _Lists(full, chains, budget, bool(fail_on))
    if not diff_trees.are_trees(old, new):
        change = _change(old, new, firewall, is_script, given)
        report = _report(change, old, " + ".join(new), lists, given)
        streams.show(render(report, form, Words(language)), form)
        for text in site_files.of_others((old, *new), ()):
            streams.notice(text)
        return _code(report, lists)
    diff_trees.refuse({"firewall": firewall, "script": is_script is not None, "chain": chains,
                       **{option: given.get(option) for option in QUICK}})

    def of_two(before: str, after: str) -> tuple[int, DiffReport | None]:
        try:
            report = _report(_of_wholes(before, after, None, None, given), before, after, lists, given)
            return _code(report, lists), report
        except errors.user_errors() as error:
            for text in errors.problems(error):
                streams.notice(text)
            return exits.USAGE, None

    run = diff_trees.Run(form, Words(language), of_two, given["allow_outside"], root_of(given))
    return diff_trees.compare(old, new[0], run)


class _Lists(Struct, frozen=True):
    """What is asked of lists besides what the pack needs."""

    full: bool
    chains: tuple[str, ...]
    budget: int | None
    fail_on_opened: bool


def _report(change: SiteChange, old: str, new: str, lists: _Lists, given: dict[str, Any]) -> DiffReport:
    from aclproof.linter.diff.full import compare_lists
    from aclproof.linter.diff.opened import opened
    from aclproof.linter.reports.diff import DiffReport

    whole = compare_lists(change, (), lists.budget, day_of(given))
    shown = compare_lists(change, lists.chains, lists.budget, day_of(given)) if lists.chains else whole
    return DiffReport(change, shown if lists.full or lists.chains else None, opened(change, whole), old, new)


def _code(report: DiffReport, lists: _Lists) -> int:
    """The exit code of a change."""
    comparison, more = report.change.comparison, report.opened
    if comparison.worse or (lists.fail_on_opened and any(each.certain for each in more)):
        return exits.MISSING
    incomplete = any(not compared.complete for compared in report.lists or ())
    unclear = comparison.unclear or incomplete or (lists.fail_on_opened and bool(more))
    return exits.UNPROVEN if unclear else exits.PROVEN


def _change(old: str, new: tuple[str, ...], firewall: str | None, is_script: bool | None,
            given: dict[str, Any]) -> SiteChange:
    from aclproof.linter.diff import changed_firewalls, compare_sites

    old_site = _site_file(old)
    day = day_of(given)
    whole = [each for each in new if _site_file(each) or Path(each).is_dir()]
    try:
        if whole or (Path(old).is_dir() and not old_site):
            if len(new) > 1:
                raise click.UsageError(Reason("{whole} is a whole site: give it alone as NEW",
                                              whole=(whole or new)[0]))
            return _of_wholes(old, new[0], firewall, is_script, given)
        if firewall and not old_site:
            raise click.UsageError(Reason("--firewall goes with a site; here there is one firewall only"))
        return compare_sites.of_files(_read(old_site or old, given), new, firewall, day, is_script=is_script)
    except changed_firewalls.AmbiguousFirewallError as error:
        raise click.UsageError(str(error)) from None
    except changed_firewalls.AmbiguousInputError as error:
        raise click.UsageError(Reason("{reason} may be a whole configuration, or lines to be entered into "
                                      "{old}: give --no-script or --script", reason=str(error),
                                      old=old)) from None


def _of_wholes(old: str, new: str, firewall: str | None, is_script: bool | None,
               given: dict[str, Any]) -> SiteChange:
    """Compare two site files or two folders."""
    from aclproof.linter.diff import compare_sites

    old_site, new_site = _site_file(old), _site_file(new)
    if old_site and not new_site:
        raise click.UsageError(Reason("{new} holds no {file}: give a site, a configuration or a script",
                                      new=new, file=DEFAULT_FILE))
    if not old_site and (new_site or not Path(old).is_dir()):
        raise click.UsageError(Reason("{new} is a site, and {old} is none: give two sites", new=new, old=old))
    _no_file(firewall, is_script)
    if old_site:
        return compare_sites.of_sites(_read(old_site, given), _read(new_site, given), day_of(given))
    return compare_sites.of_sites(*_folders(old, new, given), day_of(given))


def _no_file(firewall: str | None, is_script: bool | None) -> None:
    if firewall is not None or is_script is not None:
        raise click.UsageError(Reason("--firewall and --script go with a configuration or a script as NEW, "
                                      "not with two sites"))


def _site_file(path: str) -> str:
    """The site file that a path names, itself or the one in a folder; empty for none."""
    if is_site_file(path):
        return path
    inside = Path(path) / DEFAULT_FILE
    return str(inside) if Path(path).is_dir() and inside.exists() else ""


def _read(path: str, given: dict[str, Any]) -> Site:
    return site_of({**given, "paths": (path,)})


def _folders(old: str, new: str, given: dict[str, Any]) -> tuple[Site, Site]:
    """Two folders of configurations, paired by name: all of them are on the path."""
    if not Path(new).is_dir():
        raise click.UsageError(Reason("{old} is a folder, and {new} is none", old=old, new=new))
    names = [sorted(each.name for each in Path(folder).iterdir() if each.is_file() and each.name[0] != ".")
             for folder in (old, new)]
    for name in sorted(set(names[0]) ^ set(names[1])):
        raise click.UsageError(Reason("{name} is only in {old}: without a {file} the files of two folders "
                                      "are paired by name", name=name, old=old if name in names[0] else new,
                                      file=DEFAULT_FILE))
    if not names[0]:
        raise click.UsageError(Reason("{old}: no file in it", old=old))
    before, after = (site_of({**given, "paths": tuple(str(Path(folder) / name) for name in names[0])})
                     for folder in (old, new))
    places = tuple(replace(each, name=known.name) for each, known in zip(after.firewalls, before.firewalls,
                                                                          strict=True))
    return before, replace(after, firewalls=places)
