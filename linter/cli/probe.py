"""`aclproof probe`: the commands that ask devices what they do, ready to paste."""

from __future__ import annotations

import os
from typing import Any

import click

from aclproof.linter.cli import completing, exits, files, output, streams
from aclproof.linter.cli.site_options import day_of, site_of, site_options, strict_option
from aclproof.linter.reports.language.language import Language, Words
from aclproof.reason import Reason


@click.command(name="probe")
@site_options
@strict_option
@click.option("--firewall", "only", metavar="NAME", help="Only what to ask this firewall.")
@click.option("--script", "folder", metavar="DIR", shell_complete=completing.files,
              help="Write a script for each machine into this folder, and print none.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output.quiet_option
@output.language_option
def command(only: str | None, folder: str | None, form: str, quiet: int, language: Language,
            **given: Any) -> int:
    """Print commands that ask firewalls and hosts about few, well chosen packets, machine by machine.

    One packet for each line that decides something of a requirement, and what answers open questions:
    packet-tracer of an ASA, Test-NetConnection and PortQry on hosts that open connections, 'ip route get' and
    counters of Linux. They change nothing, and aclproof runs none of them. What they print is held against
    the proof by 'aclproof check --evidence'. Exit 3 when there is nothing to ask.
    """
    from aclproof.linter.probing.probing import probes
    from aclproof.linter.program import analyse
    from aclproof.linter.reports.probe import json_v1, text

    site, day = site_of(given), day_of(given)
    names = [place.name for place in site.firewalls]
    if only is not None and only not in names:
        from aclproof.rules.suggest import unknown

        raise click.UsageError(unknown("firewall", only, names))
    machines, words = probes(analyse(site, day)), Words(language)
    found = [each for each in machines if only in (None, each.name)]
    if folder is not None:
        files.make_folder(folder)
        with files.together() as put:
            for each, name in zip(machines, text.file_names(machines), strict=True):
                if each in found:
                    put(text.script(each, words), os.path.join(folder, name))
        streams.notice(Reason("{n} scripts are in {folder}", n=len(found), folder=folder), quiet)
    else:
        streams.show(json_v1.render(found) if form == "json" else text.render(found, words), form, quiet)
    return exits.PROVEN if found else exits.UNPROVEN
