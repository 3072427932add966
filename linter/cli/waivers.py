"""`aclproof waivers --scaffold`: a waiver file to fill in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from aclproof.linter import errors
from aclproof.linter.cli import exits, files, output, site_files, streams
from aclproof.linter.cli.site_options import (
    QUICK,
    day_of,
    root_of,
    site_of,
    site_options,
    strict_option,
    waivers_option,
)
from aclproof.linter.reports.language.language import Language, Words
from aclproof.linter.site import root as roots
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.linter.result import Result


@click.command(name="waivers")
@site_options
@waivers_option
@strict_option
@click.option("--scaffold", is_flag=True, help="Print an entry to fill in for each gap that has no waiver.")
@click.option("-o", "--output", "target", default="-", metavar="FILE",
              help="Write it into this file, which must not exist yet.  [default: standard output]")
@output.quiet_option
@output.language_option
def command(scaffold: bool, target: str, quiet: int, language: Language, **given: Any) -> int:
    """Write a waiver file to fill in: one entry for each requirement that is missing or undecided.

    An entry is for its site only. A folder or several site files are one waiver file for all of them.
    Reason, owner and last day are empty, and a waiver file with an empty one is refused: each gap needs
    somebody who answers for it. What became of waivers is in the report of 'aclproof check'.

    \b
      aclproof waivers --scaffold -o waivers.yaml
      aclproof waivers --scaffold sites -o waivers.yaml
    """
    from aclproof.linter.reports.check.scaffold import render

    if not scaffold:
        raise click.UsageError(Reason("say what to write: --scaffold prints a waiver file to fill in"))
    to_stdout = files.is_stdout(target)
    if not to_stdout and os.path.lexists(target):
        raise click.UsageError(Reason("{file} is there already: name another file", file=target))
    results, problems = _results(given, "" if to_stdout else target)
    text = render(results, Words(language)) if results else ""
    if to_stdout:
        streams.write(text, quiet, streams.UTF8)
    elif results:
        files.save(text, target, first=True)
        streams.notice(Reason("{file} written: fill it in, and name it with --waivers", file=target), quiet)
    for problem in problems:
        streams.notice(problem)
    return exits.USAGE if problems else exits.PROVEN


def _results(given: dict[str, Any], file: str) -> tuple[dict[str, Result], list[str]]:
    """Check the site or sites: by their files as seen from that of the waivers; and what cannot be read.

    Without a `file` to write, the waivers are for that which the first site names, or for one in the working
    directory.
    """
    from aclproof.linter.baseline.file import site_name
    from aclproof.linter.fleet.one_site import result_of
    from aclproof.linter.fleet.shared import Shared

    found: dict[str, Result] = {}
    problems: list[str] = []
    shared = Shared()
    for some in _sites(given):
        try:
            site = site_of(some)
            file = file or site.waivers or "waivers.yaml"
            name = site_name(site.origin.file, file) if site.origin else ""
            found[name] = result_of(site, day_of(given), shared=shared)
        except errors.user_errors() as error:
            if some is given:
                raise
            problems += errors.problems(error)
    return found, problems


def _sites(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The arguments for each site."""
    if not site_files.are_many(given["paths"], listed=not any(given[option] for option in QUICK)):
        return [given]
    limits = roots.chosen(root_of(given), anywhere=given["allow_outside"])
    return [{**given, "paths": (each,)} for each in site_files.site_files(given["paths"], limits)]
