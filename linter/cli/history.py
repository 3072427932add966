"""`aclproof history`: which commit broke, cured or left undecided what."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from aclproof import inputs
from aclproof.linter.cli import completing, exits, leaving, output
from aclproof.linter.cli.formats import deliver, targets
from aclproof.linter.cli.site_options import day_of, strict_option
from aclproof.linter.reports.history import FORMATS
from aclproof.linter.reports.language.language import Language
from aclproof.linter.site.site import DEFAULT_FILE, is_site_file
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.linter.history.history import History
    from aclproof.linter.history.judging import Asked


@click.command(name="history")
@click.argument("site", default=DEFAULT_FILE, metavar="[SITE.yaml]", shell_complete=completing.files)
@click.option("--since", metavar="REV",
              help="Only what changed after this commit: a branch, a tag, an id, HEAD~20.")
@click.option("--as-of", metavar="DATE",
              help="Evaluate time ranges and waivers of every commit as of this date (YYYY-MM-DD).")
@click.option("--require", type=click.Choice(["all", "any"]), default="all", show_default=True,
              help="Exit 0 if all methods are proven at the latest commit, or any one.")
@strict_option
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              help=f"{', '.join(FORMATS)}; repeatable.  [default: text]")
@click.option("-v", "--verbose", is_flag=True, help="Show every commit that touches the site.")
@output.quiet_option
@output.colour_option
@output.language_option
def command(site: str, since: str | None, require: str, strict: bool, formats: tuple[str, ...], verbose: bool,
            quiet: int, colour: str, language: Language, **given: Any) -> int:
    """Name the commits that broke or cured a method or a requirement, or left it undecided, with the line.

    Every commit of the branch that is checked out is judged, along first parents: by the site file as it was
    then and by all files that it named, read from Git's objects. Nothing is checked out, and no change that
    is not committed counts. All are judged as of the same day, so that only files make a difference.

    \b
      aclproof history
      aclproof history sites/branch/aclproof.yaml --since v1.4
      aclproof history --format html=history.html

    Exit codes are those of 'aclproof check' for the latest commit. Needs Dulwich: pip install '.[history]'.
    """
    from aclproof.linter.history.judging import Asked
    from aclproof.linter.site.amending import Amendments

    wanted = targets(formats, FORMATS)
    found = walked(site, since, Asked(day_of(given), require, Amendments(strict=strict)), colour, quiet)
    wishes = output.ReportOptions(colour, verbose, quiet, language)
    deliver(lambda form, look: FORMATS[form](found, look), wanted, wishes)
    return _code(found)


def walked(site: str, since: str | None, asked: Asked, colour: str, quiet: int) -> History:
    """Walk the commits of a site file, in a folder that is gone afterwards, whatever happens.

    UsageError or InputError says why that cannot be done.
    """
    from aclproof.linter.cli import progress
    from aclproof.linter.history.history import history
    from aclproof.linter.history.repository import opened

    if os.path.isdir(site):
        raise click.UsageError(Reason("{path} is a folder: name the site file in it, such as {file}",
                                      path=site, file=os.path.join(site, DEFAULT_FILE)))
    if not is_site_file(site):
        raise click.UsageError(Reason("{path} is no site file: a history is of a site, and its file ends in "
                                      ".yaml", path=site))
    if since == "":
        raise click.UsageError(Reason("--since: name a commit"))
    with opened(site) as repository, leaving.work_folder() as folder:
        found = history(repository, site, since, asked, folder, counted=lambda commits: progress.counted(
            commits, len(commits), colour, quiet=bool(quiet)))
    for file in found.files:
        inputs.note(os.path.join(found.folder, file))
    return found


def _code(history: History) -> int:
    from aclproof.linter.history.judgement import Unreadable

    latest = history.latest.judgement
    if isinstance(latest, Unreadable):
        return exits.BUG if latest.is_fault else exits.USAGE
    return exits.OF_ENDING[latest.ending.value]
