"""`aclproof check --history`: what commits did to the site, as a part of its report."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aclproof.linter.cli import output
from aclproof.linter.cli.formats import Target
from aclproof.linter.cli.history import walked
from aclproof.linter.cli.site_options import QUICK, day_of
from aclproof.linter.history.judging import Asked
from aclproof.linter.reports import Renderers
from aclproof.linter.reports.history import in_checks
from aclproof.linter.site.amending import Amendments
from aclproof.linter.site.site import Site
from aclproof.reason import Reason

_ALL = "all"
_FORMS = ("html", "json")
_OWN = (*QUICK, "methods", "packs", "tier", "root", "allow_outside", "profile", "context", "facts", "assume",
        "waivers")
"""Options that change what is asked of the site, or which files it is made of."""


def renderers(site: Site, since: str, wanted: Sequence[Target], require: str,
              look: output.ReportOptions) -> Renderers:
    """Walk all commits of a site, or those after one, and return the formats that tell of them.

    UsageError for a site without a file, options that commits know nothing of, and other formats; InputError
    where there are no such commits.
    """
    if not since:
        raise click.UsageError(Reason("--history: name a commit, or all"))
    call = click.get_current_context()
    for each in call.command.params:
        if each.name in _OWN and call.params[each.name]:
            raise click.UsageError(Reason("--history judges the site file of each commit: {option} has to "
                                          "stand in it", option=each.opts[0]))
    if not site.origin:
        raise click.UsageError(Reason("a history is of a site file: write one first ('aclproof init')"))
    if not any(each.form in _FORMS for each in wanted):
        raise click.UsageError(Reason("--history is a part of {formats}: name one of them with --format",
                                      formats=" and ".join(_FORMS)))
    asked = Asked(day_of(call.params), require, Amendments(strict=site.strict))
    return in_checks(walked(site.origin.file, None if since == _ALL else since, asked, look.colour,
                            look.quiet))
