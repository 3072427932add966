"""`aclproof tidy CONFIG`: lines that do nothing, and the commands that take them away."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from aclproof import parsers
from aclproof.linter.cli import completing, exits, output, quick
from aclproof.linter.cli.formats import deliver, targets
from aclproof.linter.reports.language.language import Language
from aclproof.linter.reports.tidy import FORMATS
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError

if TYPE_CHECKING:
    from aclproof.linter.audit.tidying import Tidying


@click.command(name="tidy")
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...", shell_complete=completing.files)
@click.option("--context", default="", metavar="NAME", help="The context that is meant (Cisco ASA).")
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              help=f"{', '.join(FORMATS)}; repeatable.  [default: text]")
@click.option("-v", "--verbose", is_flag=True, help="Show everything in the text report.")
@output.quiet_option
@output.language_option
def command(configs: tuple[str, ...], context: str, formats: tuple[str, ...], verbose: bool, quiet: int,
            language: Language) -> int:
    """Find the lines of a firewall that do nothing, and print the commands that take them away.

    Give all files of a firewall, or those of several: then each is looked at on its own.

    Of each line it is proven that no packet of any kind fares otherwise without it: no packet reaches it, or
    what comes after it does the same. The commands are carried out on a copy, and each list is compared
    before and after for every packet. No file is changed. Exit 1 when a line is found, 3 when none is and
    not every line could be told.
    """
    from aclproof.linter.audit.tidying import tidy

    wanted = targets(formats, FORMATS)
    found = [tidy(each) for each in _firewalls(quick.expand(configs), context)]
    deliver(lambda form, look: FORMATS[form](found, look), wanted,
            output.ReportOptions("never", verbose, quiet, language))
    if any(each.dead for each in found):
        return exits.MISSING
    return exits.UNPROVEN if any(map(_is_open, found)) else exits.PROVEN


def _firewalls(paths: Sequence[str], context: str) -> list[Firewall]:
    """Read the files of one firewall, or of each: those of one are called alike, as for `init`."""
    from aclproof.linter.draft import grouping

    sources = [parsers.opened(path, context) for path in paths]
    groups: Sequence[Sequence[Source]] = [sources]
    if not context:
        with suppress(UnsupportedInputError):  # whose some are is not shown: the user says that it is one's
            configs = [each for path, source in zip(paths, sources, strict=True)
                       for each in grouping.found_in(source, path, path)]
            groups = [[each.source for each in group] for group in grouping.by_firewall(configs)]
    return list(map(parsers.parse_all, groups))


def _is_open(found: Tidying) -> bool:
    """Whether not every line could be told."""
    return bool(found.unsettled or found.left_out) or any(each.decides for each in found.firewall.notes)
