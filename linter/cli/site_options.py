"""The arguments that name a site: a site file, or configurations with quick options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from linter import site as sites
from linter.cli import completing, quick
from linter.program import PROFILES
from linter.site import Site
from rules.strict_yaml import InputError, Problem

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[SITE.yaml | CONFIG...]", shell_complete=completing.files),
    click.option("--client", multiple=True, metavar="ADDR", help="Clients' addresses (without a site file)."),
    click.option("--server", multiple=True, metavar="ADDR", help="Addresses of all site systems together."),
    click.option("--role", "role", multiple=True, metavar="ROLE=ADDR", help="Addresses of one role.",
                 shell_complete=completing.role_values),
    click.option("--set", "set", multiple=True, metavar="KEY=VALUE", help="A setting, such as mode=native.",
                 shell_complete=completing.settings),
    click.option("--method", "methods", multiple=True, metavar="METHOD", help="Check only this method.",
                 shell_complete=completing.methods),
    click.option("--interface", "interface", multiple=True, metavar="ROLE=NAME",
                 shell_complete=completing.role_values,
                 help="The interface behind which a role lies, where routes do not tell."),
    click.option("--acl", "acl", multiple=True, metavar="ROLE=NAME", shell_complete=completing.role_values,
                 help="The access list that filters what comes from a role, where the file binds none."),
    click.option("--host", "host", multiple=True, metavar="ROLE", shell_complete=completing.roles,
                 help="The firewall is that of the host which plays this role."),
    click.option("--profile", type=click.Choice(PROFILES), help="The network's profile (Windows Firewall)."),
    click.option("--fact", "facts", multiple=True, metavar="KEY=VALUE",
                 help="Settle an open question: 'time-range WORK=active'."),
    click.option("--pack", metavar="NAME|FILE", shell_complete=completing.packs,
                 help=f"Requirement pack.  [default: {sites.DEFAULT_PACK}]"),
    click.option("--allow-outside", is_flag=True, help="Let the site file name files outside its folder."),
    click.option("--as-of", metavar="DATE", help="Judge by this day (YYYY-MM-DD) what has ended."))
_QUICK = ("client", "server", "role", "set", "interface", "acl", "host")


def site_options(command: _Command) -> _Command:
    """Give a command the arguments that name a site."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def site_of(given: dict[str, Any]) -> Site:
    """Read the site that the arguments name; InputError or UsageError says what is wrong."""
    paths, methods, facts, pack = (given[key] for key in ("paths", "methods", "facts", "pack"))
    options = {f"--{key}": given[key] for key in _QUICK}
    options["--profile"] = (given["profile"],) if given["profile"] else ()
    used = [name for name, value in options.items() if value]
    if len(paths) == 1 and paths[0].endswith((".yaml", ".yml")):
        site_file: str | None = paths[0]
    else:
        site_file = None if paths or used else sites.DEFAULT_FILE
    if site_file is None:
        return quick.site(paths, options, methods, facts, pack or sites.DEFAULT_PACK)
    if used:
        raise click.UsageError(f"{used[0]} goes with configurations, not with a site file: write it into "
                               f"{site_file}")
    if not paths and not Path(site_file).exists():
        raise InputError(Problem(site_file, 0, "", "no site file here; write one, or name a configuration: "
                                                   "aclproof check fw.cfg --client ... --server ..."))
    return quick.amend(sites.read(Path(site_file), anywhere=given["allow_outside"]), methods, facts, pack)


def day_of(given: dict[str, Any]) -> date:
    """The day as of which time ranges and waivers are judged."""
    text = given["as_of"]
    if text is None:
        return date.today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise click.UsageError(f"--as-of {text}: write a day as 2026-01-31") from None
