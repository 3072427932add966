"""`aclproof fix`: what to add so that missing packets pass, verified before it is printed."""

from __future__ import annotations

from typing import Any

import click

from aclproof.linter.cli import exits, output, streams
from aclproof.linter.cli.site_options import day_of, site_of, site_options, strict_option, waivers_option
from aclproof.linter.reports.language.language import Language, Words
from aclproof.reason import Reason


@click.command(name="fix")
@site_options
@waivers_option
@strict_option
@click.option("--cheapest", is_flag=True, help="Only for the method that needs the fewest new permits.")
@click.option("--narrow", is_flag=True,
              help="Instead, narrow the lines that open more than the site's requirements need.")
@click.option("--firewall", "only", metavar="NAME", help="Print only what this firewall needs.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output.quiet_option
@output.language_option
def command(cheapest: bool, narrow: bool, only: str | None, form: str, quiet: int, language: Language,
            **given: Any) -> int:
    """Print the smallest permits that open what is missing, in the words of each firewall.

    Every snippet is read back, entered into the model, and the whole site proven again: what it opens is
    exactly what is missing, and no verdict gets worse. What is waived is left out, and what the pack only
    warns of unless --strict is given. No file is changed. Exit 0 when there is nothing to fix, 3 when that
    is not proven.

    With --narrow it prints what replaces lines that permit what requirements need, and more: permits of
    what is needed, then the commands that take the lines away. Every requirement stays as it is.
    """
    if narrow and (cheapest or given["methods"]):
        raise click.UsageError(Reason("--narrow keeps what all methods need: leave out --method and "
                                      "--cheapest"))
    from aclproof.linter.fix import search
    from aclproof.linter.program import analyse, waived
    from aclproof.linter.reports.fix import text

    site, day = site_of(given), day_of(given)
    names = [place.name for place in site.firewalls]
    if only is not None and only not in names:
        from aclproof.rules.suggest import unknown

        raise click.UsageError(unknown("firewall", only, names))
    analysis = waived(analyse(site, day), day)
    if not analysis.work.assessed:
        why = next(iter(analysis.work.not_assessed.values()), "")
        streams.notice(Reason("nothing to fix: no method was assessed ({why})", why=why), quiet)
        return exits.UNPROVEN
    if narrow:
        from aclproof.linter.audit.narrowing import narrow_all
        from aclproof.linter.reports.fix import narrow as narrowed

        lines = narrow_all(analysis, day)
        streams.show(narrowed.render(lines, analysis, form, only, Words(language)), form, quiet)
        return exits.MISSING if any(only in (None, each.firewall) for each in lines) else exits.PROVEN
    if cheapest:
        best = search.cheapest(analysis, day)
        found = best[1] if best else search.fix(analysis, day, site.methods)
        if best is None and found.unfixed:
            streams.notice(Reason("no blocked method can be fixed whole"), quiet)
            return exits.MISSING
        if best:
            streams.notice(Reason("{method} needs the fewest new permits", method=best[0]), quiet)
    else:
        found = search.fix(analysis, day, site.methods if given["methods"] else ())
    streams.show(text.render(found, form, only, Words(language)), form, quiet)
    if found.fixed or found.unfixed:
        return exits.MISSING
    return exits.UNPROVEN if found.undecided else exits.PROVEN
