"""`aclproof tidy CONFIG`: lines that do nothing, and the commands that take them away."""

from __future__ import annotations

import click

from aclproof import parsers
from aclproof.linter.cli import completing, exits, output, quick
from aclproof.linter.cli.formats import deliver, targets
from aclproof.linter.reports.language.language import Language
from aclproof.linter.reports.tidy import FORMATS


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

    Of each line it is proven that no packet of any kind fares otherwise without it: no packet reaches it, or
    what comes after it does the same. The commands are carried out on a copy, and each list is compared
    before and after for every packet. No file is changed. Exit 1 when a line is found, 3 when none is and
    not every line could be told.
    """
    from aclproof.linter.audit.tidying import tidy

    wanted = targets(formats, FORMATS)
    found = tidy(parsers.read(*quick.expand(configs), context=context))
    deliver(lambda form, look: FORMATS[form](found, look), wanted,
            output.ReportOptions("never", verbose, quiet, language))
    if found.dead:
        return exits.MISSING
    open_ = found.unsettled or found.left_out or any(each.decides for each in found.firewall.notes)
    return exits.UNPROVEN if open_ else exits.PROVEN
