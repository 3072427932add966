"""`aclproof waivers --scaffold`: a waiver file to fill in."""

from __future__ import annotations

import os
from typing import Any

import click

from aclproof.linter.cli import exits, files, output, streams
from aclproof.linter.cli.site_options import day_of, site_of, site_options, strict_option, waivers_option
from aclproof.linter.reports.language.language import Language, Words
from aclproof.reason import Reason


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

    Reason, owner and last day are empty, and a waiver file with an empty one is refused: each gap needs
    somebody who answers for it. What became of waivers is in the report of 'aclproof check'.

    \b
      aclproof waivers --scaffold -o waivers.yaml
    """
    from aclproof.linter.program import check
    from aclproof.linter.reports.check.scaffold import render

    if not scaffold:
        raise click.UsageError(Reason("say what to write: --scaffold prints a waiver file to fill in"))
    to_stdout = files.is_stdout(target)
    if not to_stdout and os.path.lexists(target):
        raise click.UsageError(Reason("{file} is there already: name another file", file=target))
    text = render(check(site_of(given), day_of(given)), Words(language))
    if to_stdout:
        streams.write(text, quiet, streams.UTF8)
    else:
        files.save(text, target)
        streams.notice(Reason("{file} written: fill it in, and name it with --waivers", file=target), quiet)
    return exits.PROVEN
