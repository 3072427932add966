"""`aclproof check`: the main job."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from linter.check import examine, told
from linter.cli import exits, output
from linter.cli.site_options import day_of, site_of, site_options
from linter.reports import FORMATS, Look
from linter.result import MethodVerdict, Result, Verdict


@click.command(name="check")
@site_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              help=f"{', '.join(FORMATS)}; repeatable.  [default: text]")
@click.option("--require", type=click.Choice(["all", "any"]), default="all", show_default=True,
              help="Exit 0 if all methods are proven, or any one.")
@click.option("--allow-undecided", is_flag=True, help="Exit 0 instead of 3 when nothing is missing.")
@click.option("--fixes/--no-fixes", default=False, help="Add verified permits for what is missing.")
@output.colour_option
def command(formats: tuple[str, ...], require: str, allow_undecided: bool, fixes: bool, colour: str,
            **given: Any) -> int:
    """Prove which client installation methods work through the firewalls, and what the others lack.

    With no argument the site file aclproof.yaml in the working directory is used. Without a site file:

    \b
      aclproof check fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/24 \\
                     --set mode=native --method client-push
    """
    site = site_of(given)
    targets = [_target(each) for each in formats] or [("text", "")]
    day = day_of(given)
    found = examine(site, day)
    result = told(found, day)
    if fixes:
        from linter.fix import verified

        result = replace(result, fixes=verified.lines(verified.fix(found, day)))
    note = allow_undecided and _code(result, require) == exits.UNPROVEN
    inputs = [each.path for each in result.inputs] + ([site.origin.file] if site.origin else [])
    for name, file in targets:
        if file:
            output.save(FORMATS[name](result, Look()), file, inputs)
        else:
            output.emit(FORMATS[name](result, output.look(colour)))
    if note:
        click.echo("aclproof: not everything is proven; --allow-undecided makes this exit 0", err=True)
    return exits.PROVEN if note else _code(result, require)


def _target(text: str) -> tuple[str, str]:
    from rules.suggest import unknown

    name, _, file = text.partition("=")
    if name not in FORMATS:
        raise click.UsageError(unknown("format", name, list(FORMATS)))
    return name, file


def _code(result: Result, require: str) -> int:
    """Exit code of a result: something missing beats something unproven."""
    if require == "any" and result.with_verdict(MethodVerdict.WORKS):
        return exits.PROVEN
    if result.count(Verdict.MISSING):
        return exits.MISSING
    assessed = [each for each in result.methods if each.verdict is not MethodVerdict.NOT_ASSESSED]
    if result.count(Verdict.UNDECIDED) or not assessed:
        return exits.UNPROVEN
    return exits.PROVEN
