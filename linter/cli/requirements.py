"""`aclproof requirements`: what has to be open at this site, to be handed to the firewall team."""

from __future__ import annotations

from typing import Any

import click

from aclproof.linter.cli import exits, output, streams
from aclproof.linter.cli.formats import deliver, targets
from aclproof.linter.cli.site_options import demand_options, site_of
from aclproof.linter.reports.language.language import Language
from aclproof.linter.reports.request import FORMATS
from aclproof.reason import Reason


@click.command(name="requirements")
@demand_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]",
              help=f"{', '.join(FORMATS)}; repeatable.  [default: text]")
@output.quiet_option
@output.language_option
def command(formats: tuple[str, ...], quiet: int, language: Language, **given: Any) -> int:
    """Print the port request of a site: who to whom, which port, why, and which method needs it.

    No configuration is read, so the site file needs no firewalls; those that it names show where each
    entry belongs. Without a site file:

    \b
      aclproof requirements --client 10.20.0.0/16 --server 10.1.1.0/24 --set mode=native

    Exit code 3 when no method has addresses for all of its roles.
    """
    from aclproof.linter.demands.port_request import port_request

    site = site_of(given, firewalls=False)
    wanted = targets(formats, FORMATS)
    request = port_request(site)
    wishes = output.ReportOptions("never", False, quiet, language)
    deliver(lambda form, look: FORMATS[form](request, look), wanted, wishes)
    if request.flows:
        return exits.PROVEN
    streams.notice(Reason("nothing to request: no method has addresses for all of its roles"), quiet)
    return exits.UNPROVEN
